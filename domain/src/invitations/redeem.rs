//! Accepting an invitation.

use super::ACCEPTED;
use crate::authz::Scope;
use crate::changes::{self, Change};
use crate::credentials::Credential;
use crate::error::{Error, Result};
use crate::id::TenantId;
use crate::members::Members;
use crate::passwords;
use crate::ports::WriteTx;
use crate::users::{User, UserId};
use crate::value::Value;

/// What a guest's page sends: `{invitationToken, password}`.
#[derive(Clone)]
pub struct Redemption {
    /// The proof.
    pub token: String,
    /// The password that the guest signs in with from now on; without one an administrator sets it.
    pub password: Option<String>,
}

impl Redemption {
    /// Reads a body.
    ///
    /// # Errors
    /// 400 with every offending property.
    pub fn read(body: &Value<'static>) -> Result<Self> {
        let known = ["invitationToken", "password"];
        let mut members = Members::of(body, &known, "an acceptance")?;
        let token = members.text("invitationToken").map(str::to_owned);
        let password = members.optional_text("password").map(str::to_owned);
        members.made(token.map(|token| Self { token, password }))
    }
}

/// Accepts an invitation whose token was proved. `password_hash` goes with the password that the
/// guest chose.
///
/// # Errors
/// 400 for a password that the policy refuses; 409 when it was accepted before, or the guest was
/// deleted or blocked.
pub fn redeem(
    tx: &mut dyn WriteTx,
    guest: UserId,
    redemption: &Redemption,
    password_hash: Option<&str>,
) -> Result<User> {
    let tenant: TenantId = tx.tenant();
    let found = tx.user(&Scope::of_service(tenant), guest)?;
    let pending = found.filter(|user| user.account_enabled && user.is_pending());
    let Some(before) = pending else {
        return Err(Error::conflict(
            "InvitationUnavailable",
            "The invitation was accepted already, or withdrawn. Ask for a new one.",
        ));
    };
    let mut user = before.clone();
    user.external_user_state = Some(ACCEPTED.to_owned());
    user.version = user.version.saturating_add(1);
    if let (Some(password), Some(hash)) = (&redemption.password, password_hash) {
        let wrong = passwords::judge(tx, tenant, &user, "password", password)?;
        if !wrong.is_empty() {
            return Err(Error::violations(wrong));
        }
        user.last_password_change = Some(tx.now());
        let epoch = tx.credential(tenant, guest)?.map_or(0, |credential| credential.epoch);
        let credential = Credential::chosen(hash, tx.now(), epoch.saturating_add(1));
        tx.put_credential(guest, &credential)?;
    }
    tx.update_user(&user)?;
    tx.record(Change {
        actor: Some(guest.uuid()),
        actor_kind: "user",
        ..Change::by_system("invitations.redeem", "user", guest, changes::changed(&before, &user))
    })?;
    Ok(user)
}
