//! The canonical text of a query.

use super::{Element, Filter, Literal, Op, Order, Query, Search};
use crate::properties::{self, Entity};
use std::fmt::Write;

/// Which objects come in which order, as one text: the same for two queries that were written
/// differently but parsed to the same. A skip token is bound to a digest of it. The options that
/// decide neither (`$select`, `$top`, `$count`, `$expand`) are left out.
pub fn canonical<E: Entity>(query: &Query<E::Field>) -> String {
    let mut text = String::new();
    if let Some(filter) = &query.filter {
        text.push_str("$filter=");
        write_filter(&mut text, filter, &|field| name::<E>(field).to_owned());
    }
    for (index, Order { field, descending }) in query.order.iter().enumerate() {
        text.push_str(if index == 0 { "&$orderby=" } else { "," });
        text.push_str(name::<E>(*field));
        text.push_str(if *descending { " desc" } else { " asc" });
    }
    if let Some(search) = &query.search {
        text.push_str("&$search=");
        write_search::<E>(&mut text, search);
    }
    text
}

fn name<E: Entity>(field: E::Field) -> &'static str {
    properties::of::<E>(field).map_or("", |property| property.name)
}

fn write_filter<F: Copy>(out: &mut String, filter: &Filter<F>, name: &dyn Fn(F) -> String) {
    match filter {
        Filter::Const(value) => out.push_str(if *value { "true" } else { "false" }),
        Filter::Compare { field, op, value } => {
            write_comparison(out, &name(*field), *op, &literal(value));
        }
        Filter::In { field, values } => {
            let values: Vec<_> = values.iter().map(literal).collect();
            append(out, format_args!("{} in ({})", name(*field), values.join(",")));
        }
        Filter::StartsWith { field, text } => {
            append(out, format_args!("startswith({},{})", name(*field), quoted(text)));
        }
        Filter::EndsWith { field, text } => {
            append(out, format_args!("endswith({},{})", name(*field), quoted(text)));
        }
        Filter::IsTrue(field) => out.push_str(&name(*field)),
        Filter::Is { filter, value } => {
            write_nested(out, filter, name);
            out.push_str(match value {
                Some(true) => " eq true",
                Some(false) => " eq false",
                None => " eq null",
            });
        }
        Filter::Any { field, predicate } => {
            append(out, format_args!("{}/any(", name(*field)));
            if let Some(predicate) = predicate {
                out.push_str("x:");
                write_filter(out, predicate, &element);
            }
            out.push(')');
        }
        Filter::Count { field, op, n } => {
            write_comparison(out, &format!("{}/$count", name(*field)), *op, &n.to_string());
        }
        Filter::And(parts) => write_joined(out, parts, " and ", name),
        Filter::Or(parts) => write_joined(out, parts, " or ", name),
        Filter::Not(inner) => {
            out.push_str("not ");
            write_nested(out, inner, name);
        }
    }
}

fn write_nested<F: Copy>(out: &mut String, filter: &Filter<F>, name: &dyn Fn(F) -> String) {
    out.push('(');
    write_filter(out, filter, name);
    out.push(')');
}

fn write_joined<F: Copy>(
    out: &mut String,
    parts: &[Filter<F>],
    operator: &str,
    name: &dyn Fn(F) -> String,
) {
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            out.push_str(operator);
        }
        match part {
            Filter::And(_) | Filter::Or(_) => write_nested(out, part, name),
            leaf => write_filter(out, leaf, name),
        }
    }
}

fn write_comparison(out: &mut String, left: &str, op: Op, right: &str) {
    append(out, format_args!("{left} {} {right}", op.name()));
}

fn element(element: Element) -> String {
    match element {
        Element::Itself => "x".to_owned(),
        Element::Member(name) => format!("x/{name}"),
    }
}

fn literal(literal: &Literal) -> String {
    match literal {
        Literal::Null => "null".to_owned(),
        Literal::Bool(value) => value.to_string(),
        Literal::Text(text) => quoted(text),
        Literal::Word(word) => quoted(word),
        Literal::Time(time) => time.to_string(),
        Literal::Id(id) => id.to_string(),
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn write_search<E: Entity>(out: &mut String, search: &Search<E::Field>) {
    match search {
        Search::Words { field, tokens } => write_clause::<E>(out, *field, &tokens.join(" ")),
        Search::Prefix { field, text } => write_clause::<E>(out, *field, text),
        Search::And(parts) => write_clauses::<E>(out, parts, " AND "),
        Search::Or(parts) => write_clauses::<E>(out, parts, " OR "),
    }
}

fn write_clause<E: Entity>(out: &mut String, field: E::Field, text: &str) {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    append(out, format_args!("\"{}:{text}\"", name::<E>(field)));
}

fn write_clauses<E: Entity>(out: &mut String, parts: &[Search<E::Field>], operator: &str) {
    out.push('(');
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            out.push_str(operator);
        }
        write_search::<E>(out, part);
    }
    out.push(')');
}

fn append(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = out.write_fmt(text);
}
