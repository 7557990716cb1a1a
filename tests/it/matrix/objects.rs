//! Objects that the operations are tried on, and the bodies that make them.

use super::CATALOGUES;
use roster_tests::{TestApp, person, template_id};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fmt::Write as _;
use uuid::Uuid;

/// A file to import.
const FILE: &str = include_str!("../../fixtures/csv/users-16.csv");

/// A body with which an operation succeeds, for an object that is new each time.
pub(crate) async fn body(app: &TestApp, key: &str) -> Option<Value> {
    let name = format!("Person {}", Uuid::now_v7().simple());
    Some(match key {
        "POST /v1.0/users" => person(&name),
        "PATCH /v1.0/users/{id}" => {
            json!({"passwordProfile": {"forceChangePasswordNextSignIn": true}})
        }
        "PATCH /v1.0/me" => json!({"jobTitle": "Baker"}),
        "POST /v1.0/roleManagement/directory/roleAssignments" => {
            let id = future_administrator(app, &name).await;
            json!({"principalId": id, "roleDefinitionId": template_id("billing")})
        }
        "POST /v1.0/directoryRoles/{id}/members/$ref" => {
            let id = future_administrator(app, &name).await;
            json!({"@odata.id": format!("{}/v1.0/directoryObjects/{id}", app.url)})
        }
        "PUT /v1.0/users/{id}/manager"
        | "PUT /v1.0/users/{id}/manager/$ref"
        | "PUT /v1.0/contacts/{id}/manager"
        | "PUT /v1.0/contacts/{id}/manager/$ref" => {
            json!({"@odata.id": format!("{}/v1.0/users/{}", app.url, app.person(&name).await)})
        }
        "POST /v1.0/groups" => json!({
            "displayName": name,
            "mailNickname": format!("g{}", Uuid::now_v7().simple()),
            "mailEnabled": true,
            "securityEnabled": false,
            "memberJoinRestriction": "ApprovalRequired",
            "owners@odata.bind": [format!("{}/v1.0/users/{}", app.url, app.person(&name).await)],
        }),
        "PATCH /v1.0/groups/{id}" => json!({"description": name}),
        "POST /v1.0/groups/{id}/joinRequests" => json!({}),
        _ if key.starts_with("POST /v1.0/groups/{id}/") && key.ends_with("/$ref") => {
            json!({"@odata.id": format!("{}/v1.0/users/{}", app.url, app.person(&name).await)})
        }
        "POST /v1.0/contacts" => {
            json!({"displayName": name, "mail": format!("{}@elsewhere.example", Uuid::now_v7())})
        }
        "PATCH /v1.0/contacts/{id}" => json!({"jobTitle": "Baker"}),
        "POST /v1.0/userViews" => json!({"displayName": name, "criteria": {"city": "Delft"}}),
        "PATCH /v1.0/userViews/{id}" => json!({"displayName": name}),
        "POST /v1.0/directoryObjects/validateProperties" => json!({"mailNickname": "free"}),
        "POST /v1.0/groups/{id}/validateProperties" => json!({"displayName": name}),
        _ if key.ends_with("/restore") => json!({}),
        "POST /v1.0/directory/deletedItems/bulkRestore" => json!({"ids": [Uuid::now_v7()]}),
        "POST /v1.0/contacts/bulkHide" => json!({"hiddenFromAddressListsEnabled": false}),
        "POST /v1.0/invitations" => json!({
            "invitedUserEmailAddress": format!("{}@elsewhere.example", Uuid::now_v7()),
            "inviteRedirectUrl": "https://directory.example/welcome",
        }),
        _ => return None,
    })
}

/// The path of an operation with the ids of objects that exist. Objects are made as the API client
/// makes them: with the POST of their collection.
pub(crate) async fn path(
    app: &TestApp,
    template: &str,
    objects: &mut HashMap<String, String>,
) -> String {
    let (mut known, mut filled) = (String::new(), String::new());
    for segment in template.split('/').skip(1) {
        if segment.contains('{') {
            let id = match objects.get(&known) {
                Some(id) => id.clone(),
                None if template.ends_with("}/restore") => make_deleted(app, &known).await,
                None => make(app, &known, &filled).await,
            };
            objects.insert(known.clone(), id.clone());
            write!(filled, "/{id}").unwrap();
        } else {
            write!(filled, "/{segment}").unwrap();
        }
        write!(known, "/{segment}").unwrap();
    }
    filled
}

/// A person who may be given a role (A20).
async fn future_administrator(app: &TestApp, name: &str) -> String {
    let mut body = person(name);
    body["alternateEmail"] = json!("somebody@elsewhere.example");
    app.create(&body).await.id()
}

/// Makes an object of a collection; returns its id.
async fn make(app: &TestApp, collection: &str, path: &str) -> String {
    let name = format!("Person {}", Uuid::now_v7().simple());
    match collection {
        _ if CATALOGUES.contains(&collection) => return template_id("billing").to_owned(),
        "/v1.0/directory/deletedItems" => return make_deleted(app, collection).await,
        "/v1.0/imports" => {
            let client = app.client().await;
            let file = client.request("POST", path).header("content-type", "text/csv").body(FILE);
            return client.send(file).await.is(202).id();
        }
        "/v1.0/directoryRoles/{id}/members" => {
            let id = future_administrator(app, &name).await;
            app.assign(&id, "billing").await;
            return id;
        }
        "/v1.0/groups/{id}/joinRequests" => {
            let (_, session) = app.holder("Asker", &[]).await;
            return session.post(path, &json!({})).await.is(201).id();
        }
        _ if collection.starts_with("/v1.0/me/") => return Uuid::now_v7().to_string(),
        _ if RELATIONS.iter().any(|relation| collection.ends_with(relation)) => {
            return relate(app, path).await;
        }
        _ if collection.starts_with("/v1.0/groups/{id}/") => {
            let id = app.person(&name).await;
            let linked = json!({"@odata.id": format!("{}/v1.0/users/{id}", app.url)});
            app.client().await.post(&format!("{path}/$ref"), &linked).await.is(204);
            return id;
        }
        _ => {}
    }
    let collection =
        if collection == "/v1.0/directoryObjects" { "/v1.0/users" } else { collection };
    let path = if collection == "/v1.0/users" { collection } else { path };
    let key = format!("POST {collection}");
    let body = body(app, &key).await.unwrap_or_else(|| {
        panic!("tests/it/matrix.rs cannot make an object of {collection}: add '{key}' to `body`")
    });
    let client = app.client().await;
    let id = client.post(path, &body).await.is(201).id();
    if ["/v1.0/users", "/v1.0/contacts"].contains(&collection) {
        let manager = app.person(&format!("Manager {}", Uuid::now_v7().simple())).await;
        let manager = json!({"@odata.id": format!("{}/v1.0/users/{manager}", app.url)});
        let reference = format!("{path}/{id}/manager/$ref");
        client.send(client.request("PUT", &reference).json(&manager)).await.is(204);
    }
    id
}

/// Makes something that can be restored; returns its id.
async fn make_deleted(app: &TestApp, collection: &str) -> String {
    let name = format!("Person {}", Uuid::now_v7().simple());
    let client = app.client().await;
    if collection != "/v1.0/groups" {
        let id = app.person(&name).await;
        client.delete(&format!("/v1.0/users/{id}")).await.is(204);
        return id;
    }
    let group = json!({
        "displayName": name, "mailNickname": format!("g{}", Uuid::now_v7().simple()),
        "mailEnabled": false, "securityEnabled": true,
    });
    let id = client.post(collection, &group).await.is(201).id();
    client.delete(&format!("{collection}/{id}")).await.is(204);
    id
}

/// Relations that are changed at their other end.
const RELATIONS: [&str; 6] = [
    "/memberOf",
    "/transitiveMemberOf",
    "/ownedObjects",
    "/directReports",
    "/transitiveMembers",
    "/recipients",
];

/// Makes an object that stands in a relation: `/v1.0/users/ID/memberOf`; returns its id.
async fn relate(app: &TestApp, path: &str) -> String {
    let (of, relation) = path.rsplit_once('/').expect("a relation");
    let name = format!("Person {}", Uuid::now_v7().simple());
    let client = app.client().await;
    let to = |id: &str| json!({"@odata.id": format!("{}/v1.0/directoryObjects/{id}", app.url)});
    let one = of.rsplit('/').next().expect("an id");
    if ["transitiveMembers", "recipients", "directReports"].contains(&relation) {
        let id = app.person(&name).await;
        if relation == "directReports" {
            let manager = client.request("PUT", &format!("/v1.0/users/{id}/manager/$ref"));
            client.send(manager.json(&to(one))).await.is(204);
        } else {
            client.post(&format!("{of}/members/$ref"), &to(&id)).await.is(204);
        }
        return id;
    }
    let group = body(app, "POST /v1.0/groups").await.expect("a group");
    let group = client.post("/v1.0/groups", &group).await.is(201).id();
    let place = if relation == "ownedObjects" { "owners" } else { "members" };
    client.post(&format!("/v1.0/groups/{group}/{place}/$ref"), &to(one)).await.is(204);
    group
}
