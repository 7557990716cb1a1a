//! Deleted items: users, Microsoft 365 groups and security groups, for 30 days (R76–R85).
//!
//! Time decides what is still there, not whether a job has run: every read asks for what was
//! deleted after [`kept_since`].

use super::{DirectoryObject, ObjectKind};
use crate::authz::{Grant, Scope, rights};
use crate::error::{Error, Result};
use crate::groups::{self, GroupId};
use crate::id::Id;
use crate::limits::{DELETED_ITEM_DAYS, MAX_BULK_RESTORE};
use crate::members::Members;
use crate::ports::{ReadTx, WriteTx};
use crate::time::Timestamp;
use crate::users::deleted::Restore;
use crate::users::{self, UserId};
use crate::value::Value;
use crate::warning::Warning;

/// Objects deleted before this point are gone.
pub const fn kept_since(now: Timestamp) -> Timestamp {
    now.plus_days(-DELETED_ITEM_DAYS)
}

/// What stands in deleted items under an id.
///
/// # Errors
/// 404 also when its 30 days are over.
pub fn get_deleted(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ViewOrganizationAndUsers>,
    key: &str,
    now: Timestamp,
) -> Result<DirectoryObject> {
    find(tx, &grant.scope(), key, None, now)
}

/// Whether the caller may restore or erase what is deleted, and is of a kind where one is wanted. It
/// changes nothing, and tells nothing to whoever may not look there.
///
/// # Errors
/// 404; 403 with what restoring or erasing it needs (A21).
pub fn may_restore(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ReadDirectory>,
    key: &str,
    kind: Option<ObjectKind>,
    now: Timestamp,
) -> Result<()> {
    let Ok(views) = grant.also::<rights::ViewOrganizationAndUsers>() else { return Ok(()) };
    match find(tx, &views.scope(), key, kind, now)? {
        DirectoryObject::User(user) => {
            grant.may_delete(user.former_roles, &user.user_principal_name)
        }
        DirectoryObject::Group(_) | DirectoryObject::Contact(_) | DirectoryObject::Role(_) => {
            Ok(())
        }
    }
}

fn find<T: ReadTx + ?Sized>(
    tx: &mut T,
    scope: &Scope,
    key: &str,
    kind: Option<ObjectKind>,
    now: Timestamp,
) -> Result<DirectoryObject> {
    let object = find_any(tx, scope, key, now)?;
    if kind.is_none_or(|kind| kind == object.kind()) {
        Ok(object)
    } else {
        Err(Error::not_found(key))
    }
}

fn find_any<T: ReadTx + ?Sized>(
    tx: &mut T,
    scope: &Scope,
    key: &str,
    now: Timestamp,
) -> Result<DirectoryObject> {
    let id = UserId::parse(key).ok_or_else(|| Error::not_found(key))?.uuid();
    let since = kept_since(now);
    if let Some(user) = tx.deleted_user(scope, Id::new(id), since)? {
        return Ok(DirectoryObject::User(Box::new(user)));
    }
    let group = tx.deleted_group(scope, Id::new(id), since)?;
    group.map(|group| DirectoryObject::Group(Box::new(group))).ok_or_else(|| Error::not_found(key))
}

/// An object brought back.
#[derive(Clone, Debug)]
pub struct Restored {
    /// The object.
    pub object: DirectoryObject,
    /// Addresses and aliases that were given away meanwhile, and are dropped or replaced (R77).
    pub warnings: Vec<Warning>,
}

/// Reads the body `{ids: […]}` of a restore of many objects (R80).
///
/// # Errors
/// 400 with every offending property.
pub fn read_restores(body: &Value<'static>) -> Result<Vec<String>> {
    let mut members = Members::of(body, &["ids"], "this request")?;
    let ids = members.keys("ids", MAX_BULK_RESTORE, "ids of deleted objects");
    members.made(Some(ids))
}

/// Brings a deleted object back: a user with a new password, a group with its owners, members and
/// memberships.
///
/// # Errors
/// 404; those of [`users::deleted::restore`] and [`groups::deleted::restore`].
pub fn restore(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::ManageUsersAndGroups>,
    key: &str,
    wanted: &Restore,
    password_hash: &str,
) -> Result<Restored> {
    let now = tx.now();
    match find(tx, &grant.scope(), key, wanted.kind, now)? {
        DirectoryObject::User(user) => {
            users::deleted::restore(tx, grant, *user, wanted, password_hash)
        }
        DirectoryObject::Group(group) if wanted.user_principal_name.is_none() => {
            groups::deleted::restore(tx, grant, *group)
        }
        DirectoryObject::Group(_) => Err(Error::invalid_property(
            "newUserPrincipalName",
            "A group has no 'newUserPrincipalName'; leave it out.",
        )),
        DirectoryObject::Contact(_) | DirectoryObject::Role(_) => Err(Error::not_found(key)),
    }
}

/// Erases a deleted object at once and for good (R81).
///
/// # Errors
/// 404; those of [`users::deleted::purge`].
pub fn purge(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::ManageUsersAndGroups>,
    key: &str,
) -> Result<()> {
    let now = tx.now();
    let object = find(tx, &grant.scope(), key, None, now)?;
    match object {
        DirectoryObject::User(user) => users::deleted::purge(tx, grant, &user),
        DirectoryObject::Group(group) => groups::deleted::erase(tx, Some(grant.actor()), group.id),
        DirectoryObject::Contact(_) | DirectoryObject::Role(_) => Err(Error::not_found(key)),
    }
}

/// Erases what has been in deleted items for longer than 30 days, at most so many users and so many
/// groups; returns how many (R76).
///
/// # Errors
/// When the database fails.
pub fn erase_expired(tx: &mut dyn WriteTx, at_most: usize) -> Result<usize> {
    let before = kept_since(tx.now());
    let users: Vec<UserId> = tx.expired_users(before, at_most)?;
    for id in &users {
        users::deleted::erase(tx, None, *id)?;
    }
    let groups: Vec<GroupId> = tx.expired_groups(before, at_most)?;
    for id in &groups {
        groups::deleted::erase(tx, None, *id)?;
    }
    Ok(users.len().saturating_add(groups.len()))
}
