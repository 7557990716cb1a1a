//! What the tests of groups have in common.

use roster_tests::{Answer, Client, TestApp};
use serde_json::{Value, json};
use uuid::Uuid;

/// The four kinds with Graph's flags: `groupTypes`, `mailEnabled`, `securityEnabled`.
pub(super) const KINDS: [(&str, &[&str], bool, bool); 4] = [
    ("distribution", &[], true, false),
    ("mail-enabled security", &[], true, true),
    ("security", &[], false, true),
    ("Microsoft 365", &["Unified"], true, false),
];

/// The kinds that mail administrators manage (A1); they are deleted at once.
pub(super) const RECIPIENTS: [&str; 2] = ["distribution", "mail-enabled security"];

/// The least that makes a group of a kind.
pub(super) fn body(kind: &str, name: &str) -> Value {
    let (_, types, mail, security) = KINDS.iter().find(|(known, ..)| *known == kind).unwrap();
    let alias: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    json!({
        "displayName": name, "mailNickname": alias.to_ascii_lowercase(),
        "groupTypes": types, "mailEnabled": mail, "securityEnabled": security
    })
}

/// The address of an object, on any host.
pub(super) fn address(object: &str) -> String {
    format!("https://any.example/v1.0/directoryObjects/{object}")
}

/// The addresses of objects.
pub(super) fn addresses(objects: &[&str]) -> Value {
    objects.iter().map(|object| json!(address(object))).collect()
}

/// Makes a group of a kind that nobody but one person of its own owns; returns its id.
pub(super) async fn group(app: &TestApp, kind: &str, name: &str) -> String {
    group_with(app, kind, name, json!({})).await
}

/// [`group`] with further properties.
pub(super) async fn group_with(app: &TestApp, kind: &str, name: &str, with: Value) -> String {
    let mut body = body(kind, name);
    let further = with.as_object().unwrap().clone();
    let owned = further.contains_key("owners@odata.bind");
    body.as_object_mut().unwrap().extend(further);
    if !owned {
        let owner = app.person(&format!("Owner {}", Uuid::now_v7().simple())).await;
        body["owners@odata.bind"] = addresses(&[&owner]);
    }
    app.client().await.post("/v1.0/groups", &body).await.is(201).id()
}

/// A person who is signed in and owns a new group; their id, their session, the group's id.
pub(super) async fn owned(app: &TestApp, kind: &str, name: &str) -> (String, Client, String) {
    let (id, session) = app.holder(&format!("Owner of {name}"), &[]).await;
    let group = group_with(app, kind, name, json!({"owners@odata.bind": addresses(&[&id])})).await;
    (id, session, group)
}

/// Puts an object into a place of a group.
pub(super) async fn add(client: &Client, group: &str, place: &str, object: &str) -> Answer {
    let body = json!({"@odata.id": address(object)});
    client.post(&format!("/v1.0/groups/{group}/{place}/$ref"), &body).await
}

/// Takes an object out of a place of a group.
pub(super) async fn remove(client: &Client, group: &str, place: &str, object: &str) -> Answer {
    client.delete(&format!("/v1.0/groups/{group}/{place}/{object}/$ref")).await
}

/// The ids in a collection, sorted.
pub(super) async fn ids(client: &Client, path: &str) -> Vec<String> {
    let all = client.all(&format!("/v1.0/{path}")).await;
    let mut ids: Vec<String> =
        all.iter().map(|object| object["id"].as_str().unwrap().to_owned()).collect();
    ids.sort();
    ids
}

/// The members of a group, sorted.
pub(super) async fn members(client: &Client, group: &str) -> Vec<String> {
    ids(client, &format!("groups/{group}/members?$top=999")).await
}

/// Ids in the order in which [`ids`] answers them.
pub(super) fn sorted<const N: usize>(ids: [&String; N]) -> Vec<String> {
    let mut ids = ids.map(Clone::clone).to_vec();
    ids.sort();
    ids
}
