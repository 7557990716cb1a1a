//! What a refusal tells, in both its forms.

use super::{Answer, TestServer};
use reqwest::Method;
use serde_json::json;

#[actix_web::test]
async fn all_offending_properties_are_named_at_once() {
    let server = TestServer::start();
    let error = server.get("/v1.0/refusals/two-properties").await.error(400);
    assert_eq!(error["code"], "Request_BadRequest");
    assert_eq!(
        error["details"],
        json!([
            { "code": "InvalidValue", "message": "Give a name.", "target": "displayName" },
            { "code": "ObjectConflict", "message": "Give another address.", "target": "mail" },
        ])
    );
}

#[actix_web::test]
async fn a_missing_right_is_explained() {
    let server = TestServer::start();
    let error = server.get("/v1.0/refusals/right").await.error(403);
    assert_eq!(error["code"], "Authorization_RequestDenied");
    assert_eq!(
        error["innerError"]["authorization"],
        json!({
            "permission": "manage_users_and_groups",
            "matrixRow": 6,
            "limit": "Non-administrators only.",
            "grantingRoles": ["global", "user"],
            "target": "0192f0c1",
        })
    );
    let dutch = server.request(Method::GET, "/v1.0/refusals/right").header("accept-language", "nl");
    let error = Answer::of(dutch).await.error(403);
    assert_eq!(error["innerError"]["authorization"]["limit"], "Alleen niet-beheerders.");
    assert_eq!(error["message"], "Insufficient privileges to complete the operation.");
}

#[actix_web::test]
async fn problem_json_is_given_to_those_who_ask() {
    let server = TestServer::start();
    let ask = async |path: &str, accept: &str| {
        Answer::of(server.request(Method::GET, path).header("accept", accept)).await
    };
    let answer = ask("/v1.0/refusals/right", "application/problem+json, application/json").await;
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    let problem = answer.json();
    assert_eq!(problem["status"], 403);
    assert_eq!(problem["title"], "Forbidden");
    assert_eq!(problem["code"], "Authorization_RequestDenied");
    assert_eq!(problem["authorization"]["matrixRow"], 6);
    let instance = format!("urn:uuid:{}", answer.header("request-id").unwrap());
    assert_eq!(problem["instance"], instance);

    let problem = ask("/nowhere", "application/problem+json").await.json();
    assert_eq!((&problem["status"], &problem["type"]), (&json!(404), &json!("about:blank")));
    ask("/v1.0/refusals/right", "application/problem+json;q=0").await.error(403);
}

#[actix_web::test]
async fn a_challenge_has_an_error_only_where_a_token_was_sent() {
    let server = TestServer::start();
    let answer = server.get("/v1.0/refusals/token").await;
    answer.error(401);
    assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    let request = server.request(Method::GET, "/v1.0/refusals/token");
    let answer = Answer::of(request.bearer_auth("x")).await;
    answer.error(401);
    let challenge = answer.header("www-authenticate").unwrap();
    assert!(challenge.starts_with("Bearer error=\"invalid_token\""), "{challenge}");
}

#[actix_web::test]
async fn the_wait_before_another_attempt_is_told() {
    let server = TestServer::start();
    let answer = server.get("/v1.0/refusals/throttled").await;
    answer.error(429);
    assert_eq!(answer.header("retry-after"), Some("17"));
    let answer = server.get("/v1.0/refusals/busy").await;
    answer.error(503);
    assert_eq!(answer.header("retry-after"), Some("1"));
}

#[actix_web::test]
async fn internal_text_is_never_told() {
    let server = TestServer::start();
    for path in ["/v1.0/refusals/busy", "/v1.0/refusals/internal"] {
        let answer = server.get(path).await;
        assert!(answer.status.is_server_error());
        assert!(!answer.text.contains("tenant 7") && !answer.text.contains("the internal text"));
    }
}
