//! Reading objects by id and by what relates them to others.

use super::{DirectoryObject, ObjectField, ObjectKind, roles};
use crate::authz::{Grant, Scope, rights};
use crate::contacts::{Contact, ContactField};
use crate::error::{Error, Result};
use crate::groups::{Group, GroupField, GroupId, Link};
use crate::paging::{Cursor, Page};
use crate::ports::ReadTx;
use crate::query::{Filter, Literal, Op, Query};
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
    /// Groups it is a member of. [`list_related`] adds its directory roles.
    MemberOf(Uuid),
    /// Groups it is a member of, directly or through other groups. [`list_related`] adds its
    /// directory roles.
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

    /// The users and contacts with an address that are direct members of one of some groups, each
    /// once: the first page, and the number of all.
    ///
    /// # Errors
    /// When the database fails.
    fn receiving(
        &mut self,
        scope: &Scope,
        through: &[GroupId],
    ) -> Result<(Page<DirectoryObject>, i64)>;

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

/// A visible user, contact or group by its id; a user also by its user principal name.
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

/// [`find`] among the objects of one kind.
///
/// # Errors
/// 404 also for an object of another kind.
pub fn find_of<T: ReadTx + ?Sized>(
    tx: &mut T,
    scope: &Scope,
    kind: ObjectKind,
    key: &str,
) -> Result<DirectoryObject> {
    let found = find(tx, scope, key)?;
    if found.kind() == kind { Ok(found) } else { Err(Error::not_found(key)) }
}

/// A visible object of any kind by its id; a user also by its user principal name.
///
/// # Errors
/// 404.
pub fn get(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ReadDirectory>,
    key: &str,
) -> Result<DirectoryObject> {
    let scope = grant.scope();
    match Uuid::try_parse(key).ok().and_then(|id| roles::of_id(id, &scope)) {
        Some(role) => Ok(role),
        None => find(tx, &scope, key),
    }
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
    let scope = grant.scope();
    let mut stored = tx.objects(&scope, ids)?.into_iter().peekable();
    let each =
        |id: &Uuid| roles::of_id(*id, &scope).or_else(|| stored.next_if(|next| next.uuid() == *id));
    Ok(ids.iter().filter_map(each).collect())
}

/// One page of related objects. Directory roles are few and in no table: they join the page that
/// the database finds.
///
/// # Errors
/// When the database fails.
pub fn list_related(
    tx: &mut dyn ReadTx,
    scope: &Scope,
    relation: Relation,
    query: &Query<ObjectField>,
    after: Option<&Cursor>,
) -> Result<Page<DirectoryObject>> {
    let stored = tx.related(scope, relation, query, after)?;
    let roles = roles::visible_roles_in(tx, scope, relation)?;
    if roles.is_empty() {
        return Ok(stored);
    }
    let roles = roles.into_iter().map(DirectoryObject::from).collect();
    Ok(stored.joined(Page::of_all(roles, query, after).0, query))
}

/// One of the related objects, by its id.
///
/// # Errors
/// 404 for what is not among them.
pub fn get_related(
    tx: &mut dyn ReadTx,
    scope: &Scope,
    relation: Relation,
    key: &str,
) -> Result<DirectoryObject> {
    let id = Uuid::try_parse(key).map_err(|_| Error::not_found(key))?;
    let (field, value) = (ObjectField::Id, Literal::Id(id));
    let filter = Filter::Compare { field, op: Op::Eq, value };
    let query = Query { filter: Some(filter), ..Query::default() };
    let mut found = list_related(tx, scope, relation, &query, None)?.items;
    found.pop().ok_or_else(|| Error::not_found(key))
}

/// How many related objects a query finds.
///
/// # Errors
/// When the database fails.
pub fn count_related(
    tx: &mut dyn ReadTx,
    scope: &Scope,
    relation: Relation,
    query: &Query<ObjectField>,
) -> Result<i64> {
    let stored = tx.count_related(scope, relation, query)?;
    let roles = roles::visible_roles_in(tx, scope, relation)?;
    let roles = roles.into_iter().map(DirectoryObject::from).collect();
    let (_, roles) = Page::of_all(roles, query, None);
    Ok(stored.saturating_add(roles))
}
