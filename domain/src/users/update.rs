//! Changing a user.

use super::create::both_spellings_agree;
use super::{Found, User, guard_last_global_administrator, mailbox, resolve};
use crate::addresses::HolderKind;
use crate::authz::{Grant, Role, RoleSet, Touched, rights};
use crate::changes::{self, Change};
use crate::credentials::Credential;
use crate::error::{Error, Result};
use crate::managers::bind::{self, Wish};
use crate::passwords;
use crate::ports::{ReadTx, WriteTx};
use crate::properties::{self, Changes};
use crate::value::Value;
use crate::warning::Warning;

/// What a PATCH asks to change.
#[derive(Clone)]
pub struct Update {
    /// Plain properties and violations.
    pub changes: Changes<User>,
    /// The manager; none to leave it as it is.
    pub manager: Option<Wish>,
    /// A new password (R68).
    pub password: Option<String>,
    /// Whether the next sign-in must change it.
    pub must_change_password: Option<bool>,
}

impl std::fmt::Debug for Update {
    /// Never shows the password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Update").field("changes", &self.changes).finish_non_exhaustive()
    }
}

impl Update {
    /// Reads a body; all violations that can be seen without the database are collected.
    pub fn read(body: Value<'static>) -> Self {
        let mut changes = Changes::read(body, &["passwordProfile", bind::BIND]);
        let manager = bind::take(&mut changes);
        let profile = passwords::Profile::take(&mut changes);
        both_spellings_agree(&mut changes);
        Self {
            changes,
            manager,
            password: profile.password,
            must_change_password: profile.must_change,
        }
    }

    fn resets_password(&self) -> bool {
        self.password.is_some() || self.must_change_password.is_some()
    }
}

/// A user just changed.
#[derive(Clone, Debug)]
pub struct Updated {
    /// The user now.
    pub user: User,
    /// What the caller should know although it worked.
    pub warnings: Vec<Warning>,
}

/// Changes a user. `password_hash` goes with a new password.
///
/// # Errors
/// 404; 403 when the target's sensitive properties are out of reach (R92); 400 with every
/// offending property; 409 for blocking the last global administrator (R93); 412 when `if_match`
/// names another version.
pub fn update(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::UpdateUsers>,
    key: &str,
    update: &Update,
    password_hash: Option<&str>,
    if_match: Option<&dyn Fn(i64) -> bool>,
) -> Result<Updated> {
    let scope = grant.scope();
    let Found { user: before, roles } = resolve(tx, &scope, key)?;
    let mut violations = update.changes.violations.clone();
    let mut user = before.clone();
    violations.extend(update.changes.apply(&mut user).err().unwrap_or_default());
    prove(grant, (&before, &user), roles, update)?;
    if if_match.is_some_and(|matches| !matches(before.version)) {
        return Err(Error::precondition_failed());
    }
    let addresses =
        mailbox::settle(tx, &scope, Some(&before), &mut user, &update.changes, &mut violations)?;
    let manager = (user.id.uuid(), before.manager);
    let wanted = (&update.changes, update.manager.as_ref());
    user.manager = bind::settle(tx, &scope, manager, wanted, &mut violations)?;
    if !roles.is_empty() && before.other_mails != user.other_mails {
        crate::roles::check_alternate_email(tx, &user, &mut violations)?;
    }
    if !roles.is_empty() && before.mobile_phone != user.mobile_phone {
        crate::roles::check_mobile(&user, &mut violations);
    }
    if let Some(password) = &update.password {
        let tenant = grant.tenant();
        violations.extend(passwords::judge(tx, tenant, &user, passwords::PASSWORD, password)?);
    }
    if !violations.is_empty() {
        return Err(Error::violations(violations));
    }
    if before.account_enabled && !user.account_enabled {
        let tenant = tx.tenant();
        guard_last_global_administrator(tx, tenant, &before, roles)?;
        end_sessions(tx, &mut user)?;
    }
    if update.resets_password() {
        set_password(tx, &mut user, update, password_hash)?;
    }
    let changed = properties::differences(&before, &user);
    let stays = changed.is_empty() && before.manager == user.manager;
    if stays && !update.resets_password() {
        return Ok(Updated { user: before, warnings: Vec::new() });
    }
    user.version = user.version.saturating_add(1);
    tx.update_user(&user)?;
    let held = ["userPrincipalName", "mail", "proxyAddresses"];
    if changed.iter().any(|p| held.contains(&p.name))
        || before.routing_address != user.routing_address
    {
        tx.hold_addresses(HolderKind::User, user.id.uuid(), &addresses)?;
    }
    let details = changes::changed(&before, &user);
    let details = bind::with_manager(details, (before.manager, user.manager));
    tx.record(Change::by(grant, "users.update", "user", user.id, details))?;
    let mut warnings = warnings(tx, &before, &user);
    if roles.contains(Role::Global) && !before.account_enabled && user.account_enabled {
        warnings.extend(crate::roles::crowd_warning(tx, &user)?);
    }
    Ok(Updated { user, warnings })
}

/// Whether the caller may change a user so. It changes nothing.
///
/// # Errors
/// 404; 403 with what this change of this user needs.
pub fn may_update(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ReadDirectory>,
    key: &str,
    update: &Update,
) -> Result<()> {
    let Found { user: before, roles } = resolve(tx, &grant.scope(), key)?;
    let mut user = before.clone();
    // What is wrong with the body is told to whoever may send it.
    update.changes.apply(&mut user).ok();
    prove(grant, (&before, &user), roles, update)
}

fn prove<P>(
    grant: &Grant<P>,
    (before, after): (&User, &User),
    roles: RoleSet,
    update: &Update,
) -> Result<()> {
    let touched = touched(before, after, update);
    grant.may_change_user(before.id.uuid(), roles, touched, &before.user_principal_name)
}

/// What a PATCH touches: the properties it names and the values it changes.
fn touched(before: &User, after: &User, update: &Update) -> Touched {
    let named = update.changes.properties();
    let changed = properties::differences(before, after).into_iter();
    let mail = named.filter(|p| p.name == "mail" || p.name == "proxyAddresses");
    let names_any = update.changes.properties().next().is_some() || update.manager.is_some();
    Touched {
        profile: names_any || !update.resets_password(),
        password: update.resets_password(),
        sensitive: changed.chain(mail).any(Touched::is_sensitive),
    }
}

/// Sessions from before a block stay ended after it (S31).
fn end_sessions(tx: &mut dyn WriteTx, user: &mut User) -> Result<()> {
    let tenant = tx.tenant();
    user.sign_in_sessions_valid_from = Some(tx.now());
    let Some(current) = tx.credential(tenant, user.id)? else { return Ok(()) };
    let epoch = current.epoch.saturating_add(1);
    tx.put_credential(user.id, &Credential { epoch, ..current })
}

fn set_password(
    tx: &mut dyn WriteTx,
    user: &mut User,
    update: &Update,
    password_hash: Option<&str>,
) -> Result<()> {
    let tenant = tx.tenant();
    let current = tx.credential(tenant, user.id)?;
    let epoch = current.as_ref().map_or(0, |credential| credential.epoch);
    let credential = match (password_hash, current) {
        (Some(hash), _) => {
            user.last_password_change = Some(tx.now());
            user.sign_in_sessions_valid_from = Some(tx.now());
            let must_change = update.must_change_password.unwrap_or(true);
            // A reset ends all sessions (S28).
            Credential::given(hash, must_change, tx.now(), epoch.saturating_add(1))
        }
        (None, Some(current)) => {
            let must_change = update.must_change_password.unwrap_or(current.must_change);
            Credential { must_change, one_time: current.one_time && must_change, ..current }
        }
        (None, None) => return Ok(()),
    };
    tx.put_credential(user.id, &credential)
}

fn warnings(tx: &mut dyn WriteTx, before: &User, after: &User) -> Vec<Warning> {
    if !before.account_enabled || after.account_enabled {
        return Vec::new();
    }
    // A16: at once for us; services that trust our tokens notice within their lifetime.
    let expected = tx.now().plus_seconds(3600);
    vec![Warning::new(
        "SignInBlocked",
        "accountEnabled",
        format!(
            "Sign-in is blocked at once in this service. Services that hold a token of this user \
             notice by {expected} at the latest."
        ),
    )]
}
