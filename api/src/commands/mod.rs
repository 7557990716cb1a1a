//! What the command line can do; one module per command.

pub mod check_config;
pub mod domain;
pub mod import;
pub mod migrate;
pub mod openapi;
pub mod organisation;
pub mod serve;

use crate::config::{Checked, Config, Problem};
use std::io::{self, Write as _};
use thiserror::Error;

/// Why a command failed; its text is for the operator.
#[derive(Debug, Error)]
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

impl From<roster_domain::Error> for CommandError {
    /// Operators read what clients do not.
    fn from(error: roster_domain::Error) -> Self {
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
