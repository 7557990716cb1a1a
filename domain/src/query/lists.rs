//! The options that are lists of names: `$select`, `$orderby`, `$expand`.

use super::scope::{clip, not_served, unknown};
use super::{MayRead, Order};
use crate::error::{Error, Result, Violation};
use crate::limits::MAX_ORDER_TERMS;
use crate::properties::{self, Entity, Property};

/// One relation of `$expand`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expand {
    /// One of the entity's [`Entity::RELATIONS`].
    pub relation: &'static str,
    /// The nested `$select` as written, to be parsed as an option of the related entity.
    pub select: Option<String>,
}

/// Reads a `$select`.
///
/// # Errors
/// All unknown properties, or what `may_read` refuses.
pub(super) fn parse_select<E: Entity>(
    text: &str,
    may_read: &MayRead<'_, E>,
) -> Result<Vec<E::Field>> {
    let names: Vec<_> = text.split(',').map(str::trim).collect();
    let mut fields = Vec::new();
    for property in known::<E>("$select", &names)? {
        may_read(property)?;
        if !fields.contains(&property.field) {
            fields.push(property.field);
        }
    }
    Ok(fields)
}

/// Reads an `$orderby`.
///
/// # Errors
/// All unknown properties, those that cannot be sorted by, or what `may_read` refuses.
pub(super) fn parse_order<E: Entity>(
    text: &str,
    may_read: &MayRead<'_, E>,
) -> Result<Vec<Order<E::Field>>> {
    let terms: Vec<_> = text.split(',').map(order_term).collect::<Result<_>>()?;
    if terms.len() > MAX_ORDER_TERMS {
        let problem = format!("$orderby takes at most {MAX_ORDER_TERMS} properties.");
        return Err(Error::invalid_property("$orderby", problem));
    }
    let names: Vec<_> = terms.iter().map(|(name, _)| *name).collect();
    let mut order: Vec<Order<E::Field>> = Vec::new();
    for (property, (_, descending)) in known::<E>("$orderby", &names)?.into_iter().zip(terms) {
        may_read(property)?;
        if !property.sort {
            return Err(not_served(property, "$orderby", |row| row.sort));
        }
        if order.iter().any(|earlier| earlier.field == property.field) {
            let problem = format!("$orderby names '{}' twice; name it once.", property.name);
            return Err(Error::invalid_property("$orderby", problem));
        }
        order.push(Order { field: property.field, descending });
    }
    Ok(order)
}

/// A name and whether it sorts descending. An undecoded '+' is a space.
fn order_term(term: &str) -> Result<(&str, bool)> {
    let mut words = term.split([' ', '\t', '+']).filter(|word| !word.is_empty());
    let name = words.next().unwrap_or_default();
    match (words.next(), words.next()) {
        (None, _) => Ok((name, false)),
        (Some(word), None) if word.eq_ignore_ascii_case("asc") => Ok((name, false)),
        (Some(word), None) if word.eq_ignore_ascii_case("desc") => Ok((name, true)),
        (Some(word), _) => Err(Error::invalid_property(
            "$orderby",
            format!(
                "Invalid $orderby: '{}' after '{}'. Write asc, desc or nothing after a property, \
                 and a comma between properties.",
                clip(word),
                clip(name)
            ),
        )),
    }
}

/// The properties of these names, or all names that are none.
fn known<E: Entity>(option: &'static str, names: &[&str]) -> Result<Vec<&'static Property<E>>> {
    let mut violations: Vec<Violation> = Vec::new();
    let mut found = Vec::new();
    for name in names {
        match properties::find::<E>(name) {
            Some(property) => found.push(property),
            None if name.is_empty() => {
                violations.push(Violation::new(option, format!("{option} has an empty item.")));
            }
            None => violations.push(unknown::<E>(name)),
        }
    }
    if violations.is_empty() { Ok(found) } else { Err(Error::violations(violations)) }
}

/// Reads an `$expand`: relations, each perhaps with a nested `$select`.
pub(super) fn parse_expand<E: Entity>(text: &str) -> Result<Vec<Expand>> {
    let mut expand: Vec<Expand> = Vec::new();
    let mut rest = text;
    loop {
        let (item, after) = expand_item(rest)?;
        let (name, select) = item;
        let relation = E::RELATIONS.iter().find(|known| known.eq_ignore_ascii_case(name));
        let relation = *relation.ok_or_else(|| no_relation::<E>(name))?;
        if expand.iter().any(|earlier| earlier.relation == relation) {
            let problem = format!("$expand names '{relation}' twice; name it once.");
            return Err(Error::invalid_property("$expand", problem));
        }
        expand.push(Expand { relation, select });
        match after {
            Some(after) => rest = after,
            None => return Ok(expand),
        }
    }
}

/// A relation's name and its nested `$select`.
type ExpandItem<'a> = (&'a str, Option<String>);

/// The first item and what follows its comma.
fn expand_item(text: &str) -> Result<(ExpandItem<'_>, Option<&str>)> {
    let Some(end) = text.find([',', '(']) else {
        return Ok(((text.trim(), None), None));
    };
    let (name, rest) = text.split_at(end);
    if let Some(after) = rest.strip_prefix(',') {
        return Ok(((name.trim(), None), Some(after)));
    }
    let unclosed = || Error::invalid_property("$expand", "$expand lacks a closing parenthesis.");
    let (options, after) =
        rest.strip_prefix('(').and_then(|rest| rest.split_once(')')).ok_or_else(unclosed)?;
    let select = Some(nested_select(options)?);
    let after = after.trim_start();
    match after.strip_prefix(',') {
        Some(after) => Ok(((name.trim(), select), Some(after))),
        None if after.is_empty() => Ok(((name.trim(), select), None)),
        None => Err(Error::invalid_property("$expand", "$expand needs a comma between relations.")),
    }
}

fn nested_select(options: &str) -> Result<String> {
    let (option, names) = options.split_once('=').unwrap_or((options, ""));
    let option = option.trim();
    let is_select = option.trim_start_matches('$').eq_ignore_ascii_case("select");
    if !is_select || names.contains(';') {
        return Err(Error::unsupported_query(
            "Inside $expand only one $select is served: $expand=manager($select=id,displayName).",
        )
        .at("$expand"));
    }
    Ok(names.trim().to_owned())
}

fn no_relation<E: Entity>(name: &str) -> Error {
    let name = clip(name);
    let served = match E::RELATIONS {
        [] => format!("{} has none", E::NAME),
        some => format!("these are: {}", some.join(", ")),
    };
    let problem = format!("'{name}' is no relation of {} that can be expanded; {served}.", E::NAME);
    Error::invalid_property("$expand", problem)
}
