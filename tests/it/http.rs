//! What HTTP itself may do wrong, at the real operations (S38–S45).

use roster_tests::{TestApp, on_both, person};
use serde_json::{Value, json};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

on_both! {
    every_path_refuses_undocumented_methods_and_says_which_it_has,
    head_answers_like_get_without_a_body,
    unknown_paths_are_not_found_in_the_envelope,
    bodies_that_are_not_json_are_refused_everywhere,
    a_body_may_be_compressed_but_not_without_bound,
    problem_json_is_given_to_those_who_ask,
    answers_carry_the_documented_headers,
    the_head_of_a_further_request_must_arrive_in_time,
}

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// Every documented path with made-up parameters, and its methods.
async fn paths(app: &TestApp) -> Vec<(String, Vec<&'static str>)> {
    let document = app.anonymous().get("/openapi.json").await.is(200).json;
    let paths = document["paths"].as_object().expect("paths");
    let methods = |item: &Value| -> Vec<&'static str> {
        METHODS.into_iter().filter(|method| !item[method.to_lowercase()].is_null()).collect()
    };
    paths.iter().map(|(template, item)| (filled(template), methods(item))).collect()
}

/// A path whose parameters are an id that nothing has.
fn filled(template: &str) -> String {
    let mut path = String::new();
    for segment in template.split('/').skip(1) {
        path.push('/');
        match segment.split_once('{') {
            Some((prefix, _)) => {
                path.push_str(prefix);
                path.push_str("01900000-0000-7000-8000-000000000000");
            }
            None => path.push_str(segment),
        }
    }
    path
}

async fn every_path_refuses_undocumented_methods_and_says_which_it_has(app: TestApp) {
    let client = app.client().await;
    for (path, methods) in paths(&app).await {
        for method in METHODS.into_iter().chain(["TRACE", "BREW"]) {
            if methods.contains(&method) {
                continue;
            }
            let answer = client.send(client.request(method, &path)).await;
            let answer = answer.is(405).enveloped();
            let mut allow: Vec<&str> = answer.header("allow").split(", ").collect();
            allow.retain(|allowed| *allowed != "HEAD");
            let mut expected = methods.clone();
            allow.sort_unstable();
            expected.sort_unstable();
            assert_eq!(allow, expected, "{method} {path}");
        }
    }
}

async fn head_answers_like_get_without_a_body(app: TestApp) {
    let client = app.client().await;
    for (path, methods) in paths(&app).await {
        if !methods.contains(&"GET") {
            continue;
        }
        let get = client.get(&path).await;
        let head = client.send(client.request("HEAD", &path)).await;
        assert_eq!((head.status, head.text.as_str()), (get.status, ""), "{path}");
        assert_eq!(head.header("content-type"), get.header("content-type"), "{path}");
    }
}

async fn unknown_paths_are_not_found_in_the_envelope(app: TestApp) {
    let client = app.client().await;
    for path in [
        "/",
        "/v1.0",
        "/v1.0/planets",
        "/v1.0/users/x/planets",
        "/beta/users",
        "/v2.0/users",
        "/v1.0/users/%2e%2e/me",
        "/..%2f..%2fetc/passwd",
        "/docs/../../secret",
        "/metrics",
    ] {
        let answer = client.get(path).await;
        assert!([400, 404].contains(&answer.status), "{path}: {answer}");
        answer.enveloped();
    }
    client.get(&format!("/v1.0/users/{}", "x".repeat(9_000))).await.is(400).enveloped();
}

async fn bodies_that_are_not_json_are_refused_everywhere(app: TestApp) {
    let client = app.client().await;
    let user = app.person("Jan Jansen").await;
    let document = app.anonymous().get("/openapi.json").await.is(200).json;
    let deep = format!("{}1{}", "[".repeat(500), "]".repeat(500));
    let large = format!("{{\"displayName\":\"{}\"}}", "x".repeat(1024 * 1024));
    let cases: [(&str, &str, u16); 12] = [
        ("application/json", "", 411),
        ("application/json", "{", 400),
        ("application/json", "{\"displayName\":}", 400),
        ("application/json", "{\"displayName\":\"a\",\"displayName\":\"b\"}", 400),
        ("application/json", "{\"displayName\":\"a\\u0000b\"}", 400),
        ("application/json", "{\"displayName\":\"\\ud800\"}", 400),
        ("application/json", "[1,2", 400),
        ("application/json", &deep, 400),
        ("application/json", &large, 413),
        ("text/plain", "{}", 415),
        ("application/json; charset=utf-16", "{}", 415),
        ("application/xml", "<user/>", 415),
    ];
    for (template, item) in document["paths"].as_object().unwrap() {
        for method in ["POST", "PATCH", "PUT"] {
            let operation = &item[method.to_lowercase()];
            let reads_json = !operation["requestBody"]["content"]["application/json"].is_null();
            if !reads_json {
                continue;
            }
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let is_optional = schema["oneOf"].is_array();
            let path = filled(template).replace("01900000-0000-7000-8000-000000000000", &user);
            for (media, body, status) in cases {
                if is_optional && body.is_empty() {
                    continue;
                }
                let request = client.request(method, &path).header("content-type", media);
                let answer = client.send(request.body(body.to_owned())).await.enveloped();
                let shown: String = body.chars().take(40).collect();
                assert_eq!(answer.status, status, "{media} {shown}: {answer}");
            }
        }
    }
}

async fn a_body_may_be_compressed_but_not_without_bound(app: TestApp) {
    let client = app.client().await;
    let send = async |encoding: &str, body: Vec<u8>| {
        let request = client.request("POST", "/v1.0/users").header("content-encoding", encoding);
        client.send(request.header("content-type", "application/json").body(body)).await
    };
    send("gzip", b"{}".to_vec()).await.is(400).enveloped();
    send("br", b"{}".to_vec()).await.is(415).enveloped();
}

async fn problem_json_is_given_to_those_who_ask(app: TestApp) {
    let client = app.client().await.with("accept", "application/problem+json");
    for (answer, status) in [
        (client.get("/v1.0/users/nobody").await, 404),
        (client.post("/v1.0/users", &json!({})).await, 400),
        (client.delete("/v1.0/users").await, 405),
        (app.anonymous().with("accept", "application/problem+json").get("/v1.0/me").await, 401),
    ] {
        let answer = answer.is(status);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert_eq!(answer["status"], status);
        assert!(answer["title"].is_string() && answer["detail"].is_string(), "{answer}");
    }
}

async fn answers_carry_the_documented_headers(app: TestApp) {
    let client = app.client().await.with("client-request-id", "my-own-id");
    for answer in [
        client.get("/v1.0/users").await,
        client.get("/v1.0/users/nobody").await,
        client.post("/v1.0/users", &person("Jan Jansen")).await,
    ] {
        assert!(!answer.header("request-id").is_empty(), "{answer}");
        assert_eq!(answer.header("client-request-id"), "my-own-id", "{answer}");
        assert_eq!(answer.header("odata-version"), "4.0", "{answer}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{answer}");
        assert!(answer.header("cache-control").contains("no-store"), "{answer}");
        assert!(answer.header("content-type").starts_with("application/json"), "{answer}");
        for silent in ["server", "x-powered-by", "access-control-allow-origin"] {
            assert_eq!(answer.header(silent), "", "{answer}");
        }
    }
}

async fn the_head_of_a_further_request_must_arrive_in_time(app: TestApp) {
    let address = app.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut answered = |sent: &str| {
        stream.write_all(sent.as_bytes()).unwrap();
        let mut bytes = [0; 4_096];
        let length = stream.read(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes[..length]).into_owned()
    };
    let request = "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";
    for _ in 0..2 {
        assert!(answered(request).starts_with("HTTP/1.1 200"));
        std::thread::sleep(Duration::from_secs(6));
    }
    let begun = Instant::now();
    assert_eq!(answered("GET /healthz HTTP/1.1\r\nhost:"), "", "closed");
    let waited = begun.elapsed();
    assert!((4..12).contains(&waited.as_secs()), "{waited:?}");
}
