//! Headers that every answer has, and what the service shows beside its API.

use super::{Answer, TestServer};
use crate::config::Config;
use reqwest::Method;
use roster_domain::Error;
use uuid::Uuid;

#[actix_web::test]
async fn every_answer_has_an_id_and_the_common_headers() {
    let server = TestServer::start();
    for path in ["/v1.0/users", "/nowhere", "/v1.0/fall", "/openapi.json", "/v1.0/a%00"] {
        let answer = server.get(path).await;
        let id = answer.header("request-id").unwrap().parse::<Uuid>().unwrap();
        assert_eq!(id.get_version_num(), 7, "{path}");
        assert_eq!(answer.header("client-request-id"), answer.header("request-id"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("server"), None, "{path}");
        assert_eq!(answer.header("strict-transport-security"), None, "{path}");
    }
    let answer = server.get("/v1.0/users").await;
    assert_eq!(answer.header("odata-version"), Some("4.0"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let answer = Answer::of(server.request(Method::POST, "/oauth2/token")).await;
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(server.get("/openapi.json").await.header("cache-control"), None);
}

#[actix_web::test]
async fn a_usable_id_of_the_client_is_echoed_and_another_is_not() {
    let server = TestServer::start();
    let echoed = async |id: &str| {
        let request = server.request(Method::GET, "/nowhere").header("client-request-id", id);
        let answer = Answer::of(request).await;
        answer.error(404);
        answer.header("client-request-id") == Some(id)
    };
    assert!(echoed("my-id_42").await);
    assert!(!echoed("with space").await);
    assert!(!echoed(&"x".repeat(129)).await);
}

#[actix_web::test]
async fn the_trace_of_the_client_is_taken_over_where_it_is_sound() {
    let server = TestServer::start();
    let traced = async |parent: &str| {
        let request = server.request(Method::GET, "/v1.0/whoami").header("traceparent", parent);
        Answer::of(request).await.json()["traceId"].as_str().map(str::to_owned)
    };
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let sound = traced(&format!("00-{trace}-00f067aa0ba902b7-01")).await;
    assert_eq!(sound.as_deref(), Some(trace));
    assert_eq!(traced(&format!("00-{trace}-00f067aa0ba902b7")).await, None);
    assert_eq!(traced(&format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32))).await, None);
    assert_eq!(traced("00-x-y-01").await, None);
}

#[actix_web::test]
async fn a_forwarded_address_counts_only_behind_a_trusted_proxy() {
    let seen = async |trusted: Option<&str>| {
        let config = Config { trusted_proxies: trusted.map(str::to_owned), ..Config::default() };
        let server = TestServer::with(config, || Ok(()));
        let request = server.request(Method::GET, "/v1.0/whoami");
        Answer::of(request.header("x-forwarded-for", "192.0.2.1, 198.51.100.7")).await.json()
    };
    assert_eq!(seen(None).await["address"], "127.0.0.1");
    assert_eq!(seen(Some("127.0.0.0/8")).await["address"], "198.51.100.7");
}

#[actix_web::test]
async fn pages_of_other_origins_are_shut_out_unless_the_settings_name_them() {
    let ask = async |server: &TestServer, method, origin: &str| {
        let request = server.request(method, "/v1.0/users").header("origin", origin);
        Answer::of(request.header("access-control-request-method", "PATCH")).await
    };
    let closed = TestServer::start();
    let answer = ask(&closed, Method::GET, "https://a.example").await;
    assert_eq!(answer.header("access-control-allow-origin"), None);
    let answer = ask(&closed, Method::OPTIONS, "https://a.example").await;
    answer.error(405);
    assert_eq!(answer.header("access-control-allow-origin"), None);

    let origins = Some("https://a.example, https://b.example".to_owned());
    let open = TestServer::with(Config { cors_origins: origins, ..Config::default() }, || Ok(()));
    let answer = ask(&open, Method::OPTIONS, "https://b.example").await;
    assert_eq!(answer.status, 200);
    assert!(answer.header("access-control-allow-methods").unwrap().contains("PATCH"));
    assert!(answer.header("request-id").is_some());
    let answer = ask(&open, Method::GET, "https://a.example").await;
    assert_eq!(answer.header("access-control-allow-origin"), Some("https://a.example"));
    assert_eq!(answer.header("access-control-allow-credentials"), None);
    let exposed = answer.header("access-control-expose-headers").unwrap().to_ascii_lowercase();
    for name in ["etag", "location", "retry-after", "request-id"] {
        assert!(exposed.contains(name), "{exposed}");
    }
    let answer = ask(&open, Method::GET, "https://evil.example").await;
    assert_eq!(answer.header("access-control-allow-origin"), None);
    let answer = ask(&open, Method::OPTIONS, "https://evil.example").await;
    let message = answer.message(400);
    assert!(message.contains("'https://evil.example'"), "{message}");
    assert!(message.contains("ROSTER_CORS_ORIGINS"), "{message}");
    assert_eq!(answer.header("access-control-allow-origin"), None);
}

#[actix_web::test]
async fn a_page_can_read_every_refusal_wherever_it_was_made() {
    let origin = "https://a.example";
    let config = Config { cors_origins: Some(origin.to_owned()), ..Config::default() };
    let server = TestServer::with(config, || Err(Error::unavailable("disk full")));
    let too_long = format!("/v1.0/{}", "x".repeat(9_000));
    for (method, path, status) in [
        (Method::GET, "/v1.0/refusals/token", 401),
        (Method::GET, "/v1.0/refusals/throttled", 429),
        (Method::GET, "/v1.0/numbers/x", 404),
        (Method::GET, "/v1.0/pages", 500),
        (Method::GET, "/v1.0/fall", 500),
        (Method::GET, "/v1.0/a%00", 400),
        (Method::GET, &too_long, 400),
        (Method::GET, "/nowhere", 404),
        (Method::GET, "/readyz", 503),
        (Method::DELETE, "/v1.0/users", 405),
        (Method::OPTIONS, "/v1.0/users", 405),
    ] {
        let answer = Answer::of(server.request(method, path).header("origin", origin)).await;
        answer.error(status);
        assert_eq!(answer.header("access-control-allow-origin"), Some(origin), "{path}");
        let exposed = answer.header("access-control-expose-headers").unwrap();
        assert!(exposed.contains("retry-after"), "{path}: {exposed}");
        assert!(answer.header("vary").unwrap().contains("Origin"), "{path}");
        let answer = Answer::of(server.request(Method::GET, path)).await;
        assert_eq!(answer.header("access-control-allow-origin"), None, "{path}");
        assert!(answer.header("vary").unwrap().contains("Origin"), "{path}");
    }
}

#[actix_web::test]
async fn the_service_is_ready_only_while_its_database_answers() {
    let server = TestServer::start();
    assert_eq!(server.get("/readyz").await.status, 200);
    let broken = TestServer::with(Config::default(), || Err(Error::unavailable("disk full")));
    assert_eq!(broken.get("/healthz").await.status, 200);
    let answer = broken.get("/readyz").await;
    answer.error(503);
    assert!(!answer.text.contains("disk"), "{}", answer.text);
}

#[actix_web::test]
async fn the_page_of_the_document_works_without_any_network() {
    let server = TestServer::start();
    let answer = server.get("/docs").await;
    assert_eq!(answer.header("location"), Some("/docs/index.html"));
    let page = server.get("/docs/index.html").await;
    assert!(page.header("content-type").unwrap().starts_with("text/html"));
    assert!(!page.text.contains("http://") && !page.text.contains("https://"), "{}", page.text);
    assert!(!page.text.contains("<script>"), "an inline script would need a weaker policy");
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("script-src 'self';"));
    let script = server.get("/docs/swagger-initializer.js").await;
    assert!(script.text.contains("/openapi.json"), "{}", script.text);
    assert!(script.text.contains("\"validatorUrl\": \"none\""), "{}", script.text);
    for file in ["swagger-ui.css", "swagger-ui-bundle.js", "swagger-ui-standalone-preset.js"] {
        assert_eq!(server.get(&format!("/docs/{file}")).await.status, 200, "{file}");
    }
}

#[actix_web::test]
async fn the_document_names_the_address_the_service_is_bound_to() {
    let server = TestServer::start();
    let document = server.get("/openapi.json").await.json();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["servers"][0]["url"], format!("http://{}", server.address));
    let get = &document["paths"]["/v1.0/users/{id}"]["get"];
    assert_eq!(get["responses"]["4XX"]["$ref"], "#/components/responses/Refusal");
    let flows = &document["components"]["securitySchemes"]["oauth2"]["flows"];
    assert!(flows["clientCredentials"].is_object() && flows["password"].is_null());
}

#[actix_web::test]
async fn durations_are_counted_by_template_and_unknown_paths_add_no_series() {
    let server = TestServer::start();
    for path in ["/v1.0/users/1", "/V1.0/users('2')", "/x1", "/x2/y", "/v1.0/x3"] {
        server.get(path).await;
    }
    Answer::of(server.request(Method::from_bytes(b"BREW").unwrap(), "/x4")).await;
    let metrics = reqwest::get(format!("http://{}/metrics", server.metrics)).await.unwrap();
    let text = metrics.text().await.unwrap();
    let count = |method: &str, route: &str, status: u16| {
        format!(
            "http_server_request_duration_seconds_count{{http_request_method=\"{method}\",\
             http_route=\"{route}\",http_response_status_code=\"{status}\",url_scheme=\"http\",\
             error_type=\"\"}}"
        )
    };
    assert!(text.contains(&format!("{} 2\n", count("GET", "/v1.0/users/{id}", 200))), "{text}");
    assert!(text.contains(&format!("{} 3\n", count("GET", "", 404))), "{text}");
    assert!(text.contains(&format!("{} 1\n", count("_OTHER", "", 404))), "{text}");
    let series = text.lines().filter(|line| line.contains("_seconds_count")).count();
    assert_eq!(series, 3, "{text}");
    let buckets =
        text.lines().filter(|line| line.contains("_OTHER") && line.contains("le=")).count();
    assert_eq!(buckets, 15, "14 boundaries and infinity");
    let answer = server.get("/metrics").await;
    answer.error(404);
}

#[actix_web::test]
async fn a_stop_lets_the_request_under_way_finish() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let server = TestServer::start();
    let mut stream = tokio::net::TcpStream::connect(server.address).await.unwrap();
    let head = b"PUT /v1.0/files HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n\r\nab";
    stream.write_all(head).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    let stopper = server.stopper.clone();
    let stopped = actix_web::rt::spawn(async move { stopper.stop().await });
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    stream.write_all(b"cd").await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("\r\n\r\n4"), "{answer}");
    stopped.await.unwrap();
    assert!(tokio::net::TcpStream::connect(server.address).await.is_err());
}
