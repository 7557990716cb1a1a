//! Deleted people: their list, and how they come back (R77–R80).

use roster_tests::{INITIAL_DOMAIN, TestApp, on_both, person, upn};
use serde_json::json;

on_both! {
    who_lost_the_primary_address_keeps_the_others,
    a_restore_takes_an_object_or_nothing,
    deleted_people_are_sorted_and_filtered_by_when_they_went,
    a_block_ends_sessions_for_good,
}

const DELETED: &str = "/v1.0/directory/deletedItems";

async fn who_lost_the_primary_address_keeps_the_others(app: TestApp) {
    let client = app.client().await;
    let at = |name: &str| format!("{name}@{INITIAL_DOMAIN}");
    let mut body = person("Fons");
    body["proxyAddresses"] = json!([
        format!("SMTP:{}", at("fons.main")),
        format!("smtp:{}", at("fons")),
        format!("smtp:{}", at("fons.alt")),
    ]);
    let id = app.create(&body).await.id();
    client.delete(&format!("/v1.0/users/{id}")).await.is(204);
    let contact = json!({"displayName": "Thief", "mail": at("fons.main")});
    client.post("/v1.0/contacts", &contact).await.is(201);
    let restored = client.post(&format!("{DELETED}/{id}/restore"), &json!({})).await.is(200);
    assert_eq!(restored.warnings(), ["AddressDropped"]);
    let path = format!("/v1.0/users/{id}?$select=mail,proxyAddresses");
    let user = client.get(&path).await.is(200);
    let kept = json!([format!("SMTP:{}", at("fons")), format!("smtp:{}", at("fons.alt"))]);
    assert_eq!((&user["mail"], &user["proxyAddresses"]), (&json!(at("fons")), &kept));
    let found = client.get("/v1.0/addressBook?$search=fons").await.is(200);
    assert!(found.column("id").contains(&id), "mail reaches them: {found}");
}

async fn a_restore_takes_an_object_or_nothing(app: TestApp) {
    let client = app.client().await;
    let id = app.person("Jan").await;
    client.delete(&format!("/v1.0/users/{id}")).await.is(204);
    let path = format!("{DELETED}/{id}/restore");
    for body in [json!([1]), json!("x"), json!(1), json!(true), json!({"newName": "x"})] {
        client.post(&path, &body).await.refuses(400, "Request_BadRequest");
    }
    client.get(&format!("{DELETED}/{id}")).await.is(200);
    client.post(&path, &json!(null)).await.is(200);
}

async fn deleted_people_are_sorted_and_filtered_by_when_they_went(app: TestApp) {
    let client = app.client().await;
    let mut gone = Vec::new();
    for name in ["Cees", "Anna", "Bert"] {
        let id = app.person(name).await;
        client.delete(&format!("/v1.0/users/{id}")).await.is(204);
        gone.push(id);
    }
    let list = format!("{DELETED}/graph.user");
    let sorted = [("$orderby", "deletedDateTime desc"), ("$top", "2")];
    let first = client.query(&list, &sorted).await.is(200);
    gone.reverse();
    assert_eq!(first.column("id"), gone[..2]);
    let next = first.text_of("@odata.nextLink");
    let second = client.get(next.strip_prefix(&app.url).unwrap()).await.is(200);
    assert_eq!(second.column("id"), gone[2..]);
    let path = format!("{list}?$select=id,deletedDateTime&$orderby=deletedDateTime desc");
    let when = client.get(&path).await.is(200).column("deletedDateTime").swap_remove(0);
    let since = format!("deletedDateTime ge {when}");
    let last = client.query(&list, &[("$filter", &since)]).await.is(200);
    assert_eq!(last.column("id"), gone[..1]);
}

async fn a_block_ends_sessions_for_good(app: TestApp) {
    let (id, session) = app.holder("Jan", &[]).await;
    let path = format!("/v1.0/users/{id}");
    let client = app.client().await;
    session.get("/v1.0/me").await.is(200);
    client.patch(&path, &json!({"accountEnabled": false})).await.is(200);
    session.get("/v1.0/me").await.is(401);
    client.patch(&path, &json!({"accountEnabled": true})).await.is(204);
    session.get("/v1.0/me").await.refuses(401, "InvalidAuthenticationToken");
    let name = client.get(&path).await.text_of("userPrincipalName");
    app.bearer(&app.sign_in(&name).await).get("/v1.0/me").await.is(200);
    assert_ne!(name, upn("Jan"), "holders have names of their own");
}
