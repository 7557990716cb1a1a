//! What a request is refused with, and the one mapping from kind to status.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use roster_domain::{Error, Kind, limits};
use std::fmt;

/// A refusal on its way to the client. It renders nothing itself: [`super::edge`] knows the
/// request and writes the envelope.
#[derive(Debug)]
pub struct Failure(Box<Parts>);

#[derive(Debug)]
struct Parts {
    status: StatusCode,
    error: Error,
    allow: Option<String>,
}

/// Text of every body that is not the JSON we read.
pub(super) const BAD_JSON: &str = "Unable to read JSON request payload. Please ensure \
    Content-Type header is set and payload is of valid JSON format.";

impl Failure {
    /// A refusal that only HTTP knows.
    pub fn http(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        let error = Error::new(Kind::Invalid, code, message.into());
        Self(Box::new(Parts { status, error, allow: None }))
    }

    /// 400: the request itself is malformed.
    pub fn malformed(message: impl Into<String>) -> Self {
        Self::http(StatusCode::BAD_REQUEST, "BadRequest", message)
    }

    /// 404: no resource has this path; the segment is the first that is unknown.
    pub fn unknown_path(segment: &str) -> Self {
        let shown: String = segment.chars().take(100).collect();
        let message = format!("Resource not found for the segment '{shown}'.");
        Self::http(StatusCode::NOT_FOUND, "ResourceNotFound", message)
    }

    /// 404: only paths below this one are served.
    pub(super) fn above() -> Self {
        let message = "Nothing is served at this path itself. What is served below it stands in \
                       /docs, and in /openapi.json.";
        Self::http(StatusCode::NOT_FOUND, "ResourceNotFound", message)
    }

    /// 404: the path is one of ours, but its parameters name nothing.
    pub(super) fn no_resource() -> Self {
        let message = "No resource has this address.";
        Self::http(StatusCode::NOT_FOUND, "ResourceNotFound", message)
    }

    /// 405 with the methods that the path has.
    pub fn method_not_allowed(allow: String) -> Self {
        let message = "Specified HTTP method is not allowed for the request target.";
        let mut failure = Self::http(StatusCode::METHOD_NOT_ALLOWED, "Request_BadRequest", message);
        failure.0.allow = Some(allow);
        failure
    }

    /// 408: the body came too slowly.
    pub fn timeout() -> Self {
        let message = "The request body did not arrive in time. Send it without pauses.";
        Self::http(StatusCode::REQUEST_TIMEOUT, "Request_Timeout", message)
    }

    /// 411: a body without its length.
    pub fn length_required() -> Self {
        let message = "A body is required, with Content-Length or Transfer-Encoding.";
        Self::http(StatusCode::LENGTH_REQUIRED, "Request_LengthRequired", message)
    }

    /// 413: the body is longer than `limit` bytes.
    pub fn too_large(limit: usize) -> Self {
        let message = format!("The request body is longer than {limit} bytes.");
        Self::http(StatusCode::PAYLOAD_TOO_LARGE, "Request_EntityTooLarge", message)
    }

    /// 415: the body has a type or encoding that is not read here.
    pub fn unsupported_media_type(message: impl Into<String>) -> Self {
        let code = "Request_UnsupportedMediaType";
        Self::http(StatusCode::UNSUPPORTED_MEDIA_TYPE, code, message)
    }

    /// What the HTTP parser refuses before there is a request, with the remedies that are likely.
    pub(super) fn unread(status: StatusCode) -> Self {
        match status {
            StatusCode::REQUEST_TIMEOUT => {
                let message = "The head of the request did not arrive in time. Send it at once.";
                Self::http(status, "Request_Timeout", message)
            }
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => {
                let message = "The head of the request is longer than 131072 bytes or has more than 96 \
                               headers.";
                Self::http(status, "BadRequest", message)
            }
            status => Self::http(
                status,
                "BadRequest",
                "The request is not HTTP that can be read. Percent-encode what an address may not \
                 hold: a blank is %20, a quotation mark %22, and every letter outside ASCII its \
                 UTF-8; an address has at most 65534 bytes. Send one Host and at most one \
                 Content-Length.",
            ),
        }
    }

    /// An error that the framework made, known by its status alone.
    pub(super) fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::PAYLOAD_TOO_LARGE => Self::too_large(limits::MAX_BODY),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => {
                Self::unsupported_media_type("The media type of the body is not read here.")
            }
            StatusCode::REQUEST_TIMEOUT => Self::timeout(),
            status if status.is_client_error() => {
                Self::http(status, "BadRequest", "The request is malformed.")
            }
            _ => Error::internal("the framework answered with a server error").into(),
        }
    }

    /// Status of the answer.
    pub const fn status(&self) -> StatusCode {
        self.0.status
    }

    /// What is told, and what is only logged.
    pub const fn error(&self) -> &Error {
        &self.0.error
    }

    /// Methods of the path, for a 405.
    pub(super) fn allow(&self) -> Option<&str> {
        self.0.allow.as_deref()
    }

    /// Whether the connection has to be closed, because the rest of the body is not wanted.
    pub(super) fn closes(&self) -> bool {
        matches!(self.0.status, StatusCode::REQUEST_TIMEOUT | StatusCode::PAYLOAD_TOO_LARGE)
    }
}

/// The status of each kind of refusal.
#[deny(clippy::wildcard_enum_match_arm)]
const fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::Invalid | Kind::UnsupportedQuery => StatusCode::BAD_REQUEST,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
        Kind::Unprocessable => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
        Kind::Unavailable | Kind::Retry => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self(Box::new(Parts { status: status(error.kind), error, allow: None }))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0.status.as_u16(), self.0.error.code)
    }
}

impl ResponseError for Failure {
    fn status_code(&self) -> StatusCode {
        self.0.status
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.0.status)
    }
}
