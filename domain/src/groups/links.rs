//! What a group names: members, owners, senders, moderators (R124, R126–R131).

use super::access::{Basis, may_edit, may_see_members};
use super::read::find;
use super::{Group, GroupId};
use crate::authz::{Grant, Relation, Scope, rights};
use crate::changes::Change;
use crate::error::{Error, Result, Violation};
use crate::id::TenantId;
use crate::limits::{MAX_MEMBERS, MAX_MODERATORS, MAX_SENDERS, RESTRICTED_FROM};
use crate::objects::{self, DirectoryObject, ObjectKind};
use crate::ports::{ReadTx, WriteTx};
use crate::query::Query;
use crate::value::Value;
use std::borrow::Cow;
use uuid::Uuid;

/// A place in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// Who gets its mail and its rights.
    Member,
    /// Who manages it (R126).
    Owner,
    /// If there are any, nobody else may send to it (R124).
    AcceptedSender,
    /// Who may not send to it (R124).
    RejectedSender,
    /// Who approves messages (R130).
    Moderator,
    /// Whose messages nobody has to approve (R130).
    ExemptSender,
}

impl Link {
    /// Every place.
    pub const ALL: [Self; 6] = [
        Self::Member,
        Self::Owner,
        Self::AcceptedSender,
        Self::RejectedSender,
        Self::Moderator,
        Self::ExemptSender,
    ];

    /// Word in the database.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Owner => "owner",
            Self::AcceptedSender => "accepted",
            Self::RejectedSender => "rejected",
            Self::Moderator => "moderator",
            Self::ExemptSender => "exempt",
        }
    }

    /// Name of the collection in the wire dialect.
    pub const fn collection(self) -> &'static str {
        match self {
            Self::Member => "members",
            Self::Owner => "owners",
            Self::AcceptedSender => "acceptedSenders",
            Self::RejectedSender => "rejectedSenders",
            Self::Moderator => "moderators",
            Self::ExemptSender => "exemptSenders",
        }
    }

    const fn added(self) -> &'static str {
        match self {
            Self::Member => "groups.members.add",
            Self::Owner => "groups.owners.add",
            Self::AcceptedSender => "groups.acceptedSenders.add",
            Self::RejectedSender => "groups.rejectedSenders.add",
            Self::Moderator => "groups.moderators.add",
            Self::ExemptSender => "groups.exemptSenders.add",
        }
    }

    const fn removed(self) -> &'static str {
        match self {
            Self::Member => "groups.members.remove",
            Self::Owner => "groups.owners.remove",
            Self::AcceptedSender => "groups.acceptedSenders.remove",
            Self::RejectedSender => "groups.rejectedSenders.remove",
            Self::Moderator => "groups.moderators.remove",
            Self::ExemptSender => "groups.exemptSenders.remove",
        }
    }

    /// Most objects in this place; members have their own limit.
    fn limit(self, group: &Group) -> Option<usize> {
        match self {
            Self::Member => None,
            Self::Owner => group.kind().map(super::GroupKind::max_owners),
            Self::AcceptedSender | Self::RejectedSender | Self::ExemptSender => Some(MAX_SENDERS),
            Self::Moderator => Some(MAX_MODERATORS),
        }
    }
}

/// Puts an object into a place of a group. Everyone may join a group whose members come and go
/// freely (R127).
///
/// # Errors
/// 404 for a group or object that does not exist or is invisible; 403; 400 for what the kind of
/// group does not admit, for what stands there already, a cycle, or a limit.
pub fn link(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::UseGroups>,
    key: &str,
    link: Link,
    object: &str,
) -> Result<()> {
    let group = find(tx, &grant.scope(), key)?;
    let object = crate::objects::find(tx, &grant.scope(), object)?;
    may_link(tx, grant, &group, link, Some(&object))?;
    put_objects(tx, grant, &group, link, &[object])
}

/// The right to put an object into a place: that over the group, or to join by oneself; and that to
/// the object.
///
/// # Errors
/// 403.
pub(crate) fn may_link<T: ReadTx + ?Sized>(
    tx: &mut T,
    grant: &Grant<rights::UseGroups>,
    group: &Group,
    link: Link,
    object: Option<&DirectoryObject>,
) -> Result<Basis> {
    // Members see hidden members, so nobody makes themselves one (R132).
    let opens = group.join_restriction == "Open" && group.mail_enabled && !group.hides_members();
    let id = object.map(DirectoryObject::uuid);
    let basis = oneself_or_edit(tx, grant, group, opens && link == Link::Member, id)?;
    object.map_or(Ok(()), |object| may_name(tx, grant, object))?;
    Ok(basis)
}

/// The right to take an object, named by id or user principal name, out of a place: that over the
/// group, or to leave by oneself; and the object's id. An object that is invisible or deleted is
/// named by its id, too.
///
/// # Errors
/// 404 for an unknown name; 403.
pub(crate) fn may_unlink<T: ReadTx + ?Sized>(
    tx: &mut T,
    grant: &Grant<rights::UseGroups>,
    group: &Group,
    link: Link,
    object: Option<&str>,
) -> Result<(Basis, Option<Uuid>)> {
    let id = match object.map(|key| (key, Uuid::try_parse(key))) {
        Some((key, Err(_))) => Some(objects::find(tx, &grant.scope(), key)?.uuid()),
        Some((_, Ok(id))) => Some(id),
        None => None,
    };
    let opens = group.depart_restriction == "Open" && group.mail_enabled;
    let basis = oneself_or_edit(tx, grant, group, opens && link == Link::Member, id)?;
    Ok((basis, id))
}

fn oneself_or_edit<T: ReadTx + ?Sized>(
    tx: &mut T,
    grant: &Grant<rights::UseGroups>,
    group: &Group,
    opens: bool,
    object: Option<Uuid>,
) -> Result<Basis> {
    let own = grant.actor().user().map(|user| user.uuid());
    let oneself = own.is_some() && object == own;
    if opens && oneself {
        return Ok(Basis::Relation(Relation::Oneself));
    }
    may_edit(tx, grant, group)
}

/// The right to the other end of a link. Who may change the group must have rights there too:
/// what the caller cannot see cannot be named, and a group whose members are hidden would show
/// them through the one it is put into.
fn may_name<T: ReadTx + ?Sized>(
    tx: &mut T,
    grant: &Grant<rights::UseGroups>,
    object: &DirectoryObject,
) -> Result<()> {
    match object {
        DirectoryObject::Group(named) => may_see_members(tx, &grant.scope(), named).map(drop),
        DirectoryObject::User(_) | DirectoryObject::Contact(_) | DirectoryObject::Role(_) => Ok(()),
    }
}

/// Puts named objects into a place of a group the caller may edit, all or none.
pub(super) fn put(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::UseGroups>,
    group: &Group,
    link: Link,
    keys: &[String],
) -> Result<()> {
    let find = |key: &String| {
        let object = crate::objects::find(tx, &grant.scope(), key)?;
        may_name(tx, grant, &object).map(|()| object)
    };
    let objects = keys.iter().map(find).collect::<Result<Vec<_>>>()?;
    put_objects(tx, grant, group, link, &objects)
}

/// Puts objects into a place of a group, all or none. The rights at both ends were proved.
pub(crate) fn put_objects(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::UseGroups>,
    group: &Group,
    link: Link,
    objects: &[DirectoryObject],
) -> Result<()> {
    let mut added = Vec::new();
    for object in objects {
        admit(tx, group, link, object)?;
        tx.add_link(group.id, link, (object.kind(), object.uuid()))?;
        match (link, object) {
            (Link::Member, DirectoryObject::Group(nested)) => check_nesting(tx, group, nested)?,
            // Who is in need not wait any more.
            (Link::Member, DirectoryObject::User(user)) => {
                tx.delete_join_request(group.id, user.id)?;
            }
            _ => {}
        }
        added.push((object.kind(), object.uuid()));
    }
    check_limits(tx, group, link)?;
    if added.is_empty() {
        return Ok(());
    }
    tx.record(Change::by(grant, link.added(), "group", group.id, details(link, "added", &added)))
}

/// Whether an object may be put into a place of a group: by the rules of the group's kind, and as
/// long as it does not stand there.
pub(crate) fn admit(
    tx: &mut dyn WriteTx,
    group: &Group,
    link: Link,
    object: &DirectoryObject,
) -> Result<()> {
    let (tenant, place) = (tx.tenant(), link.collection());
    let kind = group.kind().ok_or_else(|| Error::internal("a group without a kind"))?;
    kind.admits(link, object).map_err(|wrong| Error::invalid_property(place, wrong))?;
    if tx.is_linked(tenant, group.id, link, object.uuid())? {
        return Err(Error::violations(vec![Violation::coded(
            "ObjectConflict",
            place,
            format!(
                "One or more added object references already exist for the following modified \
                 properties: '{place}'."
            ),
        )]));
    }
    Ok(())
}

/// R129: a group is never its own member, by however many steps.
fn check_nesting(tx: &mut dyn WriteTx, group: &Group, nested: &Group) -> Result<()> {
    let tenant = tx.tenant();
    if nested.id == group.id || tx.above(tenant, group.id.uuid())?.contains(&nested.id) {
        return Err(Error::violations(vec![Violation::coded(
            "MembershipCycle",
            "members",
            format!(
                "The group {} contains this group already, directly or through other groups; it \
                 cannot be its member.",
                nested.id
            ),
        )]));
    }
    Ok(())
}

fn check_limits(tx: &mut dyn WriteTx, group: &Group, link: Link) -> Result<()> {
    if let Some(most) = link.limit(group) {
        let tenant = tx.tenant();
        let count = tx.count_links(tenant, group.id, link)?;
        if usize::try_from(count).unwrap_or(usize::MAX) > most {
            let place = link.collection();
            let message = format!("A {} has at most {most} {place}.", group.kind_name());
            return Err(Error::invalid_property(place, message));
        }
        return Ok(());
    }
    check_members(tx, group)
}

/// R131, for the group and all groups above it: those in deleted items are asked for their number
/// only, since they take no mail until they are back.
fn check_members(tx: &mut dyn WriteTx, group: &Group) -> Result<()> {
    let tenant = tx.tenant();
    let mut ids = tx.above(tenant, group.id.uuid())?;
    ids.push(group.id);
    let uuids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    for each in ids {
        if tx.expanded(tenant, each, MAX_MEMBERS)? > MAX_MEMBERS {
            return Err(Error::invalid_property(
                "members",
                format!(
                    "The group {each} would have more than {MAX_MEMBERS} members, nested groups \
                     expanded."
                ),
            ));
        }
    }
    for object in tx.objects(&Scope::of_service(tenant), &uuids)? {
        let DirectoryObject::Group(each) = object else { continue };
        if is_large_and_open(tx, &each)? {
            let id = each.id;
            return Err(Error::invalid_property(
                "members",
                format!(
                    "The group {id} would have {RESTRICTED_FROM} members or more, nested groups \
                     expanded, and must then restrict who sends to it: name acceptedSenders or \
                     set moderationEnabled first."
                ),
            ));
        }
    }
    Ok(())
}

/// Whether everybody inside may send to a group that is too large for that (R131). The members are
/// counted one by one only where the groups' numbers do not settle it.
fn is_large_and_open(tx: &mut dyn WriteTx, group: &Group) -> Result<bool> {
    let tenant = tx.tenant();
    let restricted = !group.mail_enabled
        || group.moderation_enabled
        || tx.count_links(tenant, group.id, Link::AcceptedSender)? > 0;
    let below = RESTRICTED_FROM.saturating_sub(1);
    Ok(!restricted && tx.expanded(tenant, group.id, below)? > below)
}

/// Takes an object out of a place of a group. Everyone may leave a group that lets them (R127).
///
/// # Errors
/// 404 for a group that does not exist or is invisible, and for an object that does not stand
/// there; 403; 400 for the last owner (R126), and the last accepted sender of a large group
/// (R131).
pub fn unlink(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::UseGroups>,
    key: &str,
    link: Link,
    object: &str,
) -> Result<()> {
    let group = find(tx, &grant.scope(), key)?;
    let (_, id) = may_unlink(tx, grant, &group, link, Some(object))?;
    let id = id.ok_or_else(|| Error::not_found(object))?;
    let tenant = tx.tenant();
    let removed = tx.remove_link(group.id, link, id)?;
    let removed = removed.ok_or_else(|| Error::not_found(object))?;
    if link == Link::Owner && present_owners(tx, tenant, group.id)? == 0 {
        return Err(Error::invalid_property(
            "owners",
            "The group must have at least one owner, hence this owner cannot be removed. Add \
             another owner first.",
        ));
    }
    if link == Link::AcceptedSender {
        keep_restricted(tx, &group)?;
    }
    let details = details(link, "removed", &[(removed, id)]);
    tx.record(Change::by(grant, link.removed(), "group", group.id, details))
}

/// Owners in deleted items keep their place for a restore, but own nothing meanwhile.
fn present_owners(tx: &mut dyn WriteTx, tenant: TenantId, group: GroupId) -> Result<i64> {
    let owners = objects::Relation::Linked(group, Link::Owner);
    tx.count_related(&Scope::of_service(tenant), owners, &Query::default())
}

/// R131: a large group must not lose its last restriction.
pub(super) fn keep_restricted(tx: &mut dyn WriteTx, group: &Group) -> Result<()> {
    if !is_large_and_open(tx, group)? {
        return Ok(());
    }
    Err(Error::invalid_property(
        "acceptedSenders",
        format!(
            "A group with {RESTRICTED_FROM} members or more, nested groups expanded, must \
             restrict who sends to it; keep an accepted sender, or set moderationEnabled first."
        ),
    ))
}

fn details(link: Link, what: &'static str, objects: &[(ObjectKind, Uuid)]) -> Value<'static> {
    let text = |text: String| Value::Text(Cow::Owned(text));
    let items = objects.iter().map(|(kind, id)| {
        Value::Object(vec![
            (Cow::Borrowed("kind"), Value::text(kind.word())),
            (Cow::Borrowed("id"), text(id.to_string())),
        ])
    });
    let change = Value::Object(vec![(Cow::Borrowed(what), Value::List(items.collect()))]);
    Value::Object(vec![(Cow::Borrowed(link.collection()), change)])
}
