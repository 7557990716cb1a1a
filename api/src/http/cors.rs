//! Which pages of other origins may call the service: none, unless the settings name them.
//!
//! The headers are common headers of [`super::edge`], so that every answer has them, also one that
//! no handler gave: a page that cannot read a refusal only sees that "CORS failed".

use super::Failure;
use actix_web::HttpResponse;
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderValue};

/// What pages may send; GET, HEAD and POST need no leave.
const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE");
/// Headers of answers that scripts may read, beside the few that they always may.
const SHOWN: HeaderValue =
    HeaderValue::from_static("etag, location, retry-after, request-id, client-request-id");
/// How long a browser may remember a preflight, in seconds.
const REMEMBERED: HeaderValue = HeaderValue::from_static("3600");
/// What of a request an answer depends on, for caches (Fetch, "CORS protocol and HTTP caches").
const VARY: HeaderValue = HeaderValue::from_static(
    "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
);
/// Longest origin that a refusal repeats, in characters.
const SHOWN_ORIGIN: usize = 100;

/// The origins that the settings name.
#[derive(Debug)]
pub struct Cors(Vec<HeaderValue>);

impl Cors {
    /// Lets pages of these origins in.
    pub fn new(origins: &[String]) -> Self {
        Self(origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok()).collect())
    }

    /// The origin of the page that asks, where it may.
    pub(super) fn admitted(&self, asked: &HeaderMap) -> Option<HeaderValue> {
        asked.get(header::ORIGIN).filter(|origin| self.0.contains(origin)).cloned()
    }

    /// The answer to a browser that asks before it sends the request of a page; none if this is no
    /// such question, or pages are shut out altogether.
    pub(super) fn preflight(
        &self,
        method: &Method,
        asked: &HeaderMap,
    ) -> Option<Result<HttpResponse, Failure>> {
        let is_question = *method == Method::OPTIONS
            && asked.contains_key(header::ORIGIN)
            && asked.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
        if self.0.is_empty() || !is_question {
            return None;
        }
        Some(if self.admitted(asked).is_some() { Ok(leave(asked)) } else { Err(stranger(asked)) })
    }

    /// Adds to any answer what lets the page read it.
    pub(super) fn decorate(&self, origin: Option<&HeaderValue>, headers: &mut HeaderMap) {
        if self.0.is_empty() {
            return;
        }
        headers.append(header::VARY, VARY);
        if let Some(origin) = origin {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
            headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, SHOWN);
        }
    }
}

/// Leave to send any method of ours with any headers.
fn leave(asked: &HeaderMap) -> HttpResponse {
    let mut response = HttpResponse::Ok().finish();
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, REMEMBERED);
    if let Some(names) = asked.get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, names.clone());
    }
    response
}

fn stranger(asked: &HeaderMap) -> Failure {
    let origin = asked.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    let shown: String = origin.unwrap_or_default().chars().take(SHOWN_ORIGIN).collect();
    Failure::malformed(format!(
        "Pages of the origin '{shown}' may not call this service. \
         Its operator can name the origin in ROSTER_CORS_ORIGINS."
    ))
}
