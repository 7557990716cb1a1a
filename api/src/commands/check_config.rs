//! `roster check-config`

use super::{CommandError, complain, print, settings};
use crate::config::Config;

/// Checks the settings; prints what they mean, without any secret. A warning about variables that
/// nothing reads comes first.
///
/// # Errors
/// Every mistake in the settings.
pub fn run(config: &Config, warning: Option<String>) -> Result<(), CommandError> {
    if let Some(warning) = warning {
        complain(&warning);
    }
    let settings = settings(config)?;
    let database = if settings.is_postgres() { "PostgreSQL" } else { "SQLite" };
    print(&format!(
        "The settings are sound.\nlisten: {}\npublic URL: {}\ndatabase: {database}\n",
        settings.listen,
        settings.public_url(settings.listen),
    ))
}
