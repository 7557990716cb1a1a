//! Roles of several users at once: Yes gives each the one role, No takes all away (A23).

use super::{PATH, future_administrator, roles_of};
use roster_tests::{Answer, Client, TestApp, on_both};
use serde_json::{Value, json};

on_both! {
    yes_gives_each_user_the_one_role_and_no_other,
    no_takes_all_roles_away,
    each_user_succeeds_or_fails_alone_and_in_the_order_of_the_request,
    warnings_stand_with_the_user_they_are_about,
    a_malformed_request_names_every_offending_property,
    a_user_who_is_named_twice_is_named_in_the_refusal_and_nothing_is_done,
    only_global_administrators_assign_in_bulk,
}

async fn bulk(client: &Client, users: &[&str], role: &Value) -> Answer {
    client.post(&format!("{PATH}/bulk"), &json!({"userIds": users, "role": role})).await
}

async fn yes_gives_each_user_the_one_role_and_no_other(app: TestApp) {
    let global = app.as_global().await;
    let (holder, _) = app.holder("Holder", &["exchange", "user"]).await;
    let (same, _) = app.holder("Same", &["password"]).await;
    let fresh = future_administrator(&app).await;
    let name = global.get(&format!("/v1.0/users/{fresh}")).await.text_of("userPrincipalName");
    let done = bulk(&global, &[&holder, &same, &name], &json!("password")).await.is(200);
    assert_eq!(done.column("userId"), [&*holder, &*same, &*name], "as they were named");
    for outcome in done.items() {
        assert_eq!(outcome["succeeded"], true, "{done}");
        assert_eq!(outcome["roles"], json!(["password"]), "{done}");
        assert_eq!(outcome["error"], Value::Null, "{done}");
    }
    for id in [&holder, &same, &fresh] {
        assert_eq!(roles_of(&app, id).await, ["password"]);
    }
}

async fn no_takes_all_roles_away(app: TestApp) {
    let global = app.as_global().await;
    let (service, _) = app.holder("Service", &["service", "skype"]).await;
    let (billing, session) = app.holder("Billing", &["billing", "user"]).await;
    let plain = app.person("Plain").await;
    let done = bulk(&global, &[&service, &billing, &plain], &Value::Null).await.is(200);
    for (outcome, id) in done.items().iter().zip([&service, &billing, &plain]) {
        assert_eq!(
            (&outcome["succeeded"], &outcome["roles"]),
            (&json!(true), &json!([])),
            "{done}"
        );
        assert!(roles_of(&app, id).await.is_empty());
    }
    session.get("/v1.0/userViews").await.refuses(403, "Authorization_RequestDenied");
}

async fn each_user_succeeds_or_fails_alone_and_in_the_order_of_the_request(app: TestApp) {
    let global = app.as_global().await;
    let unreachable = app.person("Unreachable").await;
    let well = future_administrator(&app).await;
    let nobody = "01900000-0000-7000-8000-000000000000";
    let done = bulk(&global, &[&unreachable, &well, nobody], &json!("billing")).await.is(200);
    let [first, second, third] = done.items() else { panic!("{done}") };
    assert_eq!(first["succeeded"], false);
    assert_eq!(first["error"]["details"][0]["target"], "alternateEmail", "{done}");
    assert_eq!(first["roles"], Value::Null);
    assert_eq!((&second["succeeded"], &second["roles"]), (&json!(true), &json!(["billing"])));
    assert_eq!(third["error"]["code"], "Request_ResourceNotFound", "{done}");
    assert!(roles_of(&app, &unreachable).await.is_empty());
    // The service role never stands alone: it goes beside the role that it needs (A19).
    let (exchange, _) = app.holder("Exchange", &["exchange", "billing"]).await;
    let done = bulk(&global, &[&well, &exchange], &json!("service")).await.is(200);
    assert_eq!(done.items()[0]["error"]["code"], "ServiceRolePrerequisite", "{done}");
    assert_eq!(roles_of(&app, &well).await, ["billing"], "left as it was");
    assert_eq!(done.items()[1]["roles"], json!(["service", "exchange"]), "{done}");
    assert_eq!(roles_of(&app, &exchange).await, ["service", "exchange"]);
}

async fn warnings_stand_with_the_user_they_are_about(app: TestApp) {
    let global = app.as_global().await;
    let mut ids = Vec::new();
    for _ in 0..4 {
        ids.push(future_administrator(&app).await);
        let id = ids.last().unwrap();
        let number = json!({"mobilePhone": "06 12345678"});
        global.patch(&format!("/v1.0/users/{id}"), &number).await.is(204);
    }
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    // The first administrator and the caller are global already.
    let done = bulk(&global, &ids, &json!("global")).await.is(200);
    let codes = |outcome: &Value| -> Vec<String> {
        let warnings = outcome["@roster.warnings"].as_array().cloned().unwrap_or_default();
        warnings.iter().map(|warning| warning["code"].as_str().unwrap().to_owned()).collect()
    };
    let many = done.items().iter().filter(|each| {
        let codes = codes(each);
        assert!(codes.contains(&"MobilePhoneWithoutCountryCode".to_owned()), "{done}");
        codes.contains(&"ManyGlobalAdministrators".to_owned())
    });
    assert_eq!(many.count(), 2, "the fifth and the sixth: {done}");
}

async fn a_malformed_request_names_every_offending_property(app: TestApp) {
    let global = app.as_global().await;
    let path = format!("{PATH}/bulk");
    let many: Vec<String> = (0..251).map(|number| format!("user{number}@contoso.com")).collect();
    for (body, targets) in [
        (json!({}), vec!["role", "userIds"]),
        (
            json!({"userIds": [], "role": "king", "shoeSize": 1}),
            vec!["role", "shoeSize", "userIds"],
        ),
        (json!({"userIds": [1], "role": null}), vec!["userIds"]),
        (json!({"userIds": ["a", "A"], "role": null}), vec!["userIds"]),
        (json!({"userIds": many, "role": null}), vec!["userIds"]),
        (json!({"userIds": ["a"], "role": ["billing"]}), vec!["role"]),
    ] {
        let refused = global.post(&path, &body).await.refuses(400, "Request_BadRequest");
        assert_eq!(refused.targets(), targets, "{refused}");
    }
    global.post(&path, &json!([])).await.is(400).enveloped();
}

async fn a_user_who_is_named_twice_is_named_in_the_refusal_and_nothing_is_done(app: TestApp) {
    let global = app.as_global().await;
    let (first, second) = (future_administrator(&app).await, future_administrator(&app).await);
    let name = global.get(&format!("/v1.0/users/{first}")).await.text_of("userPrincipalName");
    let upper = first.to_uppercase();
    let (bare, loud) = (first.replace('-', ""), name.to_uppercase());
    for users in [
        [&*first, &*second, &*name],
        [&*loud, &*second, &*first],
        [&*first, &*second, &*upper],
        [&*bare, &*second, &*first],
        [&*name, &*second, &*loud],
    ] {
        for role in [json!("billing"), Value::Null] {
            let refused = bulk(&global, &users, &role).await;
            let refused = refused.refuses(400, "Request_BadRequest");
            assert_eq!(refused.targets(), ["userIds"], "{refused}");
            let told = format!("'{}' and '{}'", users[0], users[2]);
            assert!(refused.message().contains(&told), "{refused}");
        }
    }
    for id in [&first, &second] {
        assert!(roles_of(&app, id).await.is_empty());
    }
    // Whoever does not exist, or belongs to others, is nobody twice.
    let nobody = "nobody@contoso.example";
    let done = bulk(&global, &[&first, nobody, &second], &json!("billing")).await.is(200);
    let succeeded: Vec<_> = done.items().iter().map(|each| each["succeeded"] == true).collect();
    assert_eq!(succeeded, [true, false, true], "{done}");
}

async fn only_global_administrators_assign_in_bulk(app: TestApp) {
    let id = future_administrator(&app).await;
    for (name, client) in app.everyone().await {
        let answer = bulk(&client, &[&id], &json!("billing")).await;
        assert_eq!(answer.status, if name == "global" { 200 } else { 403 }, "{name}: {answer}");
    }
}
