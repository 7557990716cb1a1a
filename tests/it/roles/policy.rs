//! What is told where an installation has no permission beside row 6 for groups with mail (A1).

use roster_tests::{Database, TestApp, block_on, skip, template_id};
use serde_json::{Value, json};

#[test]
fn without_the_setting_nothing_names_the_permission_for_mail_groups() {
    block_on(async {
        let off = TestApp::spawn_with(Database::Sqlite, |config| {
            config.manage_recipients = Some("false".to_owned());
        });
        match off.await {
            Some(app) => nothing_names_it(app).await,
            None => skip(Database::Sqlite),
        }
    });
}

async fn nothing_names_it(app: TestApp) {
    let exchange = app.as_role("exchange").await;
    let matrix = exchange.get("/v1.0/permissions/matrix").await.is(200);
    let beside: Vec<&Value> =
        matrix["beside"].as_array().unwrap().iter().map(|row| &row["permission"]).collect();
    assert_eq!(beside, ["manage_contacts"], "{matrix}");
    for role in ["global", "exchange"] {
        let path = format!("/v1.0/roleManagement/directory/roleDefinitions/{}", template_id(role));
        let definition = exchange.get(&path).await.is(200);
        assert!(!definition.text.contains("manage_recipients"), "{definition}");
        assert!(definition.text.contains("manage_contacts"), "{definition}");
    }
    let body = json!({
        "displayName": "Bakers", "mailNickname": "bakers", "mailEnabled": true,
        "securityEnabled": false,
    });
    let question = json!({"operation": "create_group", "kind": "distribution"});
    for (name, allowed) in [("exchange", false), ("user", true), ("global", true)] {
        let client = app.as_role(name).await;
        let told = client.post("/v1.0/permissions/check", &question).await.is(200);
        assert_eq!(told["allowed"], allowed, "{name}: {told}");
        assert_eq!(told["permission"], "manage_users_and_groups", "{name}: {told}");
        assert_eq!(told["grantingRoles"], json!(["global", "user"]), "{name}: {told}");
    }
    let untold = json!({"operation": "create_group"});
    let told = exchange.post("/v1.0/permissions/check", &untold).await.is(200);
    assert_eq!(told["allowed"], false, "{told}");
    let refused = exchange.post("/v1.0/groups", &body).await.is(403);
    let explained = &refused["error"]["innerError"]["authorization"];
    assert_eq!(explained["grantingRoles"], json!(["global", "user"]), "{refused}");
    let mut owned = body;
    let owner = app.person("Owner").await;
    owned["owners@odata.bind"] = json!([format!("{}/v1.0/users/{owner}", app.url)]);
    let id = app.client().await.post("/v1.0/groups", &owned).await.is(201).id();
    let refused = exchange.delete(&format!("/v1.0/groups/{id}")).await.is(403);
    let explained = &refused["error"]["innerError"]["authorization"];
    assert_eq!(explained["grantingRoles"], json!(["global", "user"]), "{refused}");
}
