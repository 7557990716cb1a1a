//! One line per request, and nothing in it that a log must not keep.

use super::{Answer, TestServer};
use crate::http::log;
use reqwest::Method;
use serde_json::Value as Json;
use std::io;
use std::sync::{Arc, Mutex};
use uuid::Uuid;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Lines {
    /// The lines about one request.
    fn about(&self, answer: &Answer) -> Vec<Json> {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str::<Json>(line).unwrap());
        lines.filter(|line| line["request_id"].as_str() == answer.header("request-id")).collect()
    }
}

#[actix_web::test]
async fn one_line_tells_of_each_request_without_its_contents() {
    let lines = Lines::default();
    let writer = lines.clone();
    log::start_into(move || writer.clone());
    let server = TestServer::start();

    let answer = server.get("/v1.0/whoami?canary-name=canary-value").await;
    let about = lines.about(&answer);
    let [line] = about.as_slice() else { panic!("{about:?}") };
    assert_eq!(line["method"], "GET");
    assert_eq!(line["route"], "/v1.0/whoami");
    assert_eq!(line["status"], 200);
    assert_eq!(line["tenant"], Uuid::nil().to_string());
    assert_eq!(line["actor"], Uuid::max().to_string());
    assert_eq!(line["client_address"], "127.0.0.1");
    assert!(line["duration_ms"].as_f64().unwrap() > 0.0);
    assert!(line["client_request_id"].is_null());

    let request = server.request(Method::POST, "/v1.0/users/canary-id");
    let request = request.bearer_auth("canary-token").header("client-request-id", "mine");
    let answer = Answer::of(request.body("canary-body")).await;
    let about = lines.about(&answer);
    let [line] = about.as_slice() else { panic!("{about:?}") };
    assert_eq!(line["route"], "/v1.0/users/{id}");
    assert_eq!(line["client_request_id"], "mine");
    server.get("/canary-path").await;
    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert!(!text.contains("canary"), "{text}");

    let answer = server.get("/v1.0/refusals/internal").await;
    let about = lines.about(&answer);
    assert_eq!(about.len(), 2);
    assert_eq!(about[0]["level"], "ERROR");
    assert_eq!(about[0]["internal"], "the internal text");
}
