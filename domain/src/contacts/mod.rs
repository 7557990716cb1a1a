//! People outside the organisation whom its administrators list for everybody (R32, R48).

mod bulk;
mod complex;
mod create;
mod delete;
mod hide;
mod naming;
mod properties;
mod read;
mod update;

pub use bulk::export;
pub use complex::{OfficeAddress, Phone};
pub use create::{NewContact, create};
pub use delete::delete;
pub use hide::{Progress, hide_some, read_hidden};
pub use properties::ContactField;
pub use read::{ContactReads, ContactWrites, count, get, list, resolve};
pub use update::{Update, update};

use crate::id::Id;
use crate::time::Timestamp;
use crate::warning::Warning;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Identifier of a contact.
pub type ContactId = Id<Contact>;

/// A shared contact. Absent values are `None`; collections are empty rather than absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Contact {
    /// Identifier, never reused.
    #[serde(skip)]
    pub id: ContactId,
    /// Number of changes; the entity tag.
    #[serde(skip)]
    pub version: i64,
    /// When the contact was made.
    #[serde(skip)]
    pub created: Timestamp,
    /// The manager, a user or contact.
    #[serde(skip)]
    pub manager: Option<Uuid>,
    /// Name in the organisation's own records, unique among contacts (R42).
    pub name: String,
    /// Name shown in lists.
    pub display_name: String,
    /// Primary address, to which mail for the contact goes (R43).
    pub mail: String,
    /// Alias, unique in the organisation (R42).
    pub mail_nickname: String,
    /// Given name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// Initials.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initials: Option<String>,
    /// Surname.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub surname: Option<String>,
    /// Company.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company_name: Option<String>,
    /// Department.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// Job title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job_title: Option<String>,
    /// Office address; at most one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<OfficeAddress>,
    /// Telephone numbers, one of each type.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<Phone>,
    /// Notes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub personal_notes: Option<String>,
    /// Web page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub web_page: Option<String>,
    /// Text shown to whoever writes to the contact (R47).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail_tip: Option<String>,
    /// Whether the contact stands in no address list; mail still reaches it (R46).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub hidden_from_address_lists: bool,
}

impl Contact {
    /// Whether the contact is listed for every member.
    pub const fn is_visible(&self) -> bool {
        !self.hidden_from_address_lists
    }

    /// The addresses at which mail arrives: the external one only, marked as the primary.
    pub fn proxy_address(&self) -> String {
        format!("SMTP:{}", self.mail)
    }
}

/// A contact just made or changed.
#[derive(Clone, Debug)]
pub struct Saved {
    /// The contact now.
    pub contact: Contact,
    /// What the caller should know although it worked.
    pub warnings: Vec<Warning>,
}
