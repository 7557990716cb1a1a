//! Changing users (R56, R58, R68, R92, A4, A16, A26, S45).

use futures_util::future::join_all;
use roster_tests::{INITIAL_DOMAIN, PASSWORD, TestApp, on_both, upn};
use serde_json::{Value, json};

on_both! {
    a_change_touches_what_it_names_and_null_clears,
    every_offending_property_of_a_change_is_named_and_nothing_changes,
    sending_back_what_was_read_is_accepted,
    a_read_only_property_cannot_be_changed,
    a_stale_tag_is_refused_and_changes_nothing,
    only_one_of_fifty_concurrent_changes_with_one_tag_succeeds,
    a_known_tag_answers_304,
    a_former_primary_address_stays_as_an_alias,
    blocking_warns_and_works_at_the_next_request,
    sensitive_properties_of_an_administrator_are_out_of_reach_for_the_user_administrator,
    password_administrators_reset_people_without_a_role_and_nothing_else,
    a_reset_ends_every_session,
    a_reset_unlocks_the_account,
    a_new_password_is_judged_with_what_is_known_of_the_person,
    users_are_found_by_id_or_name_in_any_case,
}

async fn read(app: &TestApp, id: &str, properties: &str) -> Value {
    let path = format!("/v1.0/users/{id}?$select={properties}");
    app.client().await.get(&path).await.is(200).json
}

async fn a_change_touches_what_it_names_and_null_clears(app: TestApp) {
    let client = app.client().await;
    let id = app.person("Jan Jansen").await;
    let path = format!("/v1.0/users/{id}");
    let changed = client.patch(&path, &json!({"jobTitle": "Baker", "city": "Delft"})).await.is(204);
    assert_eq!((changed.header("etag"), changed.text.as_str()), ("\"v2\"", ""));
    client.patch(&path, &json!({"city": null})).await.is(204);
    let user = read(&app, &id, "jobTitle,city,displayName").await;
    assert_eq!(user["jobTitle"], "Baker");
    assert_eq!(user["city"], Value::Null);
    assert_eq!(user["displayName"], "Jan Jansen");
    client.patch(&path, &json!({})).await.is(204);
    let tag = client.get(&path).await.header("etag").to_owned();
    assert_eq!(tag, "\"v3\"", "a change of nothing is no change");
}

async fn every_offending_property_of_a_change_is_named_and_nothing_changes(app: TestApp) {
    let client = app.client().await;
    let path = format!("/v1.0/users/{}", app.person("Jan Jansen").await);
    let before = client.get(&path).await.is(200).text;
    let body = json!({
        "jobTitle": "Baker",
        "displayName": null,
        "userPrincipalName": "x",
        "usageLocation": "Nederland!",
        "shoeSize": 43,
        "createdDateTime": "2001-01-01T00:00:00Z",
        "mail": "jan@unknown.example",
    });
    let refused = client.patch(&path, &body).await.refuses(400, "Request_BadRequest");
    for named in
        ["displayName", "userPrincipalName", "usageLocation", "shoeSize", "createdDateTime"]
    {
        assert!(refused.targets().contains(&named), "{named}: {refused}");
    }
    assert_eq!(client.get(&path).await.text, before);
}

async fn sending_back_what_was_read_is_accepted(app: TestApp) {
    let client = app.client().await;
    let path = format!("/v1.0/users/{}", app.person("Jan Jansen").await);
    let all = "id,userPrincipalName,displayName,createdDateTime,lastPasswordChangeDateTime,mail,\
               proxyAddresses,otherMails,businessPhones,accountEnabled,userType,jobTitle";
    let mut user = client.get(&format!("{path}?$select={all}")).await.is(200).json;
    user["jobTitle"] = json!("Baker");
    client.patch(&path, &user).await.is(204);
    assert_eq!(client.get(&path).await["jobTitle"], "Baker");
}

async fn a_read_only_property_cannot_be_changed(app: TestApp) {
    let client = app.client().await;
    let path = format!("/v1.0/users/{}", app.person("Jan Jansen").await);
    let body = json!({
        "id": "00000000-0000-0000-0000-000000000000",
        "createdDateTime": "2001-01-01T00:00:00Z",
        "deletedDateTime": "2001-01-01T00:00:00Z",
        "lastPasswordChangeDateTime": null,
        "signInSessionsValidFromDateTime": "2001-01-01T00:00:00Z",
    });
    let refused = client.patch(&path, &body).await.refuses(400, "Request_BadRequest");
    assert_eq!(
        refused.targets(),
        [
            "createdDateTime",
            "deletedDateTime",
            "id",
            "lastPasswordChangeDateTime",
            "signInSessionsValidFromDateTime"
        ]
    );
    assert!(refused.text.contains("ReadOnlyProperty"), "{refused}");
}

async fn a_stale_tag_is_refused_and_changes_nothing(app: TestApp) {
    let client = app.client().await;
    let path = format!("/v1.0/users/{}", app.person("Jan Jansen").await);
    client.patch(&path, &json!({"jobTitle": "Baker"})).await.is(204);
    for stale in ["\"v1\"", "W/\"v2\"", "\"x\"", "\"v1\", \"v3\""] {
        let refused = client.with("If-Match", stale).patch(&path, &json!({"city": "Delft"})).await;
        refused.is(412).enveloped();
        client.with("If-Match", stale).delete(&path).await.is(412).enveloped();
    }
    client.with("If-Match", "v2").patch(&path, &json!({"city": "Delft"})).await.is(400);
    assert_eq!(client.get(&path).await.header("etag"), "\"v2\"");
    client.with("If-Match", "\"v1\", \"v2\"").patch(&path, &json!({"city": "Delft"})).await.is(204);
    client.with("If-Match", "*").patch(&path, &json!({"city": "Gouda"})).await.is(204);
    client.with("If-Match", "\"v4\"").delete(&path).await.is(204);
}

async fn only_one_of_fifty_concurrent_changes_with_one_tag_succeeds(app: TestApp) {
    let client = app.client().await;
    let path = format!("/v1.0/users/{}", app.person("Jan Jansen").await);
    let conditional = client.with("If-Match", "\"v1\"");
    let bodies: Vec<Value> = (0..50).map(|n| json!({"jobTitle": format!("Baker {n}")})).collect();
    let answers = join_all(bodies.iter().map(|body| conditional.patch(&path, body))).await;
    let succeeded = answers.iter().filter(|answer| answer.status == 204).count();
    let refused = answers.iter().filter(|answer| answer.status == 412).count();
    assert_eq!((succeeded, refused), (1, 49));
    assert_eq!(client.get(&path).await.header("etag"), "\"v2\"");
}

async fn a_known_tag_answers_304(app: TestApp) {
    let client = app.client().await;
    let path = format!("/v1.0/users/{}", app.person("Jan Jansen").await);
    let unchanged = client.with("If-None-Match", "\"v1\"").get(&path).await.is(304);
    assert_eq!(unchanged.text, "");
    client.with("If-None-Match", "\"v7\"").get(&path).await.is(200);
}

async fn a_former_primary_address_stays_as_an_alias(app: TestApp) {
    let client = app.client().await;
    let id = app.person("Jan Jansen").await;
    let new = format!("jan.smit@{INITIAL_DOMAIN}");
    let path = format!("/v1.0/users/{id}");
    client.patch(&path, &json!({"userPrincipalName": new})).await.is(204);
    let user = read(&app, &id, "mail,proxyAddresses").await;
    assert_eq!(user["mail"], json!(new), "the address follows the name it was equal to");
    let old = format!("smtp:{}", upn("Jan Jansen"));
    assert_eq!(user["proxyAddresses"], json!([format!("SMTP:{new}"), old]));
    let taken = json!({"displayName": "Other", "userPrincipalName": upn("Jan Jansen")});
    client.post("/v1.0/users", &taken).await.refuses(400, "Request_BadRequest");
}

async fn blocking_warns_and_works_at_the_next_request(app: TestApp) {
    let (id, session) = app.holder("Jan", &[]).await;
    session.get("/v1.0/me").await.is(200);
    let path = format!("/v1.0/users/{id}");
    let blocked = json!({"accountEnabled": false});
    let answer = app.client().await.patch(&path, &blocked).await.is(200);
    assert_eq!(answer.warnings(), ["SignInBlocked"]);
    session.get("/v1.0/me").await.refuses(401, "InvalidAuthenticationToken");
    let name = read(&app, &id, "userPrincipalName").await["userPrincipalName"].clone();
    app.password_grant(name.as_str().unwrap(), PASSWORD).await.is(400);
    app.client().await.patch(&path, &json!({"accountEnabled": true})).await.is(204);
    app.password_grant(name.as_str().unwrap(), PASSWORD).await.is(200);
}

async fn sensitive_properties_of_an_administrator_are_out_of_reach_for_the_user_administrator(
    app: TestApp,
) {
    let user_administrator = app.as_role("user").await;
    let (admin, _) = app.holder("Admin", &["billing"]).await;
    let plain = app.person("Jan Jansen").await;
    let sensitive = [
        json!({"mobilePhone": "+31 6 12345678"}),
        json!({"businessPhones": ["+31 1"]}),
        json!({"accountEnabled": false}),
        json!({"alternateEmail": "other@elsewhere.example"}),
        json!({"otherMails": []}),
        json!({"userPrincipalName": format!("taken.over@{INITIAL_DOMAIN}")}),
        json!({"mail": format!("taken.over@{INITIAL_DOMAIN}")}),
        json!({"proxyAddresses": [format!("SMTP:taken.over@{INITIAL_DOMAIN}")]}),
        json!({"passwordProfile": {"password": PASSWORD}}),
        json!({"passwordProfile": {"forceChangePasswordNextSignIn": true}}),
    ];
    let path = format!("/v1.0/users/{admin}");
    for body in &sensitive {
        let refused = user_administrator.patch(&path, body).await;
        let refused = refused.refuses(403, "Authorization_RequestDenied");
        let explanation = &refused["error"]["innerError"]["authorization"];
        assert_eq!(explanation["permission"], "reset_user_passwords", "{refused}");
        assert_eq!(explanation["grantingRoles"], json!(["global"]), "{refused}");
        assert!(explanation["limit"].is_string(), "{refused}");
    }
    user_administrator.patch(&path, &json!({"jobTitle": "Treasurer"})).await.is(204);
    let path = format!("/v1.0/users/{plain}");
    for body in sensitive.iter().filter(|body| body["proxyAddresses"].is_null()) {
        let answer = user_administrator.patch(&path, body).await;
        assert!(answer.status < 300, "{body}: {answer}");
    }
    let path = format!("/v1.0/users/{admin}");
    app.as_global().await.patch(&path, &sensitive[0]).await.is(204);
}

async fn password_administrators_reset_people_without_a_role_and_nothing_else(app: TestApp) {
    let password_administrator = app.as_role("password").await;
    let (admin, _) = app.holder("Admin", &["exchange"]).await;
    let plain = app.person("Jan Jansen").await;
    let reset = json!({"passwordProfile": {"password": PASSWORD}});
    let path = format!("/v1.0/users/{plain}");
    password_administrator.patch(&path, &reset).await.is(204);
    let refused = password_administrator.patch(&path, &json!({"jobTitle": "Baker"})).await;
    let refused = refused.refuses(403, "Authorization_RequestDenied");
    let explanation = &refused["error"]["innerError"]["authorization"];
    assert_eq!(explanation["permission"], "manage_users_and_groups");
    let hidden = json!({"passwordProfile": {"password": PASSWORD}, "jobTitle": "Baker"});
    password_administrator.patch(&path, &hidden).await.is(403);
    let path = format!("/v1.0/users/{admin}");
    password_administrator.patch(&path, &reset).await.refuses(403, "Authorization_RequestDenied");
    for role in ["exchange", "sharepoint", "skype", "service", "billing"] {
        app.as_role(role).await.patch(&path, &reset).await.is(403);
    }
}

async fn a_reset_ends_every_session(app: TestApp) {
    let (id, session) = app.holder("Jan", &[]).await;
    let new = "Zeven-Kikkers.Dansen8";
    let reset = json!({"passwordProfile": {"password": new}});
    app.client().await.patch(&format!("/v1.0/users/{id}"), &reset).await.is(204);
    session.get("/v1.0/me").await.refuses(401, "InvalidAuthenticationToken");
    let name = read(&app, &id, "userPrincipalName").await["userPrincipalName"].clone();
    let name = name.as_str().unwrap();
    let old = app.password_grant(name, PASSWORD).await.is(400);
    assert!(!old.text.contains("change required"), "{old}");
    let changed = app.password_grant(name, new).await.is(400);
    assert!(changed.text.contains("password change required"), "{changed}");
}

async fn a_reset_unlocks_the_account(app: TestApp) {
    let (id, session) = app.holder("Jan", &[]).await;
    let name = session.get("/v1.0/me").await.text_of("userPrincipalName");
    for number in 0..11 {
        app.password_grant(&name, &format!("wrong {number}")).await.is(400);
    }
    app.password_grant(&name, PASSWORD).await.is(400);
    let profile = json!({"password": PASSWORD, "forceChangePasswordNextSignIn": false});
    let reset = json!({"passwordProfile": profile});
    app.client().await.patch(&format!("/v1.0/users/{id}"), &reset).await.is(204);
    app.password_grant(&name, PASSWORD).await.is(200);
}

async fn a_new_password_is_judged_with_what_is_known_of_the_person(app: TestApp) {
    let client = app.client().await;
    let path = format!("/v1.0/users/{}", app.person("Jan Jansen").await);
    let reset = async |password: &str| {
        let profile = json!({"passwordProfile": {"password": password}});
        client.patch(&path, &profile).await.status
    };
    client.patch(&path, &json!({"givenName": "Wilhelmina"})).await.is(204);
    assert_eq!(reset("Wilhelmina1").await, 400);
    assert_eq!(reset("kaleumbrellas").await, 400);
    let weak = json!({"passwordPolicies": "DisableStrongPassword"});
    client.patch(&path, &weak).await.is(204);
    assert_eq!(reset("kaleumbrellas").await, 204);
}

async fn users_are_found_by_id_or_name_in_any_case(app: TestApp) {
    let client = app.client().await;
    let id = app.person("Jan Jansen").await;
    for key in [id.clone(), id.to_uppercase(), upn("Jan Jansen"), upn("Jan Jansen").to_uppercase()]
    {
        assert_eq!(client.get(&format!("/v1.0/users/{key}")).await.is(200).id(), id);
        assert_eq!(client.get(&format!("/V1.0/Users('{key}')/")).await.is(200).id(), id);
    }
    for key in ["nobody", "nobody@contoso.onroster.example", "00000000-0000-0000-0000-000000000000"]
    {
        client.get(&format!("/v1.0/users/{key}")).await.refuses(404, "Request_ResourceNotFound");
        let body = json!({"jobTitle": "x"});
        client.patch(&format!("/v1.0/users/{key}"), &body).await.is(404);
        client.delete(&format!("/v1.0/users/{key}")).await.is(404);
    }
}
