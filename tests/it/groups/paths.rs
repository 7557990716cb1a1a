//! Paths that clients of the dialect build: one of the related objects, restoring where an object
//! was, names checked before they are sent.

use super::support::{group, group_with};
use roster_tests::{INITIAL_DOMAIN, TestApp, on_both, person};
use serde_json::{Value, json};
use uuid::Uuid;

on_both! {
    one_of_the_related_objects_is_read_by_its_id,
    what_is_not_shown_in_a_list_is_not_found_below_it,
    an_object_is_restored_where_it_was,
    names_of_a_new_group_are_checked_ahead,
    names_of_a_group_are_checked_ahead,
}

fn to(app: &TestApp, id: &str) -> Value {
    json!({"@odata.id": format!("{}/v1.0/directoryObjects/{id}", app.url)})
}

async fn one_of_the_related_objects_is_read_by_its_id(app: TestApp) {
    let client = app.client().await;
    let (boss, ann) = (app.person("Boss").await, app.contact("Ann").await);
    let manager = client.request("PUT", &format!("/v1.0/contacts/{ann}/manager/$ref"));
    client.send(manager.json(&to(&app, &boss))).await.is(204);
    let with = json!({"owners@odata.bind": [to(&app, &boss)["@odata.id"]]});
    let inner = group_with(&app, "distribution", "Inner", with.clone()).await;
    let outer = group_with(&app, "distribution", "Outer", with).await;
    for (of, one) in [(&outer, &inner), (&inner, &boss), (&inner, &ann)] {
        client.post(&format!("/v1.0/groups/{of}/members/$ref"), &to(&app, one)).await.is(204);
    }
    for (path, kind) in [
        (format!("users/{boss}/memberOf/{inner}"), "group"),
        (format!("users/{boss}/transitiveMemberOf/{outer}"), "group"),
        (format!("users/{boss}/ownedObjects/{outer}"), "group"),
        (format!("users/{boss}/directReports/{ann}"), "orgContact"),
        (format!("contacts/{ann}/memberOf/{inner}"), "group"),
        (format!("groups/{inner}/memberOf/{outer}"), "group"),
        (format!("groups/{inner}/members/{ann}"), "orgContact"),
        (format!("groups/{outer}/transitiveMembers/{boss}"), "user"),
        (format!("groups/{outer}/owners/{boss}"), "user"),
    ] {
        let id = path.rsplit('/').next().unwrap();
        let one = client.get(&format!("/v1.0/{path}?$select=id,displayName")).await.is(200);
        assert_eq!(one.id(), id, "{path}");
        assert_eq!(one["@odata.type"], format!("#microsoft.graph.{kind}"), "{path}");
        assert!(one.text_of("@odata.context").ends_with("#directoryObjects/$entity"), "{one}");
        assert!(!one.header("etag").is_empty() && one["mail"].is_null(), "{one}");
    }
    client.get(&format!("/v1.0/users/{boss}/memberOf/{outer}")).await.is(404);
    let path = format!("/v1.0/groups/{outer}/members/{inner}");
    let refused = client.get(&format!("{path}?$select=bogus&$top=1")).await.is(400);
    assert_eq!(refused.targets(), ["$top", "bogus"]);
    client.send(client.request("PATCH", &path).json(&json!({}))).await.is(405);
    for key in ["$count2", "graph.device", &Uuid::now_v7().to_string()] {
        let path = format!("/v1.0/groups/{outer}/members/{key}");
        client.get(&path).await.refuses(404, "Request_ResourceNotFound");
    }
}

async fn what_is_not_shown_in_a_list_is_not_found_below_it(app: TestApp) {
    let client = app.client().await;
    let (jan, session) = app.holder("Jan", &[]).await;
    let (admin, of_admin) = app.holder("Admin", &["password"]).await;
    let with = json!({"visibility": "HiddenMembership"});
    let hidden = group_with(&app, "Microsoft 365", "Hidden", with).await;
    client.post(&format!("/v1.0/groups/{hidden}/members/$ref"), &to(&app, &admin)).await.is(204);
    session.get(&format!("/v1.0/groups/{hidden}/members/{admin}")).await.is(403);
    session.get(&format!("/v1.0/users/{admin}/memberOf/{hidden}")).await.is(404);
    let role = roster_tests::template_id("password");
    session.get(&format!("/v1.0/users/{admin}/memberOf/{role}")).await.is(404);
    let own = of_admin.get(&format!("/v1.0/me/memberOf/{role}")).await.is(200);
    assert_eq!(own["@odata.type"], "#microsoft.graph.directoryRole");
    of_admin.get(&format!("/v1.0/me/memberOf/{hidden}")).await.is(200);
    // Whoever is deleted is no member to anybody.
    client.delete(&format!("/v1.0/users/{admin}")).await.is(204);
    client.get(&format!("/v1.0/groups/{hidden}/members/{admin}")).await.is(404);
    let stranger = app.other_tenant().await;
    stranger.get(&format!("/v1.0/users/{jan}/memberOf/{hidden}")).await.is(404);
}

async fn an_object_is_restored_where_it_was(app: TestApp) {
    let client = app.client().await;
    let (jan, bakers) = (app.person("Jan").await, group(&app, "security", "Bakers").await);
    for (own, other, id) in [("users", "groups", &jan), ("groups", "users", &bakers)] {
        let path = |collection: &str| format!("/v1.0/{collection}/{id}/restore");
        client.post(&path(own), &json!({})).await.refuses(404, "Request_ResourceNotFound");
        for collection in [own, "directoryObjects"] {
            client.delete(&format!("/v1.0/{own}/{id}")).await.is(204);
            client.post(&path(other), &json!({})).await.is(404);
            let restored = client.send(client.request("POST", &path(collection))).await.is(200);
            assert_eq!(restored.id(), *id);
            let has_password = restored["passwordProfile"]["password"].is_string();
            assert_eq!(has_password, own == "users", "{restored}");
            client.get(&format!("/v1.0/{own}/{id}")).await.is(200);
        }
    }
    client.delete(&format!("/v1.0/users/{jan}")).await.is(204);
    let name = format!("jan.two@{INITIAL_DOMAIN}");
    let body = json!({"newUserPrincipalName": name});
    let restored = client.post(&format!("/v1.0/users/{jan}/restore"), &body).await.is(200);
    assert_eq!(restored["userPrincipalName"], name);
}

async fn names_of_a_new_group_are_checked_ahead(app: TestApp) {
    let client = app.client().await;
    let path = "/v1.0/directoryObjects/validateProperties";
    group(&app, "Microsoft 365", "Bakers").await;
    let free = json!({
        "entityType": "Group", "displayName": "Brewers", "mailNickname": "brewers",
        "onBehalfOfUserId": Uuid::now_v7(),
    });
    client.post(path, &free).await.is(204);
    let taken = json!({"displayName": "BAKERS", "mailNickname": "bakers"});
    let refused = client.post(path, &taken).await.refuses(422, "Request_UnprocessableEntity");
    assert_eq!(refused.targets(), ["displayName", "mailNickname"]);
    // A person has the address that the group would get.
    let mut jan = person("Jan");
    jan["userPrincipalName"] = json!(format!("brewers@{INITIAL_DOMAIN}"));
    app.create(&jan).await;
    assert_eq!(client.post(path, &free).await.is(422).targets(), ["mailNickname"]);
    let wrong = json!({"mailNickname": "two words", "displayName": ""});
    let refused = client.post(path, &wrong).await.is(422);
    assert_eq!(refused.targets(), ["displayName", "mailNickname"]);
    let malformed = json!({"entityType": "User", "displayName": 1, "name": "x"});
    let refused = client.post(path, &malformed).await.is(400);
    assert_eq!(refused.targets(), ["displayName", "entityType", "name"]);
    app.as_member().await.post(path, &free).await.is(403);
    app.other_tenant().await.post(path, &free).await.is(204);
}

async fn names_of_a_group_are_checked_ahead(app: TestApp) {
    let (owner, session) = app.holder("Owner", &[]).await;
    let with = json!({"owners@odata.bind": [to(&app, &owner)["@odata.id"]]});
    let id = group_with(&app, "Microsoft 365", "Bakers", with).await;
    group(&app, "Microsoft 365", "Brewers").await;
    let path = format!("/v1.0/groups/{id}/validateProperties");
    let own = json!({"displayName": "Bakers", "mailNickname": "bakers"});
    session.post(&path, &own).await.is(204);
    let taken = json!({"displayName": "Brewers"});
    let refused = session.post(&path, &taken).await.refuses(422, "Request_UnprocessableEntity");
    assert_eq!(refused.targets(), ["displayName"]);
    app.as_member().await.post(&path, &own).await.is(403);
    app.other_tenant().await.post(&path, &own).await.is(404);
    let named = json!({"entityType": "Group", "displayName": "Bakers"});
    assert_eq!(session.post(&path, &named).await.is(400).targets(), ["entityType"]);
}
