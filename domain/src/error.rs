//! The one error type of the service: transport-free, with everything a client is told.

use crate::authz::{Permission, RoleSet};
use crate::language::Words;
use crate::limits::MAX_DETAILS;
use std::borrow::Cow;

/// Result of anything that can be refused.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What kind of refusal an [`Error`] is; the HTTP layer maps each kind to one status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The request is malformed or breaks a rule about its own content.
    Invalid,
    /// A query option is well formed but not served.
    UnsupportedQuery,
    /// No valid credentials.
    Unauthenticated,
    /// Valid credentials without the right that is needed.
    Forbidden,
    /// The object does not exist or is invisible to the caller.
    NotFound,
    /// A valid request that the current state refuses.
    Conflict,
    /// `If-Match` names another version.
    PreconditionFailed,
    /// An idempotency key was used with another payload.
    Unprocessable,
    /// Too many attempts.
    TooManyRequests,
    /// The database could not do the work now; nothing was changed.
    Unavailable,
    /// The transaction lost a race and may run again. Never leaves the writer.
    Retry,
    /// A fault of ours.
    Internal,
}

/// One offending property of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Stable machine-readable code, e.g. `ObjectConflict`.
    pub code: &'static str,
    /// Property the violation is about, as a path: `passwordProfile/password`.
    pub target: String,
    /// What is wrong and how to mend it. Never repeats a secret.
    pub message: String,
}

impl Violation {
    /// A violation with the general code `InvalidValue`.
    pub fn new(target: impl Into<String>, message: impl Into<String>) -> Self {
        Self::coded("InvalidValue", target, message)
    }

    /// A violation with a code of its own.
    pub fn coded(
        code: &'static str,
        target: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self { code, target: target.into(), message: message.into() }
    }
}

/// Why a right was missing: what a 403 explains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The permission that was needed.
    pub permission: Permission,
    /// The limit that applied, if the caller holds the permission with a limit.
    pub limit: Option<Words>,
    /// The roles of which each alone would be enough.
    pub granting_roles: RoleSet,
    /// The object the caller wanted to act on, if the refusal is about it.
    pub target: Option<String>,
}

/// A refusal or a fault. It has no `Display`: what a client may read is in [`Error::message`],
/// what only operators may read is in [`Error::internal`].
#[derive(Clone, Debug)]
pub struct Error {
    /// Kind of the refusal.
    pub kind: Kind,
    /// Stable code of the wire dialect, e.g. `Request_BadRequest`.
    pub code: &'static str,
    /// Text for the developer who reads the answer.
    pub message: Cow<'static, str>,
    /// The one property the error is about, if it is about one.
    pub target: Option<String>,
    /// All offending properties.
    pub violations: Vec<Violation>,
    /// Explanation of a missing right.
    pub refusal: Option<Box<Refusal>>,
    /// Seconds after which trying again makes sense.
    pub retry_after: Option<u32>,
    /// Detail for logs only.
    pub internal: Option<Box<str>>,
}

impl Error {
    /// An error of a kind with its public code and text.
    pub fn new(kind: Kind, code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            kind,
            code,
            message: message.into(),
            target: None,
            violations: Vec::new(),
            refusal: None,
            retry_after: None,
            internal: None,
        }
    }

    /// 400: the request breaks a rule about its own content.
    pub fn invalid(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Invalid, "Request_BadRequest", message)
    }

    /// 400: one property is wrong.
    pub fn invalid_property(target: impl Into<String>, message: impl Into<String>) -> Self {
        Self::violations(vec![Violation::new(target, message)])
    }

    /// 400: all offending properties at once, up to [`MAX_DETAILS`]. The list must not be empty.
    pub fn violations(mut violations: Vec<Violation>) -> Self {
        let (message, target) = match violations.as_slice() {
            [only] => (only.message.clone(), Some(only.target.clone())),
            many if many.len() <= MAX_DETAILS => {
                (format!("The request has {} problems; see details.", many.len()), None)
            }
            many => {
                let message = format!(
                    "The request has {} problems; details tell the first {MAX_DETAILS}.",
                    many.len()
                );
                (message, None)
            }
        };
        violations.truncate(MAX_DETAILS);
        Self { target, violations, ..Self::invalid(message) }
    }

    /// One refusal that says what both say. One that is no 400, such as a missing right, is told
    /// alone.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let is_bad = |error: &Self| matches!(error.kind, Kind::Invalid | Kind::UnsupportedQuery);
        if !is_bad(&self) {
            return self;
        }
        if !is_bad(&other) {
            return other;
        }
        let mut violations = self.into_violations();
        violations.extend(other.into_violations());
        Self::violations(violations)
    }

    fn into_violations(self) -> Vec<Violation> {
        if !self.violations.is_empty() {
            return self.violations;
        }
        vec![Violation::new(self.target.unwrap_or_default(), self.message)]
    }

    /// 400: a query option that is not served.
    pub fn unsupported_query(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::UnsupportedQuery, "Request_UnsupportedQuery", message)
    }

    /// 401: no valid credentials.
    pub fn unauthenticated(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Unauthenticated, "InvalidAuthenticationToken", message)
    }

    /// 403 with its explanation.
    pub fn forbidden(refusal: Refusal) -> Self {
        Self {
            refusal: Some(Box::new(refusal)),
            ..Self::new(
                Kind::Forbidden,
                "Authorization_RequestDenied",
                "Insufficient privileges to complete the operation.",
            )
        }
    }

    /// 404 for an object that does not exist or is invisible.
    pub fn not_found(what: &str) -> Self {
        Self::new(
            Kind::NotFound,
            "Request_ResourceNotFound",
            format!(
                "Resource '{what}' does not exist or one of its queried reference-property \
                 objects are not present."
            ),
        )
    }

    /// 409: a valid request that the current state refuses.
    pub fn conflict(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Conflict, code, message)
    }

    /// 412: the object was changed since the caller read it.
    pub fn precondition_failed() -> Self {
        Self::new(
            Kind::PreconditionFailed,
            "Request_PreconditionFailed",
            "The object has another version than If-Match names. Read it again and repeat.",
        )
    }

    /// 503: nothing was changed; trying again after some seconds makes sense.
    pub fn unavailable(internal: impl Into<String>) -> Self {
        Self {
            retry_after: Some(1),
            internal: Some(internal.into().into()),
            ..Self::new(
                Kind::Unavailable,
                "serviceNotAvailable",
                "The service is busy or its database is unavailable. Nothing was changed; \
                 try again.",
            )
        }
    }

    /// The transaction lost a race and may run again.
    pub fn retry(internal: impl Into<String>) -> Self {
        Self { kind: Kind::Retry, ..Self::unavailable(internal) }
    }

    /// 500: a fault of ours. The text goes to the log, never to the client.
    pub fn internal(internal: impl Into<String>) -> Self {
        Self {
            internal: Some(internal.into().into()),
            ..Self::new(
                Kind::Internal,
                "generalException",
                "An internal error occurred. The request id identifies it in the log.",
            )
        }
    }

    /// The same error, about one property or object.
    #[must_use]
    pub fn at(mut self, target: impl Into<String>) -> Self {
        self.target = Some(target.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_bad_requests_are_one_and_a_missing_right_is_told_alone() {
        let unserved = || Error::unsupported_query("Not served.").at("$skip");
        let invalid = || Error::invalid_property("$top", "Too many.");
        let both = unserved().and(invalid());
        let targets: Vec<&str> = both.violations.iter().map(|each| each.target.as_str()).collect();
        assert_eq!((both.kind, targets), (Kind::Invalid, vec!["$skip", "$top"]));
        for missing in [invalid().and(Error::not_found("x")), Error::not_found("x").and(invalid())]
        {
            assert_eq!(missing.kind, Kind::NotFound);
            assert!(missing.violations.is_empty());
        }
    }
}
