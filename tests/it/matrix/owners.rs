//! `orRelation` is true: what it names for owners of groups they may do, and nothing besides.

use super::objects::{body, path};
use super::{MEMBERS, operations};
use roster_tests::{TestApp, on_both};
use serde_json::json;
use std::collections::HashMap;

on_both! { owners_may_do_what_the_document_says_of_them_and_nothing_besides }

async fn owners_may_do_what_the_document_says_of_them_and_nothing_besides(app: TestApp) {
    let document = app.anonymous().get("/openapi.json").await.is(200).json;
    let (owner, session) = app.holder("Owner", &[]).await;
    let member = app.as_member().await;
    let mut tried = 0;
    for operation in operations(&document) {
        let everybody = operation.any_of.iter().flatten().any(|key| key == MEMBERS);
        if !operation.template.starts_with("/v1.0/groups/{id}") || everybody {
            continue;
        }
        let mut objects = HashMap::new();
        let path = path(&app, &operation.template, &mut objects).await;
        let group = path.split('/').nth(3).unwrap();
        if operation.template.ends_with("/restore") {
            member.post(&path, &json!({})).await.is(403).enveloped();
            session.post(&path, &json!({})).await.is(403).enveloped();
            continue;
        }
        let own = json!({"@odata.id": format!("{}/v1.0/users/{owner}", app.url)});
        let owners = format!("/v1.0/groups/{group}/owners/$ref");
        app.client().await.post(&owners, &own).await.is(204);
        let known = body(&app, &operation.key()).await;
        for (client, expected) in [(&member, 403), (&session, 204)] {
            let request = client.request(&operation.method.to_uppercase(), &path);
            // The reference to remove stands in the query: any one that is there.
            let drops = operation.method == "delete" && operation.template.ends_with("s/$ref");
            let request =
                if drops { request.query(&[("@id", &own["@odata.id"])]) } else { request };
            let request = match &known {
                Some(body) => request.json(body),
                None => request,
            };
            let answer = client.send(request).await;
            let is_there = !drops || operation.template.ends_with("/owners/$ref");
            let expected = if expected == 204 && !is_there { 404 } else { expected };
            assert_eq!(answer.status, expected, "{}: {answer}", operation.key());
        }
        assert!(operation.has_relation, "{} is open to owners", operation.key());
        tried += 1;
    }
    assert!(tried > 20, "only {tried} operations were tried");
}
