//! Passwords between the request and the database: drawn and hashed before any transaction.

use crate::roster::Roster;
use crate::security::one_time::OneTimePassword;
use roster_domain::Result;
use roster_domain::users::{NewUser, Update};
use zeroize::Zeroizing;

/// The hash of a new user's password and, when it was generated, the password to show once.
pub struct Secret {
    /// For the database.
    pub hash: String,
    /// For the answer, once.
    pub generated: Option<Zeroizing<String>>,
}

/// Draws a one-time password (R54). Its 92 bits make a fast keyed hash enough until it is changed
/// at the first sign-in: there is no dictionary of it, and the key is not in the database.
///
/// # Errors
/// Internal, when the system has no randomness.
pub fn draw(roster: &Roster) -> Result<Secret> {
    let one_time = OneTimePassword::generate()?;
    let hash = roster.hasher.hash_one_time(&one_time)?.to_string();
    Ok(Secret { hash, generated: Some(Zeroizing::new(one_time.expose().to_owned())) })
}

/// The password of a new user: the given one, else a generated one (R53).
///
/// # Errors
/// 503 when too many passwords wait to be hashed.
pub async fn for_new_user(roster: &Roster, new: &NewUser) -> Result<Secret> {
    match &new.password {
        Some(password) if new.changes.violations.is_empty() => {
            Ok(Secret { hash: chosen(roster, password).await?, generated: None })
        }
        // The request is refused anyway; its password is not worth the time.
        Some(_) => Ok(Secret { hash: String::new(), generated: None }),
        None => draw(roster),
    }
}

/// The hash of the new password that an update carries.
///
/// # Errors
/// 503 when too many passwords wait to be hashed.
pub async fn for_update(roster: &Roster, update: &Update) -> Result<Option<String>> {
    match &update.password {
        Some(password) if update.changes.violations.is_empty() => {
            chosen(roster, password).await.map(Some)
        }
        _ => Ok(None),
    }
}

/// The hash of a chosen password.
///
/// # Errors
/// 503 when too many passwords wait to be hashed.
pub async fn chosen(roster: &Roster, password: &str) -> Result<String> {
    let hash = roster.hashes.hash(Zeroizing::new(password.to_owned())).await?;
    Ok(hash.to_string())
}
