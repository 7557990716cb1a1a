//! Which properties an answer carries.

use crate::http::QueryOptions;
use roster_domain::Result;
use roster_domain::authz::Scope;
use roster_domain::properties::{self, Entity, Property};
use roster_domain::query::{self, Query};

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

/// Reads the options of a list request.
///
/// # Errors
/// 400 for what is malformed or not served, 403 for properties the caller may not read.
pub fn read_query<E: Entity>(pairs: &QueryOptions, scope: &Scope) -> Result<Query<E::Field>> {
    query::parse::<E>(pairs.0.iter(), &|property| scope.may_read(property))
}

/// Reads the options of a request for one object, which has only `$select`.
///
/// # Errors
/// As [`read_query`].
pub fn read_select<E: Entity>(pairs: &QueryOptions, scope: &Scope) -> Result<Projection<E>> {
    let query = read_query::<E>(pairs, scope)?;
    Ok(Projection::of(query.select.as_deref(), scope))
}
