//! How each kind of setting is read.

use super::SecretText;
use super::problem::Wrong;
use crate::security::master_key::MasterKey;
use actix_web::http::Uri;
use ipnet::IpNet;
use roster_domain::organisations;
use std::io::IsTerminal as _;
use std::net::{IpAddr, SocketAddr};
use tracing_subscriber::EnvFilter;
use uuid::Uuid;

/// Most worker threads.
const MAX_WORKERS: usize = 512;
/// Longest life of a one-time password, in days: that of other passwords (R62).
const MAX_DAYS: i64 = 730;
/// Longest name of an organisation, in characters.
const MAX_ORGANISATION: usize = 256;
/// Shortest secret of the first API client, in characters.
const MIN_SECRET: usize = 8;

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object per line.
    Json,
    /// For people.
    Text,
}

impl Default for LogFormat {
    fn default() -> Self {
        if std::io::stderr().is_terminal() { Self::Text } else { Self::Json }
    }
}

fn quoted(text: &str) -> String {
    let shown: String = text.chars().take(60).collect();
    format!("'{shown}'")
}

pub(super) fn address(text: &str) -> Result<SocketAddr, Wrong> {
    text.parse().map_err(|_| {
        (
            format!("{} is not an IP address with a port.", quoted(text)),
            "Give one such as 127.0.0.1:8080 or [::]:8080.",
        )
    })
}

pub(super) fn boolean(text: &str) -> Result<bool, Wrong> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Ok(true),
        "false" | "0" | "no" | "off" => Ok(false),
        _ => Err((format!("{} is neither true nor false.", quoted(text)), "Give true or false.")),
    }
}

/// The value may hold a password, so no mistake repeats it.
pub(super) fn database_url(text: &str) -> Result<SecretText, Wrong> {
    let problem = match text.split_once("://") {
        _ if text == "sqlite::memory:" => None,
        Some(("sqlite", "")) => Some("the path of the database file is missing."),
        Some(("sqlite", path)) => path
            .contains(['?', '#'])
            .then_some("the path of the database file is followed by parameters."),
        Some(("postgres" | "postgresql", rest)) => {
            rest.is_empty().then_some("the server of the database is missing.")
        }
        _ => Some("the address of the database has neither scheme."),
    };
    let remedy = "Give sqlite://PATH or postgres://USER:PASSWORD@HOST:PORT/NAME.";
    problem.map_or_else(|| Ok(SecretText::new(text)), |problem| Err((problem.into(), remedy)))
}

/// An origin: scheme, host and perhaps port, without a trailing slash.
pub(super) fn origin(text: &str) -> Result<String, Wrong> {
    let trimmed = text.trim_end_matches('/');
    let sound = trimmed.parse::<Uri>().is_ok_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.host().is_some_and(|host| !host.is_empty())
            && uri.path_and_query().is_none_or(|rest| rest.as_str() == "/")
            && !trimmed.contains(['@', '?', '#'])
    });
    if sound {
        return Ok(trimmed.to_owned());
    }
    Err((
        format!("{} is not an origin.", quoted(text)),
        "Give scheme, host and port only, such as https://directory.example.org.",
    ))
}

pub(super) fn organisation(text: &str) -> Result<String, Wrong> {
    if text.chars().count() > MAX_ORGANISATION || text.chars().any(char::is_control) {
        let problem = "the name is too long or has control characters.";
        return Err((problem.into(), "Give at most 256 printable characters."));
    }
    Ok(text.to_owned())
}

pub(super) fn domain(text: &str) -> Result<String, Wrong> {
    organisations::initial_domain(text).map_err(|wrong| {
        let example = "Users have names in it; give one such as contoso.onroster.example.";
        (format!("{} {wrong}", quoted(text)), example)
    })
}

pub(super) fn client_id(text: &str) -> Result<Uuid, Wrong> {
    Uuid::try_parse(text).map_err(|_| {
        let example = "Give one such as 0192f0c1-2b3d-7c4e-8f5a-6b7c8d9e0f10.";
        (format!("{} is not a GUID.", quoted(text)), example)
    })
}

pub(super) fn client_secret(text: &str) -> Result<SecretText, Wrong> {
    if text.len() < MIN_SECRET || !text.bytes().all(|b| b.is_ascii_graphic()) {
        let problem = "the secret is shorter than 8 characters or not printable ASCII.";
        return Err((problem.into(), "Make one with `openssl rand -hex 32`."));
    }
    Ok(SecretText::new(text))
}

pub(super) fn master_key(text: &str) -> Result<MasterKey, Wrong> {
    MasterKey::from_text(text).map_err(|_| {
        let problem = "the key is not 32 bytes in base64 or hexadecimal.";
        (problem.into(), "Make one with `openssl rand -base64 32`.")
    })
}

pub(super) fn network(text: &str) -> Result<IpNet, Wrong> {
    text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from)).map_err(|_| {
        (
            format!("{} is neither an IP address nor a network.", quoted(text)),
            "Give one such as 10.0.0.0/8.",
        )
    })
}

pub(super) fn log_filter(text: &str) -> Result<String, Wrong> {
    EnvFilter::try_new(text).map(|_| text.to_owned()).map_err(|_| {
        let problem = format!("{} is not a log filter.", quoted(text));
        (problem, "Give one such as info or warn,roster_api=debug.")
    })
}

pub(super) fn log_format(text: &str) -> Result<LogFormat, Wrong> {
    match text.to_ascii_lowercase().as_str() {
        "json" => Ok(LogFormat::Json),
        "text" => Ok(LogFormat::Text),
        _ => Err((format!("{} is not a log format.", quoted(text)), "Give json or text.")),
    }
}

pub(super) fn days(text: &str) -> Result<i64, Wrong> {
    text.parse().ok().filter(|days| (1..=MAX_DAYS).contains(days)).ok_or_else(|| {
        (format!("{} is not a number of days.", quoted(text)), "Give a number from 1 to 730.")
    })
}

pub(super) fn entries(text: &str) -> Result<usize, Wrong> {
    text.parse().map_err(|_| (format!("{} is no number.", quoted(text)), "Give a whole number."))
}

pub(super) fn workers(text: &str) -> Result<usize, Wrong> {
    text.parse().ok().filter(|count| (1..=MAX_WORKERS).contains(count)).ok_or_else(|| {
        (format!("{} is not a number of threads.", quoted(text)), "Give a number from 1 to 512.")
    })
}
