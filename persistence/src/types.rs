//! Column types that both databases share, and the Rust types that read and write them.
//!
//! | SQL type | SQLite | PostgreSQL | Rust |
//! |---|---|---|---|
//! | [`Guid`] | BLOB of 16 bytes | `uuid` | `uuid::Uuid`, `Id<T>` |
//! | [`Instant`] | INTEGER, µs since 1970 | `timestamptz` | [`Timestamp`] |
//! | [`JsonDoc`] | TEXT | `jsonb` | [`Json<T>`] |
//!
//! Rows are read into the Rust types as they are. To write them and in expressions they wear
//! [`Key`] and [`At`], since a foreign type can be no expression: `users::id.eq(Key::from(id))`,
//! and in an `Insertable` either `id: Key` or `#[diesel(serialize_as = Key)] id: Uuid`. A nullable
//! column takes an `Option` of either.

use crate::connection::{MultiBackend, MultiRawValue};
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow, Queryable};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::query_builder::QueryId;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{BigInt, HasSqlType, SqlOrd, SqlType};
use diesel::sqlite::Sqlite;
use roster_domain::{Id, Timestamp};
use serde::{Serialize, de::DeserializeOwned};
use std::fmt::Debug;
use std::io::Write;
use uuid::Uuid;

/// SQL type of identifiers.
#[derive(Clone, Copy, Debug, Default, QueryId, SqlType)]
#[diesel(sqlite_type(name = "Binary"), postgres_type(oid = 2950, array_oid = 2951))]
pub struct Guid;

/// SQL type of points in time.
#[derive(Clone, Copy, Debug, Default, QueryId, SqlType)]
#[diesel(sqlite_type(name = "Long"), postgres_type(oid = 1184, array_oid = 1185))]
pub struct Instant;

/// SQL type of JSON documents.
#[derive(Clone, Copy, Debug, Default, QueryId, SqlType)]
#[diesel(sqlite_type(name = "Text"), postgres_type(oid = 3802, array_oid = 3807))]
pub struct JsonDoc;

impl SqlOrd for Guid {}
impl SqlOrd for Instant {}

/// An identifier in an expression or a row to insert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Guid)]
pub struct Key(pub Uuid);

impl From<Uuid> for Key {
    fn from(uuid: Uuid) -> Self {
        Self(uuid)
    }
}
impl<T> From<Id<T>> for Key {
    fn from(id: Id<T>) -> Self {
        Self(id.uuid())
    }
}

/// A point in time in an expression or a row to insert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Instant)]
pub struct At(pub Timestamp);

impl From<Timestamp> for At {
    fn from(time: Timestamp) -> Self {
        Self(time)
    }
}

/// A document of a [`JsonDoc`] column. The databases keep its value, not its text: PostgreSQL
/// reorders members and drops white space.
#[derive(Clone, Debug, Default, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = JsonDoc)]
pub struct Json<T: 'static>(pub T);

/// Microseconds from 1970 to PostgreSQL's epoch, 2000-01-01.
const POSTGRES_EPOCH: i64 = 946_684_800_000_000;
/// First byte of a `jsonb` value on the wire.
const JSONB_VERSION: u8 = 1;

/// The enum's half of a type: metadata of the SQL type on either database.
macro_rules! on_both {
    ($($sql:ty),*) => {$(
        impl HasSqlType<$sql> for MultiBackend {
            fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
                Self::lookup_sql_type::<$sql>(lookup)
            }
        }
    )*};
}
on_both!(Guid, Instant, JsonDoc);

/// The enum's half of a Rust type, which leads to the half of the database at hand.
macro_rules! through_enum {
    ($sql:ident, $rust:ty) => {
        impl ToSql<$sql, MultiBackend> for $rust {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
                out.set_value(($sql, self));
                Ok(IsNull::No)
            }
        }
        impl FromSql<$sql, MultiBackend> for $rust {
            fn from_sql(value: MultiRawValue<'_>) -> deserialize::Result<Self> {
                value.from_sql::<Self, $sql>()
            }
        }
    };
}
through_enum!(Guid, Uuid);
through_enum!(Instant, Timestamp);

/// A type that is written and read as the one inside.
macro_rules! wraps {
    ($sql:ident, $wrapper:ident, $rust:ty) => {
        impl<DB: Backend> ToSql<$sql, DB> for $wrapper
        where
            $rust: ToSql<$sql, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                self.0.to_sql(out)
            }
        }
        impl<DB: Backend> FromSql<$sql, DB> for $wrapper
        where
            $rust: FromSql<$sql, DB>,
        {
            fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
                FromSql::from_sql(value).map(Self)
            }
        }
        impl<DB: Backend> Queryable<$sql, DB> for $rust
        where
            Self: FromSql<$sql, DB>,
        {
            type Row = Self;
            fn build(row: Self) -> deserialize::Result<Self> {
                Ok(row)
            }
        }
    };
}
wraps!(Guid, Key, Uuid);
wraps!(Instant, At, Timestamp);

impl<T, DB: Backend> FromSql<Guid, DB> for Id<T>
where
    Uuid: FromSql<Guid, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        FromSql::from_sql(value).map(Self::new)
    }
}
impl<T, DB: Backend> Queryable<Guid, DB> for Id<T>
where
    Self: FromSql<Guid, DB>,
{
    type Row = Self;
    fn build(row: Self) -> deserialize::Result<Self> {
        Ok(row)
    }
}

impl ToSql<Guid, Sqlite> for Uuid {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.as_bytes().as_slice());
        Ok(IsNull::No)
    }
}
impl ToSql<Guid, Pg> for Uuid {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(self.as_bytes())?;
        Ok(IsNull::No)
    }
}
impl FromSql<Guid, Sqlite> for Uuid {
    fn from_sql(mut value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self::from_slice(value.read_blob())?)
    }
}
impl FromSql<Guid, Pg> for Uuid {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self::from_slice(value.as_bytes())?)
    }
}

impl ToSql<Instant, Sqlite> for Timestamp {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.micros());
        Ok(IsNull::No)
    }
}
impl ToSql<Instant, Pg> for Timestamp {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let since_2000 = self.micros().saturating_sub(POSTGRES_EPOCH);
        out.write_all(&since_2000.to_be_bytes())?;
        Ok(IsNull::No)
    }
}
impl FromSql<Instant, Sqlite> for Timestamp {
    fn from_sql(mut value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self::from_micros(value.read_long()))
    }
}
impl FromSql<Instant, Pg> for Timestamp {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let since_2000 = <i64 as FromSql<BigInt, Pg>>::from_sql(value)?;
        Ok(Self::from_micros(since_2000.saturating_add(POSTGRES_EPOCH)))
    }
}

impl<T> ToSql<JsonDoc, MultiBackend> for Json<T>
where
    T: Serialize + Debug + Send + Sync + 'static,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
        out.set_value((JsonDoc, self));
        Ok(IsNull::No)
    }
}
impl<T: DeserializeOwned> FromSql<JsonDoc, MultiBackend> for Json<T> {
    fn from_sql(value: MultiRawValue<'_>) -> deserialize::Result<Self> {
        value.from_sql::<Self, JsonDoc>()
    }
}
impl<T: Serialize + Debug> ToSql<JsonDoc, Sqlite> for Json<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(serde_json::to_string(&self.0)?);
        Ok(IsNull::No)
    }
}
impl<T: Serialize + Debug> ToSql<JsonDoc, Pg> for Json<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(&[JSONB_VERSION])?;
        serde_json::to_writer(out, &self.0)?;
        Ok(IsNull::No)
    }
}
impl<T: DeserializeOwned> FromSql<JsonDoc, Sqlite> for Json<T> {
    fn from_sql(mut value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(serde_json::from_str(value.read_text())?))
    }
}
impl<T: DeserializeOwned> FromSql<JsonDoc, Pg> for Json<T> {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        match value.as_bytes().split_first() {
            Some((&JSONB_VERSION, text)) => Ok(Self(serde_json::from_slice(text)?)),
            _ => Err("the jsonb value has an unknown wire version".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::AnyConnection;
    use crate::link::{Role, Watch, establish};
    use crate::schema::changes;
    use crate::url::DatabaseUrl;
    use diesel::connection::SimpleConnection;
    use diesel::prelude::*;

    #[derive(Debug, PartialEq, Queryable, Selectable)]
    #[diesel(table_name = changes)]
    struct Row {
        tenant_id: Id<()>,
        actor_id: Option<Uuid>,
        at: Timestamp,
        details: Json<Vec<i64>>,
    }

    fn connections() -> Vec<AnyConnection> {
        let server = std::env::var("TEST_DATABASE_URL")
            .unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/postgres".to_owned());
        let tables = [
            ("sqlite::memory:", include_str!("../migrations/sqlite/0001_engine/up.sql")),
            (&*server, include_str!("../migrations/postgres/0001_engine/up.sql")),
        ];
        let open = |(url, sql): (&str, &str)| {
            let url = DatabaseUrl::parse(url).unwrap();
            let mut connection = establish(&url, Role::Writer, &Watch::default()).ok()?;
            connection.batch_execute(&sql.replace("CREATE TABLE", "CREATE TEMP TABLE")).unwrap();
            Some(connection)
        };
        tables.into_iter().filter_map(open).collect()
    }

    #[test]
    fn typed_statements_read_and_write_the_types_on_both_databases() {
        for mut connection in connections() {
            let [one, two, other] = [1, 2, 3].map(Uuid::from_u128);
            for (tenant, seq, actor) in [(one, 1, Some(other)), (two, 2, None)] {
                diesel::insert_into(changes::table)
                    .values((
                        changes::tenant_id.eq(Key(tenant)),
                        changes::seq.eq(seq),
                        changes::id.eq(Key(tenant)),
                        changes::at.eq(At(Timestamp::from_micros(seq))),
                        changes::actor_kind.eq("user"),
                        changes::actor_id.eq(actor),
                        changes::operation.eq("x"),
                        changes::target_kind.eq("x"),
                        changes::target_id.eq(Key(other)),
                        changes::details.eq(Json(vec![seq])),
                    ))
                    .execute(&mut connection)
                    .unwrap();
            }
            let rows: Vec<Row> = changes::table
                .filter(changes::tenant_id.eq_any([Key(one), Key(two)]))
                .filter(changes::at.gt(At(Timestamp::from_micros(0))))
                .filter(changes::actor_id.is_null().or(changes::actor_id.eq(Some(other))))
                .order((changes::at.desc(), changes::id))
                .select(Row::as_select())
                .load(&mut connection)
                .unwrap();
            let row = |tenant, actor_id, n| Row {
                tenant_id: Id::new(tenant),
                actor_id,
                at: Timestamp::from_micros(n),
                details: Json(vec![n]),
            };
            assert_eq!(rows, [row(two, None, 2), row(one, Some(other), 1)]);
        }
    }
}
