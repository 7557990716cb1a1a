//! Which properties an answer carries.

use crate::http::QueryOptions;
use roster_domain::authz::Scope;
use roster_domain::properties::{self, Entity, Property};
use roster_domain::query::{self, Query};
use roster_domain::{Error, Result};

/// Properties of one answer, in the order of the table, `id` first.
pub struct Projection<E: Entity> {
    properties: Vec<&'static Property<E>>,
}

impl<E: Entity> Projection<E> {
    /// What a query selects, or the default projection; what the caller may not read is left out
    /// of the default and refused when named.
    pub fn of(select: Option<&[E::Field]>, scope: &Scope) -> Self {
        let readable = |property: &&'static Property<E>| scope.may_read(property).is_ok();
        let properties = match select {
            Some(fields) => fields
                .iter()
                .filter_map(|field| properties::of::<E>(*field))
                .filter(|property| !property.computed)
                .collect(),
            None => E::PROPERTIES.iter().filter(|p| p.by_default).filter(readable).collect(),
        };
        Self { properties }
    }

    /// The properties.
    pub fn properties(&self) -> &[&'static Property<E>] {
        &self.properties
    }
}

/// Reads the options of a request that serves these, e.g. [`query::LIST`].
///
/// # Errors
/// 400 for all that is malformed or not served, 403 for properties the caller may not read.
pub fn read_query<E: Entity>(
    served: &[&str],
    pairs: &QueryOptions,
    scope: &Scope,
) -> Result<Query<E::Field>> {
    query::parse::<E>(served, pairs.0.iter(), &|property| scope.may_read(property))
}

/// Reads the options of a request whose `$select` names properties of several kinds: `read` reads
/// that one, the others are those of `E`.
///
/// # Errors
/// As [`read_query`], and what `read` refuses besides.
pub fn read_apart<E: Entity, S>(
    served: &[&str],
    pairs: &QueryOptions,
    scope: &Scope,
    read: impl FnOnce(Option<&str>) -> Result<S>,
) -> Result<(S, Query<E::Field>)> {
    let (others, select) = pairs.0.split("select");
    let selected = match select.as_slice() {
        [] => read(None),
        [one] => read(Some(one)),
        _ => Err(Error::invalid_property("$select", "'$select' was sent more than once.")),
    };
    match (selected, read_query::<E>(served, &QueryOptions(others), scope)) {
        (Ok(selected), Ok(query)) => Ok((selected, query)),
        (Err(wrong), Err(too)) => Err(wrong.and(too)),
        (Err(wrong), Ok(_)) | (Ok(_), Err(wrong)) => Err(wrong),
    }
}

/// Reads the options of a request for one object, which has only `$select`.
///
/// # Errors
/// As [`read_query`].
pub fn read_select<E: Entity>(pairs: &QueryOptions, scope: &Scope) -> Result<Projection<E>> {
    let query = read_query::<E>(&["$select"], pairs, scope)?;
    Ok(Projection::of(query.select.as_deref(), scope))
}
