//! Where the properties of an entity stand in its table.

use super::present::write_present;
use super::sql::{Dialect, Sql};
use std::marker::PhantomData;
use uuid::Uuid;

/// Place of one property.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Column {
    /// A column of folded text, compared by code point on both databases.
    Text { name: &'static str, nullable: bool },
    /// The id of a user or contact, null where the caller does not see whose it is: a filter would
    /// tell what the object itself hides.
    Seen(&'static str),
    /// A column of another type: identifier, Boolean, point in time, fixed word.
    Plain { name: &'static str, nullable: bool },
    /// Folded text in the facets.
    FacetText(&'static str),
    /// A Boolean in the facets.
    FacetBool(&'static str),
    /// A point in time in the facets, as microseconds.
    FacetTime(&'static str),
    /// A collection of folded texts or of objects with folded texts in the facets.
    FacetList(&'static str),
    /// What a group names in a place: rows of `group_links` with this relation.
    Linked(&'static str),
    /// Not in the table: cannot be queried.
    Absent,
}

/// The table of an entity.
pub(crate) trait Columns {
    /// Properties of the entity.
    type Field: Copy;
    /// Name of the table.
    const TABLE: &'static str;
    /// Name of the table whose `id` is the last key of every order.
    const KEYED: &'static str = Self::TABLE;
    /// Condition of rows that are not deleted, with a leading ` AND`; empty if there are no
    /// others.
    const PRESENT: &'static str;
    /// Place of a property.
    fn column(field: Self::Field) -> Column;
    /// Name of the facet that holds the search words of a property.
    fn words(field: Self::Field) -> Option<&'static str>;
    /// Writes the condition of rows that are hidden from others but not from this member.
    fn own(sql: &mut Sql, member: Uuid) {
        sql.push(Self::TABLE);
        sql.push(".id = ");
        sql.bind_id(member);
    }
}

/// The columns of `C` where its table is joined to the edges of a relation: pages follow the
/// edges, in the order of their index.
pub(crate) struct Joined<C>(PhantomData<C>);

impl<C: Columns> Columns for Joined<C> {
    type Field = C::Field;
    const TABLE: &'static str = C::TABLE;
    const KEYED: &'static str = "edge";
    const PRESENT: &'static str = C::PRESENT;

    fn column(field: Self::Field) -> Column {
        C::column(field)
    }

    fn words(field: Self::Field) -> Option<&'static str> {
        C::words(field)
    }

    fn own(sql: &mut Sql, member: Uuid) {
        C::own(sql, member);
    }
}

impl Column {
    pub(crate) const fn nullable(self) -> bool {
        match self {
            Self::Text { nullable, .. } | Self::Plain { nullable, .. } => nullable,
            Self::Seen(_)
            | Self::FacetText(_)
            | Self::FacetBool(_)
            | Self::FacetTime(_)
            | Self::FacetList(_)
            | Self::Linked(_)
            | Self::Absent => true,
        }
    }

    pub(crate) const fn time_as_number(self) -> bool {
        matches!(self, Self::FacetTime(_))
    }

    /// Writes the expression of the property's value.
    pub(crate) fn write(self, sql: &mut Sql, table: &str) {
        let text = match (self, sql.dialect) {
            (Self::Seen(name), _) => return write_seen(sql, table, name),
            (Self::Text { name, .. }, Dialect::Postgres) => {
                format!("({table}.{name} COLLATE \"C\")")
            }
            (Self::Text { name, .. }, Dialect::Sqlite) | (Self::Plain { name, .. }, _) => {
                format!("{table}.{name}")
            }
            (
                Self::FacetText(name) | Self::FacetBool(name) | Self::FacetTime(name),
                Dialect::Sqlite,
            ) => format!("({table}.facets ->> '$.{name}')"),
            (Self::FacetText(name), Dialect::Postgres) => {
                format!("(({table}.facets ->> '{name}') COLLATE \"C\")")
            }
            (Self::FacetBool(name), Dialect::Postgres) => {
                format!("(({table}.facets ->> '{name}')::boolean)")
            }
            (Self::FacetTime(name), Dialect::Postgres) => {
                format!("(({table}.facets ->> '{name}')::bigint)")
            }
            (Self::FacetList(_) | Self::Linked(_) | Self::Absent, _) => "NULL".to_owned(),
        };
        sql.push(&text);
    }
}

/// Writes the id in a column, or null where the caller does not see an object behind it.
fn write_seen(sql: &mut Sql, table: &str, name: &str) {
    sql.push("(CASE WHEN ");
    write_present(sql, &format!("{table}.tenant_id"), &format!("{table}.{name}"));
    sql.push(&format!(" THEN {table}.{name} END)"));
}
