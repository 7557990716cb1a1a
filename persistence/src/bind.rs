//! Values bound to SQL text that is put together at run time.

use crate::connection::MultiBackend;
use crate::types::{Guid, Instant};
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::{BigInt, Bool, HasSqlType, Nullable, SqlType, Text};
use roster_domain::Timestamp;
use uuid::Uuid;

/// A value for a placeholder `$1`, `$2`, … of [`Session::query`](crate::Session::query).
#[derive(Clone, Debug, PartialEq)]
pub enum Bind {
    /// Text.
    Text(String),
    /// An identifier.
    Guid(Uuid),
    /// A point in time.
    Instant(Timestamp),
    /// A Boolean; an integer 0 or 1 on SQLite.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// No value, of whatever type the place wants.
    Null,
}

/// A type that PostgreSQL infers from the place of the value, as it does for a literal.
#[derive(Clone, Copy, Debug, SqlType)]
#[diesel(sqlite_type(name = "Text"), postgres_type(oid = 705, array_oid = 0))]
struct Inferred;

/// The type of the absent value.
#[derive(Debug)]
enum Nothing {}

impl ToSql<Inferred, MultiBackend> for Nothing {
    fn to_sql<'b>(&'b self, _: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
        match *self {}
    }
}

impl HasSqlType<Inferred> for MultiBackend {
    fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
        Self::lookup_sql_type::<Inferred>(lookup)
    }
}

/// An SQL text with its values.
pub(crate) type BoundQuery = BoxedSqlQuery<'static, MultiBackend, SqlQuery>;

/// Attaches values to an SQL text.
pub(crate) fn bound(sql: &str, binds: Vec<Bind>) -> BoundQuery {
    let query = diesel::sql_query(sql).into_boxed::<MultiBackend>();
    binds.into_iter().fold(query, |query, bind| match bind {
        Bind::Text(value) => query.bind::<Text, _>(value),
        Bind::Guid(value) => query.bind::<Guid, _>(value),
        Bind::Instant(value) => query.bind::<Instant, _>(value),
        Bind::Bool(value) => query.bind::<Bool, _>(value),
        Bind::Int(value) => query.bind::<BigInt, _>(value),
        Bind::Null => query.bind::<Nullable<Inferred>, _>(None::<Nothing>),
    })
}
