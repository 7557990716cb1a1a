//! `permissions/check`: the decisions, asked beforehand.

use roster_tests::{Answer, Client, ROLES, TestApp, on_both};
use serde_json::{Value, json};
use uuid::Uuid;

on_both! {
    a_refusal_names_row_limit_and_granting_roles_in_both_languages,
    an_operation_is_named_by_id_or_by_method_and_path,
    questions_about_others_need_the_right_to_view_roles,
    what_would_tell_hidden_roles_stays_open,
    a_blocked_account_may_nothing,
    a_malformed_question_names_every_offending_property,
    asking_changes_nothing,
    who_may_create_a_group_depends_on_its_kind,
    what_depends_on_a_target_stays_open_without_one,
    a_target_that_the_operation_would_not_find_is_not_found,
    both_ends_of_a_membership_count,
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

/// A group that somebody else owns.
async fn foreign_group(app: &TestApp, hidden: bool) -> String {
    let (owner, _) = app.holder("Owner", &[]).await;
    let name = format!("g{}", Uuid::now_v7().simple());
    let mut body = json!({
        "displayName": name, "mailNickname": name, "mailEnabled": true, "securityEnabled": false,
        "owners@odata.bind": [format!("{}/v1.0/users/{owner}", app.url)],
    });
    if hidden {
        body["visibility"] = json!("HiddenMembership");
    }
    app.client().await.post("/v1.0/groups", &body).await.is(201).id()
}

async fn who_may_create_a_group_depends_on_its_kind(app: TestApp) {
    let kinds = [
        ("security", false, true, false),
        ("microsoft365", true, false, true),
        ("distribution", true, false, false),
        ("mailEnabledSecurity", true, true, false),
    ];
    for (name, client) in app.everyone().await {
        let mut all = Vec::new();
        for (kind, mail, security, unified) in kinds {
            let nickname = format!("g{}", Uuid::now_v7().simple());
            let types = if unified { vec!["Unified"] } else { vec![] };
            let body = json!({
                "displayName": nickname, "mailNickname": nickname, "mailEnabled": mail,
                "securityEnabled": security, "groupTypes": types,
            });
            let told = ask(&client, &json!({"operation": "create_group", "kind": kind})).await;
            let made = client.post("/v1.0/groups", &body).await;
            assert_eq!(told["allowed"], made.status == 201, "{name} {kind}: {told} {made}");
            let explained = &made["error"]["innerError"]["authorization"];
            if made.status == 403 {
                assert_eq!(told["grantingRoles"], explained["grantingRoles"], "{name} {kind}");
            }
            all.push(told["allowed"] == true);
        }
        let untold = ask(&client, &json!({"operation": "create_group"})).await.is(200);
        let some = all.contains(&true) && all.contains(&false);
        let expected = if some { Value::Null } else { json!(all[0]) };
        assert_eq!(untold["allowed"], expected, "{name}: {untold}");
    }
}

async fn what_depends_on_a_target_stays_open_without_one(app: TestApp) {
    for (name, client) in app.everyone().await {
        for (operation, holders) in [
            ("update_group", &["global", "user"][..]),
            ("add_group_members", &["global", "user"]),
            ("approve_join_request", &["global", "user"]),
            ("delete_directory_object", &["global"]),
        ] {
            let told = ask(&client, &json!({"operation": operation})).await.is(200);
            let expected = if holders.contains(&name) { json!(true) } else { Value::Null };
            assert_eq!(told["allowed"], expected, "{name}: {told}");
        }
    }
    let member = app.as_member().await.with("Accept-Language", "nl");
    let told = ask(&member, &json!({"operation": "update_group"})).await;
    let words = "Hangt af van het object: noem het als 'target'. Over elk object toegestaan door \
                 rij 6, Gebruikers en groepen maken, bewerken en verwijderen.";
    assert_eq!(told["message"], words);
}

async fn a_target_that_the_operation_would_not_find_is_not_found(app: TestApp) {
    let global = app.as_global().await;
    let theirs = app.other_tenant().await.get("/v1.0/users").await.is(200);
    let foreign = theirs.column("id")[0].clone();
    let nobody = Uuid::now_v7().to_string();
    for operation in [
        "get_user",
        "update_user",
        "delete_user",
        "put_user_manager",
        "list_user_member_of",
        "get_group",
        "update_group",
        "list_group_owners",
        "get_contact",
        "update_contact",
        "get_directory_object",
        "delete_directory_object",
        "get_deleted_item",
        "restore_deleted_item",
        "purge_deleted_item",
        "get_role_assignment",
        "delete_role_assignment",
        "create_role_assignment",
        "get_directory_role",
        "get_user_view",
        "get_import",
    ] {
        for target in [&foreign, &nobody] {
            let question = json!({"operation": operation, "target": target});
            let answer = ask(&global, &question).await;
            assert_eq!(answer.status, 404, "{operation}: {answer}");
        }
    }
    // Whoever lacks the right whatever the target is learns that first, as from the operation.
    let member = app.as_member().await;
    for operation in ["restore_deleted_item", "put_user_manager", "get_user_view", "get_import"] {
        let told = ask(&member, &json!({"operation": operation, "target": nobody})).await.is(200);
        assert_eq!(told["allowed"], false, "{operation}: {told}");
    }
    let object = json!({
        "operation": "add_group_members", "target": foreign_group(&app, false).await,
        "object": nobody,
    });
    ask(&global, &object).await.refuses(404, "Request_ResourceNotFound");
}

async fn both_ends_of_a_membership_count(app: TestApp) {
    let hidden = foreign_group(&app, true).await;
    let outer = foreign_group(&app, false).await;
    let (owner, session) = app.holder("Inviter", &[]).await;
    let add = super::reference(&app, &owner);
    app.client().await.post(&format!("/v1.0/groups/{outer}/owners/$ref"), &add).await.is(204);
    for (client, row) in [(app.as_member().await, 6), (session, 1)] {
        let question = json!({"operation": "add_group_members", "target": outer, "object": hidden});
        let told = ask(&client, &question).await.is(200);
        let path = format!("/v1.0/groups/{outer}/members/$ref");
        let real = client.post(&path, &super::reference(&app, &hidden)).await.is(403);
        let explained = &real["error"]["innerError"]["authorization"];
        assert_eq!((&told["allowed"], &told["matrixRow"]), (&json!(false), &json!(row)), "{told}");
        for detail in ["permission", "matrixRow", "grantingRoles"] {
            assert_eq!(told[detail], explained[detail], "{told} {real}");
        }
    }
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
        (json!({"operation": "update_user", "properties": ["bogus", "city"]}), vec!["bogus"]),
        (json!({"operation": "update_user", "properties": ["roles"]}), vec!["roles"]),
        (json!({"operation": "create_group", "kind": "club"}), vec!["kind"]),
        (json!({"operation": "update_group", "kind": "security"}), vec!["kind"]),
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
        let question = json!({"operation": operation, "target": id});
        assert_eq!(ask(&global, &question).await.is(200)["allowed"], true, "{operation}");
    }
    assert_eq!(global.get(&format!("/v1.0/users/{id}")).await.text, before);
}
