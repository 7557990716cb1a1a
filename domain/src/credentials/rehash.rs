//! Hashing a password anew without changing it.

use super::Credential;
use crate::error::Result;
use crate::ports::WriteTx;
use crate::users::UserId;

/// Stores a stronger hash of a password that was found right against `before`, unless it was changed
/// meanwhile. The password and its age stay, so nothing is recorded and no session ends.
///
/// # Errors
/// When the database fails.
pub fn rehash(tx: &mut dyn WriteTx, id: UserId, before: &str, hash: &str) -> Result<()> {
    let tenant = tx.tenant();
    match tx.credential(tenant, id)?.filter(|credential| credential.hash == before) {
        Some(credential) => {
            tx.put_credential(id, &Credential { hash: hash.to_owned(), ..credential })
        }
        None => Ok(()),
    }
}
