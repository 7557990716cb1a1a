//! The service as its client sees it.

use super::CommandError;
use crate::config::SecretText;
use crate::graph::links::encode;
use reqwest::StatusCode;
use reqwest::blocking::{Body, Client, RequestBuilder, Response};
use reqwest::header::CONTENT_TYPE;
use serde::Deserialize;
use std::io::{Read, Write};
use std::thread;
use std::time::Duration;

/// A service that does not answer is asked again after a second, so often.
const TRIES: u32 = 60;

/// A running service, with a token for it.
pub(super) struct Service {
    http: Client,
    url: String,
    client_id: String,
    client_secret: SecretText,
    token: SecretText,
}

/// A job, as far as the command shows it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Job {
    pub(super) id: String,
    status: String,
    pub(super) counts: Counts,
    pub(super) file_errors: Vec<FileError>,
    pub(super) failure: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Counts {
    pub(super) rows: u64,
    pub(super) created: u64,
    pub(super) exists: u64,
    pub(super) failed: u64,
}

#[derive(Deserialize)]
pub(super) struct FileError {
    pub(super) line: u64,
    pub(super) code: String,
    pub(super) message: String,
}

#[derive(Deserialize)]
struct Token {
    access_token: String,
}

impl Job {
    pub(super) fn has_ended(&self) -> bool {
        matches!(self.status.as_str(), "completed" | "failed")
    }

    /// Whether every row is in the directory.
    pub(super) fn is_sound(&self) -> bool {
        self.status == "completed" && self.counts.failed == 0
    }
}

impl Counts {
    pub(super) const fn done(&self) -> u64 {
        self.created + self.exists + self.failed
    }
}

impl Service {
    /// Gets a token with the secret of a client.
    ///
    /// # Errors
    /// When the service does not answer or refuses the client.
    pub(super) fn sign_in(
        url: &str,
        client_id: &str,
        client_secret: &SecretText,
    ) -> Result<Self, CommandError> {
        // A file may take long; a service that is not there shows when connecting.
        let http = Client::builder().timeout(None).connect_timeout(Duration::from_secs(10));
        let mut service = Self {
            http: http.build().map_err(unanswered)?,
            url: url.trim_end_matches('/').to_owned(),
            client_id: client_id.to_owned(),
            client_secret: client_secret.clone(),
            token: SecretText::new(""),
        };
        service.renew()?;
        Ok(service)
    }

    fn renew(&mut self) -> Result<(), CommandError> {
        let body = format!(
            "grant_type=client_credentials&client_id={}&client_secret={}",
            encode(&self.client_id),
            encode(self.client_secret.expose())
        );
        let request = self.http.post(format!("{}/oauth2/token", self.url)).body(body);
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let token: Token = answer(request)?.json().map_err(unanswered)?;
        self.token = SecretText::new(token.access_token);
        Ok(())
    }

    /// Sends a file and returns its job.
    ///
    /// # Errors
    /// When the service refuses the file.
    pub(super) fn upload(
        &mut self,
        file: impl Read + Send + 'static,
        size: u64,
        options: &[(&str, &str)],
    ) -> Result<Job, CommandError> {
        let query: Vec<String> =
            options.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
        let request = self
            .http
            .post(format!("{}/v1.0/imports?{}", self.url, query.join("&")))
            .bearer_auth(self.token.expose())
            .header(CONTENT_TYPE, "text/csv")
            .body(Body::sized(file, size));
        answer(request)?.json().map_err(unanswered)
    }

    /// The job as it stands, also across a restart of the service and the end of the token.
    ///
    /// # Errors
    /// When the service does not answer for a minute, or refuses.
    pub(super) fn job(&mut self, id: &str) -> Result<Job, CommandError> {
        let mut failures = 0;
        loop {
            let sent = self.get(&format!("imports/{id}")).send();
            let status = sent.as_ref().ok().map(Response::status);
            match (status, sent) {
                (Some(StatusCode::UNAUTHORIZED), _) if failures == 0 => self.renew()?,
                (None | Some(StatusCode::SERVICE_UNAVAILABLE), _) if failures < TRIES => {
                    thread::sleep(Duration::from_secs(1));
                }
                (_, sent) => return accepted(sent)?.json().map_err(unanswered),
            }
            failures += 1;
        }
    }

    /// Writes the result of a job to a file.
    ///
    /// # Errors
    /// When the service refuses or the file cannot be written.
    pub(super) fn download(&mut self, job: &Job, to: &mut impl Write) -> Result<(), CommandError> {
        let path = format!("imports/{}/result", job.id);
        let broken = |error| {
            let url = format!("{}/v1.0/{path}", self.url);
            CommandError::Io(format!("the result broke off; the rest is at {url}"), error)
        };
        let mut result = answer(self.get(&path))?;
        std::io::copy(&mut result, to).map(drop).map_err(broken)
    }

    fn get(&self, path: &str) -> RequestBuilder {
        self.http.get(format!("{}/v1.0/{path}", self.url)).bearer_auth(self.token.expose())
    }
}

fn answer(request: RequestBuilder) -> Result<Response, CommandError> {
    accepted(request.send())
}

/// An answer that is no refusal.
fn accepted(sent: reqwest::Result<Response>) -> Result<Response, CommandError> {
    let response = sent.map_err(unanswered)?;
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let text = response.text().unwrap_or_default();
    Err(CommandError::Failed(format!("The service refused with {status}: {}", reason(&text))))
}

/// The text for people in an error of the service: the envelope's, or OAuth's.
fn reason(body: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
    let text = value.pointer("/error/message").or_else(|| value.get("error_description"));
    text.and_then(serde_json::Value::as_str).unwrap_or(body).to_owned()
}

fn unanswered(error: reqwest::Error) -> CommandError {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    CommandError::Failed(text)
}
