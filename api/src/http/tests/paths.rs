//! One canonical spelling of every path reaches the handlers.

use super::TestServer;
use roster_domain::limits;
use serde_json::json;

#[actix_web::test]
async fn every_spelling_of_a_path_reaches_the_same_handler() {
    let server = TestServer::start();
    for (path, answer) in [
        ("/v1.0//users/42", "user 42"),
        ("//v1.0/users/42/", "user 42"),
        ("/V1.0/Users/42", "user 42"),
        ("/v1.0/users('42')", "user 42"),
        ("/v1.0/users(%2742%27)", "user 42"),
        ("/v1.0/users/delta", "delta"),
        ("/v1.0/users/delta()", "delta"),
        ("/v1.0/users/microsoft.graph.delta()", "delta"),
        ("/v1.0/users/microsoft.graph.delta", "delta"),
        ("/v1.0/users/DELTA", "delta"),
        ("/v1.0/users/42/memberOf/graph.group", "groups of 42"),
        ("/v1.0/users/42/memberof/microsoft.graph.group", "groups of 42"),
        ("/v1.0/users('4''2')/memberOf/Microsoft.Graph.Group", "groups of 4'2"),
        ("/v1.0/directoryRoles(roleTemplateId='x-1')", "template x-1"),
        ("/v1.0/directoryroles/RoleTemplateId=x-1", "template x-1"),
        ("/v1.0/directoryRoles(RoleTemplateID=%27x-1%27)", "template x-1"),
    ] {
        let got = server.get(path).await;
        assert_eq!(got.status, 200, "{path}: {}", got.text);
        assert_eq!(got.json(), answer, "{path}");
    }
    assert_eq!(server.get("/v1.0/users/%24count").await.text, "3");
}

#[actix_web::test]
async fn the_query_survives_the_rewriting_of_the_path() {
    let server = TestServer::start();
    let answer = server.get("/v1.0//USERS?%24filter=a+eq%20%27%2B%27&$top=5&$top=6").await;
    assert_eq!(answer.json(), json!([["$filter", "a eq '+'"], ["$top", "5"], ["$top", "6"]]));
}

#[actix_web::test]
async fn ids_and_names_are_never_touched() {
    let server = TestServer::start();
    for (path, id) in [
        ("/v1.0/users/Jan.Jansen@Contoso.Example", "Jan.Jansen@Contoso.Example"),
        ("/v1.0//users/J%C3%A9r%C3%B4me@x.y", "Jérôme@x.y"),
        ("/v1.0//users/a+b@x.y", "a+b@x.y"),
        ("/v1.0//users/a%2Bb@x.y", "a+b@x.y"),
        ("/v1.0//users/guest%23EXT%23@x.y", "guest#EXT#@x.y"),
        ("/v1.0//users/100%25", "100%"),
        ("/v1.0//users/a%2525", "a%25"),
        ("/v1.0//users/a%2Fb", "a/b"),
        ("/v1.0//users/f(x", "f(x"),
        ("/v1.0//users/me(you)", "me(you)"),
    ] {
        assert_eq!(server.get(path).await.json(), format!("user {id}"), "{path}");
    }
}

#[actix_web::test]
async fn paths_that_no_honest_client_writes_are_refused() {
    let server = TestServer::start();
    let long = format!("/v1.0/users/{}", "x".repeat(limits::MAX_PATH));
    let query = format!("/v1.0/users?a={}", "x".repeat(limits::MAX_QUERY));
    let pairs = format!("/v1.0/users?{}", "a=b&".repeat(limits::MAX_PAIRS + 1));
    for path in [
        "/v1.0/users/a%00b",
        "/v1.0/users/a%0d%0aSet-Cookie:x",
        "/v1.0/users/%c0%ae%c0%ae",
        "/v1.0/users/%ff",
        "/v1.0/%2e%2e/healthz",
        "/v1.0/users?a=%00",
        "/v1.0/users?a=%ff",
        &long,
        &query,
        &pairs,
    ] {
        // The client library would resolve dot segments, so the path is sent as it is.
        let head = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        let answer = server.raw(head.as_bytes()).await;
        let shown = path.get(..40).unwrap_or(path);
        assert!(answer.starts_with("HTTP/1.1 400 "), "{shown}: {answer}");
        assert!(answer.contains("\"innerError\""), "{shown}: {answer}");
    }
    let answer =
        server.raw(b"GET /v1.0/../healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    assert!(answer.await.starts_with("HTTP/1.1 400 "));
}

#[actix_web::test]
async fn a_path_above_the_resources_tells_where_they_are_documented() {
    let server = TestServer::start();
    for path in ["/", "/v1.0", "/v1.0/", "/V1.0//", "/oauth2", "/v1.0/users/1/memberOf"] {
        let message = server.get(path).await.message(404);
        assert!(message.contains("/docs"), "{path}: {message}");
    }
    let message = server.get("/v1.0/planets/x").await.message(404);
    assert_eq!(message, "Resource not found for the segment 'planets'.");
}
