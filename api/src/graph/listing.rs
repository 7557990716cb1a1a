//! Collections with the whole query dialect: one handler body for all of them.

use super::expansion;
use super::links::{self, collection_context, entity_context};
use super::projection::{Projection, read_query};
use super::reply::{Collection, Object, Versioned};
use crate::http::{Failure, IfNoneMatch, QueryOptions};
use crate::roster::Roster;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use roster_domain::authz::{Grant, Right, Scope};
use roster_domain::objects::Expandable;
use roster_domain::paging::{Cursor, Page};
use roster_domain::ports::ReadTx;
use roster_domain::properties::Entity;
use roster_domain::query::{self, Query};
use roster_domain::{Error, Result};

/// A page as it was found.
pub struct Listed<E: Entity> {
    /// What was asked.
    pub query: Query<E::Field>,
    /// What the caller may see.
    pub scope: Scope,
    /// The objects.
    pub items: Vec<E>,
    /// The number of all matching objects, where it was asked for.
    pub count: Option<i64>,
    /// The link to the next page.
    pub next: Option<String>,
}

/// Finds a page of a collection. `path` is the collection's path below `/v1.0`, `page` and `count`
/// are the use cases behind it, `query` is what the options `pairs` say.
///
/// # Errors
/// What is wrong with the options, and what the use cases refuse.
pub async fn find<E, R, P, C>(
    roster: &Roster,
    path: &str,
    grant: Grant<R>,
    (query, pairs): (Query<E::Field>, &QueryOptions),
    page: P,
    count: C,
) -> Result<Listed<E>, Failure>
where
    E: Entity + Send,
    R: Right,
    P: FnOnce(&mut dyn ReadTx, &Grant<R>, &Query<E::Field>, Option<&Cursor>) -> Result<Page<E>>
        + Send
        + 'static,
    C: FnOnce(&mut dyn ReadTx, &Grant<R>, &Query<E::Field>) -> Result<i64> + Send + 'static,
{
    let scope = grant.scope();
    let after = links::read_cursor::<E>(roster, path, &scope, &query)?;
    let asked = query.clone();
    let (found, count) = roster
        .read(move |tx| {
            let found = page(tx, &grant, &asked, after.as_ref())?;
            // Graph counts on the first page only.
            let first = asked.count && after.is_none();
            let count = if first { Some(count(tx, &grant, &asked)?) } else { None };
            Ok((found, count))
        })
        .await?;
    let next = match found.items.last() {
        Some(last) if found.more => {
            Some(links::next_link(roster, path, &scope, &query, pairs, last)?)
        }
        _ => None,
    };
    Ok(Listed { query, scope, items: found.items, count, next })
}

/// Answers a page of a collection; see [`find`].
///
/// # Errors
/// As [`find`].
pub async fn page<E, R, P, C>(
    roster: &Roster,
    path: &str,
    grant: Grant<R>,
    pairs: &QueryOptions,
    page: P,
    count: C,
) -> Result<HttpResponse, Failure>
where
    E: Versioned + Expandable + Send,
    R: Right,
    P: FnOnce(&mut dyn ReadTx, &Grant<R>, &Query<E::Field>, Option<&Cursor>) -> Result<Page<E>>
        + Send
        + 'static,
    C: FnOnce(&mut dyn ReadTx, &Grant<R>, &Query<E::Field>) -> Result<i64> + Send + 'static,
{
    let query = read_query::<E>(query::LIST, pairs, &grant.scope())?;
    let listed = find(roster, path, grant, (query, pairs), page, count).await?;
    let projection = Projection::of(listed.query.select.as_deref(), &listed.scope);
    let context = collection_context(roster, path);
    let Listed { query, items, count, next, .. } = listed;
    let (items, expanded) = expansion::expand(roster, grant, &query, items).await?;
    let page = Collection::new(&items, &projection, context, count, next);
    Ok(HttpResponse::Ok().json(page.with_expanded(&expanded)))
}

/// Answers one object. `set` is its collection, `get` the use case behind it.
///
/// # Errors
/// What is wrong with the options, and what the use case refuses.
pub async fn one<E, R, G>(
    roster: &Roster,
    set: &str,
    grant: Grant<R>,
    pairs: &QueryOptions,
    known: &IfNoneMatch,
    get: G,
) -> Result<HttpResponse, Failure>
where
    E: Versioned + Expandable + Send,
    R: Right,
    G: FnOnce(&mut dyn ReadTx, &Grant<R>) -> Result<E> + Send + 'static,
{
    let scope = grant.scope();
    let query = read_query::<E>(query::ONE, pairs, &scope)?;
    let entity = roster.read(move |tx| get(tx, &grant)).await?;
    // The tag says nothing about what is expanded or depends on the caller.
    let own = query.expand.is_empty() && !expansion::wants_capabilities::<E>(&query);
    if own && known.has(entity.version()) {
        return Ok(HttpResponse::NotModified().finish());
    }
    let projection = Projection::of(query.select.as_deref(), &scope);
    let (items, expanded) = expansion::expand(roster, grant, &query, vec![entity]).await?;
    let entity = items.first().ok_or_else(|| Error::internal("the object was lost"))?;
    let object = Object::whole(entity, &projection, entity_context(roster, set));
    let expanded = expanded.first().map(Vec::as_slice).unwrap_or_default();
    let object = object.with_expanded(expanded);
    Ok(if expanded.is_empty() {
        object.respond(StatusCode::OK)
    } else {
        HttpResponse::Ok().json(object)
    })
}

/// Answers the number of objects of a collection as plain text, without a byte-order mark.
///
/// # Errors
/// What is wrong with the options, and what the use case refuses.
pub async fn count<E, R, C>(
    roster: &Roster,
    grant: Grant<R>,
    pairs: &QueryOptions,
    count: C,
) -> Result<HttpResponse, Failure>
where
    E: Entity,
    R: Right,
    C: FnOnce(&mut dyn ReadTx, &Grant<R>, &Query<E::Field>) -> Result<i64> + Send + 'static,
{
    let query = read_query::<E>(query::COUNT, pairs, &grant.scope())?;
    let count = roster.read(move |tx| count(tx, &grant, &query)).await?;
    Ok(HttpResponse::Ok().content_type("text/plain").body(count.to_string()))
}
