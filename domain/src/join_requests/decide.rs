//! Deciding on requests: owners and administrators approve or deny, who asked withdraws (R126).

use super::read::find;
use super::{JoinRequest, Waiting};
use crate::authz::{Grant, Scope, rights};
use crate::changes::{self, Change};
use crate::error::Result;
use crate::groups::{self, Group, Link};
use crate::objects;
use crate::ports::WriteTx;

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
    let all = Waiting { tenant: grant.tenant(), group: group.id, requestor: None };
    let request = find(tx, &all, id);
    let own = grant.actor().user();
    if !request.as_ref().is_ok_and(|request| Some(request.requestor) == own) {
        groups::may_edit(tx, grant, &group)?;
    }
    let request = request?;
    tx.delete_join_request(group.id, request.requestor)?;
    record(tx, grant, "groups.joinRequests.remove", &request)
}

/// The request that the caller may decide on, with its group.
fn decided(
    tx: &mut dyn WriteTx,
    grant: &Grant<rights::UseGroups>,
    key: &str,
    id: &str,
) -> Result<(Group, JoinRequest)> {
    let group = groups::find(tx, &grant.scope(), key)?;
    groups::may_edit(tx, grant, &group)?;
    let all = Waiting { tenant: grant.tenant(), group: group.id, requestor: None };
    let request = find(tx, &all, id)?;
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
