//! Resetting a password as the operator, who needs no right in an organisation.

use super::Credential;
use crate::authz::Scope;
use crate::changes::{self, Change};
use crate::error::{Error, Result};
use crate::ports::WriteTx;
use crate::users::UserId;

/// Gives a user of the organisation whose lock is held a one-time password; all sessions end (S28).
/// For operators: where no administrator can sign in any more, nobody else can help.
///
/// # Errors
/// 404 when the user was deleted meanwhile.
pub fn reset(tx: &mut dyn WriteTx, id: UserId, hash: &str) -> Result<()> {
    let tenant = tx.tenant();
    let found = tx.user(&Scope::of_service(tenant), id)?;
    let before = found.ok_or_else(|| Error::not_found(&id.to_string()))?;
    let mut user = before.clone();
    user.last_password_change = Some(tx.now());
    user.sign_in_sessions_valid_from = Some(tx.now());
    user.version = user.version.saturating_add(1);
    tx.update_user(&user)?;
    let epoch = tx.credential(tenant, id)?.map_or(0, |credential| credential.epoch);
    tx.put_credential(id, &Credential::given(hash, true, tx.now(), epoch.saturating_add(1)))?;
    let details = changes::changed(&before, &user);
    tx.record(Change::by_system("users.resetPassword", "user", id, details))
}
