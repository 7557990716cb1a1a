//! What the service answered.

use crate::PASSWORD;
use crate::process::CLIENT;
use crate::service::MASTER_KEY;
use reqwest::header::HeaderMap;
use serde_json::Value;
use std::ops::Index;

/// What no answer of any test may hold: passwords that people chose, secrets that were given, and
/// the beginnings of hashes and private keys (S39).
const SECRETS: [&str; 6] =
    [PASSWORD, CLIENT.1, MASTER_KEY, "$argon2", "$roster-one-time$", "PRIVATE KEY"];

/// An answer with its request's line, for messages of failed tests.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// Body as text.
    pub text: String,
    /// Body as JSON, null when it is none.
    pub json: Value,
    request: String,
}

impl Answer {
    pub(crate) async fn read(request: String, response: reqwest::Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap_or_else(|error| panic!("{request}: {error}"));
        for secret in SECRETS {
            assert!(!text.contains(secret), "{request} was answered with the secret {secret}");
        }
        let json = serde_json::from_str(&text).unwrap_or_default();
        Self { status, headers, text, json, request }
    }

    /// Asserts the status.
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self}");
        self
    }

    /// Asserts a refusal in the envelope with its status and code.
    #[track_caller]
    pub fn refuses(self, status: u16, code: &str) -> Self {
        assert_eq!((self.status, self.code()), (status, code), "{self}");
        self.enveloped()
    }

    /// Asserts that a refusal has the form that all of them have, and tells nothing of the inside.
    #[track_caller]
    pub fn enveloped(self) -> Self {
        let error = &self.json["error"];
        let inner = &error["innerError"];
        assert!(error["code"].is_string() && error["message"].is_string(), "{self}");
        assert_eq!(Some(self.header("request-id")), inner["request-id"].as_str(), "{self}");
        assert!(self.header("content-type").starts_with("application/json"), "{self}");
        for inside in ["diesel", "serde", "panicked", "SELECT ", "INSERT ", "sqlite", ".rs:"] {
            assert!(!self.text.contains(inside), "'{inside}' tells of the inside: {self}");
        }
        self
    }

    /// Code of the error.
    pub fn code(&self) -> &str {
        self.json["error"]["code"].as_str().unwrap_or_default()
    }

    /// Text of the error.
    pub fn message(&self) -> &str {
        self.json["error"]["message"].as_str().unwrap_or_default()
    }

    /// Every offending property, sorted.
    pub fn targets(&self) -> Vec<&str> {
        let details = self.json["error"]["details"].as_array().map_or(&[][..], Vec::as_slice);
        let mut targets: Vec<&str> =
            details.iter().filter_map(|detail| detail["target"].as_str()).collect();
        targets.sort_unstable();
        targets.dedup();
        targets
    }

    /// Codes of the warnings.
    pub fn warnings(&self) -> Vec<&str> {
        let warnings = self.json["@roster.warnings"].as_array().map_or(&[][..], Vec::as_slice);
        warnings.iter().filter_map(|warning| warning["code"].as_str()).collect()
    }

    /// A header as text; empty when it is absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The id of the object.
    #[track_caller]
    pub fn id(&self) -> String {
        self.text_of("id")
    }

    /// A member of the object that is text.
    #[track_caller]
    pub fn text_of(&self, name: &str) -> String {
        let text = self.json[name].as_str();
        text.unwrap_or_else(|| panic!("no text '{name}': {self}")).to_owned()
    }

    /// The objects of a page.
    #[track_caller]
    pub fn items(&self) -> &[Value] {
        self.json["value"].as_array().unwrap_or_else(|| panic!("no collection: {self}"))
    }

    /// One member of each object of a page, as text.
    #[track_caller]
    pub fn column(&self, name: &str) -> Vec<String> {
        self.items().iter().map(|item| item[name].as_str().unwrap_or_default().into()).collect()
    }
}

impl Index<&str> for Answer {
    type Output = Value;

    fn index(&self, name: &str) -> &Value {
        &self.json[name]
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let body: String = self.text.chars().take(2_000).collect();
        write!(f, "{} answered {}: {body}", self.request, self.status)
    }
}
