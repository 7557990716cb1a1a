//! Reading groups.

use super::access::may_see_members;
use super::{Group, GroupField, GroupId, Link};
use crate::authz::{Grant, Scope, rights};
use crate::error::{Error, Result};
use crate::id::TenantId;
use crate::objects::{ObjectKind, Relation};
use crate::paging::{Cursor, Page};
use crate::ports::ReadTx;
use crate::query::Query;
use crate::time::Timestamp;
use crate::users::UserId;
use uuid::Uuid;

/// A group that is a member of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nesting {
    /// The group that has the member.
    pub outer: GroupId,
    /// The group that is the member.
    pub inner: GroupId,
    /// Number of direct members of the inner group.
    pub members: i64,
}

/// A place of a group that is filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Naming {
    /// The group.
    pub group: GroupId,
    /// The place.
    pub link: Link,
    /// Whether the sender stands there, itself or through a group.
    pub sender: bool,
}

/// Reading groups from the database.
pub trait GroupReads {
    /// A visible group that is not deleted.
    ///
    /// # Errors
    /// When the database fails.
    fn group(&mut self, scope: &Scope, id: GroupId) -> Result<Option<Group>>;

    /// One page of a query.
    ///
    /// # Errors
    /// When the database fails.
    fn groups(
        &mut self,
        scope: &Scope,
        query: &Query<GroupField>,
        after: Option<&Cursor>,
    ) -> Result<Page<Group>>;

    /// How many groups a query finds in all.
    ///
    /// # Errors
    /// When the database fails.
    fn count_groups(&mut self, scope: &Scope, query: &Query<GroupField>) -> Result<i64>;

    /// A group deleted after `since`.
    ///
    /// # Errors
    /// When the database fails.
    fn deleted_group(
        &mut self,
        scope: &Scope,
        id: GroupId,
        since: Timestamp,
    ) -> Result<Option<Group>>;

    /// One page of a query over the groups deleted after `since`.
    ///
    /// # Errors
    /// When the database fails.
    fn deleted_groups(
        &mut self,
        scope: &Scope,
        since: Timestamp,
        query: &Query<GroupField>,
        after: Option<&Cursor>,
    ) -> Result<Page<Group>>;

    /// How many groups deleted after `since` a query finds.
    ///
    /// # Errors
    /// When the database fails.
    fn count_deleted_groups(
        &mut self,
        scope: &Scope,
        since: Timestamp,
        query: &Query<GroupField>,
    ) -> Result<i64>;

    /// Another mail-enabled group that has this name (folded).
    ///
    /// # Errors
    /// When the database fails.
    fn recipient_named(
        &mut self,
        tenant: TenantId,
        besides: GroupId,
        folded: &str,
    ) -> Result<Option<GroupId>>;

    /// A mail-enabled group other than `besides` that has this alias (folded).
    ///
    /// # Errors
    /// When the database fails.
    fn recipient_with_alias(
        &mut self,
        tenant: TenantId,
        besides: Option<GroupId>,
        folded: &str,
    ) -> Result<Option<GroupId>>;

    /// Whether an object stands in a place of a group.
    ///
    /// # Errors
    /// When the database fails.
    fn is_linked(
        &mut self,
        tenant: TenantId,
        group: GroupId,
        link: Link,
        object: Uuid,
    ) -> Result<bool>;

    /// The objects in a place of a group that holds few: not the members.
    ///
    /// # Errors
    /// When the database fails.
    fn links(
        &mut self,
        tenant: TenantId,
        group: GroupId,
        link: Link,
    ) -> Result<Vec<(ObjectKind, Uuid)>>;

    /// How many objects stand in a place of a group.
    ///
    /// # Errors
    /// When the database fails.
    fn count_links(&mut self, tenant: TenantId, group: GroupId, link: Link) -> Result<i64>;

    /// Every group above an object, deleted ones included.
    ///
    /// # Errors
    /// When the database fails.
    fn above(&mut self, tenant: TenantId, object: Uuid) -> Result<Vec<GroupId>>;

    /// Those of some groups that a user owns, by name or as a member of a group that owns them,
    /// however nested; a deleted group breaks the chain. One statement.
    ///
    /// # Errors
    /// When the database fails.
    fn owned_among(
        &mut self,
        tenant: TenantId,
        user: Uuid,
        groups: &[GroupId],
    ) -> Result<Vec<GroupId>>;

    /// Which groups are in which, below a group; a deleted group breaks the chain. One statement.
    ///
    /// # Errors
    /// When the database fails.
    fn nestings(
        &mut self,
        tenant: TenantId,
        group: GroupId,
        at_most: usize,
    ) -> Result<Vec<Nesting>>;

    /// The filled places of some groups, besides the members, and whether they name a sender,
    /// itself or through groups it is in. `seen_by` is told of no membership that is hidden from
    /// them, and of no invisible group. One statement.
    ///
    /// # Errors
    /// When the database fails.
    fn naming(
        &mut self,
        tenant: TenantId,
        groups: &[GroupId],
        sender: Option<Uuid>,
        seen_by: Option<UserId>,
    ) -> Result<Vec<Naming>>;

    /// How many users and contacts are in a group, nested groups expanded: exact where it may be
    /// more than `beyond`, else some number that is not too small.
    ///
    /// # Errors
    /// When the database fails.
    fn expanded(&mut self, tenant: TenantId, group: GroupId, beyond: i64) -> Result<i64>;
}

/// Writing groups to the database.
pub trait GroupWrites {
    /// Adds a group.
    ///
    /// # Errors
    /// When the database fails.
    fn insert_group(&mut self, group: &Group) -> Result<()>;

    /// Writes a group's new state, deleted or not.
    ///
    /// # Errors
    /// When the database fails.
    fn update_group(&mut self, group: &Group) -> Result<()>;

    /// Groups deleted before a point in time, some of them.
    ///
    /// # Errors
    /// When the database fails.
    fn expired_groups(&mut self, before: Timestamp, at_most: usize) -> Result<Vec<GroupId>>;

    /// Removes a group with everything it names and the requests to join it.
    ///
    /// # Errors
    /// When the database fails.
    fn erase_group(&mut self, id: GroupId) -> Result<()>;

    /// Puts an object into a place of a group.
    ///
    /// # Errors
    /// When the database fails, or the object stands there already.
    fn add_link(&mut self, group: GroupId, link: Link, object: (ObjectKind, Uuid)) -> Result<()>;

    /// Takes an object out of a place of a group; its kind, if it stood there.
    ///
    /// # Errors
    /// When the database fails.
    fn remove_link(
        &mut self,
        group: GroupId,
        link: Link,
        object: Uuid,
    ) -> Result<Option<ObjectKind>>;

    /// Takes an object out of every group, and its requests to join one: it is gone for good.
    ///
    /// # Errors
    /// When the database fails.
    fn remove_links_to(&mut self, object: Uuid) -> Result<()>;
}

/// Finds a visible group by id.
pub(crate) fn find<T: ReadTx + ?Sized>(tx: &mut T, scope: &Scope, key: &str) -> Result<Group> {
    let found = match GroupId::parse(key) {
        Some(id) => tx.group(scope, id)?,
        None => None,
    };
    found.ok_or_else(|| Error::not_found(key))
}

/// One group.
///
/// # Errors
/// 404 also when the group is invisible to the caller.
pub fn get(tx: &mut dyn ReadTx, grant: &Grant<rights::ReadDirectory>, key: &str) -> Result<Group> {
    find(tx, &grant.scope(), key)
}

/// One page of groups.
///
/// # Errors
/// When the database fails.
pub fn list(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ReadDirectory>,
    query: &Query<GroupField>,
    after: Option<&Cursor>,
) -> Result<Page<Group>> {
    tx.groups(&grant.scope(), query, after)
}

/// How many groups a query finds.
///
/// # Errors
/// As [`list`].
pub fn count(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ReadDirectory>,
    query: &Query<GroupField>,
) -> Result<i64> {
    tx.count_groups(&grant.scope(), query)
}

/// The relation of what stands in a place of a group, for who may see it.
///
/// # Errors
/// 404; 403 for members that are hidden from the caller.
pub fn linked(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ReadDirectory>,
    key: &str,
    relation: fn(GroupId) -> Relation,
) -> Result<Relation> {
    let group = find(tx, &grant.scope(), key)?;
    let relation = relation(group.id);
    if relation.tells_members() {
        may_see_members(tx, &grant.scope(), &group)?;
    }
    Ok(relation)
}
