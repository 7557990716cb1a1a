//! Whether a group would take a message, and who would get it (R122–R125, R129, R130).

mod nested;
mod rules;
mod sender;

use super::access::may_see_members;
use super::read::find;
use super::{GroupId, Link};
use crate::authz::{Grant, rights};
use crate::error::{Error, Result};
use crate::limits::RESTRICTED_FROM;
use crate::objects::DirectoryObject;
use crate::paging::Page;
use crate::ports::ReadTx;
pub use nested::{Decision, Nested};
use sender::{Lists, Sender};
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
    /// The groups in it that refuse it or ask somebody of their own (R129, R130), as far as the
    /// caller sees them.
    pub nested: Vec<Nested>,
    /// Whether a group in it refuses the sender, so that some members get nothing.
    pub narrowed: bool,
    /// The first of those who would get it, each once.
    pub recipients: Page<DirectoryObject>,
    /// Their number.
    pub total: i64,
}

/// Checks a message from a sender, named by address, to a group and through it to the groups in
/// it. The number of statements does not depend on the number of members or groups.
///
/// # Errors
/// 404; 400 for a group without mail, and for one with too many groups in it; 403 for members that
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
    let sender = Sender::find(tx, grant.tenant(), sender)?;
    let tree = nested::Tree::read(tx, grant.tenant(), &group)?;
    let lists = Lists::read(tx, grant, &tree.ids(), sender.id)?;
    let members = tx.expanded(grant.tenant(), group.id, RESTRICTED_FROM - 1)?;
    let reasons = rules::reasons(&group, members, &sender, &lists);
    let moderated = rules::asks(&group, &lists);
    let approvers = if moderated { approvers(tx, grant, group.id)? } else { Vec::new() };
    let course = tree.follow(tx, &scope, &sender, &lists)?;
    let (recipients, total) = tx.receiving(&scope, &course.through)?;
    Ok(Delivery {
        group: group.id,
        reasons,
        moderated,
        approvers,
        nested: course.nested,
        narrowed: course.narrowed,
        recipients,
        total,
    })
}

/// R130: moderators approve, owners where there are none.
fn approvers(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ReadDirectory>,
    group: GroupId,
) -> Result<Vec<DirectoryObject>> {
    let mut approvers = tx.links(grant.tenant(), group, Link::Moderator)?;
    if approvers.is_empty() {
        approvers = tx.links(grant.tenant(), group, Link::Owner)?;
    }
    let ids: Vec<Uuid> = approvers.into_iter().map(|(_, id)| id).collect();
    tx.objects(&grant.scope(), &ids)
}
