//! Relations in answers and bodies: `$expand`, what a client sends back, `manager@odata.bind`.

use roster_tests::{TestApp, on_both, person};
use serde_json::{Value, json};

on_both! {
    all_relations_of_a_contact_are_expanded_together,
    what_expand_showed_is_sent_back,
    a_change_names_or_clears_the_manager,
    hidden_reports_are_not_expanded_for_members,
    relations_are_not_made_with_the_object,
}

fn address(id: &str) -> String {
    format!("https://any.example/v1.0/directoryObjects/{id}")
}

/// Pilar, a contact managed by Jan, whose report is Eva, in the list News. Returns the path of
/// Pilar and the ids of Jan and Eva.
async fn pilar(app: &TestApp) -> (String, String, String) {
    let client = app.client().await;
    let (jan, eva) = (app.person("Jan").await, app.contact("Eva").await);
    let pilar = app.contact("Pilar").await;
    let path = format!("/v1.0/contacts/{pilar}");
    client.patch(&path, &json!({"manager@odata.bind": address(&jan)})).await.is(204);
    let of_eva = format!("/v1.0/contacts/{eva}");
    client.patch(&of_eva, &json!({"manager@odata.bind": address(&pilar)})).await.is(204);
    let news = json!({
        "displayName": "News", "mailNickname": "news", "mailEnabled": true,
        "securityEnabled": false, "members@odata.bind": [address(&pilar)],
        "owners@odata.bind": [address(&jan)],
    });
    client.post("/v1.0/groups", &news).await.is(201);
    (path, jan, eva)
}

async fn all_relations_of_a_contact_are_expanded_together(app: TestApp) {
    let (path, jan, eva) = pilar(&app).await;
    let client = app.as_member().await;
    let expand =
        "manager($select=id,displayName),directReports($select=id),memberOf($select=displayName)";
    let read = client.query(&path, &[("$expand", expand)]).await.is(200);
    assert_eq!(
        (&read["manager"]["id"], &read["manager"]["displayName"]),
        (&json!(jan), &json!("Jan"))
    );
    assert_eq!(read["manager"]["mail"], Value::Null, "not selected");
    assert_eq!(read["directReports"][0]["id"], json!(eva));
    assert_eq!(read["memberOf"][0]["displayName"], "News");
    assert_eq!(read["memberOf"][0]["@odata.type"], "#microsoft.graph.group");
    let options = [("$filter", "displayName eq 'Pilar'"), ("$expand", "directReports,memberOf")];
    let page = client.query("/v1.0/contacts", &options).await.is(200);
    assert_eq!(page.items()[0]["directReports"][0]["id"], json!(eva));
    assert_eq!(page.items()[0]["memberOf"][0]["displayName"], "News");
    let reports =
        client.query(&format!("/v1.0/users/{jan}"), &[("$expand", "directReports")]).await;
    assert_eq!(reports.is(200)["directReports"][0]["displayName"], "Pilar");
}

async fn what_expand_showed_is_sent_back(app: TestApp) {
    let (path, jan, eva) = pilar(&app).await;
    let client = app.client().await;
    let users = [format!("/v1.0/users/{jan}"), path.clone(), format!("/v1.0/contacts/{eva}")];
    for path in &users {
        let whole = [("$expand", "manager,directReports,memberOf")];
        let read = client.query(path, &whole).await.is(200);
        client.patch(path, &read.json).await.is(204);
        let again = client.query(path, &whole).await.is(200);
        assert_eq!(again.json, read.json, "{path}");
    }
    let group = client.query("/v1.0/groups", &[("$expand", "members")]).await.is(200);
    let group = &group.items()[0];
    let path_of_group = format!("/v1.0/groups/{}", group["id"].as_str().unwrap());
    client.patch(&path_of_group, group).await.is(204);
    // A manager that is another one is not lost without a word.
    let other = json!({"manager": {"id": eva}});
    let refused = client.patch(&path, &other).await.refuses(400, "Request_BadRequest");
    assert_eq!(refused.targets(), ["manager"]);
    client.patch(&path, &json!({"manager": null})).await.refuses(400, "Request_BadRequest");
}

async fn a_change_names_or_clears_the_manager(app: TestApp) {
    let (path, jan, eva) = pilar(&app).await;
    let client = app.client().await;
    let own = path.rsplit('/').next().unwrap();
    for wrong in [json!(address(own)), json!(address(&uuid::Uuid::nil().to_string())), json!(7)] {
        let refused =
            client.patch(&path, &json!({"manager@odata.bind": wrong, "jobTitle": "x"})).await;
        let refused = refused.refuses(400, "Request_BadRequest");
        assert_eq!(refused.targets(), ["manager@odata.bind"], "{wrong}");
    }
    let before = client.get(&path).await.is(200);
    assert_eq!(before["jobTitle"], Value::Null);
    client.patch(&path, &json!({"manager@odata.bind": address(&jan)})).await.is(204);
    assert_eq!(client.get(&path).await.header("etag"), before.header("etag"), "no change");
    let change = json!({"manager@odata.bind": null, "jobTitle": "Lead"});
    client.patch(&path, &change).await.is(204);
    client.get(&format!("{path}/manager")).await.is(404);
    let of_jan = format!("/v1.0/users/{jan}");
    client.patch(&of_jan, &json!({"manager@odata.bind": address(&eva)})).await.is(204);
    let read = client.query(&of_jan, &[("$expand", "manager")]).await.is(200);
    assert_eq!(read["manager"]["id"], json!(eva));
    // Whoever may only reset passwords sets no manager.
    let password = app.as_role("password").await;
    let change = json!({"manager@odata.bind": null});
    password.patch(&of_jan, &change).await.refuses(403, "Authorization_RequestDenied");
}

async fn hidden_reports_are_not_expanded_for_members(app: TestApp) {
    let client = app.client().await;
    let (boss, hidden) = (app.person("Boss").await, app.hidden_contact("Hidden").await);
    let path = format!("/v1.0/contacts/{hidden}");
    client.patch(&path, &json!({"manager@odata.bind": address(&boss)})).await.is(204);
    let expand = [("$expand", "directReports")];
    let path = format!("/v1.0/users/{boss}");
    let seen = client.query(&path, &expand).await.is(200);
    assert_eq!(seen["directReports"][0]["displayName"], "Hidden");
    let seen = app.as_member().await.query(&path, &expand).await.is(200);
    assert_eq!(seen["directReports"], json!([]));
}

async fn relations_are_not_made_with_the_object(app: TestApp) {
    let client = app.client().await;
    let mut body = person("Ann");
    body["memberOf"] = json!([{"id": "x"}]);
    let refused = client.post("/v1.0/users", &body).await.refuses(400, "Request_BadRequest");
    assert_eq!(refused.targets(), ["memberOf"]);
    body["memberOf"] = json!([]);
    client.post("/v1.0/users", &body).await.is(201);
}
