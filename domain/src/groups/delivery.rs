//! Whether a group would take a message, and who would get it (R122–R125, R129, R130).

use super::access::{is_within, is_within_scope, may_see_members, sees_members};
use super::read::find;
use super::{Group, GroupId, Link};
use crate::addresses::HolderKind;
use crate::addresses::syntax;
use crate::authz::{Grant, Scope, rights};
use crate::error::{Error, Result};
use crate::limits::RESTRICTED_FROM;
use crate::objects::{DirectoryObject, ObjectField, ObjectKind, Relation};
use crate::paging::Page;
use crate::ports::ReadTx;
use crate::query::Query;
use uuid::Uuid;

/// Why a message is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Status of the bounce (RFC 3463): `5.7.133`.
    pub code: &'static str,
    /// The rule behind it.
    pub rule: &'static str,
    /// What is wrong and how to mend it.
    pub message: String,
}

/// What would become of a message.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The group.
    pub group: GroupId,
    /// Why it is refused; empty when it is taken.
    pub reasons: Vec<Reason>,
    /// Whether somebody has to approve it first.
    pub moderated: bool,
    /// Who approves it.
    pub approvers: Vec<DirectoryObject>,
    /// The first of those who would get it, each once.
    pub recipients: Page<DirectoryObject>,
    /// Their number.
    pub total: i64,
}

/// Who sends a message.
struct Sender {
    /// The object that holds the address.
    id: Option<Uuid>,
    /// Whether it is a member of the organisation and not a guest or contact.
    inside: bool,
}

/// Checks a message from a sender, named by address, to a group.
///
/// # Errors
/// 404; 400 for a group without mail and for a sender that is no address; 403 for members that
/// are hidden from the caller.
pub fn check(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ReadDirectory>,
    key: &str,
    sender: &str,
) -> Result<Delivery> {
    let scope = grant.scope();
    let group = find(tx, &scope, key)?;
    may_see_members(tx, &scope, &group)?;
    if !group.mail_enabled {
        return Err(Error::invalid(
            "The group receives no mail; a delivery can be checked for mail-enabled groups only.",
        ));
    }
    if let Err(wrong) = syntax::smtp_address(sender) {
        return Err(Error::invalid_property("sender", wrong));
    }
    let sender = known(tx, &scope, sender)?;
    let reasons = reasons(tx, grant, &group, &sender)?;
    let approvers = approvers(tx, grant, &group, &sender)?;
    let relation = Relation::Recipients(group.id);
    let query: Query<ObjectField> = Query::default();
    let recipients = tx.related(&scope, relation, &query, None)?;
    let total = tx.count_related(&scope, relation, &query)?;
    Ok(Delivery {
        group: group.id,
        moderated: approvers.is_some(),
        approvers: approvers.unwrap_or_default(),
        reasons,
        recipients,
        total,
    })
}

fn known(tx: &mut dyn ReadTx, scope: &Scope, address: &str) -> Result<Sender> {
    let everything = Scope::of_service(scope.tenant());
    let Some(holder) = tx.holder(scope.tenant(), &syntax::key(address))? else {
        return Ok(Sender { id: None, inside: false });
    };
    let inside = match holder.kind {
        HolderKind::Contact => false,
        HolderKind::Group => true,
        HolderKind::User => tx
            .objects(&everything, &[holder.id])?
            .iter()
            .any(|object| matches!(object, DirectoryObject::User(u) if u.user_type != "Guest")),
    };
    Ok(Sender { id: Some(holder.id), inside })
}

fn reasons(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ReadDirectory>,
    group: &Group,
    sender: &Sender,
) -> Result<Vec<Reason>> {
    let mut reasons = Vec::new();
    // R123: the list of allowed senders does not let contacts in while only insiders may send.
    if !sender.inside && !group.allow_external_senders {
        reasons.push(Reason {
            code: "5.7.133",
            rule: "R122",
            message: "The group takes mail from inside the organisation only. Set \
                      allowExternalSenders to let people outside write to it."
                .to_owned(),
        });
    }
    let rejected = named(tx, grant, group, Link::RejectedSender, sender)?;
    if rejected == Some(true) {
        reasons.push(Reason {
            code: "5.7.1",
            rule: "R124",
            message: "The sender is among the group's rejectedSenders, itself or through a \
                      group; that list wins over acceptedSenders."
                .to_owned(),
        });
    }
    let accepted = named(tx, grant, group, Link::AcceptedSender, sender)?;
    if accepted == Some(false) {
        reasons.push(Reason {
            code: "5.7.124",
            rule: "R124",
            message: "The group has acceptedSenders and the sender is not among them. Add the \
                      sender; somebody outside needs a contact or guest for it."
                .to_owned(),
        });
    }
    // Links refuse this state; it comes about when the last accepted sender is erased.
    let is_open = accepted.is_none() && !group.moderation_enabled;
    if is_open && tx.count_links(grant.tenant(), group.id, Link::Member)? >= RESTRICTED_FROM {
        reasons.push(Reason {
            code: "5.7.124",
            rule: "R131",
            message: format!(
                "A group with {RESTRICTED_FROM} members or more takes no mail while anybody may \
                 send to it. Name acceptedSenders or set moderationEnabled."
            ),
        });
    }
    Ok(reasons)
}

/// Whether a list of senders names a sender, itself or through a group; none for an empty list.
fn named(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ReadDirectory>,
    group: &Group,
    link: Link,
    sender: &Sender,
) -> Result<Option<bool>> {
    let list = tx.links(grant.tenant(), group.id, link)?;
    if list.is_empty() {
        return Ok(None);
    }
    let Some(sender) = sender.id else { return Ok(Some(false)) };
    for (kind, id) in list {
        if id == sender || (kind == ObjectKind::Group && holds(tx, grant, id, sender)?) {
            return Ok(Some(true));
        }
    }
    Ok(Some(false))
}

/// Whether a group has a sender among its members, nested groups included, as far as the caller
/// may know it: of others a member learns no hidden membership here.
fn holds(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ReadDirectory>,
    group: Uuid,
    sender: Uuid,
) -> Result<bool> {
    let scope = grant.scope();
    if grant.actor().user().is_some_and(|own| own.uuid() == sender) {
        return is_within(tx, grant, GroupId::new(group), sender);
    }
    match tx.group(&scope, GroupId::new(group))? {
        Some(group) if sees_members(tx, &scope, &group)? => {
            is_within_scope(tx, &scope, group.id, sender)
        }
        _ => Ok(false),
    }
}

/// R130: moderators approve, owners where there are none; what they write themselves passes.
fn approvers(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ReadDirectory>,
    group: &Group,
    sender: &Sender,
) -> Result<Option<Vec<DirectoryObject>>> {
    if !group.moderation_enabled {
        return Ok(None);
    }
    let tenant = grant.tenant();
    let owners = tx.links(tenant, group.id, Link::Owner)?;
    let moderators = tx.links(tenant, group.id, Link::Moderator)?;
    if let Some(sender) = sender.id {
        for (kind, id) in owners.iter().chain(&moderators) {
            let within = *kind == ObjectKind::Group && holds(tx, grant, *id, sender)?;
            if *id == sender || within {
                return Ok(None);
            }
        }
    }
    let approvers = if moderators.is_empty() { owners } else { moderators };
    let ids: Vec<Uuid> = approvers.into_iter().map(|(_, id)| id).collect();
    Ok(Some(tx.objects(&grant.scope(), &ids)?))
}
