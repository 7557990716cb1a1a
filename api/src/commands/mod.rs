//! What the command line can do; one module per command.

pub mod check_config;
pub mod domain;
pub mod import;
pub mod migrate;
pub mod openapi;
pub mod organisation;
pub mod serve;
pub mod user;

use crate::config::{Checked, Config, Problem};
use roster_domain::Error;
use roster_domain::domains::DomainReads as _;
use roster_domain::id::TenantId;
use roster_persistence::Store;
use std::io::{self, Write as _};

/// Why a command failed; its text is for the operator.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The settings have mistakes.
    #[error("{}", lines(.0))]
    Settings(Vec<Problem>),
    /// Something outside the process failed.
    #[error("{0}: {1}")]
    Io(String, #[source] io::Error),
    /// Anything else.
    #[error("{0}")]
    Failed(String),
}

impl From<Error> for CommandError {
    /// Operators read what clients do not.
    fn from(error: Error) -> Self {
        Self::Failed(error.internal.map_or(error.message.into_owned(), String::from))
    }
}

fn lines(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// The settings, or every mistake in them.
fn settings(config: &Config) -> Result<Checked, CommandError> {
    config.check().map_err(CommandError::Settings)
}

/// The organisation that has a domain; without one, that of the settings.
///
/// # Errors
/// 404 when no organisation has it; when the database fails.
async fn organisation(
    store: &Store,
    settings: &Checked,
    domain: Option<&str>,
) -> roster_domain::Result<TenantId> {
    let domain = domain.unwrap_or(&settings.initial_domain).to_ascii_lowercase();
    let asked = domain.clone();
    let found = store.read(move |session| session.tenant_of_domain(&asked)).await?;
    found.ok_or_else(|| {
        let message = format!(
            "No organisation has the verified domain '{domain}'. Start the server once first, which \
             founds the organisation of ROSTER_INITIAL_DOMAIN, or name another with --organisation."
        );
        Error { message: message.into(), ..Error::not_found(&domain) }.at("organisation")
    })
}

/// Writes to standard output, where the results of commands go.
fn print(text: &str) -> Result<(), CommandError> {
    let written = io::stdout().lock().write_all(text.as_bytes());
    written.map_err(|error| CommandError::Io("standard output".to_owned(), error))
}

/// Writes a line to standard error.
pub(crate) fn complain(text: &str) {
    // Nobody is left to tell when standard error itself is closed.
    let _ = writeln!(io::stderr().lock(), "{text}");
}
