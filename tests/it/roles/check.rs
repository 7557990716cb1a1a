//! `permissions/check`: the decisions, asked beforehand.

use roster_tests::{Answer, Client, ROLES, TestApp, on_both};
use serde_json::{Value, json};

on_both! {
    a_refusal_names_row_limit_and_granting_roles_in_both_languages,
    an_operation_is_named_by_id_or_by_method_and_path,
    questions_about_others_need_the_right_to_view_roles,
    what_would_tell_hidden_roles_stays_open,
    a_blocked_account_may_nothing,
    a_malformed_question_names_every_offending_property,
    asking_changes_nothing,
}

async fn ask(client: &Client, question: &Value) -> Answer {
    client.post("/v1.0/permissions/check", question).await
}

async fn a_refusal_names_row_limit_and_granting_roles_in_both_languages(app: TestApp) {
    let password = app.as_role("password").await;
    let plain = app.person("Plain").await;
    let reset = |target: &str| json!({"operation": "update_user", "target": target, "properties": ["passwordProfile"]});
    // The password administrator does not see roles, so the answer stays open about others.
    let open = ask(&password, &reset(&plain)).await.is(200);
    assert_eq!(open["allowed"], Value::Null, "{open}");
    let user = app.as_role("user").await;
    let (admin, _) = app.holder("Admin", &["exchange"]).await;
    let refused = ask(&user, &reset(&admin)).await.is(200);
    assert_eq!(refused["allowed"], false);
    assert_eq!(refused["permission"], "reset_user_passwords");
    assert_eq!(refused["matrixRow"], 3);
    assert_eq!(refused["limit"], "Only for people who hold no administrator role.");
    assert_eq!(refused["grantingRoles"], json!(["global"]));
    let dutch = ask(&user.with("Accept-Language", "nl"), &reset(&admin)).await.is(200);
    assert_eq!(dutch.header("content-language"), "nl");
    assert_eq!(dutch["limit"], "Alleen voor mensen zonder beheerdersrol.");
    let words = "Geweigerd door de beperking van rij 3, Gebruikerswachtwoorden opnieuw instellen.";
    assert!(dutch.text_of("message").starts_with(words), "{dutch}");
    let roles = "Rollen die het toestaan: Hoofdbeheerder.";
    assert!(dutch.text_of("message").ends_with(roles), "{dutch}");
    // The refusal itself has the limit in the language of the caller, too.
    let body = json!({"passwordProfile": {"forceChangePasswordNextSignIn": true}});
    let path = format!("/v1.0/users/{admin}");
    let real = user.with("Accept-Language", "nl").patch(&path, &body).await.is(403);
    let explained = &real["error"]["innerError"]["authorization"];
    assert_eq!(explained["limit"], "Alleen voor mensen zonder beheerdersrol.", "{real}");
    let allowed = ask(&user, &reset(&plain)).await.is(200);
    assert_eq!((&allowed["allowed"], &allowed["matrixRow"]), (&json!(true), &json!(3)));
}

async fn an_operation_is_named_by_id_or_by_method_and_path(app: TestApp) {
    let exchange = app.as_role("exchange").await;
    for operation in ["create_user", "POST /v1.0/users", "post  /v1.0/users"] {
        let refused = ask(&exchange, &json!({"operation": operation})).await.is(200);
        assert_eq!(refused["allowed"], false, "{operation}");
        assert_eq!(refused["grantingRoles"], json!(["global", "user"]), "{operation}");
    }
    let user = app.as_role("user").await;
    let with_roles = json!({"operation": "create_user", "properties": ["displayName", "roles"]});
    let refused = ask(&user, &with_roles).await.is(200);
    assert_eq!(refused["permission"], "delegate_admin_roles", "{refused}");
    let member = app.as_member().await;
    let mut body = super::reachable("New Administrator");
    body["roles"] = json!(["billing"]);
    let real = member.post("/v1.0/users", &body).await.is(403);
    let explained = &real["error"]["innerError"]["authorization"];
    let told = ask(&member, &with_roles).await.is(200);
    for answer in [explained, &told.json] {
        assert_eq!(answer["matrixRow"], 12, "{answer}");
        assert_eq!(answer["grantingRoles"], json!(["global"]), "{answer}");
    }
    assert_eq!(ask(&user, &json!({"operation": "create_user"})).await["allowed"], true);
}

async fn questions_about_others_need_the_right_to_view_roles(app: TestApp) {
    let (other, _) = app.holder("Other", &["user"]).await;
    for (name, client) in app.everyone().await {
        let question = json!({"actor": other, "operation": "create_user"});
        let answer = ask(&client, &question).await;
        let views = super::ROW_5.contains(&name) || name == "service";
        assert_eq!(answer.status, if views { 200 } else { 403 }, "{name}: {answer}");
        if views {
            assert_eq!(answer["allowed"], true, "{name}: {answer}");
        }
        let own = client.get("/v1.0/me").await.id();
        let about_oneself = json!({"actor": own, "operation": "create_user"});
        let may = ["global", "user"].contains(&name);
        assert_eq!(ask(&client, &about_oneself).await.is(200)["allowed"], may, "{name}");
    }
    let unknown = json!({"actor": "nobody@contoso.com", "operation": "create_user"});
    ask(&app.as_global().await, &unknown).await.refuses(404, "Request_ResourceNotFound");
}

async fn what_would_tell_hidden_roles_stays_open(app: TestApp) {
    let password = app.as_role("password").await;
    let mut answers = Vec::new();
    for (role, _) in ROLES {
        let roles = if role == "service" { vec!["service", "skype"] } else { vec![role] };
        let (id, _) = app.holder(&format!("Holder {role}"), &roles).await;
        answers.push(id);
    }
    answers.push(app.person("Plain").await);
    for operation in ["update_user", "delete_user", "list_service_roles"] {
        let mut told = Vec::new();
        for target in &answers {
            let question = json!({
                "operation": operation, "target": target, "properties": ["passwordProfile"],
            });
            told.push(ask(&password, &question).await.is(200).json);
        }
        told.dedup();
        assert_eq!(told.len(), 1, "{operation} tells roles: {told:#?}");
    }
    let own = password.get("/v1.0/me").await.id();
    let question =
        json!({"operation": "update_user", "target": own, "properties": ["passwordProfile"]});
    assert_eq!(ask(&password, &question).await["allowed"], false, "an administrator themselves");
}

async fn a_blocked_account_may_nothing(app: TestApp) {
    let global = app.as_global().await;
    let (id, _) = app.holder("Blocked", &["user"]).await;
    global.patch(&format!("/v1.0/users/{id}"), &json!({"accountEnabled": false})).await.is(200);
    let question = json!({"actor": id, "operation": "list_users"});
    let refused = ask(&global, &question).await.is(200);
    assert_eq!(refused["allowed"], false);
    assert_eq!(refused["message"], "Refused: the account is blocked.");
    let dutch = ask(&global.with("Accept-Language", "nl"), &question).await;
    assert_eq!(dutch["message"], "Geweigerd: het account is geblokkeerd.");
}

async fn a_malformed_question_names_every_offending_property(app: TestApp) {
    let member = app.as_member().await;
    for (body, targets) in [
        (json!({}), vec!["operation"]),
        (json!({"operation": "rule_the_world"}), vec!["operation"]),
        (
            json!({"operation": 1, "actor": 1, "target": [], "properties": "x", "shoeSize": 1}),
            vec!["actor", "operation", "properties", "shoeSize", "target"],
        ),
        (json!({"operation": "create_user", "properties": [1]}), vec!["properties"]),
    ] {
        let refused = ask(&member, &body).await.refuses(400, "Request_BadRequest");
        assert_eq!(refused.targets(), targets, "{refused}");
    }
    ask(&member, &json!([])).await.is(400).enveloped();
    ask(&app.anonymous(), &json!({})).await.is(401).enveloped();
}

async fn asking_changes_nothing(app: TestApp) {
    let global = app.as_global().await;
    let id = app.person("Plain").await;
    let before = global.get(&format!("/v1.0/users/{id}")).await.is(200).text;
    for operation in ["delete_user", "update_user", "create_role_assignment"] {
        let question = json!({"operation": operation, "target": id, "properties": ["displayName"]});
        assert_eq!(ask(&global, &question).await.is(200)["allowed"], true, "{operation}");
    }
    assert_eq!(global.get(&format!("/v1.0/users/{id}")).await.text, before);
}
