//! Reading objects by id and by what relates them to others.

use super::{DirectoryObject, ObjectField};
use crate::authz::{Grant, Scope, rights};
use crate::contacts::{Contact, ContactField};
use crate::error::{Error, Result};
use crate::groups::{Group, GroupField, GroupId, Link};
use crate::paging::{Cursor, Page};
use crate::ports::ReadTx;
use crate::query::Query;
use crate::users::{User, UserField, UserId};
use uuid::Uuid;

/// A set of objects that one object stands in relation to. Deleted and invisible objects are
/// never among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// Whose manager this is.
    DirectReports(Uuid),
    /// What stands in a place of a group.
    Linked(GroupId, Link),
    /// Members of a group and of the groups in it, each once.
    TransitiveMembers(GroupId),
    /// Users and contacts that get a group's mail, each once (R129).
    Recipients(GroupId),
    /// Groups it is a member of.
    MemberOf(Uuid),
    /// Groups it is a member of, directly or through other groups.
    TransitiveMemberOf(Uuid),
    /// Groups it owns.
    OwnedObjects(Uuid),
}

impl Relation {
    /// Whether it tells who the members of a group are.
    pub(crate) const fn tells_members(self) -> bool {
        matches!(
            self,
            Self::Linked(_, Link::Member) | Self::TransitiveMembers(_) | Self::Recipients(_)
        )
    }
}

/// Reading objects of every kind.
pub trait ObjectReads {
    /// The objects of these ids that exist, are not deleted and are visible, in the order of the
    /// ids.
    ///
    /// # Errors
    /// When the database fails.
    fn objects(&mut self, scope: &Scope, ids: &[Uuid]) -> Result<Vec<DirectoryObject>>;

    /// One page of the related objects.
    ///
    /// # Errors
    /// When the database fails.
    fn related(
        &mut self,
        scope: &Scope,
        relation: Relation,
        query: &Query<ObjectField>,
        after: Option<&Cursor>,
    ) -> Result<Page<DirectoryObject>>;

    /// How many related objects a query finds.
    ///
    /// # Errors
    /// When the database fails.
    fn count_related(
        &mut self,
        scope: &Scope,
        relation: Relation,
        query: &Query<ObjectField>,
    ) -> Result<i64>;

    /// One page of the users among the related objects.
    ///
    /// # Errors
    /// When the database fails.
    fn related_users(
        &mut self,
        scope: &Scope,
        relation: Relation,
        query: &Query<UserField>,
        after: Option<&Cursor>,
    ) -> Result<Page<User>>;

    /// How many users among the related objects a query finds.
    ///
    /// # Errors
    /// When the database fails.
    fn count_related_users(
        &mut self,
        scope: &Scope,
        relation: Relation,
        query: &Query<UserField>,
    ) -> Result<i64>;

    /// One page of the contacts among the related objects.
    ///
    /// # Errors
    /// When the database fails.
    fn related_contacts(
        &mut self,
        scope: &Scope,
        relation: Relation,
        query: &Query<ContactField>,
        after: Option<&Cursor>,
    ) -> Result<Page<Contact>>;

    /// How many contacts among the related objects a query finds.
    ///
    /// # Errors
    /// When the database fails.
    fn count_related_contacts(
        &mut self,
        scope: &Scope,
        relation: Relation,
        query: &Query<ContactField>,
    ) -> Result<i64>;

    /// One page of the groups among the related objects.
    ///
    /// # Errors
    /// When the database fails.
    fn related_groups(
        &mut self,
        scope: &Scope,
        relation: Relation,
        query: &Query<GroupField>,
        after: Option<&Cursor>,
    ) -> Result<Page<Group>>;

    /// How many groups among the related objects a query finds.
    ///
    /// # Errors
    /// When the database fails.
    fn count_related_groups(
        &mut self,
        scope: &Scope,
        relation: Relation,
        query: &Query<GroupField>,
    ) -> Result<i64>;
}

/// A visible object of any kind by its id; a user also by its user principal name.
///
/// # Errors
/// 404.
pub fn find<T: ReadTx + ?Sized>(tx: &mut T, scope: &Scope, key: &str) -> Result<DirectoryObject> {
    let id = match UserId::parse(key) {
        Some(id) => id.uuid(),
        None => crate::users::resolve(tx, scope, key)?.user.id.uuid(),
    };
    tx.objects(scope, &[id])?.pop().ok_or_else(|| Error::not_found(key))
}

/// The visible objects of these ids, in their order; unknown ones are left out.
///
/// # Errors
/// When the database fails.
pub fn find_all(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ReadDirectory>,
    ids: &[Uuid],
) -> Result<Vec<DirectoryObject>> {
    tx.objects(&grant.scope(), ids)
}

/// One page of related objects.
///
/// # Errors
/// When the database fails.
pub fn list_related(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ReadDirectory>,
    relation: Relation,
    query: &Query<ObjectField>,
    after: Option<&Cursor>,
) -> Result<Page<DirectoryObject>> {
    tx.related(&grant.scope(), relation, query, after)
}

/// How many related objects a query finds.
///
/// # Errors
/// When the database fails.
pub fn count_related(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ReadDirectory>,
    relation: Relation,
    query: &Query<ObjectField>,
) -> Result<i64> {
    tx.count_related(&grant.scope(), relation, query)
}
