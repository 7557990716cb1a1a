//! Many deleted objects brought back at once (R80).

use roster_tests::{INITIAL_DOMAIN, TestApp, on_both, person, upn};
use serde_json::{Value, json};

on_both! {
    what_can_be_restored_is_and_the_answer_says_why_the_rest_is_not,
    each_restore_needs_the_right_that_it_needs_alone,
    a_malformed_request_restores_nothing,
    who_may_not_restore_one_object_restores_no_other,
}

const DELETED: &str = "/v1.0/directory/deletedItems";
const PATH: &str = "/v1.0/directory/deletedItems/bulkRestore";
const NOBODY: &str = "01900000-0000-7000-8000-000000000000";

/// A person in deleted items.
async fn deleted(app: &TestApp, name: &str) -> String {
    let id = app.person(name).await;
    app.client().await.delete(&format!("/v1.0/users/{id}")).await.is(204);
    id
}

async fn what_can_be_restored_is_and_the_answer_says_why_the_rest_is_not(app: TestApp) {
    let client = app.client().await;
    let (ann, ben, cas) =
        (deleted(&app, "Ann").await, deleted(&app, "Ben").await, app.person("Cas").await);
    let group = json!({
        "displayName": "Bakers", "mailNickname": "bakers", "mailEnabled": false,
        "securityEnabled": true,
    });
    let group = client.post("/v1.0/groups", &group).await.is(201).id();
    client.delete(&format!("/v1.0/groups/{group}")).await.is(204);
    app.person("Ben").await;
    let ids = [&*ann, &*ben, "nonsense", &*group, NOBODY, &*cas];
    let done = client.post(PATH, &json!({"ids": ids})).await.is(200);
    assert_eq!(done.column("id"), ids, "in the order of the request");
    let succeeded: Vec<&Value> = done.items().iter().map(|item| &item["succeeded"]).collect();
    assert_eq!(succeeded, [true, false, false, true, false, false], "{done}");
    let [first, second, third, fourth, fifth, sixth] = done.items() else { panic!("{done}") };
    assert_eq!(first["object"]["@odata.type"], "#microsoft.graph.user");
    assert_eq!(first["object"]["userPrincipalName"], json!(upn("Ann")));
    let password = first["object"]["passwordProfile"]["password"].as_str().unwrap();
    assert!(password.len() > 8 && first["error"].is_null(), "{done}");
    assert_eq!(second["error"]["code"], "UserPrincipalNameTaken");
    assert!(second["object"].is_null(), "{done}");
    assert_eq!(fourth["object"]["@odata.type"], "#microsoft.graph.group");
    assert_eq!(fourth["object"]["passwordProfile"], Value::Null);
    for missing in [third, fifth, sixth] {
        assert_eq!(missing["error"]["code"], "Request_ResourceNotFound", "{done}");
    }
    client.get(&format!("/v1.0/users/{ann}")).await.is(200);
    client.get(&format!("/v1.0/groups/{group}")).await.is(200);
    // What failed is restored one by one (R80), with what it lacked.
    let name = json!({"newUserPrincipalName": format!("ben.again@{INITIAL_DOMAIN}")});
    client.post(&format!("{DELETED}/{ben}/restore"), &name).await.is(200);
}

async fn each_restore_needs_the_right_that_it_needs_alone(app: TestApp) {
    let client = app.client().await;
    let (former, _) = app.holder("Former", &["global"]).await;
    client.delete(&format!("/v1.0/users/{former}")).await.is(204);
    let plain = deleted(&app, "Plain").await;
    let ids = json!({"ids": [former, plain]});
    let user = app.as_role("user").await;
    let done = user.post(PATH, &ids).await.is(200);
    let alone = user.post(&format!("{DELETED}/{former}/restore"), &json!({})).await.is(403);
    assert_eq!(done.items()[0]["error"]["code"], alone.code(), "{done}");
    assert_eq!(done.items()[1]["succeeded"], true, "{done}");
    let done = app.as_global().await.post(PATH, &json!({"ids": [former]})).await.is(200);
    assert_eq!(done.items()[0]["succeeded"], true, "{done}");
    // What another organisation has deleted is not there.
    let gone = deleted(&app, "Gone").await;
    let done = app.other_tenant().await.post(PATH, &json!({"ids": [gone]})).await.is(200);
    assert_eq!(done.items()[0]["error"]["code"], "Request_ResourceNotFound", "{done}");
}

async fn a_malformed_request_restores_nothing(app: TestApp) {
    let client = app.client().await;
    let id = deleted(&app, "Jan").await;
    let many: Vec<String> = (0..251).map(|number| format!("{number}")).collect();
    for (body, targets) in [
        (json!({}), vec!["ids"]),
        (json!({"ids": []}), vec!["ids"]),
        (json!({"ids": [id, 1]}), vec!["ids"]),
        (json!({"ids": [id, id.to_uppercase()]}), vec!["ids"]),
        (json!({"ids": [id, id.replace('-', "")]}), vec!["ids"]),
        (json!({"ids": many}), vec!["ids"]),
        (json!({"ids": id, "newUserPrincipalName": "x"}), vec!["ids", "newUserPrincipalName"]),
    ] {
        let refused = client.post(PATH, &body).await.refuses(400, "Request_BadRequest");
        assert_eq!(refused.targets(), targets, "{refused}");
    }
    client.post(PATH, &json!([id])).await.is(400).enveloped();
    client.get(&format!("{DELETED}/{id}")).await.is(200);
}

async fn who_may_not_restore_one_object_restores_no_other(app: TestApp) {
    for (name, client) in app.everyone().await {
        let mut gone = person(&format!("Gone {name}"));
        gone["displayName"] = json!("Gone");
        let id = app.create(&gone).await.id();
        app.client().await.delete(&format!("/v1.0/users/{id}")).await.is(204);
        let may = ["global", "user"].contains(&name);
        let answer = client.post(PATH, &json!({"ids": [id]})).await;
        assert_eq!(answer.status, if may { 200 } else { 403 }, "{name}: {answer}");
        let status = app.client().await.get(&format!("/v1.0/users/{id}")).await.status;
        assert_eq!(status, if may { 200 } else { 404 }, "{name}");
    }
}
