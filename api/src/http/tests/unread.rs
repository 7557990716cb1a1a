//! What the HTTP parser refuses: the envelope as everywhere else.

use super::TestServer;
use crate::config::Config;
use serde_json::Value as Json;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Asserts that there is one answer, a whole envelope of this status, and returns its message.
#[track_caller]
fn message(answer: &str, status: u16) -> String {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{answer}"));
    assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
    let header = |name: &str| {
        let found = head.lines().filter_map(|line| line.split_once(": "));
        let values: Vec<&str> =
            found.filter(|(sent, _)| *sent == name).map(|(_, value)| value).collect();
        assert_eq!(values.len(), 1, "{name}: {answer}");
        values[0]
    };
    assert_eq!(header("content-length"), body.len().to_string(), "{answer}");
    assert_eq!(header("content-type"), "application/json; charset=utf-8");
    assert_eq!(header("connection"), "close");
    assert_eq!(header("cache-control"), "no-store");
    assert!(header("date").ends_with(" GMT"), "{answer}");
    let json: Json = serde_json::from_str(body).unwrap();
    assert_eq!(json["error"]["innerError"]["request-id"], header("request-id"));
    assert!(!json["error"]["code"].as_str().unwrap().is_empty());
    json["error"]["message"].as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn what_is_no_http_is_refused_in_the_envelope_with_the_remedy() {
    let server = TestServer::start();
    let long = format!("GET /v1.0/{} HTTP/1.1\r\nhost: x\r\n\r\n", "x".repeat(70_000));
    for request in [
        "GET /v1.0/users?$filter=displayName eq 'x' HTTP/1.1\r\nhost: x\r\n\r\n",
        "GET /v1.0/users?$filter=displayName eq \"x\" HTTP/1.1\r\nhost: x\r\n\r\n",
        "GET /v1.0/users HTTP/1.1\r\n\r\n",
        "GET /v1.0/users HTTP/1.1\r\nhost: x\r\nhost: y\r\n\r\n",
        "GET /v1.0/users HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
        "GET /v1.0/users HTTP/1.1\r\nhost: x\r\nb\u{0}d: x\r\n\r\n",
        &long,
    ] {
        let message = message(&server.raw(request.as_bytes()).await, 400);
        assert!(message.contains("a blank is %20"), "{message}");
    }
}

#[actix_web::test]
async fn too_many_or_too_long_headers_are_refused_in_the_envelope() {
    let server = TestServer::start();
    let many = "x-a: b\r\n".repeat(130);
    let long = format!("x-a: {}\r\n", "b".repeat(200_000));
    for headers in [many, long] {
        let request = format!("GET /v1.0/users HTTP/1.1\r\nhost: x\r\n{headers}\r\n");
        let message = message(&server.raw(request.as_bytes()).await, 431);
        assert!(message.contains("96 headers"), "{message}");
    }
}

#[actix_web::test]
async fn a_head_that_comes_too_slowly_is_refused_in_the_envelope() {
    let server = TestServer::start();
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(b"GET /v1.0/us").await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(message(&answer, 408).contains("in time"), "{answer}");
}

#[actix_web::test]
async fn a_connection_is_kept_until_it_sends_what_cannot_be_read() {
    let server = TestServer::start();
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let mut chunk = [0; 4_096];
    for _ in 0..3 {
        stream.write_all(b"GET /nowhere HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        let length = stream.read(&mut chunk).await.unwrap();
        assert!(chunk[..length].starts_with(b"HTTP/1.1 404 "));
        assert!(!String::from_utf8_lossy(&chunk[..length]).contains("connection: close"));
    }
    stream.write_all(b"GET /a b HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    message(&answer, 400);
}

#[actix_web::test]
async fn a_body_whose_framing_breaks_gets_one_answer() {
    let server = TestServer::start();
    let head = "POST /v1.0/echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
                transfer-encoding: chunked\r\n\r\n1\r\n{\r\nZZ\r\n";
    let answer = server.raw(head.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
}

#[actix_web::test]
async fn an_unread_request_is_counted() {
    let server = TestServer::start();
    server.raw(b"GET /a b HTTP/1.1\r\nhost: x\r\n\r\n").await;
    let metrics = reqwest::get(format!("http://{}/metrics", server.metrics)).await.unwrap();
    let text = metrics.text().await.unwrap();
    let series = "_seconds_count{http_request_method=\"_OTHER\",http_route=\"\",\
                  http_response_status_code=\"400\",";
    assert!(text.contains(series), "{text}");
}

#[actix_web::test]
async fn a_stop_does_not_wait_for_connections_that_are_idle() {
    let server = TestServer::with(Config::default(), || Ok(()));
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let mut chunk = [0; 4_096];
    assert!(stream.read(&mut chunk).await.unwrap() > 0);
    let stopped = tokio::time::timeout(Duration::from_secs(4), server.stopper.stop()).await;
    assert!(stopped.is_ok(), "an idle connection holds up the stop");
}
