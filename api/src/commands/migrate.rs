//! `roster migrate`

use super::{CommandError, print, settings};
use crate::config::Config;
use crate::start;
use roster_persistence::Store;

/// Brings the database to the current schema.
///
/// # Errors
/// When the settings have mistakes or the database cannot be migrated.
pub fn run(config: &Config) -> Result<(), CommandError> {
    let settings = settings(config)?;
    let versions = Store::migrate(&start::database_url(&settings)?)?;
    print(&match versions.as_slice() {
        [] => "The schema is up to date.\n".to_owned(),
        some => format!("Ran the migrations {}.\n", some.join(", ")),
    })
}
