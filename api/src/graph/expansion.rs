//! `$expand`: related objects inside the answer.

use super::reply::Extra;
use super::typed::{Projections, Typed};
use crate::roster::Roster;
use roster_domain::authz::{Capabilities, Grant, Right};
use roster_domain::objects::{self, Expandable, Expanded};
use roster_domain::query::{Expand, Query};
use roster_domain::{Result, Value};

/// Reads the relations of all objects of a page, and answers the page with what they add to each
/// object.
///
/// # Errors
/// 400 for a nested `$select` that names unknown properties, 403 for what the caller may not read.
pub async fn expand<E, R>(
    roster: &Roster,
    grant: Grant<R>,
    query: &Query<E::Field>,
    page: Vec<E>,
) -> Result<(Vec<E>, Vec<Vec<Extra>>)>
where
    E: Expandable + Send,
    R: Right,
{
    let relations = &query.expand;
    let capable = wants_capabilities::<E>(query);
    if relations.is_empty() && !capable {
        return Ok((page, Vec::new()));
    }
    let scope = grant.scope();
    let read = |expand: &Expand| Projections::read(expand.select.as_deref(), &scope);
    let projections = relations.iter().map(read).collect::<Result<Vec<_>>>()?;
    let asked = relations.clone();
    let (page, found, capabilities) = roster
        .read(move |tx| {
            let found = objects::expand(tx, &grant, &asked, &page)?;
            let capabilities =
                if capable { E::capabilities(tx, &grant, &page)? } else { Vec::new() };
            Ok((page, found, capabilities))
        })
        .await?;
    let mut extras = vec![Vec::new(); page.len()];
    for (extra, capabilities) in extras.iter_mut().zip(capabilities) {
        extra.push(("capabilities", flags(&capabilities)));
    }
    for ((expand, projections), related) in relations.iter().zip(&projections).zip(found) {
        for (extra, expanded) in extras.iter_mut().zip(related) {
            extra.push((expand.relation, render(&expanded, projections)));
        }
    }
    Ok((page, extras))
}

/// Whether a query selects what the caller may do with each object.
pub fn wants_capabilities<E: Expandable>(query: &Query<E::Field>) -> bool {
    let selected = query.select.as_deref().unwrap_or_default();
    E::CAPABILITIES.is_some_and(|field| selected.contains(&field))
}

fn flags(capabilities: &Capabilities) -> Value<'static> {
    let flags = [
        ("canUpdate", capabilities.can_update),
        ("canDelete", capabilities.can_delete),
        ("canResetPassword", capabilities.can_reset_password),
        ("canAssignLicense", capabilities.can_assign_license),
        ("canAssignRoles", capabilities.can_assign_roles),
    ];
    let member = |(name, flag): (&'static str, Option<bool>)| {
        (name.into(), flag.map_or(Value::Null, Value::Bool))
    };
    Value::Object(flags.into_iter().map(member).collect())
}

fn render(expanded: &Expanded, projections: &Projections) -> Value<'static> {
    let one = |object| Typed::item(object, projections).into_value();
    match expanded {
        Expanded::One(object) => object.as_ref().map_or(Value::Null, one),
        Expanded::Many(objects) => Value::List(objects.iter().map(one).collect()),
    }
}
