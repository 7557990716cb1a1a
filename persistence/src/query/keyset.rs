//! Order and keyset: null sorts first ascending and last descending; the id is the last key.

use super::columns::Columns;
use super::filter::operator;
use super::sql::{Dialect, Sql};
use roster_domain::paging::Cursor;
use roster_domain::query::{Literal, Op, Order};

/// Writes `ORDER BY`.
pub(super) fn order<C: Columns>(sql: &mut Sql, terms: &[Order<C::Field>]) {
    sql.push(" ORDER BY ");
    for term in terms {
        let column = C::column(term.field);
        column.write(sql, C::TABLE);
        sql.push(if term.descending { " DESC" } else { " ASC" });
        // SQLite's null is the smallest value already; PostgreSQL's is the largest. On columns
        // without nulls the clause would only keep PostgreSQL from using the index.
        if column.nullable() && sql.dialect == Dialect::Postgres {
            sql.push(if term.descending { " NULLS LAST" } else { " NULLS FIRST" });
        }
        sql.push(", ");
    }
    sql.push(C::KEYED);
    sql.push(".id ASC");
}

/// Writes the condition of everything after a cursor.
pub(super) fn after<C: Columns>(sql: &mut Sql, terms: &[Order<C::Field>], cursor: &Cursor) {
    let mut closing = 0_usize;
    for (at, (term, key)) in terms.iter().zip(&cursor.keys).enumerate() {
        let column = C::column(term.field);
        // The bound on the first key is what an index range is made of.
        if at == 0 && !column.nullable() && *key != Literal::Null {
            sql.push("(");
            column.write(sql, C::TABLE);
            sql.push(operator(if term.descending { Op::Le } else { Op::Ge }));
            sql.bind_literal(key, column.time_as_number());
            sql.push(") AND ");
        }
        sql.push("(");
        beyond::<C>(sql, term, key);
        sql.push(" OR (");
        column.write(sql, C::TABLE);
        if *key == Literal::Null {
            sql.push(" IS NULL");
        } else {
            sql.push(" = ");
            sql.bind_literal(key, column.time_as_number());
        }
        sql.push(" AND ");
        closing = closing.saturating_add(2);
    }
    sql.push(C::KEYED);
    sql.push(".id > ");
    sql.bind_id(cursor.id);
    if C::KEYED != C::TABLE {
        // The same of the joined table: PostgreSQL, which may merge the two, else reads that one
        // from its beginning.
        sql.push(" AND ");
        sql.push(C::TABLE);
        sql.push(".id > ");
        sql.bind_id(cursor.id);
    }
    sql.push(&")".repeat(closing));
}

/// Writes the condition of a strictly later key.
fn beyond<C: Columns>(sql: &mut Sql, term: &Order<C::Field>, key: &Literal) {
    let column = C::column(term.field);
    let write = |sql: &mut Sql| column.write(sql, C::TABLE);
    match (key, term.descending) {
        (Literal::Null, true) => sql.push("(1 = 0)"),
        (Literal::Null, false) => {
            write(sql);
            sql.push(" IS NOT NULL");
        }
        (key, descending) => {
            sql.push("(");
            write(sql);
            sql.push(operator(if descending { Op::Lt } else { Op::Gt }));
            sql.bind_literal(key, column.time_as_number());
            if descending && column.nullable() {
                sql.push(" OR ");
                write(sql);
                sql.push(" IS NULL");
            }
            sql.push(")");
        }
    }
}
