//! Tests of the shell through a real socket, with handlers made for the purpose.

mod bodies;
mod defaults;
mod handlers;
mod headers;
mod logs;
mod paths;
mod refusals;
mod unread;

use crate::config::Config;
use crate::http::health::ReadyCheck;
use crate::server::{self, Service, Shell, Stopper};
use actix_web::rt;
use actix_web::web::Data;
use prometheus_client::registry::Registry;
use reqwest::{Method, RequestBuilder, StatusCode, header::HeaderMap};
use roster_domain::Error;
use serde_json::Value as Json;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// A service on a port of its own; it stops with its process.
struct TestServer {
    address: SocketAddr,
    metrics: SocketAddr,
    stopper: Stopper,
}

/// What came back.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl TestServer {
    fn start() -> Self {
        Self::with(Config::default(), || Ok(()))
    }

    fn with(config: Config, ready: fn() -> Result<(), Error>) -> Self {
        let settings = Config {
            listen: Some("127.0.0.1:0".to_owned()),
            metrics_listen: Some("127.0.0.1:0".to_owned()),
            workers: Some("1".to_owned()),
            ..config
        };
        let settings = settings.check().unwrap();
        let sockets = server::bind(&settings).unwrap();
        let (address, metrics) = (sockets.address, sockets.metrics_address.unwrap());
        let mut registry = Registry::default();
        let ready: ReadyCheck = Arc::new(move || Box::pin(async move { ready() }));
        let service = Service { state: Data::new(()), register: handlers::register, ready };
        let shell = Shell::new(&settings, address, service, &mut registry).unwrap();
        let running = server::build(sockets, &settings, shell, registry).unwrap();
        let stopper = running.stopper();
        rt::spawn(running.until_stopped());
        Self { address, metrics, stopper }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        client.build().unwrap().request(method, format!("http://{}{path}", self.address))
    }

    async fn get(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::GET, path)).await
    }

    async fn post_json(&self, body: impl Into<reqwest::Body>) -> Answer {
        let request = self.request(Method::POST, "/v1.0/echo");
        Answer::of(request.header("content-type", "application/json").body(body)).await
    }

    /// Sends bytes as they are and reads until the server closes or falls silent.
    async fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        let mut answer = Vec::new();
        let mut chunk = [0; 4096];
        while let Ok(Ok(length)) = timeout(Duration::from_secs(1), stream.read(&mut chunk)).await {
            if length == 0 {
                break;
            }
            answer.extend_from_slice(&chunk[..length]);
        }
        String::from_utf8(answer).unwrap()
    }
}

impl Answer {
    async fn of(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        Self { status, headers, text: response.text().await.unwrap() }
    }

    fn json(&self) -> Json {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Asserts the status and that the body is a whole envelope, and returns its `error`.
    #[track_caller]
    fn error(&self, status: u16) -> Json {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        let error = self.json()["error"].clone();
        assert!(!error["code"].as_str().unwrap().is_empty());
        assert!(!error["message"].as_str().unwrap().is_empty());
        assert_eq!(error["innerError"]["request-id"].as_str(), self.header("request-id"));
        let own = self.header("client-request-id");
        assert_eq!(error["innerError"]["client-request-id"].as_str(), own);
        error
    }

    #[track_caller]
    fn message(&self, status: u16) -> String {
        self.error(status)["message"].as_str().unwrap().to_owned()
    }
}
