//! What a question is about: looked for as the operation would look for it.

use super::super::grant::Grant;
use super::super::role::Role;
use super::super::{Principal, rights};
use super::Over;
use crate::clients::ClientId;
use crate::error::{Error, Result};
use crate::groups::{self, Group};
use crate::join_requests;
use crate::objects::{self, DirectoryObject};
use crate::ports::ReadTx;
use crate::roles::{self, RoleAssignmentId};
use crate::time::Timestamp;
use crate::users::{Found, User, resolve};
use crate::{contacts, imports, user_views};
use uuid::Uuid;

/// Kinds of targets: what the path of an operation names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TargetKind {
    /// Whatever a body names: an object of any kind, or an API client.
    #[default]
    Any,
    /// A user, by id or user principal name.
    User,
    /// The actor, whatever the question names.
    Oneself,
    /// A group.
    Group,
    /// A contact.
    Contact,
    /// Something in deleted items.
    Deleted,
    /// A role, by template id.
    Role,
    /// An assignment of a role.
    RoleAssignment,
    /// A view of users.
    UserView,
    /// An import.
    Import,
}

/// What an operation is done to, as far as decisions depend on it.
pub(super) enum Target {
    User(Box<Found>),
    Group(Box<Group>),
    Contact,
    /// A user in deleted items, who held roles.
    Deleted(Box<User>),
    Other,
}

/// The target, as somebody sees it who would act on it.
///
/// # Errors
/// 404; 403 for what they may not look for.
pub(super) fn find(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ReadDirectory>,
    kind: TargetKind,
    key: &str,
    now: Timestamp,
) -> Result<Target> {
    match kind {
        TargetKind::User | TargetKind::Oneself => {
            Ok(Target::User(Box::new(resolve(tx, &grant.scope(), key)?)))
        }
        TargetKind::Group => Ok(Target::Group(Box::new(groups::get(tx, grant, key)?))),
        TargetKind::Contact => contacts::get(tx, grant, key).map(|_| Target::Contact),
        TargetKind::Any => any(tx, grant, key),
        TargetKind::Deleted => Ok(match objects::get_deleted(tx, &grant.also()?, key, now)? {
            DirectoryObject::User(user) => Target::Deleted(user),
            _ => Target::Other,
        }),
        TargetKind::Role => {
            Role::parse(key).map(|_| Target::Other).ok_or_else(|| Error::not_found(key))
        }
        TargetKind::RoleAssignment => {
            let id = RoleAssignmentId::parse(key).ok_or_else(|| Error::not_found(key))?;
            roles::get(tx, &grant.also()?, id).map(|_| Target::Other)
        }
        TargetKind::UserView => {
            let views = grant.also()?;
            match user_views::standard(tx, &views, key)? {
                Some(_) => Ok(Target::Other),
                None => user_views::get(tx, &views, key).map(|_| Target::Other),
            }
        }
        TargetKind::Import => imports::get(tx, &grant.also()?, key).map(|_| Target::Other),
    }
}

fn any(tx: &mut dyn ReadTx, grant: &Grant<rights::ReadDirectory>, key: &str) -> Result<Target> {
    if let Some(client) = ClientId::parse(key).map(Principal::Client)
        && tx.principal_state(grant.tenant(), client)?.is_some()
    {
        return Ok(Target::Other);
    }
    Ok(match objects::get(tx, grant, key)? {
        DirectoryObject::User(user) => {
            Target::User(Box::new(resolve(tx, &grant.scope(), &user.id.to_string())?))
        }
        DirectoryObject::Group(group) => Target::Group(group),
        DirectoryObject::Contact(_) => Target::Contact,
        DirectoryObject::Role(_) => Target::Other,
    })
}

/// Looks for what is at the other end of what an operation does to a target.
///
/// # Errors
/// 404.
pub(super) fn find_object(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ReadDirectory>,
    over: Over,
    target: &str,
    key: &str,
) -> Result<()> {
    match over {
        Over::Manager => objects::find(tx, &grant.scope(), key).map(drop),
        Over::SeeRequest => join_requests::get(tx, &grant.also()?, target, key).map(drop),
        Over::Assign => any(tx, grant, key).map(drop),
        Over::Revoke => {
            let principal = Uuid::try_parse(key).map_err(|_| Error::not_found(key))?;
            let held = tx.roles_of(grant.tenant(), principal)?;
            let is_held = Role::parse(target).is_some_and(|role| held.contains(role));
            if is_held { Ok(()) } else { Err(Error::not_found(key)) }
        }
        _ => Ok(()),
    }
}
