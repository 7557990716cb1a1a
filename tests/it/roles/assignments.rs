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
    assignments_are_counted_and_filtered_in_the_spellings_of_the_sdks,
    an_assignment_is_answered_with_its_principal_and_role,
    without_row_5_only_ones_own_assignments_are_read,
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
    let definitions = "/v1.0/roleManagement/directory/roleDefinitions";
    assert!(refused.text.contains(&format!("GET {definitions} lists them")), "{refused}");
    client.get(definitions).await.is(200);
    let scoped = json!({
        "principalId": uuid::Uuid::nil(), "roleDefinitionId": template_id("user"),
        "appScopeId": "/apps/1",
    });
    let refused = client.post(PATH, &scoped).await.refuses(400, "Request_BadRequest");
    assert_eq!(refused.targets(), ["appScopeId"]);
    let refused = client.post(PATH, &json!({})).await.refuses(400, "Request_BadRequest");
    assert_eq!(refused.targets(), all[1..3]);
    for detail in refused["error"]["details"].as_array().unwrap() {
        assert_eq!(detail["code"], "MissingProperty", "{refused}");
    }
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

async fn assignments_are_counted_and_filtered_in_the_spellings_of_the_sdks(app: TestApp) {
    let (id, _) = app.holder("Holder", &["billing", "user", "exchange"]).await;
    app.holder("Other", &["billing"]).await;
    let client = app.client().await;
    let (role, exchange) = (template_id("billing"), template_id("exchange"));
    let nobody = uuid::Uuid::nil();
    // The first administrator and the client are global.
    for (filter, expected) in [
        (String::new(), 6),
        (format!("principalId eq '{id}'"), 3),
        (format!("principalId eq {id}"), 3),
        (format!("roleDefinitionId eq '{role}'"), 2),
        (format!("roleDefinitionId eq '{}'", role.to_uppercase()), 2),
        (format!("principalId eq '{id}' and roleDefinitionId eq '{role}'"), 1),
        (
            format!(
                "roleDefinitionId eq '{role}' and principalId eq '{id}' and directoryScopeId eq '/'"
            ),
            1,
        ),
        ("directoryScopeId eq '/'".to_owned(), 6),
        ("directoryScopeId eq '/administrativeUnits/1'".to_owned(), 0),
        (format!("principalId in ('{id}','{nobody}')"), 3),
        (format!("roleDefinitionId in ('{role}','{}')", template_id("user")), 3),
        (format!("roleDefinitionId in ('{role}') and principalId in ('{id}')"), 1),
        (format!("principalId eq '{id}' and principalId eq '{nobody}'"), 0),
        (format!("roleDefinitionId eq '{role}' and roleDefinitionId eq '{exchange}'"), 0),
        ("directoryScopeId in ('/units/1','/')".to_owned(), 6),
        (format!("principalId eq '{nobody}'"), 0),
        (format!("roleDefinitionId eq '{nobody}'"), 0),
    ] {
        let filters: Vec<_> =
            [("$filter", filter.as_str())].into_iter().filter(|(_, f)| !f.is_empty()).collect();
        let count = client.query(&format!("{PATH}/$count"), &filters).await.is(200);
        assert_eq!(count.text, expected.to_string(), "{filter}");
        assert!(count.header("content-type").starts_with("text/plain"));
        let options: Vec<_> =
            filters.iter().copied().chain([("$count", "true"), ("$top", "1")]).collect();
        let page = client.query(PATH, &options).await.is(200);
        assert_eq!(page["@odata.count"], expected, "{filter}: {page}");
        assert_eq!(page.items().len(), expected.min(1), "{filter}");
        if let Some(next) = page["@odata.nextLink"].as_str() {
            assert_eq!(client.get(next).await.is(200)["@odata.count"], Value::Null, "once");
        }
    }
    for (option, value) in [
        ("$search", "\"principalId:x\""),
        ("$filter", "principalId ne '1'"),
        ("$filter", "principalId eq null"),
        ("$filter", "principalId eq '1' or directoryScopeId eq '/'"),
        ("$filter", "startswith(directoryScopeId,'/')"),
        ("$orderby", "principalId"),
    ] {
        client.query(PATH, &[(option, value)]).await.is(400).enveloped();
        client.query(&format!("{PATH}/$count"), &[(option, value)]).await.is(400).enveloped();
    }
}

async fn an_assignment_is_answered_with_its_principal_and_role(app: TestApp) {
    let (id, _) = app.holder("Holder", &["billing"]).await;
    let global = app.as_global().await;
    let filter = format!("principalId eq '{id}'");
    let expand = "principal($select=id,displayName),roleDefinition($select=displayName)";
    let options = [("$filter", filter.as_str()), ("$expand", expand)];
    let dutch = global.with("Accept-Language", "nl").query(PATH, &options).await.is(200);
    let only = &dutch.items()[0];
    assert_eq!(only["principal"]["displayName"], "Holder");
    assert_eq!(only["principal"]["@odata.type"], "#microsoft.graph.user");
    assert_eq!(only["principal"]["jobTitle"], Value::Null, "not selected");
    assert_eq!(only["roleDefinition"], json!({"displayName": "Factureringsbeheerder"}));
    let one = format!("{PATH}/{}?$expand=principal,directoryScope", only["id"].as_str().unwrap());
    let one = global.get(&one).await.is(200);
    assert_eq!(one["principal"]["id"], json!(id));
    // The whole organisation is no object of the directory.
    assert_eq!(one.json.get("directoryScope"), Some(&Value::Null), "{one}");
    let client = format!("principalId eq '{}'", app.credentials.0);
    let options = [("$filter", client.as_str()), ("$expand", "principal")];
    let found = global.query(PATH, &options).await.is(200);
    let kind = "#microsoft.graph.servicePrincipal";
    assert_eq!(found.items()[0]["principal"]["@odata.type"], kind, "{found}");
}

async fn without_row_5_only_ones_own_assignments_are_read(app: TestApp) {
    let (other, _) = app.holder("Other", &["exchange"]).await;
    let assignment = app.assignment(&other, "exchange").await;
    for (name, client) in app.everyone().await {
        let views = super::ROW_5.contains(&name) || name == "service";
        let own = client.get("/v1.0/me").await.is(200).id();
        let own_filter = format!("principalId eq '{own}'");
        let mine =
            client.query(PATH, &[("$filter", &own_filter), ("$count", "true")]).await.is(200);
        assert_eq!(mine["@odata.count"], mine.items().len(), "{name}: {mine}");
        let role = if name == "member" { 0 } else { 1 + usize::from(name == "service") };
        assert_eq!(mine.items().len(), role, "{name}: {mine}");
        if !views {
            let all = client.get(PATH).await.is(200);
            assert_eq!(all.items(), mine.items(), "{name}: {all}");
            assert_eq!(client.get(&format!("{PATH}/$count")).await.is(200).text, role.to_string());
            let exchange = format!("roleDefinitionId eq '{}'", template_id("exchange"));
            let theirs = client.query(PATH, &[("$filter", &exchange)]).await.is(200);
            assert!(theirs.items().is_empty(), "{name}: {theirs}");
        }
        for filter in
            [format!("principalId eq '{other}'"), format!("principalId in ('{own}','{other}')")]
        {
            for path in [PATH.to_owned(), format!("{PATH}/$count")] {
                let found = client.query(&path, &[("$filter", &filter)]).await;
                assert_eq!(found.status, if views { 200 } else { 403 }, "{name}: {found}");
            }
        }
        let one = client.get(&format!("{PATH}/{assignment}")).await;
        assert_eq!(one.status, if views { 200 } else { 404 }, "{name}: {one}");
    }
}
