//! Views of the user list, standard and saved (R95, R140).

use roster_tests::{TestApp, on_both};
use serde_json::json;

on_both! {
    a_saved_view_shows_who_meets_all_its_criteria,
    standard_views_stay_as_they_are,
    an_organisation_has_at_most_fifty_views,
}

const PATH: &str = "/v1.0/userViews";

async fn a_saved_view_shows_who_meets_all_its_criteria(app: TestApp) {
    let client = app.client().await;
    for (name, city, department) in
        [("Anna", "Delft", "Sales"), ("Bert", "Delft", "Law"), ("Cees", "Breda", "Sales")]
    {
        let id = app.person(name).await;
        let change = json!({"city": city, "department": department});
        client.patch(&format!("/v1.0/users/{id}"), &change).await.is(204);
    }
    let criteria = json!({"city": "delft", "department": "Sales"});
    let body = json!({"displayName": "Sales in Delft", "criteria": criteria});
    let id = client.post(PATH, &body).await.is(201).id();
    let shown = client.get(&format!("{PATH}/{id}/users?$select=displayName")).await.is(200);
    assert_eq!(shown.column("displayName"), ["Anna"]);
    client.patch(&format!("{PATH}/{id}"), &json!({"criteria": {"city": "Delft"}})).await.is(204);
    let path = format!("{PATH}/{id}/users?$select=displayName&$orderby=displayName");
    assert_eq!(client.get(&path).await.is(200).column("displayName"), ["Anna", "Bert"]);
    client.delete(&format!("{PATH}/{id}")).await.is(204);
    client.get(&format!("{PATH}/{id}")).await.is(404);
}

async fn standard_views_stay_as_they_are(app: TestApp) {
    let client = app.client().await;
    let (id, _) = app.holder("Exchange", &["password"]).await;
    for view in client.get(PATH).await.is(200).column("id") {
        let path = format!("{PATH}/{view}");
        client.get(&path).await.is(200);
        let renamed = json!({"displayName": "Mine"});
        client.patch(&path, &renamed).await.refuses(409, "StandardView");
        client.delete(&path).await.refuses(409, "StandardView");
    }
    let path = format!("{PATH}/passwordAdministrators/users");
    assert_eq!(client.get(&path).await.is(200).column("id"), [id]);
}

async fn an_organisation_has_at_most_fifty_views(app: TestApp) {
    let client = app.client().await;
    for number in 0..50 {
        let body = json!({"displayName": format!("View {number}"), "criteria": {"city": "Delft"}});
        client.post(PATH, &body).await.is(201);
    }
    let body = json!({"displayName": "One more", "criteria": {"city": "Delft"}});
    let refused = client.post(PATH, &body).await.refuses(400, "Request_BadRequest");
    assert!(refused.message().contains("50"), "{refused}");
}
