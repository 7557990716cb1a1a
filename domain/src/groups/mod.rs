//! Groups: distribution, mail-enabled security, security and Microsoft 365 groups (R121–R133).

pub(crate) mod access;
mod create;
mod delete;
pub mod deleted;
mod delivery;
mod expand;
mod kind;
mod links;
mod mailbox;
mod memberships;
mod properties;
mod read;
mod update;
mod validate;

pub(crate) use access::may_edit;
pub use create::{NewGroup, create, may_create};
pub use delete::delete;
pub use delivery::{Decision, Delivery, Nested, Reason, check as check_delivery};
pub use kind::GroupKind;
pub use links::{Link, link, unlink};
pub(crate) use links::{admit, may_link, may_unlink, put_objects};
pub use memberships::Memberships;
pub use properties::GroupField;
pub(crate) use read::find;
pub use read::{GroupReads, GroupWrites, Naming, Nesting, count, get, linked, list};
pub use update::{Update, update};
pub use validate::{Names, validate, validate_for};

use crate::id::Id;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Identifier of a group.
pub type GroupId = Id<Group>;

/// A group. Absent values are `None`; collections are empty rather than absent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Group {
    /// Identifier, never reused.
    #[serde(skip)]
    pub id: GroupId,
    /// Number of changes of its own properties; the entity tag.
    #[serde(skip)]
    pub version: i64,
    /// When the group was made.
    #[serde(skip)]
    pub created: Timestamp,
    /// When it was moved to deleted items.
    #[serde(skip)]
    pub deleted: Option<Timestamp>,
    /// Name shown in lists.
    pub display_name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Whether it receives mail.
    pub mail_enabled: bool,
    /// Whether rights may be given to it.
    pub security_enabled: bool,
    /// Whether it is a Microsoft 365 group.
    pub unified: bool,
    /// Primary mail address.
    pub mail: Option<String>,
    /// Alias: the local part of the first address.
    pub mail_nickname: Option<String>,
    /// Addresses at which mail arrives: `SMTP:` marks the primary one.
    pub proxy_addresses: Vec<String>,
    /// `Public`, `Private` or `HiddenMembership`.
    pub visibility: Option<String>,
    /// The organisation's own classification.
    pub classification: Option<String>,
    /// Preferred language, a language tag.
    pub preferred_language: Option<String>,
    /// Whether it is left out of address lists; mail still arrives.
    pub hide_from_address_lists: bool,
    /// Whether people outside may send to it (R122).
    pub allow_external_senders: bool,
    /// Text shown to who writes to it (R47).
    pub mail_tip: Option<String>,
    /// `Open`, `Closed` or `ApprovalRequired` (R127).
    pub join_restriction: String,
    /// `Open` or `Closed` (R127).
    pub depart_restriction: String,
    /// Whether a moderator approves each message (R130).
    pub moderation_enabled: bool,
    /// Whether what was approved here passes the groups in it without further approval (R130).
    pub bypass_nested_moderation: bool,
    /// Who hears of a refused message: `Always`, `Internal` or `Never` (R130).
    pub moderation_notifications: String,
    /// Delivery reports go to the first owner (R133).
    pub report_to_manager: bool,
    /// Delivery reports go to the sender (R133).
    pub report_to_originator: bool,
    /// Out-of-office answers go to the sender (R133).
    pub oof_to_originator: bool,
}

impl Default for Group {
    fn default() -> Self {
        Self {
            id: GroupId::default(),
            version: 0,
            created: Timestamp::default(),
            deleted: None,
            display_name: String::new(),
            description: None,
            mail_enabled: false,
            security_enabled: false,
            unified: false,
            mail: None,
            mail_nickname: None,
            proxy_addresses: Vec::new(),
            visibility: None,
            classification: None,
            preferred_language: None,
            hide_from_address_lists: false,
            allow_external_senders: false,
            mail_tip: None,
            join_restriction: "Closed".to_owned(),
            depart_restriction: "Open".to_owned(),
            moderation_enabled: false,
            bypass_nested_moderation: false,
            moderation_notifications: "Always".to_owned(),
            report_to_manager: false,
            report_to_originator: true,
            oof_to_originator: false,
        }
    }
}

impl Group {
    /// Its kind, told by the three flags; none for flags that no group has.
    pub const fn kind(&self) -> Option<GroupKind> {
        GroupKind::of(self.unified, self.mail_enabled, self.security_enabled)
    }

    /// Whether Exchange administrators manage it (A1).
    pub fn is_recipient(&self) -> bool {
        self.kind().is_some_and(GroupKind::is_recipient)
    }

    /// Whether only members, owners and administrators know its members.
    pub fn hides_members(&self) -> bool {
        self.visibility.as_deref() == Some(HIDDEN_MEMBERSHIP)
    }
}

/// The visibility that hides the members; given at creation and never changed (R132).
pub const HIDDEN_MEMBERSHIP: &str = "HiddenMembership";
