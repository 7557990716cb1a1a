//! The address book: everything mail-enabled and visible in one list, for every member (R32, R34,
//! R137–R139).

mod entry;
mod index;
mod numbers;
mod properties;
mod typed;

pub use entry::Entry;
pub use index::{Index, Placed};
pub use properties::EntryField;
pub use typed::{Term, typed_terms};

use crate::error::Result;
use crate::groups::GroupKind;
use crate::id::TenantId;
use uuid::Uuid;

/// Kinds of entries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum EntryKind {
    /// A person or a room with an account.
    #[default]
    User,
    /// A shared contact.
    Contact,
    /// A group that receives mail.
    Group,
}

impl EntryKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::User, Self::Contact, Self::Group];

    /// The kind of a changed object, as the change feed names it.
    pub fn of_target(kind: &str) -> Option<Self> {
        match kind {
            "user" => Some(Self::User),
            "contact" => Some(Self::Contact),
            "group" => Some(Self::Group),
            _ => None,
        }
    }

    /// Type of the object in the dialect.
    pub const fn odata_type(self) -> &'static str {
        match self {
            Self::User => "#microsoft.graph.user",
            Self::Contact => "#microsoft.graph.orgContact",
            Self::Group => "#microsoft.graph.group",
        }
    }
}

/// A built-in address list (R137).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum AddressList {
    /// Everything.
    #[default]
    All,
    /// All users.
    Users,
    /// All contacts.
    Contacts,
    /// All distribution lists, mail-enabled security groups among them.
    DistributionLists,
    /// All Microsoft 365 groups, which have a mailbox of their own and so are no distribution
    /// lists.
    Microsoft365Groups,
    /// All rooms, and equipment that is booked like them.
    Rooms,
}

impl AddressList {
    /// Every list.
    pub const ALL: [Self; 6] = [
        Self::All,
        Self::Users,
        Self::Contacts,
        Self::DistributionLists,
        Self::Microsoft365Groups,
        Self::Rooms,
    ];

    /// Name in requests.
    pub const fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Users => "users",
            Self::Contacts => "contacts",
            Self::DistributionLists => "distributionLists",
            Self::Microsoft365Groups => "microsoft365Groups",
            Self::Rooms => "rooms",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|list| list.name().eq_ignore_ascii_case(name))
    }

    /// Whether an entry stands in the list.
    pub fn holds(self, entry: &Entry) -> bool {
        let is_team = entry.group == Some(GroupKind::Microsoft365);
        match self {
            Self::All => true,
            Self::Users => entry.kind == EntryKind::User,
            Self::Contacts => entry.kind == EntryKind::Contact,
            Self::DistributionLists => entry.kind == EntryKind::Group && !is_team,
            Self::Microsoft365Groups => is_team,
            Self::Rooms => entry.is_bookable(),
        }
    }
}

/// Objects behind the address book, as far as they are entries.
pub trait AddressBookReads {
    /// A page of the entries of one kind after an id, in the order of ids, with the id of the last
    /// object looked at; none at the end.
    ///
    /// # Errors
    /// When the database fails.
    fn entries(
        &mut self,
        tenant: TenantId,
        kind: EntryKind,
        after: Uuid,
        limit: usize,
    ) -> Result<(Vec<Entry>, Option<Uuid>)>;

    /// The entries of some objects of one kind, as far as they are not gone, hidden or without
    /// mail.
    ///
    /// # Errors
    /// When the database fails.
    fn entries_of(&mut self, tenant: TenantId, kind: EntryKind, ids: &[Uuid])
    -> Result<Vec<Entry>>;

    /// The objects changed after a sequence number, with the number of each change, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    fn changed_entries(
        &mut self,
        tenant: TenantId,
        after: i64,
        limit: usize,
    ) -> Result<Vec<(i64, Option<EntryKind>, Uuid)>>;

    /// The sequence number of the organisation's last change.
    ///
    /// # Errors
    /// When the database fails.
    fn last_change(&mut self, tenant: TenantId) -> Result<i64>;
}
