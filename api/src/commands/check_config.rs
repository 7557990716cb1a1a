//! `roster check-config`

use super::{CommandError, print, settings};
use crate::config::Config;

/// Checks the settings; prints what they mean, without any secret.
///
/// # Errors
/// Every mistake in the settings.
pub fn run(config: &Config) -> Result<(), CommandError> {
    let settings = settings(config)?;
    let database = if settings.is_postgres() { "PostgreSQL" } else { "SQLite" };
    print(&format!(
        "The settings are sound.\nlisten: {}\npublic URL: {}\ndatabase: {database}\n",
        settings.listen,
        settings.public_url(settings.listen),
    ))
}
