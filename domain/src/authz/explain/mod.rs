//! Explaining a decision: the same functions that decide, asked beforehand.

mod verdict;

pub use verdict::{Relation, Verdict};

use super::actor::{Actor, Principal};
use super::grant::{Grant, authorize, prove};
use super::matrix::Permission;
use super::target::Touched;
use super::{RoleSet, rights};
use crate::clients::ClientId;
use crate::error::{Error, Result};
use crate::groups::{self, Group, Link, access};
use crate::join_requests;
use crate::objects::{self, DirectoryObject};
use crate::ports::ReadTx;
use crate::users::{Found, UserId, resolve};
use verdict::limit;

/// What is asked.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// User by id or user principal name, or client by id; none is the caller.
    pub actor: Option<String>,
    /// Permissions of the operation, of which one is enough.
    pub any_of: Vec<Permission>,
    /// Permissions that are needed besides, each of them.
    pub all_of: Vec<Permission>,
    /// What the operation does to its target.
    pub over: Over,
    /// The object it is done to, by id, or a user by user principal name.
    pub target: Option<String>,
    /// What is put into a place of the target or taken out of it, or the request at it.
    pub object: Option<String>,
}

/// What an operation does to its target, as far as the decision depends on the target: on a user's
/// roles, or on what the actor is to a group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Over {
    /// Nothing that depends on it.
    #[default]
    Nothing,
    /// Changes a user.
    Change(Touched),
    /// Deletes a user.
    Delete,
    /// Shows a user's roles.
    SeeRoles,
    /// Changes or deletes a group.
    Edit,
    /// Puts an object into a place of a group.
    Link(Link),
    /// Takes an object out of a place of a group.
    Unlink(Link),
    /// Shows the members of a group.
    SeeMembers,
    /// Deletes an object, whatever its kind.
    DeleteAny,
    /// Decides on a request to join a group.
    Decide,
    /// Takes a request to join a group back.
    Withdraw,
}

/// Whether an actor may do something, and why. It changes nothing.
///
/// # Errors
/// 403 for a question about another without row 5; 404 for an unknown actor or target.
pub fn check(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ReadDirectory>,
    asked: &Asked,
) -> Result<Verdict> {
    let first = asked.any_of.first().copied().unwrap_or(Permission::ReadDirectory);
    let target = match &asked.target {
        Some(key) if asked.over != Over::Nothing => Some(target(tx, grant, asked.over, key)?),
        _ => None,
    };
    let Some(actor) = supposed(tx, grant, asked.actor.as_deref())? else {
        let blocked = Verdict { blocked: true, ..Verdict::refused(first, None) };
        return Ok(blocked);
    };
    match (&target, asked.over) {
        (Some(Target::Group(group)), over) => {
            let decided = over_group(tx, &actor, over, group, asked.object.as_deref());
            decided.or_else(|error| refusal(error, first, &actor))
        }
        (Some(Target::Contact), _) => Ok(held(&actor, &[Permission::ManageContacts], &[])),
        (Some(Target::User(user)), Over::DeleteAny) => {
            let row_6 = held(&actor, &[Permission::ManageUsersAndGroups], &[]);
            over_user(grant, &actor, Over::Delete, user, row_6)
        }
        (Some(Target::User(user)), over) => {
            let held = held(&actor, &asked.any_of, &asked.all_of);
            over_user(grant, &actor, over, user, held)
        }
        (None, _) => Ok(held(&actor, &asked.any_of, &asked.all_of)),
    }
}

/// What an operation is done to.
enum Target {
    User(Box<Found>),
    Group(Box<Group>),
    Contact,
}

/// The target, as the caller sees it.
fn target(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ReadDirectory>,
    over: Over,
    key: &str,
) -> Result<Target> {
    let scope = grant.scope();
    let user = |found| Target::User(Box::new(found));
    match over {
        Over::Nothing | Over::Change(_) | Over::Delete | Over::SeeRoles => {
            Ok(user(resolve(tx, &scope, key)?))
        }
        Over::Edit
        | Over::Link(_)
        | Over::Unlink(_)
        | Over::SeeMembers
        | Over::Decide
        | Over::Withdraw => Ok(Target::Group(Box::new(groups::get(tx, grant, key)?))),
        Over::DeleteAny => match objects::find(tx, &scope, key)? {
            DirectoryObject::User(found) => Ok(user(resolve(tx, &scope, &found.id.to_string())?)),
            DirectoryObject::Group(group) => Ok(Target::Group(group)),
            DirectoryObject::Contact(_) => Ok(Target::Contact),
            DirectoryObject::Role(_) => Err(Error::not_found(key)),
        },
    }
}

/// What permissions alone say.
fn held(actor: &Actor, any_of: &[Permission], all_of: &[Permission]) -> Verdict {
    let first = any_of.first().copied().unwrap_or(Permission::ReadDirectory);
    let held = prove(actor, any_of).and_then(|held| {
        all_of.iter().try_for_each(|each| prove(actor, &[*each]).map(|_| ()))?;
        Ok(held)
    });
    match held {
        Ok(held) => Verdict::allowed(held, actor),
        Err(error) => Verdict::of_refusal(error.refusal.as_deref(), first, actor),
    }
}

/// A refusal is an answer; any other error is none.
fn refusal(error: Error, first: Permission, actor: &Actor) -> Result<Verdict> {
    match error.refusal.as_deref() {
        Some(refusal) => Ok(Verdict::of_refusal(Some(refusal), first, actor)),
        None => Err(error),
    }
}

/// The rules that limit what is done to a group: those that the operations themselves follow.
fn over_group(
    tx: &mut dyn ReadTx,
    actor: &Actor,
    over: Over,
    group: &Group,
    object: Option<&str>,
) -> Result<Verdict> {
    let basis = match over {
        Over::SeeMembers => {
            let grant = authorize::<rights::ReadDirectory>(actor)?;
            access::may_see_members(tx, &grant.scope(), group)?
        }
        Over::Link(link) => groups::may_link(tx, &authorize(actor)?, group, link, object)?,
        Over::Unlink(link) => groups::may_unlink(tx, &authorize(actor)?, group, link, object)?,
        Over::Decide | Over::Withdraw => over_request(tx, &authorize(actor)?, over, group, object)?,
        _ => access::may_edit(tx, &authorize(actor)?, group)?,
    };
    Ok(match basis {
        access::Basis::Permission(permission) => Verdict::allowed(permission, actor),
        access::Basis::Relation(relation) => Verdict::related(relation),
    })
}

/// The rules that limit what is done to a request to join a group. Where none is named, it is the
/// actor's own that is taken back.
fn over_request(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::UseGroups>,
    over: Over,
    group: &Group,
    id: Option<&str>,
) -> Result<access::Basis> {
    let id = match (over, id) {
        (_, Some(id)) => Some(id.to_owned()),
        (Over::Withdraw, None) => {
            join_requests::own(tx, grant, group)?.map(|request| request.id.to_string())
        }
        (_, None) => None,
    };
    let (basis, _) = match (over, id) {
        (Over::Withdraw, Some(id)) => join_requests::may_withdraw(tx, grant, group, &id)?,
        (_, Some(id)) => join_requests::may_decide(tx, grant, group, &id)?,
        (_, None) => return access::may_edit(tx, grant, group),
    };
    Ok(basis)
}

/// The one who is asked about; none if it could not sign in.
fn supposed(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ReadDirectory>,
    key: Option<&str>,
) -> Result<Option<Actor>> {
    let caller = *grant.actor();
    let Some(key) = key else { return Ok(Some(caller)) };
    let principal = match ClientId::parse(key).map(Principal::Client) {
        Some(client) if tx.principal_state(grant.tenant(), client)?.is_some() => client,
        _ => Principal::User(resolve(tx, &grant.scope(), key)?.user.id),
    };
    if principal == caller.principal() {
        return Ok(Some(caller));
    }
    grant.also::<rights::ViewUsersAndRoles>()?;
    let state = tx.principal_state(grant.tenant(), principal)?;
    let state = state.ok_or_else(|| Error::not_found(key))?;
    Ok(caller.supposed(principal, state).ok())
}

/// The limits of the matrix on what is done to a user, where the permission is `held`.
fn over_user(
    caller: &Grant<rights::ReadDirectory>,
    actor: &Actor,
    over: Over,
    target: &Found,
    held: Verdict,
) -> Result<Verdict> {
    if held.allowed != Some(true) {
        return Ok(held);
    }
    let grant = authorize::<rights::ReadDirectory>(actor)?;
    let (id, name) = (target.user.id, target.user.user_principal_name.as_str());
    let decide = |roles| decision(&grant, over, id, roles, name);
    let known = caller.may_see_roles_of(id.uuid()) || over == Over::SeeRoles;
    let allowed =
        Grant::<rights::ReadDirectory>::decide(known, target.roles, |roles| decide(roles).is_ok());
    Ok(match (allowed, decide(target.roles)) {
        (Some(true), _) => match over {
            Over::Change(touched) if touched.password && !touched.profile => {
                Verdict::allowed(Permission::ResetUserPasswords, actor)
            }
            _ => held,
        },
        (Some(false), Err(error)) => {
            Verdict::of_refusal(error.refusal.as_deref(), held.permission, actor)
        }
        (allowed, _) => {
            // Whoever holds row 6 holds row 5 too, so what stays open is about row 3.
            let permission = Permission::ResetUserPasswords;
            Verdict { allowed, ..Verdict::refused(permission, limit(permission, actor.roles())) }
        }
    })
}

/// The rule that limits what is done to a user.
fn decision(
    grant: &Grant<rights::ReadDirectory>,
    over: Over,
    target: UserId,
    roles: RoleSet,
    name: &str,
) -> Result<()> {
    match over {
        Over::Change(touched) => grant.may_change_user(roles, touched, name),
        Over::Delete => grant.may_delete(roles, name),
        Over::SeeRoles if grant.may_see_roles_of(target.uuid()) => Ok(()),
        Over::SeeRoles => grant.also::<rights::ViewUsersAndRoles>().map(|_| ()),
        _ => Ok(()),
    }
}
