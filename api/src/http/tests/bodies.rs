//! Bodies: what is read, what is refused, and how long the service waits.

use super::{Answer, TestServer};
use flate2::Compression;
use flate2::write::GzEncoder;
use reqwest::Method;
use roster_domain::limits;
use serde_json::json;
use std::io::Write as _;
use std::time::Instant;

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

async fn post(server: &TestServer, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
    let request = server.request(Method::POST, "/v1.0/echo");
    let request =
        headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    Answer::of(request.body(body)).await
}

#[actix_web::test]
async fn json_is_read_in_every_spelling_of_its_media_type() {
    let server = TestServer::start();
    for media_type in [
        "application/json",
        "application/json;charset=utf-8",
        "Application/JSON; charset=UTF-8",
        "application/json;odata.metadata=minimal",
        "application/merge-patch+json",
    ] {
        let answer =
            post(&server, &[("content-type", media_type)], b"{\"a\":[1,null]}".into()).await;
        assert_eq!(answer.json(), json!({ "a": [1, null] }), "{media_type}");
    }
}

#[actix_web::test]
async fn other_media_types_are_refused() {
    let server = TestServer::start();
    for media_type in
        ["text/plain", "application/json; charset=utf-16", "application/xml", "text/json", "x"]
    {
        post(&server, &[("content-type", media_type)], b"{}".into()).await.error(415);
    }
    post(&server, &[], b"{}".into()).await.error(415);
}

#[actix_web::test]
async fn bad_json_is_refused_with_its_position_and_without_words_of_the_parser() {
    let server = TestServer::start();
    for (body, place) in [
        ("{\"a\":1,}", "line 1, column 8"),
        ("{\n  \"a\": trux\n}", "line 2, column 11"),
        ("[1, 2", "line 1, column 5"),
        ("{\"a\": \"\u{1}\"}", "line 1, column 8"),
        ("\u{feff}{}", "line 1, column 1"),
        ("1e999", "line 1"),
        ("{} {}", "line 1, column 4"),
    ] {
        let message = server.post_json(body).await.message(400);
        assert!(message.starts_with("Unable to read JSON request payload."), "{message}");
        assert!(message.contains(place), "{body:?}: {message}");
        for word in ["expected", "trailing", "EOF", "serde", "number"] {
            assert!(!message.contains(word), "{message}");
        }
    }
    server.post_json(vec![b'"', 0xff, b'"']).await.error(400);
    let empty = [("content-type", "application/json"), ("content-length", "0")];
    let message = post(&server, &empty, Vec::new()).await.message(400);
    assert!(message.ends_with("The body is empty."), "{message}");
}

#[actix_web::test]
async fn json_that_is_nested_too_deeply_is_refused_with_the_limit() {
    let server = TestServer::start();
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(server.post_json(nested(limits::MAX_JSON_DEPTH)).await.status, 200);
    let objects = "{\"a\":".repeat(limits::MAX_JSON_DEPTH + 1);
    for body in [nested(limits::MAX_JSON_DEPTH + 1), "[".repeat(100_000), objects] {
        let message = server.post_json(body).await.message(400);
        assert!(message.contains("nested more than 127 levels deep at line 1"), "{message}");
    }
}

#[actix_web::test]
async fn duplicate_members_and_the_null_character_are_refused_wherever_they_stand() {
    let server = TestServer::start();
    for body in [r#"{"a":1,"a":2}"#, r#"{"x":[{"b":{"a":1,"a":1}}]}"#, r#"{"a":1,"\u0061":2}"#] {
        let message = server.post_json(body).await.message(400);
        assert!(message.contains("duplicate member 'a'"), "{body}: {message}");
    }
    for body in [r#"{"a":"\u0000"}"#, r#"{"a\u0000":1}"#, r#"[["x\u0000y"]]"#] {
        let message = server.post_json(body).await.message(400);
        assert!(message.contains("U+0000"), "{body}: {message}");
    }
    let name = "n".repeat(100_000);
    let answer = server.post_json(format!("{{\"{name}\":1,\"{name}\":2}}")).await;
    assert!(answer.message(400).len() < 500);
}

#[actix_web::test]
async fn a_body_over_the_limit_is_refused_announced_or_not() {
    let server = TestServer::start();
    let body = format!("\"{}\"", "x".repeat(limits::MAX_BODY));
    server.post_json(body).await.error(413);
    let announced = format!(
        "POST /v1.0/echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n",
        limits::MAX_BODY + 1
    );
    assert!(server.raw(announced.as_bytes()).await.starts_with("HTTP/1.1 413 "));
    let mut chunked = "POST /v1.0/echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
                       transfer-encoding: chunked\r\n\r\n"
        .to_owned();
    chunked.push_str(&format!("10000\r\n{}\r\n", "1".repeat(0x1_0000)).repeat(17));
    chunked.push_str("0\r\n\r\n");
    assert!(server.raw(chunked.as_bytes()).await.starts_with("HTTP/1.1 413 "));
}

#[actix_web::test]
async fn a_body_without_a_length_is_asked_for_one() {
    let server = TestServer::start();
    let head = b"POST /v1.0/echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\r\n";
    let answer = server.raw(head).await;
    assert!(answer.starts_with("HTTP/1.1 411 "), "{answer}");
    assert!(answer.contains("Request_LengthRequired"), "{answer}");
}

#[actix_web::test]
async fn a_slow_body_is_given_up() {
    let server = TestServer::start();
    for path in ["POST /v1.0/echo", "POST /oauth2/token", "PUT /v1.0/files"] {
        let media_type = if path.ends_with("token") {
            "application/x-www-form-urlencoded"
        } else {
            "application/json"
        };
        let head = format!(
            "{path} HTTP/1.1\r\nhost: x\r\ncontent-type: {media_type}\r\n\
             content-length: 20\r\n\r\n{{\"a\":"
        );
        let started = Instant::now();
        let answer = server.raw(head.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 408 "), "{path}: {answer}");
        assert!(answer.contains("Request_Timeout"), "{path}: {answer}");
        assert!(answer.contains("connection: close"), "{path}: {answer}");
        assert!(started.elapsed().as_secs() < 3, "{path}");
    }
}

#[actix_web::test]
async fn gzip_is_inflated_up_to_the_limit() {
    let server = TestServer::start();
    let headers = [("content-type", "application/json"), ("content-encoding", "gzip")];
    let answer = post(&server, &headers, gzip(br#"{"a":1}"#)).await;
    assert_eq!(answer.json(), json!({ "a": 1 }));

    let bomb = gzip(&vec![b' '; 64 * limits::MAX_BODY]);
    assert!(bomb.len() < limits::MAX_BODY / 10);
    post(&server, &headers, bomb).await.error(413);
    post(&server, &headers, b"{}".into()).await.error(400);
    let mut cut = gzip(br#"{"a":1}"#);
    cut.truncate(12);
    post(&server, &headers, cut).await.error(400);
}

#[actix_web::test]
async fn other_content_codings_are_refused_so_that_the_client_sends_plainly() {
    let server = TestServer::start();
    for coding in ["br", "deflate", "gzip, gzip", "zstd"] {
        let headers = [("content-type", "application/json"), ("content-encoding", coding)];
        post(&server, &headers, b"{}".into()).await.error(415);
    }
    let headers = [("content-type", "application/json"), ("content-encoding", "identity")];
    assert_eq!(post(&server, &headers, b"{}".into()).await.status, 200);
}

#[actix_web::test]
async fn a_form_keeps_repeated_parameters_apart() {
    let server = TestServer::start();
    let send = async |body: &'static str, media_type: &str| {
        let request = server.request(Method::POST, "/oauth2/token");
        Answer::of(request.header("content-type", media_type).body(body)).await
    };
    let form = "application/x-www-form-urlencoded";
    let answer = send("grant_type=client+credentials", form).await;
    assert_eq!(answer.json(), json!({ "grant": "client credentials" }));
    let error = send("grant_type=a&grant%5Ftype=b", form).await.error(400);
    assert_eq!(error["target"], "grant_type");
    send("grant_type=a", "application/json").await.error(415);
}

#[actix_web::test]
async fn a_file_is_read_in_pieces_and_never_inflated() {
    let server = TestServer::start();
    let file = vec![b'x'; 3 * limits::MAX_BODY];
    let answer = Answer::of(server.request(Method::PUT, "/v1.0/files").body(file)).await;
    assert_eq!(answer.json(), 3 * limits::MAX_BODY);
    let request = server.request(Method::PUT, "/v1.0/files").header("content-encoding", "gzip");
    Answer::of(request.body(gzip(b"a,b"))).await.error(415);
    let announced = format!(
        "PUT /v1.0/files HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n",
        limits::MAX_IMPORT_BYTES + 1
    );
    assert!(server.raw(announced.as_bytes()).await.starts_with("HTTP/1.1 413 "));
}
