//! Deleted users: kept for 30 days, then gone (R76–R85).
//!
//! Time decides what is still there, not whether a job has run: every read asks for the users
//! deleted after [`kept_since`].

use super::{User, UserField, UserId, mailbox};
use crate::addresses::syntax::{self, key};
use crate::addresses::{Address, HolderKind};
use crate::authz::{Grant, Scope, rights};
use crate::changes::Change;
use crate::credentials::Credential;
use crate::error::{Error, Result, Violation};
use crate::limits::DELETED_ITEM_DAYS;
use crate::paging::{Cursor, Page};
use crate::ports::{ReadTx, WriteTx};
use crate::query::Query;
use crate::time::Timestamp;
use crate::value::Value;
use crate::warning::Warning;

/// Objects deleted before this point are gone.
pub const fn kept_since(now: Timestamp) -> Timestamp {
    now.plus_days(-DELETED_ITEM_DAYS)
}

/// A deleted user.
///
/// # Errors
/// 404 also when its 30 days are over.
pub fn get_deleted(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ViewOrganizationAndUsers>,
    id: UserId,
    now: Timestamp,
) -> Result<User> {
    find(tx, &grant.scope(), id, now)
}

fn find<T: ReadTx + ?Sized>(tx: &mut T, scope: &Scope, id: UserId, now: Timestamp) -> Result<User> {
    let found = tx.deleted_user(scope, id, kept_since(now))?;
    found.ok_or_else(|| Error::not_found(&id.to_string()))
}

/// One page of deleted users.
///
/// # Errors
/// When the database fails.
pub fn list_deleted(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ViewOrganizationAndUsers>,
    query: &Query<UserField>,
    after: Option<&Cursor>,
    now: Timestamp,
) -> Result<Page<User>> {
    tx.deleted_users(&grant.scope(), kept_since(now), query, after)
}

/// How many deleted users a query finds.
///
/// # Errors
/// When the database fails.
pub fn count_deleted(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ViewOrganizationAndUsers>,
    query: &Query<UserField>,
    now: Timestamp,
) -> Result<i64> {
    tx.count_deleted_users(&grant.scope(), kept_since(now), query)
}

/// What a restore asks for.
#[derive(Clone, Debug, Default)]
pub struct Restore {
    /// A new sign-in name, when the old one was given away (R78).
    pub user_principal_name: Option<String>,
}

impl Restore {
    /// Reads the optional body `{newUserPrincipalName}`.
    ///
    /// # Errors
    /// 400 with every offending property.
    pub fn read(body: Option<&Value<'static>>) -> Result<Self> {
        let Some(Value::Object(members)) = body else { return Ok(Self::default()) };
        let mut restore = Self::default();
        let mut violations = Vec::new();
        for (name, value) in members.iter().filter(|(name, _)| !name.contains('@')) {
            match (name.as_ref(), value) {
                ("newUserPrincipalName", Value::Text(text)) => {
                    if let Err(wrong) = syntax::user_principal_name(text, &syntax::API_LIMITS) {
                        let message = format!("'{name}' {wrong}");
                        violations.push(Violation::new(name.as_ref(), message));
                    }
                    restore.user_principal_name = Some(text.clone().into_owned());
                }
                ("newUserPrincipalName", Value::Null) => {}
                // Addresses in conflict are always dropped (R77).
                ("autoReconcileProxyConflict", Value::Bool(_) | Value::Null) => {}
                _ => violations.push(Violation::coded(
                    "UnknownProperty",
                    name.as_ref(),
                    format!("'{name}' is unknown or has a wrong type; a restore takes newUserPrincipalName."),
                )),
            }
        }
        if violations.is_empty() { Ok(restore) } else { Err(Error::violations(violations)) }
    }
}

/// A user brought back.
#[derive(Clone, Debug)]
pub struct Restored {
    /// The user.
    pub user: User,
    /// Addresses that were given away meanwhile and are dropped (R77).
    pub warnings: Vec<Warning>,
}

/// Brings a deleted user back with its profile, memberships and manager links and a new password;
/// roles stay gone (R85).
///
/// # Errors
/// 404; 409 when its name was given away and no new one is named (R78); 400 for a new name that
/// is taken or outside the verified domains.
pub fn restore(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::ManageUsersAndGroups>,
    id: UserId,
    wanted: &Restore,
    password_hash: &str,
) -> Result<Restored> {
    let now = tx.now();
    let scope = grant.scope();
    let mut user = find(tx, &scope, id, now)?;
    rename(tx, &scope, &mut user, wanted)?;
    let (addresses, warnings) = mailbox::reclaim(tx, &mut user)?;
    user.deleted = None;
    user.version = user.version.saturating_add(1);
    user.last_password_change = Some(now);
    user.sign_in_sessions_valid_from = Some(now);
    tx.update_user(&user)?;
    tx.hold_addresses(HolderKind::User, id.uuid(), &addresses)?;
    renew_credential(tx, id, password_hash)?;
    let details = Value::Object(vec![]);
    tx.record(Change::by(grant, "users.restore", "user", id, details))?;
    Ok(Restored { user, warnings })
}

fn rename(tx: &mut dyn WriteTx, scope: &Scope, user: &mut User, wanted: &Restore) -> Result<()> {
    let tenant = tx.tenant();
    if let Some(name) = &wanted.user_principal_name {
        let before = std::mem::replace(&mut user.user_principal_name, name.clone());
        if user.mail.as_ref().is_some_and(|mail| key(mail) == key(&before)) {
            user.mail = Some(name.clone());
        }
        let mut violations = Vec::new();
        let mut address = Address::new(name);
        address.upn = true;
        mailbox::check(tx, scope, user, &[address], &mut violations)?;
        for violation in &mut violations {
            violation.target = "newUserPrincipalName".to_owned();
        }
        return if violations.is_empty() { Ok(()) } else { Err(Error::violations(violations)) };
    }
    match tx.holder(tenant, &key(&user.user_principal_name))? {
        Some(holder) if holder.id != user.id.uuid() => Err(Error::conflict(
            "UserPrincipalNameTaken",
            format!(
                "The name {} now belongs to {} {}. Rename that object, or restore with \
                 newUserPrincipalName.",
                user.user_principal_name,
                holder.kind.word(),
                holder.id
            ),
        )
        .at("userPrincipalName")),
        _ => Ok(()),
    }
}

fn renew_credential(tx: &mut dyn WriteTx, id: UserId, hash: &str) -> Result<()> {
    let tenant = tx.tenant();
    let epoch = tx.credential(tenant, id)?.map_or(0, |credential| credential.epoch);
    let credential = Credential {
        hash: hash.to_owned(),
        must_change: true,
        changed: tx.now(),
        epoch: epoch.saturating_add(1),
    };
    tx.put_credential(id, &credential)
}

/// Erases a deleted user at once and for good (R81).
///
/// # Errors
/// 404.
pub fn purge(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::ManageUsersAndGroups>,
    id: UserId,
) -> Result<()> {
    let now = tx.now();
    find(tx, &grant.scope(), id, now)?;
    tx.erase_user(id)?;
    tx.record(Change::by(grant, "users.purge", "user", id, Value::Object(vec![])))
}

/// Erases users whose 30 days are over, some at a time; returns how many.
///
/// # Errors
/// When the database fails.
pub fn erase_expired(tx: &mut dyn WriteTx, at_most: usize) -> Result<usize> {
    let before = kept_since(tx.now());
    let expired = tx.expired_users(before, at_most)?;
    for id in &expired {
        tx.erase_user(*id)?;
        let details = Value::Object(vec![]);
        tx.record(Change::by_system("users.purge", "user", *id, details))?;
    }
    Ok(expired.len())
}
