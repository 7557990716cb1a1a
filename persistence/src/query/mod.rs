//! Lowering of typed queries to SQL, for both databases.
//!
//! Column names come from the tables of this crate, values only ever travel as binds.

mod columns;
mod filter;
mod keyset;
mod present;
mod sql;

pub(crate) use columns::{Column, Columns, Joined};
pub(crate) use sql::{Dialect, Sql};

use crate::connection::{AnyConnection, MultiBackend};
use crate::session::Session;
use diesel::QueryableByName;
use diesel::sql_types::BigInt;
use roster_domain::Result;
use roster_domain::authz::{Access, Scope};
use roster_domain::paging::{Cursor, Page};
use roster_domain::query::Query;

/// Appends the conditions of a query's filter and search, each with a leading `AND`.
fn conditions<C: Columns>(sql: &mut Sql, query: &Query<C::Field>) {
    if let Some(condition) = &query.filter {
        sql.push(" AND ");
        filter::lower::<C>(sql, condition);
    }
    if let Some(search) = &query.search {
        sql.push(" AND ");
        filter::lower_search::<C>(sql, search);
    }
}

/// Appends the place after a cursor, the order, and a limit of one more than the page, which
/// tells whether another page follows.
fn page<C: Columns>(sql: &mut Sql, query: &Query<C::Field>, after: Option<&Cursor>) {
    if let Some(cursor) = after {
        sql.push(" AND ");
        keyset::after::<C>(sql, &query.order, cursor);
    }
    keyset::order::<C>(sql, &query.order);
    let limit = i64::try_from(query.top).unwrap_or(i64::MAX).saturating_add(1);
    sql.push(" LIMIT ");
    sql.bind_int(limit);
}

/// Appends the `WHERE` that limits a table to the objects of a scope.
pub(crate) fn limit_to<C: Columns>(sql: &mut Sql, scope: &Scope) {
    let table = C::TABLE;
    sql.access = scope.access();
    sql.push(&format!(" WHERE {table}.tenant_id = "));
    sql.bind_id(scope.tenant().uuid());
    sql.push(C::PRESENT);
    if let Access::Member { own } = scope.access() {
        sql.push(&format!(" AND ({table}.visible OR "));
        C::own(sql, own.uuid());
        sql.push(")");
    }
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

impl Session<'_> {
    /// A statement over a table, limited to the objects of a scope: its tenant and, for members,
    /// what is visible to them.
    pub(crate) fn within<C: Columns>(&mut self, from: &str, scope: &Scope) -> Sql {
        let mut sql = self.statement(from);
        limit_to::<C>(&mut sql, scope);
        sql
    }

    /// A statement for the database at hand.
    pub(crate) fn statement(&mut self, text: &str) -> Sql {
        let dialect = match self.conn() {
            AnyConnection::Sqlite(_) => Dialect::Sqlite,
            AnyConnection::Postgres(_) => Dialect::Postgres,
        };
        Sql::new(dialect, text)
    }

    /// One page of a query over a statement made by [`Session::within`].
    pub(crate) fn page_of<C, R, E>(
        &mut self,
        mut sql: Sql,
        query: &Query<C::Field>,
        after: Option<&Cursor>,
    ) -> Result<Page<E>>
    where
        C: Columns,
        R: QueryableByName<MultiBackend> + 'static,
        E: From<R>,
    {
        conditions::<C>(&mut sql, query);
        page::<C>(&mut sql, query, after);
        let mut rows: Vec<R> = self.query(&sql.text, sql.binds)?;
        let more = rows.len() > query.top;
        rows.truncate(query.top);
        Ok(Page { items: rows.into_iter().map(E::from).collect(), more })
    }

    /// How many rows a query finds over a statement made by [`Session::within`] that answers one
    /// number `n`.
    pub(crate) fn count_of<C: Columns>(
        &mut self,
        mut sql: Sql,
        query: &Query<C::Field>,
    ) -> Result<i64> {
        conditions::<C>(&mut sql, query);
        let rows: Vec<Number> = self.query(&sql.text, sql.binds)?;
        Ok(rows.first().map_or(0, |row| row.n))
    }
}
