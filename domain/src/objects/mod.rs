//! What users, contacts and groups have in common: they stand together in relations, in deleted
//! items and in answers to ids.

mod delete;
mod deleted;
mod expand;
mod properties;
mod read;

pub use crate::addresses::HolderKind as ObjectKind;
pub use delete::delete;
pub use deleted::{Restored, erase_expired, get_deleted, kept_since, purge, restore};
pub use expand::{Expandable, Expanded, expand};
pub use properties::ObjectField;
pub use read::{ObjectReads, Relation, count_related, find, find_all, list_related};

use crate::contacts::Contact;
use crate::groups::Group;
use crate::users::User;
use uuid::Uuid;

/// An object of any kind.
#[derive(Clone, Debug)]
pub enum DirectoryObject {
    /// A user.
    User(Box<User>),
    /// A shared contact.
    Contact(Box<Contact>),
    /// A group.
    Group(Box<Group>),
}

impl DirectoryObject {
    /// Its kind.
    pub const fn kind(&self) -> ObjectKind {
        match self {
            Self::User(_) => ObjectKind::User,
            Self::Contact(_) => ObjectKind::Contact,
            Self::Group(_) => ObjectKind::Group,
        }
    }

    /// Its identifier.
    pub const fn uuid(&self) -> Uuid {
        match self {
            Self::User(user) => user.id.uuid(),
            Self::Contact(contact) => contact.id.uuid(),
            Self::Group(group) => group.id.uuid(),
        }
    }

    /// Number of its changes.
    pub const fn version(&self) -> i64 {
        match self {
            Self::User(user) => user.version,
            Self::Contact(contact) => contact.version,
            Self::Group(group) => group.version,
        }
    }
}
