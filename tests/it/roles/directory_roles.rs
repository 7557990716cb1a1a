//! Directory roles, their templates and their members, as the SDKs know them.

use super::{future_administrator, members, reference, roles_of};
use roster_tests::{INITIAL_DOMAIN, ROLES, TestApp, on_both, template_id};
use serde_json::json;

on_both! {
    every_role_is_active_and_has_a_template,
    a_role_is_found_by_id_and_by_template_id,
    activating_a_role_says_that_it_is_active,
    a_member_is_added_listed_and_removed,
    a_member_is_named_in_every_spelling_and_must_exist,
    clients_are_members_too,
    members_are_paged,
    only_who_views_roles_sees_the_members_and_only_global_changes_them,
}

async fn every_role_is_active_and_has_a_template(app: TestApp) {
    let member = app.as_member().await;
    let ids: Vec<&str> = ROLES.iter().map(|(_, id)| *id).collect();
    for path in ["/v1.0/directoryRoles", "/v1.0/directoryRoleTemplates"] {
        let mut found = member.get(path).await.is(200).column("id");
        found.sort_unstable();
        let mut expected = ids.clone();
        expected.sort_unstable();
        assert_eq!(found, expected, "{path}");
        let dutch = member.with("Accept-Language", "nl").get(path).await.is(200);
        assert!(dutch.column("displayName").contains(&"Hoofdbeheerder".to_owned()), "{dutch}");
        let named = [("$filter", "displayName eq 'Password Administrator'")];
        let found = member.query(path, &named).await.is(200);
        assert_eq!(found.column("id"), [template_id("password")]);
        let sites = [("$filter", "description eq 'Manages sites and their content.'")];
        let found = member.query(path, &sites).await.is(200);
        assert_eq!(found.column("id"), [template_id("sharepoint")]);
        app.anonymous().get(path).await.is(401).enveloped();
    }
}

async fn a_role_is_found_by_id_and_by_template_id(app: TestApp) {
    let member = app.as_member().await;
    let id = template_id("exchange");
    for path in [
        format!("/v1.0/directoryRoles/{id}"),
        format!("/v1.0/directoryRoles/roleTemplateId={id}"),
        format!("/v1.0/directoryRoles(roleTemplateId='{id}')"),
        format!("/v1.0/directoryRoles('{id}')"),
    ] {
        let found = member.get(&path).await.is(200);
        assert_eq!(found["roleTemplateId"], id, "{path}");
        assert_eq!(found["displayName"], "Exchange Administrator", "{path}");
    }
    let template = member.get(&format!("/v1.0/directoryRoleTemplates/{id}")).await.is(200);
    assert_eq!(template.id(), id);
    for path in ["directoryRoles", "directoryRoleTemplates"] {
        let unknown = member.get(&format!("/v1.0/{path}/{}", uuid::Uuid::nil())).await;
        unknown.refuses(404, "Request_ResourceNotFound");
    }
}

async fn activating_a_role_says_that_it_is_active(app: TestApp) {
    let global = app.as_global().await;
    let path = "/v1.0/directoryRoles";
    let again = global.post(path, &json!({"roleTemplateId": template_id("user")})).await;
    let again = again.refuses(400, "Request_BadRequest");
    assert!(again.message().contains("active already"), "{again}");
    let unknown = global.post(path, &json!({"roleTemplateId": "king"})).await;
    let unknown = unknown.refuses(400, "Request_BadRequest");
    assert!(unknown.message().contains("directoryRoleTemplates"), "{unknown}");
    assert_eq!(unknown.targets(), ["roleTemplateId"]);
    app.as_role("user").await.post(path, &json!({})).await.is(403).enveloped();
}

async fn a_member_is_added_listed_and_removed(app: TestApp) {
    let global = app.as_global().await;
    let id = future_administrator(&app).await;
    let path = members("exchange");
    global.post(&format!("{path}/$ref"), &reference(&app, &id)).await.is(204);
    assert_eq!(roles_of(&app, &id).await, ["exchange"]);
    let listed = global.get(&path).await.is(200);
    assert_eq!(listed.column("id"), std::slice::from_ref(&id));
    assert_eq!(listed.items()[0]["@odata.type"], "#microsoft.graph.user");
    assert_eq!(listed.items()[0]["displayName"], "Jan Jansen");
    let again = global.post(&format!("{path}/$ref"), &reference(&app, &id)).await;
    again.refuses(400, "Request_BadRequest");
    let one = format!("{path}/{id}/$ref");
    global.delete(&one).await.is(204);
    global.delete(&one).await.refuses(404, "Request_ResourceNotFound");
    assert!(global.get(&path).await.is(200).items().is_empty());
    assert!(roles_of(&app, &id).await.is_empty());
}

async fn a_member_is_named_in_every_spelling_and_must_exist(app: TestApp) {
    let global = app.as_global().await;
    for (role, path) in [
        ("exchange", "users/ID"),
        ("sharepoint", "users('ID')"),
        ("skype", "directoryObjects('ID')"),
        ("password", "directoryObjects/ID"),
    ] {
        let id = future_administrator(&app).await;
        let address = path.replace("ID", &id);
        let body = json!({"@odata.id": format!("https://graph.microsoft.com/v1.0/{address}")});
        global.post(&format!("{}/$ref", members(role)), &body).await.is(204);
        assert_eq!(roles_of(&app, &id).await, [role]);
        app.client().await.delete(&format!("/v1.0/users/{id}")).await.is(204);
    }
    let path = format!("{}/$ref", members("skype"));
    let unknown = reference(&app, "01900000-0000-7000-8000-000000000000");
    global.post(&path, &unknown).await.refuses(400, "Request_BadRequest");
    for body in
        [json!({}), json!({"@odata.id": 1}), json!({"@odata.id": "https://host/v1.0/users"})]
    {
        let refused = global.post(&path, &body).await.refuses(400, "Request_BadRequest");
        assert_eq!(refused.targets(), ["@odata.id"], "{body}");
    }
    let king = "/v1.0/directoryRoles/king/members/$ref";
    global.post(king, &unknown).await.refuses(404, "Request_ResourceNotFound");
    global.delete(&format!("{}/king/$ref", members("skype"))).await.is(404).enveloped();
}

async fn clients_are_members_too(app: TestApp) {
    let global = app.as_global().await;
    let path = members("global");
    let listed =
        global.get(&format!("{path}?$select=id,displayName,userPrincipalName")).await.is(200);
    let client = listed.items().iter().find(|each| each["id"] == app.credentials.0.as_str());
    let client = client.unwrap_or_else(|| panic!("no client: {listed}"));
    assert_eq!(client["@odata.type"], "#microsoft.graph.servicePrincipal");
    let people = listed.column("userPrincipalName");
    assert!(people.iter().any(|name| name.ends_with(INITIAL_DOMAIN)), "{listed}");
    let post = format!("{}/$ref", members("billing"));
    global.post(&post, &reference(&app, &app.credentials.0)).await.is(204);
    assert_eq!(roles_of(&app, &app.credentials.0).await, ["billing", "global"]);
}

async fn members_are_paged(app: TestApp) {
    let mut expected = Vec::new();
    for number in 0..5 {
        expected.push(app.holder(&format!("Holder {number}"), &["billing"]).await.0);
    }
    expected.sort_unstable();
    let client = app.client().await;
    let path = members("billing");
    for top in 1..=6 {
        let paged = client.all(&format!("{path}?$top={top}&$select=id")).await;
        let mut ids: Vec<&str> = paged.iter().map(|each| each["id"].as_str().unwrap()).collect();
        ids.sort_unstable();
        assert_eq!(ids, expected, "{top}");
    }
    for (option, value) in [
        ("$filter", "displayName eq 'Holder 1'"),
        ("$search", "\"displayName:Holder\""),
        ("$orderby", "displayName"),
        ("$count", "true"),
    ] {
        let refused = client.query(&path, &[(option, value)]).await;
        let refused = refused.refuses(400, "Request_UnsupportedQuery");
        assert!(refused.message().contains(option), "{refused}");
    }
    let strange = client.query(&path, &[("$skiptoken", "x")]).await;
    strange.is(400).enveloped();
}

async fn only_who_views_roles_sees_the_members_and_only_global_changes_them(app: TestApp) {
    let id = future_administrator(&app).await;
    let path = members("exchange");
    for (name, client) in app.everyone().await {
        // The test's service administrator is Skype administrator besides.
        let views = super::ROW_5.contains(&name) || name == "service";
        let listed = client.get(&path).await;
        assert_eq!(listed.status, if views { 200 } else { 403 }, "{name}: {listed}");
        let added = client.post(&format!("{path}/$ref"), &reference(&app, &id)).await;
        let removed = client.delete(&format!("{path}/{id}/$ref")).await;
        let expected = if name == "global" { (204, 204) } else { (403, 403) };
        assert_eq!((added.status, removed.status), expected, "{name}: {added} {removed}");
    }
}
