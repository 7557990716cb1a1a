//! The properties that objects of every kind have, for queries over mixed collections. Which
//! properties an answer carries is the matter of each object's own table.

use super::DirectoryObject;
use crate::properties::{Entity, Property, Type};
use crate::value::Value;
use crate::{fields, time::Timestamp};
use std::borrow::Cow;

fields!(
    /// A property of objects of every kind.
    ObjectField:
    Id,
    DisplayName,
    Mail,
    MailNickname,
    CreatedDateTime,
    DeletedDateTime,
);

const fn row(
    name: &'static str,
    field: ObjectField,
    ty: Type,
    get: for<'a> fn(&'a DirectoryObject) -> Value<'a>,
    description: &'static str,
) -> Property<DirectoryObject> {
    Property::new(name, field, ty, get, description)
}

use ObjectField as F;

impl Entity for DirectoryObject {
    type Field = ObjectField;
    const NAME: &'static str = "directoryObject";
    const PROPERTIES: &'static [Property<Self>] = &[
        row("id", F::Id, Type::Id, id, "Identifier, never reused.")
            .for_members()
            .by_default()
            .filterable(),
        row(
            "displayName",
            F::DisplayName,
            Type::Text { max: 256 },
            |object| Value::text(object.display_name()),
            "Name shown in lists.",
        )
        .for_members()
        .sortable(),
        row(
            "mail",
            F::Mail,
            Type::Text { max: 254 },
            |object| Value::optional(object.mail()),
            "Primary mail address.",
        )
        .for_members()
        .sortable(),
        row(
            "mailNickname",
            F::MailNickname,
            Type::Text { max: 64 },
            |object| Value::optional(object.mail_nickname()),
            "Mail alias.",
        )
        .sortable(),
        row(
            "createdDateTime",
            F::CreatedDateTime,
            Type::Time,
            |object| object.created().map_or(Value::Null, Value::Time),
            "When the object was made.",
        )
        .sortable(),
        row(
            "deletedDateTime",
            F::DeletedDateTime,
            Type::Time,
            |object| object.deleted().map_or(Value::Null, Value::Time),
            "When the object was moved to deleted items.",
        )
        .sortable(),
    ];

    fn id(&self) -> uuid::Uuid {
        self.uuid()
    }
}

fn id(object: &DirectoryObject) -> Value<'_> {
    Value::Text(Cow::Owned(object.uuid().to_string()))
}

impl DirectoryObject {
    /// Name shown in lists.
    pub fn display_name(&self) -> &str {
        match self {
            Self::User(user) => &user.display_name,
            Self::Contact(contact) => &contact.display_name,
            Self::Group(group) => &group.display_name,
            Self::Role(role) => role.name(),
        }
    }

    /// Primary mail address.
    pub fn mail(&self) -> Option<&str> {
        match self {
            Self::User(user) => user.mail.as_deref(),
            Self::Contact(contact) => Some(&contact.mail),
            Self::Group(group) => group.mail.as_deref(),
            Self::Role(_) => None,
        }
    }

    /// Mail alias.
    pub fn mail_nickname(&self) -> Option<&str> {
        match self {
            Self::User(user) => user.mail_nickname.as_deref(),
            Self::Contact(contact) => Some(&contact.mail_nickname),
            Self::Group(group) => group.mail_nickname.as_deref(),
            Self::Role(_) => None,
        }
    }

    /// When it was made; none for what is built in.
    pub const fn created(&self) -> Option<Timestamp> {
        match self {
            Self::User(user) => Some(user.created),
            Self::Contact(contact) => Some(contact.created),
            Self::Group(group) => Some(group.created),
            Self::Role(_) => None,
        }
    }

    /// When it was moved to deleted items.
    pub const fn deleted(&self) -> Option<Timestamp> {
        match self {
            Self::User(user) => user.deleted,
            Self::Group(group) => group.deleted,
            Self::Contact(_) | Self::Role(_) => None,
        }
    }
}
