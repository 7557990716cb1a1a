//! Changing one's own password, with the current one as proof.

use super::Credential;
use crate::authz::Scope;
use crate::changes::Change as Record;
use crate::error::{Error, Result, Violation};
use crate::id::TenantId;
use crate::members::Members;
use crate::passwords;
use crate::ports::{ReadTx, WriteTx};
use crate::users::{User, UserId};
use crate::value::Value;

/// The property that carries the new password.
const NEW: &str = "newPassword";

/// A request to change a password.
#[derive(Clone)]
pub struct Change {
    /// Whose.
    pub user_principal_name: String,
    /// The password now.
    pub current: String,
    /// The password from now on.
    pub new: String,
}

impl Change {
    /// Reads `{userPrincipalName, currentPassword, newPassword}`.
    ///
    /// # Errors
    /// 400 with every offending property.
    pub fn read(body: &Value<'static>) -> Result<Self> {
        let known = ["userPrincipalName", "currentPassword", NEW];
        let mut members = Members::of(body, &known, "a change of password")?;
        let [name, current, new] = known.map(|name| members.text(name).map(str::to_owned));
        members.made(name.zip(current).zip(new).map(|((user_principal_name, current), new)| Self {
            user_principal_name,
            current,
            new,
        }))
    }

    /// Judges the new password (R60, R64, R67) for its owner.
    ///
    /// # Errors
    /// 400 with everything that speaks against it.
    pub fn judge(&self, tx: &mut dyn ReadTx, tenant: TenantId, user: &User) -> Result<()> {
        let mut violations = passwords::judge(tx, tenant, user, NEW, &self.new)?;
        if self.new == self.current {
            let message = format!("'{NEW}' must differ from the current password.");
            violations.push(Violation::coded("PasswordPolicy", NEW, message));
        }
        if violations.is_empty() { Ok(()) } else { Err(Error::violations(violations)) }
    }
}

/// Stores a new password that its owner chose; all other sessions end.
///
/// # Errors
/// 409 when the password was changed since the current one was proved: `epoch` tells.
pub fn change(tx: &mut dyn WriteTx, id: UserId, epoch: i64, hash: &str) -> Result<()> {
    let tenant = tx.tenant();
    let user = tx.user(&Scope::of_service(tenant), id)?;
    let credential = tx.credential(tenant, id)?.filter(|credential| credential.epoch == epoch);
    let (Some(mut user), Some(_)) = (user, credential) else {
        return Err(Error::conflict(
            "PasswordChanged",
            "The password was changed meanwhile. Sign in with the new one.",
        ));
    };
    user.last_password_change = Some(tx.now());
    user.sign_in_sessions_valid_from = Some(tx.now());
    user.version = user.version.saturating_add(1);
    tx.update_user(&user)?;
    let credential = Credential::chosen(hash, tx.now(), epoch.saturating_add(1));
    tx.put_credential(id, &credential)?;
    tx.record(Record {
        actor: Some(id.uuid()),
        actor_kind: "user",
        ..Record::by_system("users.changePassword", "user", id, Value::Object(vec![]))
    })
}
