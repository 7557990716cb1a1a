//! Deleted users: kept for 30 days, then gone (R76–R85).

use super::{User, UserField, UserId, mailbox};
use crate::addresses::syntax::{self, key};
use crate::addresses::{Address, HolderKind};
use crate::authz::{Actor, Grant, RoleSet, Scope, rights};
use crate::changes::Change;
use crate::credentials::Credential;
use crate::error::{Error, Result};
use crate::managers;
use crate::members::Members;
use crate::objects::{DirectoryObject, ObjectKind, Restored, kept_since};
use crate::paging::{Cursor, Page};
use crate::ports::{ReadTx, WriteTx};
use crate::query::Query;
use crate::time::Timestamp;
use crate::value::Value;

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
    /// What it must be, where the path says so.
    pub kind: Option<ObjectKind>,
    /// A new sign-in name, when the old one was given away (R78).
    pub user_principal_name: Option<String>,
}

impl Restore {
    /// Reads the optional body `{newUserPrincipalName}`.
    ///
    /// # Errors
    /// 400 with every offending property.
    pub fn read(body: Option<&Value<'static>>) -> Result<Self> {
        let Some(body) = body.filter(|body| !body.is_null()) else { return Ok(Self::default()) };
        let known = ["newUserPrincipalName", "autoReconcileProxyConflict"];
        let mut members = Members::of(body, &known, "a restore")?;
        let name = members.optional_text("newUserPrincipalName");
        if let Some(Err(wrong)) = name.map(|n| syntax::user_principal_name(n, &syntax::API_LIMITS))
        {
            members.refuse("newUserPrincipalName", &wrong);
        }
        // Addresses in conflict are always dropped (R77).
        if members.get("autoReconcileProxyConflict").is_some_and(|value| value.as_bool().is_none())
        {
            members.refuse("autoReconcileProxyConflict", "must be true or false.");
        }
        members.made(Some(Self { kind: None, user_principal_name: name.map(str::to_owned) }))
    }
}

/// Brings a deleted user back with its profile, memberships and manager links and a new password;
/// roles stay gone (R85).
///
/// # Errors
/// 403 for a former global administrator, unless the caller is one (A21); 409 when its name was
/// given away and no new one is named (R78); 400 for a new name that is taken or outside the
/// verified domains.
pub(crate) fn restore(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::ManageUsersAndGroups>,
    mut user: User,
    wanted: &Restore,
    password_hash: &str,
) -> Result<Restored> {
    grant.may_delete(user.former_roles, &user.user_principal_name)?;
    let (now, id) = (tx.now(), user.id);
    rename(tx, &grant.scope(), &mut user, wanted)?;
    let (addresses, warnings) = mailbox::reclaim(tx, &mut user)?;
    user.deleted = None;
    user.former_roles = RoleSet::EMPTY;
    user.version = user.version.saturating_add(1);
    user.last_password_change = Some(now);
    user.sign_in_sessions_valid_from = Some(now);
    tx.update_user(&user)?;
    tx.hold_addresses(HolderKind::User, id.uuid(), &addresses)?;
    renew_credential(tx, id, password_hash)?;
    let details = Value::Object(vec![]);
    tx.record(Change::by(grant, "users.restore", "user", id, details))?;
    Ok(Restored { object: DirectoryObject::User(Box::new(user)), warnings })
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
                "The name {} now belongs to {} {}. Rename that object and take the name out of its \
                 proxyAddresses, or restore with newUserPrincipalName.",
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
    let credential = Credential::given(hash, true, tx.now(), epoch.saturating_add(1));
    tx.put_credential(id, &credential)
}

/// Erases a deleted user at once (R81).
///
/// # Errors
/// 403 for a former global administrator, unless the caller is one (A21).
pub(crate) fn purge(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::ManageUsersAndGroups>,
    user: &User,
) -> Result<()> {
    grant.may_delete(user.former_roles, &user.user_principal_name)?;
    erase(tx, Some(grant.actor()), user.id)
}

/// Removes a user for good, and from every place where it is named.
pub(crate) fn erase(tx: &mut dyn WriteTx, actor: Option<&Actor>, id: UserId) -> Result<()> {
    managers::forget(tx, actor, id.uuid())?;
    tx.remove_links_to(id.uuid())?;
    tx.erase_user(id)?;
    tx.record(Change::caused_by(actor, "users.purge", "user", id, Value::Object(vec![])))
}
