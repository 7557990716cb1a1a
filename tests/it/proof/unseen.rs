//! What a caller may not see is answered like what is nowhere, by every operation that names it in
//! its path or its body (S34, V1, V2).

use super::stranger::Stranger;
use super::{RANDOM, document, told};
use crate::matrix::{Operation, objects, operations};
use roster_tests::{Client, INITIAL_DOMAIN, TestApp, on_both, person, upn};
use serde_json::{Value, json};
use std::collections::HashMap;

on_both! {
    what_is_unseen_in_a_path_is_answered_like_what_is_nowhere,
    what_is_unseen_in_a_body_is_answered_like_what_is_nowhere,
}

/// Keys that must all be answered alike: the last is of something that is nowhere.
type Alike = Vec<(&'static str, String)>;

/// What cannot be seen, by the path of the collection.
struct Unseen {
    stranger: Stranger,
    /// What everybody sees.
    shown: HashMap<&'static str, String>,
    /// Hidden from members, by kind of object.
    hidden: HashMap<&'static str, String>,
    /// Deleted, revoked, purged or withdrawn.
    gone: HashMap<&'static str, String>,
}

const ASSIGNMENTS: &str = "/v1.0/roleManagement/directory/roleAssignments";
const REQUESTS: &str = "/v1.0/groups/{id}/joinRequests";
const DELETED: &str = "/v1.0/directory/deletedItems";

/// The property that hides an object from members, by the path of its collection.
const HIDES: [(&str, &str, bool); 3] = [
    ("/v1.0/users", "showInAddressList", false),
    ("/v1.0/groups", "hideFromAddressLists", true),
    ("/v1.0/contacts", "hiddenFromAddressListsEnabled", true),
];

async fn hide(client: &Client, id: &str) {
    let object = client.get(&format!("/v1.0/directoryObjects/{id}")).await.is(200);
    let kind = object.text_of("@odata.type");
    let (collection, property, value) = match kind.as_str() {
        "#microsoft.graph.user" => HIDES[0],
        "#microsoft.graph.group" => HIDES[1],
        _ => HIDES[2],
    };
    client.patch(&format!("{collection}/{id}"), &json!({ (property): value })).await.is(204);
}

impl Unseen {
    async fn new(app: &TestApp) -> Self {
        let (stranger, client) = (Stranger::new(app).await, app.client().await);
        let (mut hidden, mut gone) = (HashMap::new(), HashMap::new());
        let mut shown = HashMap::new();
        for (collection, ..) in HIDES {
            let mut made = Vec::new();
            for _ in 0..3 {
                let body = objects::body(app, &format!("POST {collection}")).await.unwrap();
                made.push(client.post(collection, &body).await.is(201).id());
            }
            hide(&client, &made[0]).await;
            client.delete(&format!("{collection}/{}", made[1])).await.is(204);
            for (kept, id) in [&mut hidden, &mut gone, &mut shown].into_iter().zip(made) {
                kept.insert(collection, id);
            }
        }
        // People who are purged are not in deleted items either.
        let purged = app.person("Purged").await;
        client.delete(&format!("/v1.0/users/{purged}")).await.is(204);
        client.delete(&format!("{DELETED}/{purged}")).await.is(204);
        gone.insert(DELETED, purged);
        let (holder, _) = app.holder("Holder", &["billing"]).await;
        hidden.insert(ASSIGNMENTS, app.assignment(&holder, "billing").await);
        let (holder, _) = app.holder("Former holder", &["billing"]).await;
        gone.insert(ASSIGNMENTS, app.assignment(&holder, "billing").await);
        app.revoke(&holder, "billing").await.is(204);
        let view = objects::body(app, "POST /v1.0/userViews").await.unwrap();
        let view = client.post("/v1.0/userViews", &view).await.is(201).id();
        client.delete(&format!("/v1.0/userViews/{view}")).await.is(204);
        gone.insert("/v1.0/userViews", view);
        Self { stranger, shown, hidden, gone }
    }

    /// Keys of objects of a collection that are all nowhere for a caller.
    fn of(&self, collection: &str, is_member: bool) -> Vec<Alike> {
        let same = match collection {
            "/v1.0/directoryObjects" => "/v1.0/users",
            REQUESTS | DELETED | ASSIGNMENTS => collection,
            // Related objects of any kind, where one has to be related to be there.
            _ if collection.contains("/{") || collection.starts_with("/v1.0/me/") => "/v1.0/users",
            _ => collection,
        };
        let foreign = self.stranger.ids.get(same);
        let foreign = foreign.unwrap_or_else(|| {
            panic!("tests/it/proof/stranger.rs makes no object of {collection}")
        });
        let mut ids = vec![("foreign", foreign.clone()), ("nowhere", RANDOM.to_owned())];
        ids.splice(0..0, self.gone.get(same).map(|id| ("gone", id.clone())));
        // An object of another kind is not among these.
        let other = if same == "/v1.0/users" { "/v1.0/contacts" } else { "/v1.0/users" };
        if HIDES.iter().any(|(kinds, ..)| *kinds == collection) {
            ids.insert(0, ("another kind", self.shown[other].clone()));
        }
        if is_member {
            ids.splice(0..0, self.hidden.get(same).map(|id| ("hidden", id.clone())));
        }
        let mut all = vec![ids];
        if collection == "/v1.0/users" {
            let nobody = format!("nobody@{INITIAL_DOMAIN}");
            let name = self.stranger.name.clone();
            all.push(vec![("foreign name", name), ("nobody's name", nobody)]);
        }
        all
    }

    /// Whether the collection holds what was deleted, so that what was is not gone from it.
    fn is_of_deleted(operation: &Operation) -> bool {
        operation.template.ends_with("/{id}/restore")
    }
}

/// Those of some answers that are not like the last, which is about what is nowhere.
fn unlike(what: &str, answers: &[(&'static str, (u16, String))]) -> Vec<String> {
    let Some(((_, nowhere), others)) = answers.split_last() else { return Vec::new() };
    let unlike = others.iter().filter(|(_, answer)| answer != nowhere);
    unlike.map(|(label, answer)| format!("{what}, {label}: {answer:?}, not {nowhere:?}")).collect()
}

/// Sends an operation with a key of each; tells those that are not answered like the last.
async fn tried(
    client: &Client,
    operation: &Operation,
    body: Option<&Value>,
    paths: &[(&'static str, String, String)],
) -> Vec<(&'static str, (u16, String))> {
    let mut answers = Vec::new();
    for (label, key, path) in paths {
        let mut request = client.request(&operation.method.to_uppercase(), path);
        request = match (&operation.media, body) {
            (Some(media), Some(body)) if media.contains("json") => request.json(body),
            (Some(media), None) if media.contains("json") => request.json(&json!({})),
            (Some(media), _) => request.header("content-type", media).body(""),
            (None, _) => request,
        };
        answers.push((*label, told(&client.send(request).await, key)));
    }
    answers
}

async fn what_is_unseen_in_a_path_is_answered_like_what_is_nowhere(app: TestApp) {
    let document = document(&app).await;
    let unseen = Unseen::new(&app).await;
    let witness = app.client().await;
    let before = unseen.state(&witness).await;
    let callers = [
        ("member", app.as_member().await),
        ("exchange", app.as_role("exchange").await),
        ("user", app.as_role("user").await),
        ("global", app.as_global().await),
    ];
    let (mut number, mut failed, mut made) = (0, Vec::new(), HashMap::new());
    for operation in operations(&document).iter().filter(|each| each.names_an_object()) {
        let body = objects::body(&app, &operation.key()).await;
        for (who, client) in &callers {
            for paths in paths(&app, &unseen, operation, *who == "member", &mut made).await {
                let answers = tried(client, operation, body.as_ref(), &paths).await;
                failed.extend(unlike(&format!("{who}: {}", operation.key()), &answers));
                number += answers.len();
            }
        }
    }
    assert_eq!(unseen.state(&witness).await, before, "nothing is changed");
    assert!(failed.is_empty(), "{}: {failed:#?}", failed.len());
    assert!(number > 2_000, "only {number} requests were made");
}

/// The paths of an operation in which one placeholder stands for something unseen.
async fn paths(
    app: &TestApp,
    unseen: &Unseen,
    operation: &Operation,
    is_member: bool,
    made: &mut HashMap<String, String>,
) -> Vec<Vec<(&'static str, String, String)>> {
    let template = &operation.template;
    let mut all = Vec::new();
    for (at, _) in template.match_indices("/{") {
        let (collection, rest) = template.split_at(at);
        let rest = rest.split_once('}').expect("a placeholder").1;
        if crate::matrix::CATALOGUES.contains(&collection) {
            continue;
        }
        // What stands before is there.
        let before = objects::path(app, collection, made).await;
        let rest = filled(rest);
        for keys in unseen.of(collection, is_member) {
            let keys = keys.into_iter();
            let keys =
                keys.filter(|(label, _)| *label != "gone" || !Unseen::is_of_deleted(operation));
            all.push(
                keys.map(|(label, key)| {
                    let path = format!("{before}/{key}{rest}");
                    (label, key, path)
                })
                .collect(),
            );
        }
    }
    all
}

/// The rest of a path with an id that nothing has.
fn filled(rest: &str) -> String {
    let segments = rest.split('/').map(|each| if each.contains('{') { RANDOM } else { each });
    segments.collect::<Vec<_>>().join("/")
}

impl Unseen {
    /// What is known of everything that must not change.
    async fn state(&self, witness: &Client) -> String {
        let mut text = String::new();
        for (collection, id) in &self.hidden {
            text += &witness.get(&format!("{collection}/{id}")).await.is(200).text;
        }
        for (collection, id) in &self.stranger.ids {
            let group = &self.stranger.ids["/v1.0/groups"];
            let path = format!("{}/{id}", collection.replace("{id}", group));
            text += &self.stranger.global.get(&path).await.is(200).text;
        }
        text
    }
}

/// Bodies that name an object, by operation; `KEY` stands for it. Operations with the schema
/// `reference` are found in the document.
const BODIES: [(&str, &str); 15] = [
    (
        "POST /v1.0/users",
        r#"{"displayName":"N","userPrincipalName":"UPN","manager@odata.bind":"ID"}"#,
    ),
    ("PATCH /v1.0/users/{id}", r#"{"manager@odata.bind":"ID"}"#),
    (
        "POST /v1.0/contacts",
        r#"{"displayName":"N","mail":"n@n.example","manager@odata.bind":"ID"}"#,
    ),
    ("PATCH /v1.0/contacts/{id}", r#"{"manager@odata.bind":"ID"}"#),
    (
        "POST /v1.0/groups",
        r#"{"displayName":"N","mailNickname":"n","mailEnabled":false,"securityEnabled":true,
            "members@odata.bind":["ID"]}"#,
    ),
    (
        "POST /v1.0/groups",
        r#"{"displayName":"N","mailNickname":"n","mailEnabled":false,"securityEnabled":true,
            "owners@odata.bind":["ID"]}"#,
    ),
    ("PATCH /v1.0/groups/{id}", r#"{"members@odata.bind":["ID"]}"#),
    ("POST /v1.0/groups/{id}/checkDelivery", r#"{"sender":"KEY"}"#),
    ("POST /v1.0/directoryObjects/getByIds", r#"{"ids":["KEY"]}"#),
    ("POST /v1.0/users/{id}/checkMemberGroups", r#"{"groupIds":["KEY"]}"#),
    ("POST /v1.0/users/{id}/checkMemberObjects", r#"{"ids":["KEY"]}"#),
    ("POST /v1.0/permissions/check", r#"{"operation":"update_user","target":"KEY"}"#),
    ("POST /v1.0/permissions/check", r#"{"operation":"create_user","actor":"KEY"}"#),
    (
        "POST /v1.0/roleManagement/directory/roleAssignments",
        r#"{"principalId":"KEY","roleDefinitionId":"b0f54661-2d74-4c50-afa3-1ec803f12efe"}"#,
    ),
    (
        "POST /v1.0/roleManagement/directory/roleAssignments/bulk",
        r#"{"userIds":["KEY"],"role":"billing"}"#,
    ),
];

/// The operations whose body names an object, with that body.
fn naming(document: &Value) -> Vec<(String, String)> {
    let reference = "#/components/schemas/reference";
    let mut naming: Vec<_> =
        BODIES.iter().map(|(key, body)| ((*key).to_owned(), (*body).to_owned())).collect();
    for operation in operations(document) {
        let described = &document["paths"][&operation.template][&operation.method];
        let schema = &described["requestBody"]["content"]["application/json"]["schema"];
        if schema["$ref"] == reference {
            naming.push((operation.key(), r#"{"@odata.id":"ID"}"#.to_owned()));
        }
    }
    assert!(naming.len() > BODIES.len() + 10, "the document has references: {naming:?}");
    naming
}

async fn what_is_unseen_in_a_body_is_answered_like_what_is_nowhere(app: TestApp) {
    let document = document(&app).await;
    let unseen = Unseen::new(&app).await;
    let (client, witness) = (app.as_global().await, app.client().await);
    let before = unseen.state(&witness).await;
    let mut failed = Vec::new();
    for (key, body) in naming(&document) {
        let (method, template) = key.split_once(' ').unwrap();
        let served = operations(&document).iter().any(|each| each.key() == key);
        assert!(served, "{key} is served no more");
        for is_member in [false, true] {
            // The group is the member's own, so that only the other end is out of reach.
            let (owner, session) = app.holder("Owner", &[]).await;
            let path = objects::path(&app, template, &mut HashMap::new()).await;
            if let (true, Some(id)) = (is_member, path.strip_prefix("/v1.0/groups/")) {
                let group = id.split('/').next().unwrap();
                let owner = json!({"@odata.id": format!("{}/v1.0/users/{owner}", app.url)});
                let owners = format!("/v1.0/groups/{group}/owners/$ref");
                witness.post(&owners, &owner).await.is(204);
            }
            let by = if is_member { &session } else { &client };
            for collection in ["/v1.0/users", "/v1.0/groups", "/v1.0/contacts"] {
                let mut answers = Vec::new();
                let keys = unseen.of(collection, is_member).swap_remove(0);
                let keys = keys.into_iter().filter(|(label, _)| *label != "another kind");
                for (label, id) in keys {
                    let address = format!("{}/v1.0/directoryObjects/{id}", app.url);
                    let body = body.replace("ID", &address).replace("KEY", &id);
                    let body = body.replace("UPN", &upn("Somebody"));
                    let body: Value = serde_json::from_str(&body).unwrap();
                    let answer = by.send(by.request(method, &path).json(&body)).await;
                    answers.push((label, told(&answer, &id)));
                }
                let who = if is_member { "owner" } else { "global" };
                failed.extend(unlike(&format!("{who}: {key} names {collection}"), &answers));
            }
        }
    }
    assert_eq!(unseen.state(&witness).await, before, "nothing is changed");
    assert!(failed.is_empty(), "{}: {failed:#?}", failed.len());
    app.client().await.post("/v1.0/users", &person("Somebody")).await.is(201);
}
