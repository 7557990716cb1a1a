//! Reading requests: owners and administrators of a group read all, everybody their own.

use super::{JoinRequest, JoinRequestField, JoinRequestId};
use crate::authz::{Grant, rights};
use crate::error::{Error, Result};
use crate::groups::{self, Group, GroupId};
use crate::id::TenantId;
use crate::paging::{Cursor, Page};
use crate::ports::ReadTx;
use crate::query::Query;
use crate::users::UserId;

/// Which requests are meant: those of a group, or of one person to it. People in deleted items do
/// not ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The organisation.
    pub tenant: TenantId,
    /// The group.
    pub group: GroupId,
    /// The only one whose requests are meant.
    pub requestor: Option<UserId>,
}

impl Waiting {
    /// All requests to join a group.
    pub(super) const fn all<P>(grant: &Grant<P>, group: &Group) -> Self {
        Self { tenant: grant.tenant(), group: group.id, requestor: None }
    }

    /// Those of the caller; none of an API client, which asks for nothing.
    fn own<P>(grant: &Grant<P>, group: &Group) -> Option<Self> {
        let requestor = Some(grant.actor().user()?);
        Some(Self { requestor, ..Self::all(grant, group) })
    }
}

/// Reading requests from the database.
pub trait JoinRequestReads {
    /// One page of a query.
    ///
    /// # Errors
    /// When the database fails.
    fn join_requests(
        &mut self,
        waiting: &Waiting,
        query: &Query<JoinRequestField>,
        after: Option<&Cursor>,
    ) -> Result<Page<JoinRequest>>;

    /// How many a query finds.
    ///
    /// # Errors
    /// When the database fails.
    fn count_join_requests(
        &mut self,
        waiting: &Waiting,
        query: &Query<JoinRequestField>,
    ) -> Result<i64>;

    /// One of them.
    ///
    /// # Errors
    /// When the database fails.
    fn join_request(&mut self, waiting: &Waiting, id: JoinRequestId)
    -> Result<Option<JoinRequest>>;
}

/// Writing requests to the database.
pub trait JoinRequestWrites {
    /// Adds a request; a person has at most one at a group.
    ///
    /// # Errors
    /// When the database fails.
    fn insert_join_request(&mut self, request: &JoinRequest) -> Result<()>;

    /// Removes the request of a person to join a group, if there is one.
    ///
    /// # Errors
    /// When the database fails.
    fn delete_join_request(&mut self, group: GroupId, requestor: UserId) -> Result<()>;
}

/// What the caller may know of the requests to join a group.
fn waiting<T: ReadTx + ?Sized>(
    tx: &mut T,
    grant: &Grant<rights::UseGroups>,
    group: &Group,
) -> Result<Waiting> {
    match groups::may_edit(tx, grant, group) {
        Ok(_) => Ok(Waiting::all(grant, group)),
        Err(refused) => Waiting::own(grant, group).ok_or(refused),
    }
}

/// One page of the requests to join a group that the caller may see.
///
/// # Errors
/// 404 for the group.
pub fn list(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::UseGroups>,
    key: &str,
    query: &Query<JoinRequestField>,
    after: Option<&Cursor>,
) -> Result<Page<JoinRequest>> {
    let group = groups::find(tx, &grant.scope(), key)?;
    let waiting = waiting(tx, grant, &group)?;
    tx.join_requests(&waiting, query, after)
}

/// How many requests a query finds.
///
/// # Errors
/// As [`list`].
pub fn count(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::UseGroups>,
    key: &str,
    query: &Query<JoinRequestField>,
) -> Result<i64> {
    let group = groups::find(tx, &grant.scope(), key)?;
    let waiting = waiting(tx, grant, &group)?;
    tx.count_join_requests(&waiting, query)
}

/// One request.
///
/// # Errors
/// 404 also for the request of somebody else, for who may not decide on it.
pub fn get(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::UseGroups>,
    key: &str,
    id: &str,
) -> Result<JoinRequest> {
    let group = groups::find(tx, &grant.scope(), key)?;
    let waiting = waiting(tx, grant, &group)?;
    find(tx, &waiting, id)
}

pub(super) fn find<T: ReadTx + ?Sized>(
    tx: &mut T,
    waiting: &Waiting,
    id: &str,
) -> Result<JoinRequest> {
    let found = match JoinRequestId::parse(id) {
        Some(id) => tx.join_request(waiting, id)?,
        None => None,
    };
    found.ok_or_else(|| Error::not_found(id))
}

/// The caller's own request to join a group, of which there is at most one.
pub(crate) fn own<T: ReadTx + ?Sized, P>(
    tx: &mut T,
    grant: &Grant<P>,
    group: &Group,
) -> Result<Option<JoinRequest>> {
    let Some(waiting) = Waiting::own(grant, group) else { return Ok(None) };
    Ok(tx.join_requests(&waiting, &Query::default(), None)?.items.pop())
}
