//! What users, contacts, groups and directory roles have in common: they stand together in
//! relations and in answers to ids, the first three in deleted items too.

mod delete;
mod deleted;
mod expand;
mod properties;
mod read;
mod reference;
mod roles;

pub use delete::delete;
pub use deleted::{
    Restored, erase_expired, get_deleted, kept_since, may_restore, purge, read_restores, restore,
};
pub(crate) use expand::first_of;
pub use expand::{Expandable, Expanded, expand};
pub use properties::ObjectField;
pub use read::{
    ObjectReads, Relation, count_related, find, find_all, find_of, get, get_related, list_related,
};
pub use reference::last_segment;
pub use roles::{visible_roles, visible_roles_in};

use crate::contacts::Contact;
use crate::groups::Group;
use crate::roles::DirectoryRole;
use crate::users::User;
use uuid::Uuid;

/// Kinds of objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectKind {
    /// A user.
    User,
    /// A shared contact.
    Contact,
    /// A group.
    Group,
    /// An administrator role; built in, in no table.
    Role,
}

impl ObjectKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::User, Self::Contact, Self::Group, Self::Role];

    /// Word in the database and in messages.
    pub const fn word(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Contact => "contact",
            Self::Group => "group",
            Self::Role => "role",
        }
    }

    /// Reads [`Self::word`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// An object of any kind.
#[derive(Clone, Debug)]
pub enum DirectoryObject {
    /// A user.
    User(Box<User>),
    /// A shared contact.
    Contact(Box<Contact>),
    /// A group.
    Group(Box<Group>),
    /// An administrator role. It is read, and users are its members; nothing else is done to it.
    Role(DirectoryRole),
}

impl DirectoryObject {
    /// Its kind.
    pub const fn kind(&self) -> ObjectKind {
        match self {
            Self::User(_) => ObjectKind::User,
            Self::Contact(_) => ObjectKind::Contact,
            Self::Group(_) => ObjectKind::Group,
            Self::Role(_) => ObjectKind::Role,
        }
    }

    /// Its identifier.
    pub const fn uuid(&self) -> Uuid {
        match self {
            Self::User(user) => user.id.uuid(),
            Self::Contact(contact) => contact.id.uuid(),
            Self::Group(group) => group.id.uuid(),
            Self::Role(role) => role.role.template_id(),
        }
    }

    /// Number of its changes.
    pub const fn version(&self) -> i64 {
        match self {
            Self::User(user) => user.version,
            Self::Contact(contact) => contact.version,
            Self::Group(group) => group.version,
            Self::Role(_) => 1,
        }
    }
}
