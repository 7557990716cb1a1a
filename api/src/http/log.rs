//! Structured logs: one line per request, never with a body, a query or a token.

use super::Failure;
use super::context::{Caller, Context};
use crate::config::LogFormat;
use actix_web::http::{Method, StatusCode};
use std::io::{self, IsTerminal as _};
use std::time::Duration;
use tracing::Dispatch;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// Starts logging to standard error. Only the first call counts, so that tests may start several
/// services in one process.
pub fn start(format: LogFormat, filter: &str) {
    // The only error is that logging has been started already.
    let _ = tracing::dispatcher::set_global_default(subscriber(format, filter, io::stderr));
}

/// Sends the place and text of every panic to the log. For a process that is a service; in tests
/// the words of a failed assertion belong to the test runner.
pub fn panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let text = panic.payload_as_str().unwrap_or("no text");
        tracing::error!(place, text, "panic");
    }));
}

fn subscriber<W>(format: LogFormat, filter: &str, writer: W) -> Dispatch
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines =
        tracing_subscriber::fmt().with_env_filter(EnvFilter::new(filter)).with_writer(writer);
    match format {
        LogFormat::Json => lines.json().flatten_event(true).finish().into(),
        LogFormat::Text => lines.with_ansi(io::stderr().is_terminal()).finish().into(),
    }
}

/// What is logged of one request.
pub(super) struct Line<'a> {
    pub(super) method: &'a Method,
    /// The documented path, never the path as sent.
    pub(super) template: &'a str,
    pub(super) status: StatusCode,
    pub(super) elapsed: Duration,
    pub(super) context: &'a Context,
    pub(super) caller: Option<Caller>,
}

/// The line of one request.
pub(super) fn request(line: &Line<'_>) {
    tracing::info!(
        target: "roster::request",
        method = line.method.as_str(),
        route = line.template,
        status = line.status.as_u16(),
        duration_ms = line.elapsed.as_secs_f64() * 1_000.0,
        tenant = line.caller.map(|caller| tracing::field::display(caller.tenant)),
        actor = line.caller.map(|caller| tracing::field::display(caller.actor)),
        client_address = line.context.address().map(tracing::field::display),
        request_id = line.context.request_id(),
        client_request_id = line.context.sent_request_id(),
        trace_id = line.context.trace_id(),
        "request"
    );
}

/// What only operators may read of a refusal.
pub(super) fn refusal(failure: &Failure, context: &Context) {
    let error = failure.error();
    let request_id = context.request_id();
    let internal = error.internal.as_deref();
    if failure.status() == StatusCode::SERVICE_UNAVAILABLE {
        tracing::warn!(request_id, internal, "unavailable");
    } else if failure.status().is_server_error() {
        tracing::error!(request_id, internal, "internal error");
    } else {
        tracing::debug!(request_id, code = error.code, internal, "refused");
    }
}

#[cfg(test)]
pub(super) fn start_into<W>(writer: W)
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = subscriber(LogFormat::Json, "info", writer);
    tracing::dispatcher::set_global_default(lines).unwrap();
}
