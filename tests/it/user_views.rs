//! Views of the user list, standard and saved (R95, R140).

use roster_tests::{INITIAL_DOMAIN, TestApp, on_both};
use serde_json::{Value, json};

on_both! {
    a_saved_view_shows_who_meets_all_its_criteria,
    standard_views_stay_as_they_are,
    an_organisation_has_at_most_fifty_views,
    what_is_wrong_with_criteria_is_named,
    two_administrators_do_not_overwrite_each_other,
    views_of_licences_synchronisation_and_errors_are_answered,
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

async fn what_is_wrong_with_criteria_is_named(app: TestApp) {
    let client = app.client().await;
    let wrong = |criteria: Value| json!({"displayName": "Mine", "criteria": criteria});
    for (criteria, targets) in [
        (json!({}), vec!["criteria"]),
        (json!({"city": null}), vec!["criteria"]),
        (json!(null), vec!["criteria"]),
        (json!([]), vec!["criteria"]),
        (
            json!({"usageLocation": "QQ", "town": "Delft", "licensed": "yes"}),
            vec!["criteria/licensed", "criteria/town", "criteria/usageLocation"],
        ),
        (json!({"domain": "elsewhere.example"}), vec!["criteria/domain"]),
    ] {
        let refused = client.post(PATH, &wrong(criteria)).await.refuses(400, "Request_BadRequest");
        assert_eq!(refused.targets(), targets, "{refused}");
    }
    let refused = client.post(PATH, &json!({})).await.is(400);
    assert_eq!(refused.targets(), ["criteria", "displayName"]);
    let right = json!({"domain": INITIAL_DOMAIN.to_uppercase(), "usageLocation": "nl"});
    let view = client.post(PATH, &wrong(right)).await.is(201);
    assert_eq!(view["criteria"]["usageLocation"], "NL");
    let path = format!("{PATH}/{}", view.id());
    client.patch(&path, &json!({"criteria": {}})).await.is(400);
    client.patch(&path, &json!({"displayName": "Still mine"})).await.is(204);
}

async fn two_administrators_do_not_overwrite_each_other(app: TestApp) {
    let client = app.client().await;
    let body = json!({"displayName": "Ours", "criteria": {"city": "Delft"}});
    let made = client.post(PATH, &body).await.is(201);
    assert!(made.text_of("@odata.context").ends_with("/v1.0/$metadata#userViews/$entity"));
    let (path, tag) = (format!("{PATH}/{}", made.id()), made.header("etag").to_owned());
    assert_eq!(made["@odata.etag"], tag);
    client.with("if-none-match", &tag).get(&path).await.is(304);
    let mine = client.with("if-match", &tag);
    let changed = mine.patch(&path, &json!({"displayName": "Mine"})).await.is(204);
    let read = client.get(&path).await.is(200);
    assert_eq!(
        (read.header("etag"), &read["displayName"]),
        (changed.header("etag"), &json!("Mine"))
    );
    assert_ne!(read.header("etag"), tag);
    mine.patch(&path, &json!({"displayName": "Yours"})).await.is(412);
    mine.delete(&path).await.refuses(412, "Request_PreconditionFailed");
    client.with("if-match", read.header("etag")).delete(&path).await.is(204);
}

async fn views_of_licences_synchronisation_and_errors_are_answered(app: TestApp) {
    let client = app.client().await;
    app.person("Jan").await;
    let all = client.get("/v1.0/users/$count").await.is(200).text;
    let count = async |id: &str| {
        let path = format!("{PATH}/{id}/users?$count=true&$top=1");
        client.get(&path).await.is(200)["@odata.count"].to_string()
    };
    for (id, expected) in
        [("all", all.as_str()), ("licensed", "0"), ("unlicensed", &all), ("withErrors", "0")]
    {
        assert_eq!(count(id).await, expected, "{id}");
    }
    for (criterion, of_true) in [("licensed", "0"), ("synchronised", "0"), ("withErrors", "0")] {
        for (wanted, expected) in [(true, of_true), (false, all.as_str())] {
            let body = json!({
                "displayName": format!("{criterion} {wanted}"), "criteria": {criterion: wanted},
            });
            let id = client.post(PATH, &body).await.is(201).id();
            assert_eq!(count(&id).await, expected, "{criterion} {wanted}");
        }
    }
}
