//! Deleting users, and the last global administrator on every path (R76, R84, R93, A21, F17, F32).

use futures_util::future::join;
use roster_tests::{Client, Database, TestApp, on_both, person, upn};
use serde_json::json;

on_both! {
    a_deleted_user_is_gone_and_its_name_is_free,
    the_user_administrator_deletes_anyone_but_a_global_administrator,
    deleting_ends_every_session,
    the_last_global_administrator_stays_on_every_path,
    a_client_does_not_count_as_a_global_administrator,
    two_global_administrators_cannot_remove_each_other_at_once,
}

async fn a_deleted_user_is_gone_and_its_name_is_free(app: TestApp) {
    let client = app.client().await;
    let id = app.person("Jan Jansen").await;
    let path = format!("/v1.0/users/{id}");
    let answer = client.delete(&path).await.is(204);
    assert_eq!(answer.text, "");
    client.get(&path).await.refuses(404, "Request_ResourceNotFound");
    client.patch(&path, &json!({"jobTitle": "Baker"})).await.is(404);
    client.delete(&path).await.is(404);
    let listed = client.all("/v1.0/users").await;
    assert!(listed.iter().all(|user| user["id"] != json!(id)));
    let again = app.create(&person("Jan Jansen")).await.id();
    assert_ne!(again, id, "an id is never reused");
    assert_eq!(client.get(&format!("/v1.0/users/{}", upn("Jan Jansen"))).await.id(), again);
}

async fn the_user_administrator_deletes_anyone_but_a_global_administrator(app: TestApp) {
    let user_administrator = app.as_role("user").await;
    let (global, _) = app.holder("Global", &["global"]).await;
    let (exchange, _) = app.holder("Exchange", &["exchange"]).await;
    let refused = user_administrator.delete(&format!("/v1.0/users/{global}")).await;
    let refused = refused.refuses(403, "Authorization_RequestDenied");
    let explanation = &refused["error"]["innerError"]["authorization"];
    assert_eq!(explanation["permission"], "manage_users_and_groups");
    assert!(explanation["limit"].is_string(), "{refused}");
    user_administrator.delete(&format!("/v1.0/users/{exchange}")).await.is(204);
    app.as_global().await.delete(&format!("/v1.0/users/{global}")).await.is(204);
}

async fn deleting_ends_every_session(app: TestApp) {
    let (id, session) = app.holder("Jan", &["global"]).await;
    session.get("/v1.0/users").await.is(200);
    app.client().await.delete(&format!("/v1.0/users/{id}")).await.is(204);
    session.get("/v1.0/users").await.refuses(401, "InvalidAuthenticationToken");
    session.post("/v1.0/users", &person("Ghost")).await.is(401);
}

/// The id of the only global administrator who is a person.
async fn last_global(app: &TestApp) -> String {
    let path = format!("/v1.0/users/{}", app.administrator.0);
    app.client().await.get(&path).await.is(200).id()
}

async fn remains(app: &TestApp, id: &str) {
    let path = format!("/v1.0/users/{id}?$select=accountEnabled");
    assert_eq!(app.client().await.get(&path).await.is(200)["accountEnabled"], true);
    app.assignment(id, "global").await;
}

async fn the_last_global_administrator_stays_on_every_path(app: TestApp) {
    let client = app.client().await;
    let id = last_global(&app).await;
    let path = format!("/v1.0/users/{id}");
    client.delete(&path).await.refuses(409, "LastGlobalAdministrator");
    client.delete(&format!("/v1.0/users/{}", app.administrator.0)).await.is(409);
    let blocked = json!({"accountEnabled": false});
    client.patch(&path, &blocked).await.refuses(409, "LastGlobalAdministrator");
    app.revoke(&id, "global").await.refuses(409, "LastGlobalAdministrator");
    remains(&app, &id).await;
    // A blocked global administrator does not count.
    let (other, _) = app.holder("Other", &["global"]).await;
    client.patch(&format!("/v1.0/users/{other}"), &blocked).await.is(200);
    client.delete(&path).await.refuses(409, "LastGlobalAdministrator");
    client.patch(&path, &blocked).await.is(409);
    app.revoke(&id, "global").await.is(409);
    remains(&app, &id).await;
    client.patch(&format!("/v1.0/users/{other}"), &json!({"accountEnabled": true})).await.is(204);
    client.delete(&path).await.is(204);
    client.delete(&format!("/v1.0/users/{other}")).await.is(409);
}

async fn a_client_does_not_count_as_a_global_administrator(app: TestApp) {
    let id = last_global(&app).await;
    app.assignment(&app.credentials.0, "global").await;
    app.revoke(&id, "global").await.refuses(409, "LastGlobalAdministrator");
    app.revoke(&app.credentials.0, "global").await.is(204);
}

/// The racers are the only global administrators left: each side ends the rights of one of them at
/// the same moment, in one of three ways.
async fn race(app: &TestApp, left: &Client, right: &Client, round: usize, first: &str) {
    let (a, _) = app.holder(&format!("A {round}"), &["global"]).await;
    let (b, _) = app.holder(&format!("B {round}"), &["global"]).await;
    let blocked = json!({"accountEnabled": false});
    left.patch(first, &blocked).await.is(200);
    let [a_path, b_path] = [&a, &b].map(|id| format!("/v1.0/users/{id}"));
    let assignment = app.assignment(&a, "global").await;
    let revoke = format!("/v1.0/roleManagement/directory/roleAssignments/{assignment}");
    let (one, two) = match round % 3 {
        0 => join(left.delete(&a_path), right.delete(&b_path)).await,
        1 => join(left.patch(&a_path, &blocked), right.patch(&b_path, &blocked)).await,
        _ => join(left.delete(&revoke), right.delete(&b_path)).await,
    };
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert!(statuses[0] < 300 && statuses[1] == 409, "exactly one succeeds: {one} and {two}");
    left.patch(first, &json!({"accountEnabled": true})).await.is(204);
    // The survivor leaves before the next round.
    let survivor = if one.status == 409 { a_path } else { b_path };
    left.delete(&survivor).await.is(204);
}

async fn two_global_administrators_cannot_remove_each_other_at_once(app: TestApp) {
    let client = app.client().await;
    let first = format!("/v1.0/users/{}", last_global(&app).await);
    // On PostgreSQL the other one works through a process of its own.
    let neighbour = (app.database == Database::Postgresql).then(|| app.neighbour());
    let elsewhere = neighbour.as_ref().map_or(client.clone(), |other| client.at(other.url()));
    for round in 0..6 {
        race(&app, &client, &elsewhere, round, &first).await;
    }
}
