//! What the published document promises beyond the shape of lists: examples, required properties
//! and headers.

use roster_tests::{TestApp, on_both};
use serde_json::{Value, json};

on_both! {
    every_example_works_as_it_stands,
    what_a_creation_requires_is_what_is_missed,
    promised_headers_are_sent,
}

async fn document(app: &TestApp) -> Value {
    app.anonymous().get("/openapi.json").await.is(200).json
}

/// Method, path and body of each example.
fn examples(document: &Value) -> Vec<(String, String, Value)> {
    let mut examples = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let example = &operation["requestBody"]["content"]["application/json"]["example"];
            if !example.is_null() {
                examples.push((method.to_uppercase(), path.clone(), example.clone()));
            }
        }
    }
    examples
}

async fn every_example_works_as_it_stands(app: TestApp) {
    let client = app.as_global().await;
    let mut examples = examples(&document(&app).await);
    // What changes an object needs one that an example has made.
    examples
        .sort_by_key(|(method, path, _)| (method == "PATCH" || path.contains('{'), path.clone()));
    let mut made = std::collections::HashMap::new();
    for (method, path, body) in &examples {
        let (collection, rest) = path.split_once("/{id}").unwrap_or((path, ""));
        let at = match path.contains("/{id}") {
            true => format!("{collection}/{}{rest}", made[collection]),
            false => path.clone(),
        };
        let answer = client.send(client.request(method, &at).json(body)).await;
        assert!(answer.status < 300, "{method} {path}: {} {}", answer.status, answer.text);
        if let Some(id) = answer.json["id"].as_str() {
            made.insert(collection, id.to_owned());
        }
    }
    assert!(examples.len() >= 10, "{}", examples.len());
}

async fn what_a_creation_requires_is_what_is_missed(app: TestApp) {
    let client = app.as_global().await;
    let document = document(&app).await;
    for (path, schema) in [
        ("/v1.0/users", "newUser"),
        ("/v1.0/contacts", "newOrgContact"),
        ("/v1.0/groups", "newGroup"),
    ] {
        let required = &document["components"]["schemas"][schema]["allOf"][1]["required"];
        let mut required: Vec<_> =
            required.as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
        let refused = client.post(path, &json!({})).await.refuses(400, "Request_BadRequest");
        let mut missed = refused.targets();
        required.sort_unstable();
        missed.sort_unstable();
        assert_eq!(missed, required, "{path}");
    }
}

async fn promised_headers_are_sent(app: TestApp) {
    let client = app.as_global().await;
    let document = document(&app).await;
    let mut checked = 0;
    for (method, path, body) in examples(&document) {
        if path.contains('{') {
            continue;
        }
        let answer = client.send(client.request(&method, &path).json(&body)).await;
        let responses = &document["paths"][&path][method.to_lowercase()]["responses"];
        let headers = &responses[answer.status.to_string()]["headers"];
        for name in headers.as_object().unwrap().keys() {
            assert_ne!(answer.header(name), "", "{method} {path} has no {name}");
            checked += 1;
        }
    }
    let id = app.person("Eva").await;
    let path = format!("/v1.0/users/{id}");
    assert_ne!(client.patch(&path, &json!({"city": "Delft"})).await.is(204).header("etag"), "");
    assert!(checked >= 20, "{checked}");
}
