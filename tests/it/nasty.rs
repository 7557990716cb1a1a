//! Whatever a client sends, the answer is never a 5xx (S40, S42, S49, S52).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::future::join_all;
use roster_tests::{Client, TestApp, on_both, person};
use serde_json::{Map, Value, json};

on_both! {
    json_is_read_as_the_test_suite_demands,
    naughty_strings_are_kept_as_they_are_or_refused,
    names_of_which_nothing_can_be_seen_are_refused_and_joiners_inside_names_are_not,
    nasty_paths_and_options_are_refused_by_every_operation,
    nasty_bodies_are_refused_by_every_operation,
}

const JSON_TESTS: &str = include_str!("../fixtures/json-test-suite/test_parsing.txt");
const NAUGHTY: &str = include_str!("../fixtures/blns/blns.json");

/// Every byte percent-encoded, so that a string arrives as it is.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

async fn json_is_read_as_the_test_suite_demands(app: TestApp) {
    let client = app.client().await;
    // Refused by our own rules: duplicate members and U+0000.
    let ours = ["duplicated", "null_escape", "escaped_null"];
    for line in JSON_TESTS.lines() {
        let (name, body) = line.split_once(' ').expect("a name and a body");
        let body = STANDARD.decode(body).expect("base64");
        let request =
            client.request("POST", "/v1.0/users").header("content-type", "application/json");
        let status = if body.is_empty() { 411 } else { 400 };
        let answer = client.send(request.body(body)).await.is(status).enveloped();
        let was_read = answer.code() == "Request_BadRequest";
        match name.split_at(1).0 {
            "y" if ours.iter().any(|rule| name.contains(rule)) => {
                assert!(!was_read, "{name}: {answer}");
            }
            "y" => assert!(was_read, "{name}: {answer}"),
            "n" => assert!(!was_read, "{name}: {answer}"),
            _ => {}
        }
    }
}

async fn names_of_which_nothing_can_be_seen_are_refused_and_joiners_inside_names_are_not(
    app: TestApp,
) {
    let client = app.client().await;
    let user = format!("/v1.0/users/{}", app.person("Jan Jansen").await);
    let group = json!({
        "displayName": "Bakers", "mailNickname": "bakers", "groupTypes": [],
        "mailEnabled": false, "securityEnabled": true,
    });
    let contact = json!({"displayName": "Pilar", "mail": "pilar@outside.example"});
    for name in ["\u{200B}", " \u{2060}\u{FEFF}", "\u{202E}\u{200F}", "\u{3164}", "\u{200D}"] {
        let bodies = [
            ("/v1.0/users", person("Eva")),
            ("/v1.0/groups", group.clone()),
            ("/v1.0/contacts", contact.clone()),
        ];
        for (path, mut body) in bodies {
            body["displayName"] = json!(name);
            let refused = client.post(path, &body).await.refuses(400, "Request_BadRequest");
            assert_eq!(refused.targets(), ["displayName"], "{path} {name:?}: {refused}");
        }
        let refused = client.patch(&user, &json!({"displayName": name})).await;
        assert_eq!(refused.refuses(400, "Request_BadRequest").targets(), ["displayName"]);
    }
    for name in ["علی\u{200C}رضا", "ശ്രീ\u{200D}", "\u{200F}דוד"] {
        client.patch(&user, &json!({"displayName": name})).await.is(204);
        let read = client.get(&format!("{user}?$select=displayName")).await.is(200);
        assert_eq!(read["displayName"], name);
    }
}

async fn naughty_strings_are_kept_as_they_are_or_refused(app: TestApp) {
    let client = app.client().await;
    let path = format!("/v1.0/users/{}", app.person("Jan Jansen").await);
    let strings: Vec<String> = serde_json::from_str(NAUGHTY).expect("a list of strings");
    let mut kept = 0;
    for string in &strings {
        let changed = client.patch(&path, &json!({"streetAddress": string})).await;
        if changed.status == 204 {
            let read = client.get(&format!("{path}?$select=streetAddress")).await.is(200);
            let expected = if string.trim().is_empty() { Value::Null } else { json!(string) };
            assert_eq!(read["streetAddress"], expected, "{string:?}");
            kept += 1;
        } else {
            changed.refuses(400, "Request_BadRequest");
        }
        let quoted = string.replace('\'', "''");
        for answer in [
            client.get(&format!("/v1.0/users/{}", encoded(string))).await,
            client.query("/v1.0/users", &[("$filter", &format!("city eq '{quoted}'"))]).await,
            client.query("/v1.0/users", &[("$search", &format!("\"displayName:{string}\""))]).await,
            client.query("/v1.0/users", &[("$filter", string)]).await,
        ] {
            assert!(answer.status < 500, "{string:?}: {answer}");
        }
    }
    assert!(kept > 450, "most strings are ordinary text: {kept} of {}", strings.len());
}

const NASTY: [&str; 18] = [
    "'",
    "\"",
    "\\",
    "%00",
    "%ff",
    "%C0%AF",
    "%2e%2e",
    "%252e",
    "*",
    "?",
    ";",
    "null",
    "-1",
    "9223372036854775808",
    "1%20OR%201=1",
    "%E2%80%AE",
    "%F0%9F%92%A9",
    "$count",
];

async fn operations(app: &TestApp) -> Vec<(String, String, Value)> {
    let document = app.anonymous().get("/openapi.json").await.is(200).json;
    let mut operations = Vec::new();
    for (template, item) in document["paths"].as_object().expect("paths") {
        for method in ["get", "post", "patch", "put", "delete"] {
            if !item[method].is_null() {
                let schema = item[method]["requestBody"]["content"]["application/json"]["schema"]
                    .as_object()
                    .map_or(Value::Null, |schema| resolved(&document, schema));
                operations.push((method.to_uppercase(), template.clone(), schema));
            }
        }
    }
    operations
}

/// A schema with its reference followed.
fn resolved(document: &Value, schema: &Map<String, Value>) -> Value {
    let named = schema.get("$ref").and_then(Value::as_str).and_then(|name| name.rsplit('/').next());
    match named {
        Some(name) => document["components"]["schemas"][name].clone(),
        None => Value::Object(schema.clone()),
    }
}

fn filled(template: &str, value: &str) -> String {
    let segments = template.split('/').map(|segment| match segment.split_once('{') {
        Some((prefix, _)) => format!("{prefix}{value}"),
        None => segment.to_owned(),
    });
    segments.collect::<Vec<_>>().join("/")
}

async fn never_5xx(client: &Client, requests: Vec<reqwest::RequestBuilder>) {
    for some in requests.chunks(20) {
        let sent = some.iter().filter_map(reqwest::RequestBuilder::try_clone);
        for answer in join_all(sent.map(|request| client.send(request))).await {
            assert!(answer.status < 500, "{answer}");
            if answer.status >= 400 && !answer.json["error"].is_string() {
                answer.enveloped();
            }
        }
    }
}

async fn nasty_paths_and_options_are_refused_by_every_operation(app: TestApp) {
    let client = app.client().await;
    let mut requests = Vec::new();
    for (method, template, _) in operations(&app).await {
        for value in NASTY {
            if template.contains('{') {
                requests.push(client.request(&method, &filled(&template, value)));
            }
            if method == "GET" {
                let path = filled(&template, "x");
                for option in ["$filter", "$select", "$orderby", "$top", "$skiptoken", "$search"] {
                    let path = format!("{path}?{option}={value}");
                    requests.push(client.request(&method, &path));
                }
                requests.push(client.request(&method, &format!("{path}?{value}")));
            }
        }
    }
    never_5xx(&client, requests).await;
}

async fn nasty_bodies_are_refused_by_every_operation(app: TestApp) {
    let client = app.client().await;
    let user = app.create(&person("Jan Jansen")).await.id();
    let long = "é".repeat(70_000);
    let values = [
        Value::Null,
        json!(""),
        json!(0),
        json!(-1.5e300),
        json!(true),
        json!([]),
        json!({}),
        json!([null, [], {}]),
        json!({"password": 5, "x": {"y": []}}),
        json!("\u{202e}\u{feff}\u{7f}\u{1b}[31m"),
        json!(long),
        json!("9999-99-99T99:99:99Z"),
        json!("0000-01-01T00:00:00.123456789Z"),
    ];
    let mut requests = Vec::new();
    for (method, template, schema) in operations(&app).await {
        if schema.is_null() {
            continue;
        }
        let path = filled(&template, &user);
        for value in &values {
            requests.push(client.request(&method, &path).json(value));
            let names = schema["properties"].as_object();
            for name in names.into_iter().flat_map(Map::keys) {
                requests.push(client.request(&method, &path).json(&json!({ (name): value })));
            }
        }
    }
    never_5xx(&client, requests).await;
}
