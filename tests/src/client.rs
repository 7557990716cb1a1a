//! One principal's way to the service.

use crate::Answer;
use reqwest::header::{HeaderName, HeaderValue};
use reqwest::{Method, RequestBuilder};
use serde_json::Value;

/// Sends requests as one principal.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    url: String,
    /// The access token; none for somebody who is not signed in.
    pub token: Option<String>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Client {
    pub(crate) fn new(http: reqwest::Client, url: &str, token: Option<String>) -> Self {
        Self { http, url: url.to_owned(), token, headers: Vec::new() }
    }

    /// The same principal with one more header on every request.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut client = self.clone();
        let value = HeaderValue::from_str(value).expect("a header value");
        client.headers.push((HeaderName::from_bytes(name.as_bytes()).expect("a name"), value));
        client
    }

    /// The same service for the bearer of another token.
    #[must_use]
    pub fn bearing(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The same principal at another process of the service.
    #[must_use]
    pub fn at(&self, url: &str) -> Self {
        Self { url: url.to_owned(), ..self.clone() }
    }

    /// A request to a path, or to a link that the service gave.
    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let url =
            if path.starts_with("http") { path.into() } else { format!("{}{path}", self.url) };
        let mut request = self.http.request(method, url);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Sends a request.
    ///
    /// # Panics
    /// When there is no answer.
    pub async fn send(&self, request: RequestBuilder) -> Answer {
        self.try_send(request).await.unwrap_or_else(|error| panic!("no answer: {error:?}"))
    }

    /// Sends a request to a service that may be gone.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn try_send(&self, request: RequestBuilder) -> reqwest::Result<Answer> {
        let request = request.build()?;
        let line = format!("{} {}", request.method(), request.url());
        let response = self.http.execute(request).await?;
        Ok(Answer::read(line, response).await)
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request("GET", path)).await
    }

    /// GET with query options, which are encoded here.
    pub async fn query(&self, path: &str, options: &[(&str, &str)]) -> Answer {
        self.send(self.request("GET", path).query(options)).await
    }

    /// POST of JSON.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(self.request("POST", path).json(body)).await
    }

    /// PATCH with JSON.
    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send(self.request("PATCH", path).json(body)).await
    }

    /// DELETE.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.request("DELETE", path)).await
    }

    /// POST of a form.
    pub async fn form(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.send(self.request("POST", path).form(form)).await
    }

    /// Every object of a collection, page by page.
    pub async fn all(&self, path: &str) -> Vec<Value> {
        let mut objects = Vec::new();
        let mut next = path.to_owned();
        loop {
            let page = self.get(&next).await.is(200);
            objects.extend_from_slice(page.items());
            match page["@odata.nextLink"].as_str() {
                Some(link) => next = link.to_owned(),
                None => return objects,
            }
        }
    }
}
