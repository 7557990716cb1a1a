//! Requests to join groups whose owners approve joins (R126, R127). A request waits until it is
//! approved, denied or withdrawn; what was decided stands in the record of changes.

mod ask;
mod decide;
mod properties;
mod read;

pub use ask::{NewJoinRequest, ask};
pub use decide::{approve, deny, withdraw};
pub(crate) use decide::{may_decide, may_withdraw};
pub use properties::JoinRequestField;
pub(crate) use read::own;
pub use read::{JoinRequestReads, JoinRequestWrites, Waiting, count, get, list};

use crate::groups::GroupId;
use crate::id::Id;
use crate::time::Timestamp;
use crate::users::UserId;

/// Identifier of a request.
pub type JoinRequestId = Id<JoinRequest>;

/// Longest reason for a request, in characters.
pub const MAX_JUSTIFICATION: usize = 1_024;

/// A waiting request of a person to become a member of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JoinRequest {
    /// Identifier.
    pub id: JoinRequestId,
    /// The group.
    pub group: GroupId,
    /// Who asks.
    pub requestor: UserId,
    /// When they asked.
    pub created: Timestamp,
    /// Why they ask.
    pub justification: Option<String>,
}
