//! Lowering of a filter. Null rules: `eq`, `ne`, `in` and the order operators are never null,
//! `startswith`, `endswith` and bare Booleans are null on null, `and`, `or`, `not` as in SQL.

use super::columns::{Column, Columns};
use super::present::write_present;
use super::sql::{Dialect, Sql};
use roster_domain::query::{Element, Filter, Literal, Op, Search};
use roster_domain::text::after_prefix;

/// Writes a value that conditions are about: a column, or an item of a collection.
type Write<'a> = &'a dyn Fn(&mut Sql);

/// One side of a condition.
#[derive(Clone, Copy)]
struct Operand<'a> {
    write: Write<'a>,
    nullable: bool,
    time_as_number: bool,
}

/// Writes a filter over a table.
pub(super) fn lower<C: Columns>(sql: &mut Sql, filter: &Filter<C::Field>) {
    let compare = |sql: &mut Sql, field: C::Field, leaf: &Leaf<'_>| {
        let column = C::column(field);
        if let (Column::Seen(name), Leaf::Compare(Op::Eq, value @ Literal::Id(_))) = (column, leaf)
        {
            // What an index finds; whether the caller may know it follows.
            sql.push(&format!("({}.{name} = ", C::TABLE));
            sql.bind_literal(value, false);
            sql.push(" AND ");
            write_column(sql, C::TABLE, column, leaf);
            return sql.push(")");
        }
        write_column(sql, C::TABLE, column, leaf);
    };
    let collection = |sql: &mut Sql, field: C::Field, what: &Items<'_>| match C::column(field) {
        Column::FacetList(name) => write_items(sql, C::TABLE, name, what),
        Column::Linked(relation) => write_links(sql, C::TABLE, relation, what),
        _ => sql.push("(1 = 0)"),
    };
    write_tree(sql, filter, &compare, &collection);
}

fn write_column(sql: &mut Sql, table: &str, column: Column, leaf: &Leaf<'_>) {
    let write = |sql: &mut Sql| column.write(sql, table);
    let operand = Operand {
        write: &write,
        nullable: column.nullable(),
        time_as_number: column.time_as_number(),
    };
    write_leaf(sql, operand, leaf);
}

/// Writes a search over a table: a word of the query begins a word of the property.
pub(super) fn lower_search<C: Columns>(sql: &mut Sql, search: &Search<C::Field>) {
    match search {
        Search::And(parts) => write_searches::<C>(sql, parts, " AND "),
        Search::Or(parts) => write_searches::<C>(sql, parts, " OR "),
        Search::Prefix { field, text } => {
            let (field, text) = (*field, text.clone());
            lower::<C>(sql, &Filter::StartsWith { field, text });
        }
        Search::Words { field, tokens } => {
            let Some(name) = C::words(*field) else { return sql.push("(1 = 0)") };
            sql.push("(1 = 1");
            for token in tokens {
                let text = token.clone();
                let begins = Filter::StartsWith { field: Element::Itself, text };
                sql.push(" AND ");
                write_items(sql, C::TABLE, name, &Items::Any(Some(&begins)));
            }
            sql.push(")");
        }
    }
}

fn write_searches<C: Columns>(sql: &mut Sql, parts: &[Search<C::Field>], joint: &str) {
    sql.push("(");
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            sql.push(joint);
        }
        lower_search::<C>(sql, part);
    }
    sql.push(")");
}

/// A condition on one value.
enum Leaf<'a> {
    Compare(Op, &'a Literal),
    In(&'a [Literal]),
    StartsWith(&'a str),
    EndsWith(&'a str),
    IsTrue,
}

/// A condition on a collection.
enum Items<'a> {
    Any(Option<&'a Filter<Element>>),
    Count(Op, i64),
}

fn write_tree<F: Copy>(
    sql: &mut Sql,
    filter: &Filter<F>,
    leaf: &dyn Fn(&mut Sql, F, &Leaf<'_>),
    items: &dyn Fn(&mut Sql, F, &Items<'_>),
) {
    match filter {
        Filter::Const(true) => sql.push("(1 = 1)"),
        Filter::Const(false) => sql.push("(1 = 0)"),
        Filter::Compare { field, op, value } => leaf(sql, *field, &Leaf::Compare(*op, value)),
        Filter::In { field, values } => leaf(sql, *field, &Leaf::In(values)),
        Filter::StartsWith { field, text } => leaf(sql, *field, &Leaf::StartsWith(text)),
        Filter::EndsWith { field, text } => leaf(sql, *field, &Leaf::EndsWith(text)),
        Filter::IsTrue(field) => leaf(sql, *field, &Leaf::IsTrue),
        Filter::Any { field, predicate } => items(sql, *field, &Items::Any(predicate.as_deref())),
        Filter::Count { field, op, n } => items(sql, *field, &Items::Count(*op, *n)),
        Filter::Is { filter, value } => {
            sql.push("((");
            write_tree(sql, filter, leaf, items);
            sql.push(match value {
                Some(true) => ") IS TRUE)",
                Some(false) => ") IS FALSE)",
                None => ") IS NULL)",
            });
        }
        Filter::And(parts) => write_parts(sql, parts, " AND ", leaf, items),
        Filter::Or(parts) => write_parts(sql, parts, " OR ", leaf, items),
        Filter::Not(inner) => {
            sql.push("(NOT ");
            write_tree(sql, inner, leaf, items);
            sql.push(")");
        }
    }
}

fn write_parts<F: Copy>(
    sql: &mut Sql,
    parts: &[Filter<F>],
    joint: &str,
    leaf: &dyn Fn(&mut Sql, F, &Leaf<'_>),
    items: &dyn Fn(&mut Sql, F, &Items<'_>),
) {
    sql.push("(");
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            sql.push(joint);
        }
        write_tree(sql, part, leaf, items);
    }
    sql.push(")");
}

pub(super) const fn operator(op: Op) -> &'static str {
    match op {
        Op::Eq => " = ",
        Op::Ne => " <> ",
        Op::Gt => " > ",
        Op::Ge => " >= ",
        Op::Lt => " < ",
        Op::Le => " <= ",
    }
}

fn write_leaf(sql: &mut Sql, operand: Operand<'_>, leaf: &Leaf<'_>) {
    let Operand { write, nullable, time_as_number } = operand;
    sql.push("(");
    match leaf {
        Leaf::Compare(op, Literal::Null) => {
            write(sql);
            sql.push(if *op == Op::Eq { " IS NULL" } else { " IS NOT NULL" });
        }
        Leaf::Compare(op, value) => {
            if nullable {
                write(sql);
                sql.push(if *op == Op::Ne { " IS NULL OR " } else { " IS NOT NULL AND " });
            }
            write(sql);
            sql.push(operator(*op));
            sql.bind_literal(value, time_as_number);
        }
        Leaf::In(values) => {
            if nullable {
                write(sql);
                sql.push(" IS NOT NULL AND ");
            }
            write(sql);
            sql.push(" IN (");
            for (at, value) in values.iter().enumerate() {
                if at > 0 {
                    sql.push(", ");
                }
                sql.bind_literal(value, time_as_number);
            }
            sql.push(")");
        }
        Leaf::StartsWith(prefix) => write_prefix(sql, write, prefix),
        Leaf::EndsWith(suffix) => write_suffix(sql, write, suffix),
        Leaf::IsTrue => write(sql),
    }
    sql.push(")");
}

/// A range: the only form of a prefix test that uses an index on both databases.
fn write_prefix(sql: &mut Sql, write: Write<'_>, prefix: &str) {
    write(sql);
    sql.push(" >= ");
    sql.bind_text(prefix);
    if let Some(end) = after_prefix(prefix) {
        sql.push(" AND ");
        write(sql);
        sql.push(" < ");
        sql.bind_text(&end);
    }
}

fn write_suffix(sql: &mut Sql, write: Write<'_>, suffix: &str) {
    let length = suffix.chars().count();
    if length == 0 {
        return write_prefix(sql, write, "");
    }
    sql.push(match sql.dialect {
        Dialect::Sqlite => "substr(",
        Dialect::Postgres => "right(",
    });
    write(sql);
    sql.push(match sql.dialect {
        Dialect::Sqlite => ", -",
        Dialect::Postgres => ", ",
    });
    sql.push(&length.to_string());
    sql.push(") = ");
    sql.bind_text(suffix);
}

fn write_items(sql: &mut Sql, table: &str, name: &str, what: &Items<'_>) {
    match what {
        Items::Count(op, n) => {
            sql.push(&match sql.dialect {
                Dialect::Sqlite => {
                    format!("(coalesce(json_array_length({table}.facets, '$.{name}'), 0)")
                }
                Dialect::Postgres => {
                    format!("(coalesce(jsonb_array_length({table}.facets -> '{name}'), 0)")
                }
            });
            sql.push(operator(*op));
            sql.bind_int(*n);
            sql.push(")");
        }
        Items::Any(predicate) => {
            sql.push(&match sql.dialect {
                Dialect::Sqlite => {
                    format!("EXISTS (SELECT 1 FROM json_each({table}.facets, '$.{name}') item")
                }
                Dialect::Postgres => format!(
                    "EXISTS (SELECT 1 FROM jsonb_array_elements({table}.facets -> '{name}') \
                     item(value)"
                ),
            });
            if let Some(predicate) = predicate {
                sql.push(" WHERE ");
                let none = |sql: &mut Sql, _: Element, _: &Items<'_>| sql.push("(1 = 0)");
                write_tree(sql, predicate, &write_element, &none);
            }
            sql.push(")");
        }
    }
}

/// A condition on what a group names; an item has an id and nothing else.
fn write_links(sql: &mut Sql, table: &str, relation: &str, what: &Items<'_>) {
    let links = format!(
        "FROM group_links item WHERE item.tenant_id = {table}.tenant_id \
         AND item.group_id = {table}.id AND item.relation = '{relation}' AND "
    );
    match what {
        Items::Count(op, n) => {
            sql.push(&format!("((SELECT count(*) {links}"));
            write_present(sql, "item.tenant_id", "item.object_id");
            sql.push(")");
            sql.push(operator(*op));
            sql.bind_int(*n);
        }
        Items::Any(predicate) => {
            sql.push(&format!("EXISTS (SELECT 1 {links}"));
            write_present(sql, "item.tenant_id", "item.object_id");
            if let Some(predicate) = predicate {
                sql.push(" AND ");
                let none = |sql: &mut Sql, _: Element, _: &Items<'_>| sql.push("(1 = 0)");
                let leaf = |sql: &mut Sql, _: Element, leaf: &Leaf<'_>| {
                    let write = |sql: &mut Sql| sql.push("item.object_id");
                    let operand = Operand { write: &write, nullable: false, time_as_number: false };
                    write_leaf(sql, operand, leaf);
                };
                write_tree(sql, predicate, &leaf, &none);
            }
        }
    }
    sql.push(")");
}

fn write_element(sql: &mut Sql, element: Element, leaf: &Leaf<'_>) {
    let write = move |sql: &mut Sql| match (element, sql.dialect) {
        (Element::Itself, Dialect::Sqlite) => sql.push("item.value"),
        (Element::Itself, Dialect::Postgres) => sql.push("((item.value #>> '{}') COLLATE \"C\")"),
        (Element::Member(name), Dialect::Sqlite) => {
            sql.push(&format!("(item.value ->> '$.{name}')"));
        }
        (Element::Member(name), Dialect::Postgres) => {
            sql.push(&format!("((item.value ->> '{name}') COLLATE \"C\")"));
        }
    };
    let operand = Operand { write: &write, nullable: true, time_as_number: true };
    write_leaf(sql, operand, leaf);
}
