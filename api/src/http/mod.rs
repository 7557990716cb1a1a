//! Carries bytes to the handlers and every refusal back in one envelope.
//!
//! A request passes [`edge`], which gives it its id ([`context`]), rewrites its path to the
//! canonical spelling ([`routes`]), catches panics, and on the way back turns every error, also
//! the framework's own, into the envelope ([`envelope`]), adds the common headers, logs one line
//! and observes the duration ([`metrics`]). What the HTTP parser cannot read never becomes a
//! request; the connection asks the edge for the answer to it ([`edge::Edge::unread`]).
//!
//! What a handler uses:
//! * arguments: [`JsonBody`], [`FormBody`], [`Upload`], [`QueryOptions`], [`IfMatch`],
//!   [`IfNoneMatch`], [`WantsCsv`], [`Context`];
//! * result: `Result<HttpResponse, Failure>`; `?` turns a [`roster_domain::Error`] into a
//!   [`Failure`]. An error body that a handler writes itself has to be JSON, or it is replaced;
//! * [`Caller`], put into the request's extensions by the authentication, names tenant and actor
//!   in the log.

pub mod accept;
pub mod address;
pub mod body;
pub mod conditional;
pub mod context;
pub mod cors;
pub mod docs;
pub mod edge;
pub mod envelope;
pub mod error;
pub mod form;
pub mod heads;
pub mod health;
pub mod json;
pub mod language;
pub mod log;
pub mod metrics;
pub mod pairs;
pub mod query;
mod raw;
pub mod routes;
mod segment;
mod services;
#[cfg(test)]
mod tests;
pub mod upload;

pub use accept::WantsCsv;
pub use conditional::{IfMatch, IfNoneMatch};
pub use context::{Caller, Context};
pub use error::Failure;
pub use form::FormBody;
pub use json::{JsonBody, OptionalJsonBody};
pub use query::QueryOptions;
pub use services::Services;
pub use upload::Upload;
