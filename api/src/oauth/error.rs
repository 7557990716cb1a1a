//! Errors of the token endpoint (RFC 6749 §5.2).

use crate::http::Failure;
use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use roster_domain::{Error, Kind};
use serde::Serialize;
use utoipa::ToSchema;

/// Why no token is issued.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = oauthError)]
pub struct OAuthError {
    /// Code of RFC 6749.
    pub error: &'static str,
    /// Text for developers.
    pub error_description: String,
    /// Whether the client used HTTP Basic, which a 401 then repeats.
    #[serde(skip)]
    pub basic: bool,
}

impl OAuthError {
    /// An error with its code and text, which may repeat names that were sent: what RFC 6749 does
    /// not allow in a description is written as `?`.
    pub fn new(error: &'static str, description: impl Into<String>) -> Self {
        let description: String = description.into();
        let allowed = |c: char| matches!(c, ' '..='~') && !matches!(c, '"' | '\\');
        let written = description.chars().map(|c| if allowed(c) { c } else { '?' });
        Self { error, error_description: written.collect(), basic: false }
    }

    /// A name, password, state of account or lock that does not let sign in: all the same, so
    /// that nobody learns which accounts exist.
    pub fn invalid_grant() -> Self {
        Self::new("invalid_grant", "The user name or password is wrong, or sign-in is not allowed.")
    }

    /// The right password, but one for a change that came too late (S28).
    pub fn expired() -> Self {
        let description = "The one-time password has expired. Ask an administrator to reset it.";
        Self::new("invalid_grant", description)
    }

    /// The client did not prove who it is.
    pub fn invalid_client(basic: bool) -> Self {
        let description = "The client is unknown or its secret is wrong.";
        Self { basic, ..Self::new("invalid_client", description) }
    }

    /// The answer.
    pub fn respond(&self) -> HttpResponse {
        let status = if self.error == "invalid_client" {
            StatusCode::UNAUTHORIZED
        } else {
            StatusCode::BAD_REQUEST
        };
        let mut response = HttpResponse::build(status);
        response.insert_header((header::CACHE_CONTROL, "no-store"));
        if status == StatusCode::UNAUTHORIZED && self.basic {
            response.insert_header((header::WWW_AUTHENTICATE, "Basic realm=\"roster\""));
        }
        response.json(self)
    }
}

/// How a request for a token fails: in the form of RFC 6749, or as the service does elsewhere
/// (503, 500).
pub enum TokenFailure {
    /// The client's doing.
    OAuth(OAuthError),
    /// Not the client's doing.
    Service(Failure),
}

impl From<OAuthError> for TokenFailure {
    fn from(error: OAuthError) -> Self {
        Self::OAuth(error)
    }
}

impl From<Failure> for TokenFailure {
    fn from(failure: Failure) -> Self {
        if failure.status().is_client_error() && failure.error().kind == Kind::Invalid {
            let text = failure.error().message.clone().into_owned();
            return Self::OAuth(OAuthError::new("invalid_request", text));
        }
        Self::Service(failure)
    }
}

impl From<Error> for TokenFailure {
    fn from(error: Error) -> Self {
        Failure::from(error).into()
    }
}
