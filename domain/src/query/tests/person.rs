//! A small entity for the tests of queries.

use crate::properties::{Entity, Member, Property, Type};
use crate::value::Value;
use crate::{Timestamp, get};
use std::borrow::Cow;
use uuid::Uuid;

#[derive(Clone, Debug, Default)]
pub(super) struct Person {
    pub(super) id: Uuid,
    pub(super) display_name: String,
    pub(super) mail: Option<String>,
    pub(super) nick_name: Option<String>,
    pub(super) user_type: Option<String>,
    pub(super) enabled: Option<bool>,
    pub(super) created: Option<Timestamp>,
    pub(super) manager: Option<Uuid>,
    pub(super) aliases: Vec<String>,
    /// City and whether it is the main address.
    pub(super) addresses: Vec<(Option<String>, bool)>,
    pub(super) note: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Id,
    DisplayName,
    Mail,
    NickName,
    UserType,
    Enabled,
    Created,
    Aliases,
    Addresses,
    Note,
    ManagerId,
}

fn text(id: Uuid) -> Value<'static> {
    Value::Text(Cow::Owned(id.to_string()))
}

const fn row(
    name: &'static str,
    field: Field,
    ty: Type,
    get: for<'a> fn(&'a Person) -> Value<'a>,
) -> Property<Person> {
    plain(name, field, ty, get).sortable()
}

const fn plain(
    name: &'static str,
    field: Field,
    ty: Type,
    get: for<'a> fn(&'a Person) -> Value<'a>,
) -> Property<Person> {
    Property::new(name, field, ty, get, "")
}

const ALIASES: Type = Type::Texts { items: 9, max: 99 };

impl Entity for Person {
    type Field = Field;
    const NAME: &'static str = "person";
    const PROPERTIES: &'static [Property<Self>] = &[
        row("id", Field::Id, Type::Id, |person| text(person.id)),
        row("displayName", Field::DisplayName, Type::Text { max: 99 }, get!(display_name)),
        row("mail", Field::Mail, Type::Text { max: 99 }, get!(mail)),
        row("nickName", Field::NickName, Type::Text { max: 99 }, get!(nick_name)),
        row("userType", Field::UserType, Type::Word(&["Member", "Guest"]), get!(user_type)),
        row("enabled", Field::Enabled, Type::Bool, get!(enabled)),
        row("created", Field::Created, Type::Time, get!(created)),
        plain("aliases", Field::Aliases, ALIASES, get!(aliases)).filterable(),
        plain("addresses", Field::Addresses, Type::Objects, addresses).with_members(&[
            Member { name: "city", ty: Type::Text { max: 99 } },
            Member { name: "main", ty: Type::Bool },
        ]),
        plain("note", Field::Note, Type::Text { max: 99 }, get!(note)),
    ];
    const PATHS: &'static [Property<Self>] =
        &[row("manager/id", Field::ManagerId, Type::Id, |p| p.manager.map_or(Value::Null, text))];
    const RELATIONS: &'static [&'static str] = &["manager", "members"];

    fn id(&self) -> Uuid {
        self.id
    }
}

fn addresses(person: &Person) -> Value<'_> {
    let object = |(city, main): &'_ (Option<String>, bool)| {
        Value::Object(vec![
            (Cow::Borrowed("city"), city.clone().map_or(Value::Null, |c| Value::Text(c.into()))),
            (Cow::Borrowed("main"), Value::Bool(*main)),
        ])
    };
    Value::List(person.addresses.iter().map(object).collect())
}
