//! Explaining a decision: the same functions that decide, asked beforehand.

mod target;
mod verdict;

pub use target::TargetKind;
pub use verdict::{Relation, Verdict, Why};

use super::actor::{Actor, Principal};
use super::grant::{Grant, authorize};
use super::matrix::Permission;
use super::needs::{Need, explain};
use super::target::Touched;
use super::{RoleSet, rights};
use crate::clients::ClientId;
use crate::error::{Error, Result};
use crate::groups::{self, Group, GroupKind, Link, access};
use crate::join_requests;
use crate::objects;
use crate::ports::ReadTx;
use crate::time::Timestamp;
use crate::users::{UserId, resolve};
use target::Target;

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
    /// What the target is.
    pub kind: TargetKind,
    /// What it is done to, by id, or a user by user principal name.
    pub target: Option<String>,
    /// What is at the other end ([`Over::has_object`]): what is put into a place of the target or
    /// taken out of it, the request at it, the manager, or who gets or loses the role.
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
    /// Deletes a user, or restores or erases one that is deleted.
    Delete,
    /// Shows a user's roles.
    SeeRoles,
    /// Creates a group of a kind; none if the kind is not told.
    Create(Option<GroupKind>),
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
    /// Shows a request to join a group.
    SeeRequest,
    /// Names the manager of a user or contact.
    Manager,
    /// Gives a role to a principal.
    Assign,
    /// Takes a role from a principal.
    Revoke,
}

impl Over {
    /// Whether there is an object at the other end, which a question may name.
    pub const fn has_object(self) -> bool {
        match self {
            Self::Link(_)
            | Self::Unlink(_)
            | Self::Decide
            | Self::Withdraw
            | Self::SeeRequest
            | Self::Manager
            | Self::Assign
            | Self::Revoke => true,
            Self::Nothing
            | Self::Change(_)
            | Self::Delete
            | Self::SeeRoles
            | Self::Create(_)
            | Self::Edit
            | Self::SeeMembers
            | Self::DeleteAny => false,
        }
    }

    /// Whether permissions alone decide: the objects must be there, and that is all.
    const fn is_indifferent(self) -> bool {
        matches!(
            self,
            Self::Nothing | Self::SeeRequest | Self::Manager | Self::Assign | Self::Revoke
        )
    }

    /// What is allowed over every target, and why the answer is open for whoever does not hold it;
    /// none where the target decides nothing but limits, which the answer names.
    const fn anywhere(self) -> Option<(&'static [Need<'static>], Why)> {
        match self {
            Self::Create(None) => Some((&[EDIT], Why::Kind)),
            Self::Edit | Self::Link(_) | Self::Unlink(_) | Self::Decide | Self::Withdraw => {
                Some((&[EDIT], Why::Target))
            }
            Self::DeleteAny => Some((&[EDIT, CONTACTS], Why::Target)),
            Self::SeeMembers => Some((&[VIEW], Why::Target)),
            Self::Nothing
            | Self::Create(Some(_))
            | Self::Change(_)
            | Self::Delete
            | Self::SeeRoles
            | Self::SeeRequest
            | Self::Manager
            | Self::Assign
            | Self::Revoke => None,
        }
    }
}

const EDIT: Need<'static> = Need::AnyOf(&[Permission::ManageUsersAndGroups]);
const CONTACTS: Need<'static> = Need::AnyOf(&[Permission::ManageContacts]);
const VIEW: Need<'static> = Need::AnyOf(&[Permission::ViewOrganizationAndUsers]);

/// Whether an actor may do something, and why. It changes nothing.
///
/// # Errors
/// 403 for a question about another without row 5; 404 for an unknown actor, and for a target or
/// object that the operation would not find.
pub fn check(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ReadDirectory>,
    asked: &Asked,
    now: Timestamp,
) -> Result<Verdict> {
    let actor = match supposed(tx, grant, asked.actor.as_deref())? {
        Ok(actor) => actor,
        Err(why) => {
            let first = asked.any_of.first().copied().unwrap_or(Permission::ReadDirectory);
            return Ok(Verdict::locked_out(why, first));
        }
    };
    let own = actor.user().map(|own| own.to_string());
    let target = if asked.kind == TargetKind::Oneself { &own } else { &asked.target };
    match (target, authorize(&actor)) {
        (Some(key), Ok(reads)) => {
            over_target(tx, grant, asked, &reads, (key, now)).or_else(refusal)
        }
        _ => Ok(without_target(asked, &actor)),
    }
}

/// What holds whatever the target is.
fn without_target(asked: &Asked, actor: &Actor) -> Verdict {
    let decided = decided(actor, &needs(asked, actor, None));
    match asked.over.anywhere().map(|(needs, why)| (explain(actor, needs), why)) {
        None => decided,
        Some((Ok(held), _)) => Verdict::allowed(held, actor),
        // Nobody but who holds one of its permissions creates a group.
        Some((Err(refusal), Why::Kind)) if decided.allowed == Some(false) => {
            Verdict::refused(refusal)
        }
        Some((Err(refusal), why)) => Verdict::open(why, refusal),
    }
}

/// What holds over a target. It is looked for after the right is proved, unless it decides.
fn over_target(
    tx: &mut dyn ReadTx,
    caller: &Grant<rights::ReadDirectory>,
    asked: &Asked,
    reads: &Grant<rights::ReadDirectory>,
    (key, now): (&str, Timestamp),
) -> Result<Verdict> {
    let actor = reads.actor();
    // What is deleted is seen by row 1, and nothing is done to it without a row that goes further.
    let row_1 = |grant: &Grant<_>| grant.holds(Permission::ViewOrganizationAndUsers);
    let is_deleted = asked.kind == TargetKind::Deleted;
    let eyes = if is_deleted && !row_1(reads) { caller } else { reads };
    if asked.over.is_indifferent() || is_deleted && !row_1(eyes) {
        let verdict = decided(actor, &needs(asked, actor, None));
        if verdict.allowed == Some(true) {
            target::find(tx, eyes, asked.kind, key, now)?;
            if let Some(object) = &asked.object {
                target::find_object(tx, eyes, asked.over, key, object)?;
            }
        }
        return Ok(verdict);
    }
    match (target::find(tx, eyes, asked.kind, key, now)?, asked.over) {
        (Target::Group(group), over) if over.anywhere().is_some() => {
            over_group(tx, reads, over, &group, asked.object.as_deref())
        }
        (Target::User(user), _) => Ok(over_user(caller, actor, asked, (user.user.id, user.roles))),
        (Target::Deleted(user), _) => {
            Ok(over_user(caller, actor, asked, (user.id, user.former_roles)))
        }
        (Target::Contact, Over::DeleteAny) => Ok(decided(actor, &[CONTACTS])),
        (Target::Other, Over::DeleteAny) => Err(Error::not_found(key)),
        (Target::Group(_) | Target::Contact | Target::Other, _) => {
            Ok(decided(actor, &needs(asked, actor, None)))
        }
    }
}

/// What permissions alone say.
fn decided(actor: &Actor, needs: &[Need<'_>]) -> Verdict {
    match explain(actor, needs) {
        Ok(held) => Verdict::allowed(held, actor),
        Err(refusal) => Verdict::refused(refusal),
    }
}

/// A refusal is an answer; any other error is none.
fn refusal(error: Error) -> Result<Verdict> {
    match error.refusal {
        Some(refusal) => Ok(Verdict::refused(*refusal)),
        None => Err(error),
    }
}

/// The rules that limit what is done to a group: those that the operations themselves follow.
fn over_group(
    tx: &mut dyn ReadTx,
    reads: &Grant<rights::ReadDirectory>,
    over: Over,
    group: &Group,
    object: Option<&str>,
) -> Result<Verdict> {
    let uses = &reads.also()?;
    let basis = match over {
        Over::SeeMembers => access::may_see_members(tx, &reads.scope(), group)?,
        Over::Link(link) => {
            let object = object.map(|key| objects::find(tx, &reads.scope(), key)).transpose()?;
            groups::may_link(tx, uses, group, link, object.as_ref())?
        }
        Over::Unlink(link) => {
            let (basis, id) = groups::may_unlink(tx, uses, group, link, object)?;
            if let Some(id) = id
                && !tx.is_linked(reads.tenant(), group.id, link, id)?
            {
                return Err(Error::not_found(&id.to_string()));
            }
            basis
        }
        Over::Decide | Over::Withdraw => over_request(tx, uses, over, group, object)?,
        _ => access::may_edit(tx, uses, group)?,
    };
    Ok(match basis {
        access::Basis::Permission(permission) => Verdict::allowed(permission, reads.actor()),
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

/// The one who is asked about, or why it could not sign in.
fn supposed(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ReadDirectory>,
    key: Option<&str>,
) -> Result<Result<Actor, Why>> {
    let caller = *grant.actor();
    let Some(key) = key else { return Ok(Ok(caller)) };
    let (principal, is_pending) = match ClientId::parse(key).map(Principal::Client) {
        Some(client) if tx.principal_state(grant.tenant(), client)?.is_some() => (client, false),
        _ => {
            let user = resolve(tx, &grant.scope(), key)?.user;
            (Principal::User(user.id), user.is_pending())
        }
    };
    if principal == caller.principal() {
        return Ok(Ok(caller));
    }
    grant.also::<rights::ViewUsersAndRoles>()?;
    let state = tx.principal_state(grant.tenant(), principal)?;
    let state = state.ok_or_else(|| Error::not_found(key))?;
    let actor = caller.supposed(principal, state).map_err(|_| Why::Blocked);
    Ok(actor.and_then(|actor| if is_pending { Err(Why::Pending) } else { Ok(actor) }))
}

/// What an operation needs of an actor, over a user with these roles or over anybody.
fn needs<'a>(asked: &'a Asked, actor: &Actor, user: Option<(UserId, RoleSet)>) -> Vec<Need<'a>> {
    let roles = user.map_or(RoleSet::EMPTY, |(_, roles)| roles);
    let is_own = user.is_some_and(|(id, _)| Some(id) == actor.user());
    let mut needs = match asked.over {
        Over::Create(Some(kind)) => vec![Need::AnyOf(access::managing(Some(kind)))],
        Over::Change(touched) => touched.needs(roles),
        Over::Delete | Over::DeleteAny => vec![Need::Delete(roles)],
        Over::SeeRoles if user.is_some() && !is_own => {
            vec![Need::AnyOf(&[Permission::ViewUsersAndRoles])]
        }
        _ => vec![Need::AnyOf(&asked.any_of)],
    };
    needs.extend(asked.all_of.chunks(1).map(Need::AnyOf));
    needs
}

/// The limits of the matrix on what is done to a user. What would tell roles that the caller may
/// not see stays open.
fn over_user(
    caller: &Grant<rights::ReadDirectory>,
    actor: &Actor,
    asked: &Asked,
    (id, roles): (UserId, RoleSet),
) -> Verdict {
    let of = |roles| explain(actor, &needs(asked, actor, Some((id, roles))));
    let known = caller.may_see_roles_of(id.uuid());
    let (least, most) = if known { (roles, roles) } else { (RoleSet::EMPTY, RoleSet::ALL) };
    match (of(least), of(most)) {
        // Whoever holds more roles is never easier to act on.
        (Err(refusal), _) => Verdict::refused(refusal),
        (Ok(_), Err(refusal)) => Verdict::open(Why::HiddenRoles, refusal),
        (Ok(held), Ok(_)) => Verdict::allowed(held, actor),
    }
}
