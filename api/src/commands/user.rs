//! `roster user`

use super::{CommandError, print, settings};
use crate::cli::ResetPasswordArgs;
use crate::config::Config;
use crate::oauth::sign_in::unlock;
use crate::roster::Roster;
use crate::security::one_time::OneTimePassword;
use crate::start;
use actix_web::rt::System;
use roster_domain::ports::WriteTx;
use roster_domain::{Error, Result, credentials};
use roster_persistence::Store;
use std::sync::Arc;

/// Gives a user a one-time password in the database and prints it, once: for operators, where no
/// administrator can sign in.
///
/// # Errors
/// When the settings have mistakes, nobody has the name or the database fails.
pub fn reset_password(config: &Config, args: &ResetPasswordArgs) -> Result<(), CommandError> {
    let settings = settings(config)?;
    let password = System::new().block_on(async {
        Store::migrate(&start::database_url(&settings)?)?;
        let url = settings.public_url(settings.listen);
        let roster = start::open(&settings, url, Arc::new(start::SystemClock)).await?;
        let password = reset(&roster, &args.name).await;
        roster.store.close();
        password
    })?;
    let (password, days) = (password.expose(), settings.one_time_password_days);
    print(&format!(
        "The one-time password of {} is {password}\nIt is shown once and must be changed within \
         {days} days.\n",
        args.name
    ))
}

/// The new password. Wrong tries at the account are forgotten (R66).
async fn reset(roster: &Roster, name: &str) -> Result<OneTimePassword> {
    let asked = name.to_owned();
    let found = roster.read(move |tx| credentials::find(tx, &asked)).await?;
    let account = found.ok_or_else(|| {
        let message = format!(
            "Nobody signs in as '{name}'. Give the user principal name of a user who is not deleted."
        );
        Error { message: message.into(), ..Error::not_found(name) }
    })?;
    let password = OneTimePassword::generate()?;
    let hash = roster.hasher.hash_one_time(&password)?.to_string();
    let id = account.user.id;
    let work = move |tx: &mut dyn WriteTx| credentials::reset(tx, id, &hash);
    roster.write_without_grant(account.tenant, work).await?;
    unlock(roster, name).await?;
    Ok(password)
}
