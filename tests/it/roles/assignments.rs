//! Role assignments and what they do at the next request (R87, A2, S22, S31).

use super::{PATH, assign, future_administrator};
use roster_tests::{TestApp, on_both, person, template_id};
use serde_json::{Value, json};

on_both! {
    an_assignment_is_made_read_listed_and_removed,
    a_malformed_assignment_names_every_offending_property,
    a_role_is_held_once,
    a_removed_role_is_refused_at_the_next_request,
    a_new_role_counts_from_the_next_sign_in,
    assignments_are_paged,
    only_global_administrators_assign_roles,
}

async fn an_assignment_is_made_read_listed_and_removed(app: TestApp) {
    let global = app.as_global().await;
    let id = future_administrator(&app).await;
    let made = assign(&global, &id, "billing").await.is(201);
    assert_eq!(made["principalId"], json!(id));
    assert_eq!(made["roleDefinitionId"], template_id("billing"));
    assert_eq!(made["directoryScopeId"], "/");
    let path = format!("{PATH}/{}", made.id());
    assert!(made.header("location").ends_with(&path), "{made}");
    assert_eq!(global.get(&path).await.is(200)["principalId"], json!(id));
    let by_principal = [("$filter", format!("principalId eq '{id}'"))];
    let by_principal: Vec<(&str, &str)> =
        by_principal.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(global.query(PATH, &by_principal).await.is(200).items().len(), 1);
    global.delete(&path).await.is(204);
    global.get(&path).await.refuses(404, "Request_ResourceNotFound");
    global.delete(&path).await.is(404);
    assert_eq!(global.query(PATH, &by_principal).await.items().len(), 0);
}

async fn a_malformed_assignment_names_every_offending_property(app: TestApp) {
    let client = app.client().await;
    let body = json!({
        "principalId": "jan", "roleDefinitionId": "king", "directoryScopeId": "/units/1",
        "shoeSize": 43,
    });
    let refused = client.post(PATH, &body).await.refuses(400, "Request_BadRequest");
    let all = ["directoryScopeId", "principalId", "roleDefinitionId", "shoeSize"];
    assert_eq!(refused.targets(), all);
    let nobody = "01900000-0000-7000-8000-000000000000";
    let refused = assign(&client, nobody, "billing").await.refuses(400, "Request_BadRequest");
    assert_eq!(refused.targets(), ["principalId"]);
    let strange = client.query(PATH, &[("$filter", "shoeSize eq 43")]).await;
    strange.is(400).enveloped();
    client.get(&format!("{PATH}/jan")).await.refuses(404, "Request_ResourceNotFound");
}

async fn a_role_is_held_once(app: TestApp) {
    let client = app.client().await;
    let id = future_administrator(&app).await;
    assign(&client, &id, "billing").await.is(201);
    let refused = assign(&client, &id, "billing").await.refuses(400, "Request_BadRequest");
    assert_eq!(refused.targets(), ["roleDefinitionId"]);
}

async fn a_removed_role_is_refused_at_the_next_request(app: TestApp) {
    let (id, session) = app.holder("Jan", &["user"]).await;
    session.post("/v1.0/users", &person("First")).await.is(201);
    app.revoke(&id, "user").await.is(204);
    let refused = session.post("/v1.0/users", &person("Second")).await;
    refused.refuses(403, "Authorization_RequestDenied");
    session.get("/v1.0/me").await.is(200);
    app.assign(&id, "user").await;
    session.post("/v1.0/users", &person("Third")).await.is(201);
}

async fn a_new_role_counts_from_the_next_sign_in(app: TestApp) {
    let (id, session) = app.holder("Jan", &["billing"]).await;
    app.assign(&id, "user").await;
    session.post("/v1.0/users", &person("First")).await.is(403);
    let name = session.get("/v1.0/me").await.text_of("userPrincipalName");
    let again = app.bearer(&app.sign_in(&name).await);
    again.post("/v1.0/users", &person("First")).await.is(201);
}

async fn assignments_are_paged(app: TestApp) {
    for number in 0..5 {
        app.holder(&format!("Holder {number}"), &["billing"]).await;
    }
    let client = app.client().await;
    let all = client.get(PATH).await.is(200);
    let paged = client.all(&format!("{PATH}?$top=2")).await;
    let mut ids: Vec<&Value> = paged.iter().map(|each| &each["id"]).collect();
    assert_eq!(ids.len(), all.items().len());
    ids.dedup();
    assert_eq!(ids.len(), all.items().len(), "none twice");
    for top in ["0", "1000", "x"] {
        client.query(PATH, &[("$top", top)]).await.is(400).enveloped();
    }
}

async fn only_global_administrators_assign_roles(app: TestApp) {
    let (id, _) = app.holder("Jan", &[]).await;
    for (name, client) in app.everyone().await {
        let answer = assign(&client, &id, "exchange").await;
        assert_eq!(answer.status, if name == "global" { 201 } else { 403 }, "{name}: {answer}");
    }
}
