//! People with an account.

mod complex;
mod create;
mod delete;
pub mod deleted;
mod mailbox;
mod properties;
mod read;
mod rules;
mod update;

pub use complex::{ExtensionAttributes, OrgData};
pub use create::{Created, NewUser, create};
pub use delete::{delete, guard_last_global_administrator, may_delete};
pub use properties::UserField;
pub use read::{Found, UserReads, UserWrites, count, get, list, resolve};
pub use update::{Update, Updated, may_update, update};

use crate::authz::RoleSet;
use crate::id::Id;
use crate::invitations::PENDING;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Identifier of a user.
pub type UserId = Id<User>;

/// What the mailbox of a person is for.
const PERSON: &str = "user";

/// A person with an account. Absent values are `None`; collections are empty rather than absent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct User {
    /// Identifier, never reused.
    #[serde(skip)]
    pub id: UserId,
    /// Number of changes; the entity tag.
    #[serde(skip)]
    pub version: i64,
    /// When the account was made.
    #[serde(skip)]
    pub created: Timestamp,
    /// When it was moved to deleted items.
    #[serde(skip)]
    pub deleted: Option<Timestamp>,
    /// Roles it held when it was moved to deleted items. They never come back (R85), but say who
    /// may restore or purge it (A21).
    #[serde(skip_serializing_if = "hold_nothing")]
    pub former_roles: RoleSet,
    /// The manager, a user or contact.
    #[serde(skip)]
    pub manager: Option<Uuid>,
    /// Sign-in name, in a verified domain.
    pub user_principal_name: String,
    /// Name shown in lists.
    pub display_name: String,
    /// Whether sign-in is allowed.
    pub account_enabled: bool,
    /// `Member` or `Guest`.
    pub user_type: String,
    /// What the mailbox is for: `shared`, `room` or `equipment`; none for a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// Given name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// Surname.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub surname: Option<String>,
    /// Job title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job_title: Option<String>,
    /// Department.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// Company.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company_name: Option<String>,
    /// Office.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub office_location: Option<String>,
    /// Street and number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_address: Option<String>,
    /// City.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// State or province.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// Country, as the organisation writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Two-letter country in which services are used (R110).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usage_location: Option<String>,
    /// Preferred language, a language tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preferred_language: Option<String>,
    /// Number of the person in the organisation's own records.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employee_id: Option<String>,
    /// Kind of employment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employee_type: Option<String>,
    /// First day of employment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employee_hire_date: Option<Timestamp>,
    /// Last day of employment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employee_leave_date_time: Option<Timestamp>,
    /// Division and cost centre.
    #[serde(skip_serializing_if = "OrgData::is_empty")]
    pub employee_org_data: OrgData,
    /// Anchor of an entry in another directory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub immutable_id: Option<String>,
    /// Texts for the organisation's own use.
    #[serde(skip_serializing_if = "ExtensionAttributes::is_empty")]
    pub extension_attributes: ExtensionAttributes,
    /// Fax number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fax_number: Option<String>,
    /// Mobile number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mobile_phone: Option<String>,
    /// Business phone; at most one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub business_phones: Vec<String>,
    /// Primary mail address; a user with one is mail-enabled (A31).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail: Option<String>,
    /// Alias: the local part of the routing address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail_nickname: Option<String>,
    /// Private addresses; the first is the alternate e-mail address (A20).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other_mails: Vec<String>,
    /// Addresses at which mail arrives: `SMTP:` marks the primary one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub proxy_addresses: Vec<String>,
    /// Password policies, joined by commas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password_policies: Option<String>,
    /// How the account came to be: `Invitation`, or none for ordinary accounts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creation_type: Option<String>,
    /// Whether an invited guest has accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_user_state: Option<String>,
    /// Whether the person stands in the address book; absent means yes for members.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show_in_address_list: Option<bool>,
    /// The address at the initial domain that is reserved for this user (R104).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub routing_address: Option<String>,
    /// When the password was last set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_password_change: Option<Timestamp>,
    /// Tokens issued before are dead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign_in_sessions_valid_from: Option<Timestamp>,
}

fn hold_nothing(roles: &RoleSet) -> bool {
    roles.is_empty()
}

impl User {
    /// Whether the person is listed for others in address lists.
    pub fn is_visible(&self) -> bool {
        self.show_in_address_list.unwrap_or(true)
    }

    /// What the mailbox is for, in a word: `user` for a person.
    pub fn purpose(&self) -> &str {
        self.purpose.as_deref().unwrap_or(PERSON)
    }

    /// Whether a word stands in `passwordPolicies`.
    pub fn has_password_policy(&self, word: &str) -> bool {
        let policies = self.password_policies.as_deref().unwrap_or_default();
        policies.split(',').any(|policy| policy.trim() == word)
    }

    /// Whether this is a guest who has not accepted the invitation yet.
    pub fn is_pending(&self) -> bool {
        self.external_user_state.as_deref() == Some(PENDING)
    }

    /// Whether sign-in is open to the account: it is not blocked, and a guest has accepted.
    pub fn is_open(&self) -> bool {
        self.account_enabled && !self.is_pending()
    }

    /// The address for recovery and notices outside the organisation (A20).
    pub fn alternate_email(&self) -> Option<&str> {
        self.other_mails.first().map(String::as_str)
    }
}
