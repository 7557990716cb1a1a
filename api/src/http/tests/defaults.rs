//! No answer of the framework's own leaves the service.

use super::{Answer, TestServer};
use reqwest::Method;

#[actix_web::test]
async fn an_unknown_path_names_its_first_unknown_segment() {
    let server = TestServer::start();
    let message = server.get("/v1.0/planets/mars").await.message(404);
    assert_eq!(message, "Resource not found for the segment 'planets'.");
    let message = server.get("/v1.0/users/42/moons").await.message(404);
    assert_eq!(message, "Resource not found for the segment 'moons'.");
    assert_eq!(server.get("/").await.error(404)["code"], "ResourceNotFound");
}

#[actix_web::test]
async fn a_wrong_method_is_answered_with_the_methods_of_the_path() {
    let server = TestServer::start();
    for (method, path, allow) in [
        (Method::POST, "/v1.0/users/42", "GET, HEAD, DELETE"),
        (Method::GET, "/v1.0/echo", "POST"),
        (Method::HEAD, "/v1.0/echo", "POST"),
        (Method::OPTIONS, "/v1.0/echo", "POST"),
        (Method::TRACE, "/healthz", "GET, HEAD"),
        (Method::POST, "/openapi.json", "GET, HEAD"),
        (Method::PUT, "/docs/index.html", "GET, HEAD"),
        (Method::from_bytes(b"BREW").unwrap(), "/v1.0/echo", "POST"),
    ] {
        let answer = Answer::of(server.request(method.clone(), path)).await;
        assert_eq!(answer.status, 405, "{method} {path}");
        assert_eq!(answer.header("allow"), Some(allow), "{method} {path}");
        if method != Method::HEAD {
            answer.error(405);
        }
    }
}

#[actix_web::test]
async fn the_method_of_a_request_cannot_be_overridden() {
    let server = TestServer::start();
    let request = server.request(Method::GET, "/v1.0/users/42");
    let answer = Answer::of(request.header("x-http-method-override", "DELETE")).await;
    assert_eq!(answer.json(), "user 42");
}

#[actix_web::test]
async fn head_is_get_without_the_body() {
    let server = TestServer::start();
    let get = server.get("/v1.0/users/42").await;
    let head = Answer::of(server.request(Method::HEAD, "/v1.0/users/42")).await;
    assert_eq!(head.status, 200);
    assert_eq!(head.text, "");
    for name in ["content-length", "content-type", "odata-version"] {
        assert_eq!(head.header(name), get.header(name), "{name}");
    }
    let raw = server.raw(b"HEAD /v1.0/users/42 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    assert!(raw.await.ends_with("\r\n\r\n"));
}

#[actix_web::test]
async fn a_panic_is_an_internal_error_and_the_service_goes_on() {
    let server = TestServer::start();
    let request = "GET /v1.0/fall HTTP/1.1\r\nhost: x\r\n\r\n";
    let next = "GET /v1.0/users/42 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    let answers = server.raw(format!("{request}{next}").as_bytes()).await;
    assert!(answers.starts_with("HTTP/1.1 500 "), "{answers}");
    assert!(answers.contains("\"user 42\""), "{answers}");

    let answer = server.get("/v1.0/fall").await;
    assert_eq!(answer.error(500)["code"], "generalException");
    assert!(!answer.text.contains("expected"), "{}", answer.text);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

#[actix_web::test]
async fn words_of_the_framework_or_of_a_careless_handler_are_replaced() {
    let server = TestServer::start();
    let answer = server.get("/v1.0/numbers?a=b").await;
    assert_eq!(answer.error(400)["code"], "BadRequest");
    assert!(!answer.text.contains("invalid digit"), "{}", answer.text);
    let answer = server.get("/v1.0/pages").await;
    answer.error(500);
    assert!(!answer.text.contains("main.rs"), "{}", answer.text);
    server.get("/docs/missing.js").await.error(404);
    let message = server.get("/v1.0/numbers/x").await.message(404);
    assert_eq!(message, "No resource has this address.");
}

#[actix_web::test]
async fn a_malformed_request_never_reaches_a_handler() {
    let server = TestServer::start();
    for head in [
        "GET /v1.0/users HTTP/1.1\r\n\r\n",
        "GET /v1.0/users HTTP/1.1\r\nhost: x\r\nhost: y\r\n\r\n",
        "POST /v1.0/echo HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
        "POST /v1.0/echo HTTP/1.1\r\nhost: x\r\ncontent-length: +2\r\n\r\n{}",
        "CONNECT evil.example:443 HTTP/1.1\r\nhost: evil.example:443\r\n\r\n",
    ] {
        let answer = server.raw(head.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 40"), "{head:?} {answer}");
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{head:?} {answer}");
    }
}
