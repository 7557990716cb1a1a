//! Collections with the whole query dialect: one handler body for all of them.

use super::expansion::Additions;
use super::links::{self, collection_context, entity_context};
use super::projection::{Projection, read_query};
use super::reply::{Items, Object, Page, Versioned, json};
use crate::http::conditional::entity_tag;
use crate::http::{Failure, IfNoneMatch, QueryOptions};
use crate::roster::Roster;
use actix_web::HttpResponse;
use actix_web::http::header::{ContentType, ETAG};
use roster_domain::Result;
use roster_domain::authz::{Grant, Right};
use roster_domain::objects::Expandable;
use roster_domain::paging::{Cursor, Page as Found};
use roster_domain::ports::ReadTx;
use roster_domain::properties::Entity;
use roster_domain::query::{self, Query};
use serde_json::value::RawValue;

/// A page as it was found.
pub struct Listed {
    /// The objects as a JSON array.
    pub items: Box<RawValue>,
    /// The number of all matching objects, where it was asked for.
    pub count: Option<i64>,
    /// The link to the next page.
    pub next: Option<String>,
}

impl Listed {
    /// The answer.
    pub fn answer(self, context: String) -> HttpResponse {
        let Self { items, count, next } = self;
        HttpResponse::Ok().json(Page { context, count, next, value: items })
    }
}

/// Finds a page of a collection. `path` is the collection's path below `/v1.0`, `query` is what the
/// options `pairs` say, `page` and `count` are the use cases behind it; `render` writes the objects
/// where they were read.
///
/// # Errors
/// What is wrong with the options, and what the use cases refuse.
pub async fn find<E, R, P, C, J>(
    roster: &Roster,
    path: &str,
    grant: Grant<R>,
    (query, pairs): (Query<E::Field>, &QueryOptions),
    (page, count): (P, C),
    render: J,
) -> Result<Listed, Failure>
where
    E: Entity,
    R: Right,
    P: FnOnce(&mut dyn ReadTx, &Grant<R>, &Query<E::Field>, Option<&Cursor>) -> Result<Found<E>>
        + Send
        + 'static,
    C: FnOnce(&mut dyn ReadTx, &Grant<R>, &Query<E::Field>) -> Result<i64> + Send + 'static,
    J: FnOnce(&mut dyn ReadTx, &Grant<R>, &[E]) -> Result<Box<RawValue>> + Send + 'static,
{
    let scope = grant.scope();
    let after = links::read_cursor::<E>(roster, path, &scope, &query)?;
    let asked = query.clone();
    let (items, last, count) = roster
        .read(move |tx| {
            let found = page(tx, &grant, &asked, after.as_ref())?;
            // Graph counts on the first page only.
            let first = asked.count && after.is_none();
            let count = if first { Some(count(tx, &grant, &asked)?) } else { None };
            let last = found.items.last().filter(|_| found.more);
            let last = last.map(|last| Cursor::at(&asked.order, last));
            Ok((render(tx, &grant, &found.items)?, last, count))
        })
        .await?;
    let link = |last: &Cursor| links::next_link::<E>(roster, path, &scope, &query, pairs, last);
    let next = last.as_ref().map(link).transpose()?;
    Ok(Listed { items, count, next })
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
    E: Versioned + Expandable,
    R: Right,
    P: FnOnce(&mut dyn ReadTx, &Grant<R>, &Query<E::Field>, Option<&Cursor>) -> Result<Found<E>>
        + Send
        + 'static,
    C: FnOnce(&mut dyn ReadTx, &Grant<R>, &Query<E::Field>) -> Result<i64> + Send + 'static,
{
    let scope = grant.scope();
    let query = read_query::<E>(query::LIST, pairs, &scope)?;
    let projection = Projection::of(query.select.as_deref(), &scope);
    let additions = Additions::read::<E>(&query, &scope)?;
    let render = move |tx: &mut dyn ReadTx, grant: &Grant<R>, items: &[E]| {
        json(&Items(items, &projection, &additions.find(tx, grant, items)?))
    };
    let listed = find(roster, path, grant, (query, pairs), (page, count), render).await?;
    Ok(listed.answer(collection_context(roster, path)))
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
    E: Versioned + Expandable,
    R: Right,
    G: FnOnce(&mut dyn ReadTx, &Grant<R>) -> Result<E> + Send + 'static,
{
    let scope = grant.scope();
    let query = read_query::<E>(query::ONE, pairs, &scope)?;
    let projection = Projection::of(query.select.as_deref(), &scope);
    let additions = Additions::read::<E>(&query, &scope)?;
    let context = entity_context(roster, set);
    // The tag says nothing about what is added.
    let has_tag = additions.is_empty();
    let (version, object) = roster
        .read(move |tx| {
            let entity = get(tx, &grant)?;
            let added = additions.find(tx, &grant, std::slice::from_ref(&entity))?;
            let added = added.first().map(Vec::as_slice).unwrap_or_default();
            let object = Object::whole(&entity, &projection, context).with_added(added);
            Ok((entity.version(), json(&object)?))
        })
        .await?;
    if has_tag && known.has(version) {
        return Ok(HttpResponse::NotModified().insert_header((ETAG, entity_tag(version))).finish());
    }
    let mut response = HttpResponse::Ok();
    if has_tag {
        response.insert_header((ETAG, entity_tag(version)));
    }
    let text: Box<str> = object.into();
    Ok(response.content_type(ContentType::json()).body(text.into_string()))
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
