//! `$expand`: the objects related to each object of a page.

use super::{DirectoryObject, ObjectField, Relation, list_related};
use crate::authz::{Capabilities, Grant, Right, Scope};
use crate::error::Result;
use crate::limits::MAX_EXPANDED;
use crate::ports::ReadTx;
use crate::properties::Entity;
use crate::query::{Expand, Query};

/// What a relation of one object leads to.
#[derive(Clone, Debug)]
pub enum Expanded {
    /// At most one object.
    One(Option<DirectoryObject>),
    /// A collection.
    Many(Vec<DirectoryObject>),
}

/// An entity whose [`Entity::RELATIONS`] can be expanded.
pub trait Expandable: Entity {
    /// What a relation leads to for each object of a page, in its order, as far as the caller sees
    /// it. Where each object has at most one, the number of statements does not depend on the
    /// number of objects; of collections the first [`crate::limits::MAX_EXPANDED`] are answered.
    ///
    /// # Errors
    /// When the database fails.
    fn related(
        tx: &mut dyn ReadTx,
        scope: &Scope,
        relation: &'static str,
        page: &[Self],
    ) -> Result<Vec<Expanded>>;

    /// The property that tells what the caller may do with the object, where there is one.
    const CAPABILITIES: Option<Self::Field> = None;

    /// What the caller may do with each object of a page, in its order. The number of statements
    /// does not depend on the number of objects.
    ///
    /// # Errors
    /// When the database fails.
    fn capabilities<R: Right>(
        _tx: &mut dyn ReadTx,
        _grant: &Grant<R>,
        _page: &[Self],
    ) -> Result<Vec<Capabilities>> {
        Ok(Vec::new())
    }
}

/// What a collection leads to: the first of it.
///
/// # Errors
/// When the database fails.
pub(crate) fn first_of(tx: &mut dyn ReadTx, scope: &Scope, relation: Relation) -> Result<Expanded> {
    let first: Query<ObjectField> = Query { top: MAX_EXPANDED, ..Query::default() };
    Ok(Expanded::Many(list_related(tx, scope, relation, &first, None)?.items))
}

/// What the relations of an `$expand` lead to: one list for each relation, in the page's order.
///
/// # Errors
/// When the database fails.
pub fn expand<E: Expandable, R: Right>(
    tx: &mut dyn ReadTx,
    grant: &Grant<R>,
    relations: &[Expand],
    page: &[E],
) -> Result<Vec<Vec<Expanded>>> {
    let scope = grant.scope();
    relations.iter().map(|expand| E::related(tx, &scope, expand.relation, page)).collect()
}
