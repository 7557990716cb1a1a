//! Headers by which proxies and frameworks are talked over change nothing (S38).

use super::{RANDOM, document, told};
use crate::matrix::operations;
use roster_tests::{Client, TestApp, on_both, person};
use serde_json::json;

on_both! {
    no_header_changes_who_asks_what_is_done_or_where_links_lead,
    no_header_opens_what_is_closed,
}

const HEADERS: [(&str, &str); 20] = [
    ("x-http-method-override", "DELETE"),
    ("x-http-method", "DELETE"),
    ("x-method-override", "DELETE"),
    ("x-original-url", "/v1.0/permissions/matrix"),
    ("x-rewrite-url", "/v1.0/permissions/matrix"),
    ("x-forwarded-for", "127.0.0.1"),
    ("x-forwarded-host", "attacker.example"),
    ("x-forwarded-proto", "https"),
    ("x-forwarded-port", "4443"),
    ("x-forwarded-prefix", "/attacker"),
    ("x-forwarded-user", "admin@contoso.onroster.example"),
    ("forwarded", "for=127.0.0.1;host=attacker.example;proto=https"),
    ("x-real-ip", "127.0.0.1"),
    ("x-host", "attacker.example"),
    ("x-user-id", RANDOM),
    ("x-tenant-id", RANDOM),
    ("x-remote-user", "admin@contoso.onroster.example"),
    ("x-ms-client-principal-id", RANDOM),
    ("x-roles", "global"),
    ("via", "1.1 attacker.example"),
];

/// A client that sends all of them.
fn adorned(client: &Client) -> Client {
    HEADERS.iter().fold(client.clone(), |client, (name, value)| client.with(name, value))
}

async fn no_header_changes_who_asks_what_is_done_or_where_links_lead(app: TestApp) {
    let id = app.person("Jan Jansen").await;
    let plain = app.as_global().await;
    let path = format!("/v1.0/users/{id}");
    for (name, value) in HEADERS {
        let client = plain.with(name, value);
        for path in [path.as_str(), "/v1.0/me", "/v1.0/users", "/v1.0/users/nobody"] {
            let (answer, expected) = (client.get(path).await, plain.get(path).await);
            assert_eq!(told(&answer, ""), told(&expected, ""), "{name}: {path}");
            assert!(!answer.text.contains("attacker"), "{name}: {answer}");
        }
        let list = client.get("/v1.0/users?$top=1").await.is(200);
        assert!(list.text_of("@odata.nextLink").starts_with(&app.url), "{name}: {list}");
        let made = client.post("/v1.0/users", &person("Eva")).await.is(201);
        let location = format!("{}/v1.0/users/{}", app.url, made.id());
        assert_eq!(made.header("location"), location, "{name}");
        let one = format!("/v1.0/users/{}", made.id());
        client.patch(&one, &json!({"jobTitle": "Baker"})).await.is(204);
        let read = client.get(&format!("{one}?$select=jobTitle")).await.is(200);
        assert_eq!(read["jobTitle"], "Baker", "{name}");
        client.delete(&one).await.is(204);
        client.delete(&format!("/v1.0/directory/deletedItems/{}", made.id())).await.is(204);
    }
    plain.get(&path).await.is(200);
}

async fn no_header_opens_what_is_closed(app: TestApp) {
    let (member, anonymous) = (app.as_member().await, app.anonymous());
    for operation in operations(&document(&app).await) {
        let path = operation.template.replace("{id}", RANDOM);
        let path = path.replace("{object}", RANDOM).replace("{request}", RANDOM);
        for client in [&member, &anonymous] {
            let send = async |client: &Client| {
                let request = client.request(&operation.method.to_uppercase(), &path);
                let request = match &operation.media {
                    Some(media) if media.contains("json") => request.json(&json!({})),
                    Some(media) => request.header("content-type", media).body(""),
                    None => request,
                };
                let answer = client.send(request).await;
                (answer.status, answer.code().to_owned(), answer.message().to_owned())
            };
            assert_eq!(send(&adorned(client)).await, send(client).await, "{}", operation.key());
        }
    }
}
