//! Signing in with a name and a password.

use super::Credential;
use crate::addresses::HolderKind;
use crate::addresses::syntax::key;
use crate::authz::{RoleSet, Scope};
use crate::domains::Domain;
use crate::error::Result;
use crate::id::TenantId;
use crate::ports::ReadTx;
use crate::time::Timestamp;
use crate::users::{User, UserId};

/// An account that may exist behind a user principal name.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its organisation.
    pub tenant: TenantId,
    /// The person.
    pub user: User,
    /// Its password; none for people who cannot sign in by password.
    pub credential: Option<Credential>,
    /// Its roles.
    pub roles: RoleSet,
    /// The domain of its name, which sets the validity of passwords (A33).
    pub domain: Domain,
}

/// What may be done after the right password was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Sign in.
    Good,
    /// Only change the password: it was set by somebody else or has expired (R62).
    MustChange,
    /// Nothing until an administrator resets the password: it was for one change, which came too
    /// late (S28).
    Expired,
    /// Nothing: sign-in is blocked.
    Blocked,
}

/// Finds the account of a user principal name. The name's domain tells the organisation.
///
/// # Errors
/// When the database fails.
pub fn find(tx: &mut dyn ReadTx, name: &str) -> Result<Option<Account>> {
    let name = key(name);
    let Some((_, domain)) = name.split_once('@') else { return Ok(None) };
    let Some(tenant) = tx.tenant_of_domain(domain)? else { return Ok(None) };
    let Some(domain) = tx.domain(tenant, domain)? else { return Ok(None) };
    let Some(user) = user_named(tx, tenant, &name)? else { return Ok(None) };
    let credential = tx.credential(tenant, user.id)?;
    let roles = tx.roles_of(tenant, user.id.uuid())?;
    Ok(Some(Account { tenant, user, credential, roles, domain }))
}

fn user_named(tx: &mut dyn ReadTx, tenant: TenantId, name: &str) -> Result<Option<User>> {
    let scope = Scope::of_service(tenant);
    let holder = tx.holder(tenant, name)?.filter(|holder| holder.kind == HolderKind::User);
    let Some(holder) = holder else { return Ok(None) };
    let user = tx.user(&scope, UserId::new(holder.id))?;
    // An alias is no sign-in name.
    Ok(user.filter(|user| key(&user.user_principal_name) == name))
}

/// How an account stands at a time, given the right password. A one-time password lives for so many
/// days.
pub fn standing(account: &Account, now: Timestamp, one_time_days: i64) -> Standing {
    let Some(credential) = &account.credential else { return Standing::Blocked };
    if !account.user.is_open() {
        return Standing::Blocked;
    }
    if credential.one_time && credential.changed.plus_days(one_time_days) <= now {
        return Standing::Expired;
    }
    let never_expires = account.user.has_password_policy("DisablePasswordExpiration");
    let expires = account
        .domain
        .password_validity_days
        .filter(|_| !never_expires)
        .map(|days| credential.changed.plus_days(i64::from(days)));
    if credential.must_change || expires.is_some_and(|expires| expires <= now) {
        return Standing::MustChange;
    }
    Standing::Good
}
