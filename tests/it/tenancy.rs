//! What belongs to another organisation does not exist (S34, V2, F22).

use roster_tests::{TestApp, on_both, person, upn};
use serde_json::json;

on_both! {
    objects_of_another_organisation_are_not_found_like_random_ones,
    lists_and_counts_show_ones_own_organisation,
    roles_of_another_organisation_are_out_of_reach,
    a_domain_belongs_to_one_organisation,
}

const RANDOM: &str = "01900000-0000-7000-8000-000000000000";

async fn objects_of_another_organisation_are_not_found_like_random_ones(app: TestApp) {
    let stranger = app.other_tenant().await;
    let id = app.person("Jan Jansen").await;
    let path = |key: &str| format!("/v1.0/users/{key}");
    let before = app.client().await.get(&path(&id)).await.is(200).text;
    for key in [id.clone(), upn("Jan Jansen")] {
        let body = json!({"jobTitle": "Baker"});
        for (theirs, random) in [
            (stranger.get(&path(&key)).await, stranger.get(&path(RANDOM)).await),
            (stranger.patch(&path(&key), &body).await, stranger.patch(&path(RANDOM), &body).await),
            (stranger.delete(&path(&key)).await, stranger.delete(&path(RANDOM)).await),
        ] {
            let theirs = theirs.refuses(404, "Request_ResourceNotFound");
            let random = random.refuses(404, "Request_ResourceNotFound");
            let told = theirs.message().replace(&key, "ID");
            assert_eq!(told, random.message().replace(RANDOM, "ID"));
        }
    }
    assert_eq!(app.client().await.get(&path(&id)).await.text, before);
}

async fn lists_and_counts_show_ones_own_organisation(app: TestApp) {
    let stranger = app.other_tenant().await;
    let before = stranger.get("/v1.0/users/$count").await.is(200).text;
    app.person("Jan Jansen").await;
    assert_eq!(stranger.get("/v1.0/users/$count").await.text, before);
    let filter = [("$filter", "startswith(displayName,'Jan')")];
    assert_eq!(stranger.query("/v1.0/users", &filter).await.is(200).items().len(), 0);
    let ours = app.client().await.all("/v1.0/users?$top=1").await;
    let theirs = stranger.all("/v1.0/users?$top=1").await;
    assert!(ours.iter().all(|user| theirs.iter().all(|other| other["id"] != user["id"])));
}

async fn roles_of_another_organisation_are_out_of_reach(app: TestApp) {
    let stranger = app.other_tenant().await;
    let (id, _) = app.holder("Jan", &["billing"]).await;
    let assignment = app.assignment(&id, "billing").await;
    let path = "/v1.0/roleManagement/directory/roleAssignments";
    let one = format!("{path}/{assignment}");
    stranger.get(&one).await.refuses(404, "Request_ResourceNotFound");
    stranger.delete(&one).await.refuses(404, "Request_ResourceNotFound");
    let body = json!({
        "principalId": id, "roleDefinitionId": roster_tests::template_id("global")
    });
    let refused = stranger.post(path, &body).await.refuses(400, "Request_BadRequest");
    assert_eq!(refused.targets(), ["principalId"]);
    let filter = format!("principalId eq '{id}'");
    assert_eq!(stranger.query(path, &[("$filter", &filter)]).await.items().len(), 0);
    app.client().await.get(&one).await.is(200);
}

async fn a_domain_belongs_to_one_organisation(app: TestApp) {
    let stranger = app.other_tenant().await;
    let refused = stranger.post("/v1.0/users", &person("Jan Jansen")).await;
    let refused = refused.refuses(400, "Request_BadRequest");
    assert!(refused.text.contains("DomainNotVerified"), "{refused}");
}
