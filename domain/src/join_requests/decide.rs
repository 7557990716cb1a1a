//! Deciding on requests: owners and administrators approve or deny, who asked withdraws (R126).

use super::read::find;
use super::{JoinRequest, Waiting};
use crate::authz::{Grant, Relation, Scope, rights};
use crate::changes::{self, Change};
use crate::error::Result;
use crate::groups::access::Basis;
use crate::groups::{self, Group, Link};
use crate::objects;
use crate::ports::{ReadTx, WriteTx};

/// Makes who asked a member of the group.
///
/// # Errors
/// 404; 403 for who neither manages nor owns the group; 400 when the person cannot be a member any
/// more, or the group is full.
pub fn approve(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::UseGroups>,
    key: &str,
    id: &str,
) -> Result<()> {
    let (group, request) = decided(tx, grant, key, id)?;
    // Who asked made themselves known to the owners, hidden from lists or not.
    let everything = Scope::of_service(grant.tenant());
    let person = objects::find(tx, &everything, &request.requestor.to_string())?;
    record(tx, grant, "groups.joinRequests.approve", &request)?;
    groups::put_objects(tx, grant, &group, Link::Member, &[person])
}

/// Refuses a request; the person may ask again.
///
/// # Errors
/// 404; 403 for who neither manages nor owns the group.
pub fn deny(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::UseGroups>,
    key: &str,
    id: &str,
) -> Result<()> {
    let (group, request) = decided(tx, grant, key, id)?;
    tx.delete_join_request(group.id, request.requestor)?;
    record(tx, grant, "groups.joinRequests.deny", &request)
}

/// Takes a request back: who asked, or who decides.
///
/// # Errors
/// 404; 403 for anybody else.
pub fn withdraw(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::UseGroups>,
    key: &str,
    id: &str,
) -> Result<()> {
    let group = groups::find(tx, &grant.scope(), key)?;
    let (_, request) = may_withdraw(tx, grant, &group, id)?;
    tx.delete_join_request(group.id, request.requestor)?;
    record(tx, grant, "groups.joinRequests.remove", &request)
}

/// The right to take a request back, which who asked has over their own; and the request.
///
/// # Errors
/// As [`withdraw`].
pub(crate) fn may_withdraw<T: ReadTx + ?Sized>(
    tx: &mut T,
    grant: &Grant<rights::UseGroups>,
    group: &Group,
    id: &str,
) -> Result<(Basis, JoinRequest)> {
    let request = find(tx, &Waiting::all(grant, group), id);
    let own = grant.actor().user();
    let basis = match &request {
        Ok(request) if Some(request.requestor) == own => Basis::Relation(Relation::Oneself),
        _ => groups::may_edit(tx, grant, group)?,
    };
    Ok((basis, request?))
}

/// The right to decide on a request; and the request.
///
/// # Errors
/// As [`deny`].
pub(crate) fn may_decide<T: ReadTx + ?Sized>(
    tx: &mut T,
    grant: &Grant<rights::UseGroups>,
    group: &Group,
    id: &str,
) -> Result<(Basis, JoinRequest)> {
    let basis = groups::may_edit(tx, grant, group)?;
    Ok((basis, find(tx, &Waiting::all(grant, group), id)?))
}

/// The request that the caller may decide on, with its group.
fn decided(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::UseGroups>,
    key: &str,
    id: &str,
) -> Result<(Group, JoinRequest)> {
    let group = groups::find(tx, &grant.scope(), key)?;
    let (_, request) = may_decide(tx, grant, &group, id)?;
    Ok((group, request))
}

fn record(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::UseGroups>,
    operation: &'static str,
    request: &JoinRequest,
) -> Result<()> {
    let details = changes::created(request);
    tx.record(Change::by(grant, operation, "group", request.group, details))
}
