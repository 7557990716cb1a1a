//! Addresses inside answers: contexts, locations, and links to the next page.

use crate::http::QueryOptions;
use crate::roster::Roster;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use roster_domain::authz::{Access, Scope};
use roster_domain::paging::Cursor;
use roster_domain::properties::Entity;
use roster_domain::query::{Literal, Query, canonical};
use roster_domain::{Error, Result, Timestamp};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What stays as it is in a query value.
const VALUE: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b',');

/// The `@odata.context` of a collection.
pub fn collection_context(roster: &Roster, set: &str) -> String {
    format!("{}/v1.0/$metadata#{set}", roster.public_url)
}

/// The `@odata.context` of one object.
pub fn entity_context(roster: &Roster, set: &str) -> String {
    format!("{}/v1.0/$metadata#{set}/$entity", roster.public_url)
}

/// The address of a path below `/v1.0`.
pub fn address(roster: &Roster, path: &str) -> String {
    format!("{}/v1.0/{path}", roster.public_url)
}

/// The address of an object.
pub fn location(roster: &Roster, path: &str, id: impl std::fmt::Display) -> String {
    format!("{}/v1.0/{path}/{id}", roster.public_url)
}

/// A value inside a query.
pub fn encode(value: &str) -> String {
    utf8_percent_encode(value, VALUE).to_string()
}

/// One key of a cursor on its way through a client.
#[derive(Serialize, Deserialize)]
enum Key {
    #[serde(rename = "n")]
    Null,
    #[serde(rename = "b")]
    Bool(bool),
    #[serde(rename = "t")]
    Text(String),
    #[serde(rename = "d")]
    Time(i64),
    #[serde(rename = "i")]
    Id(Uuid),
}

impl From<&Literal> for Key {
    fn from(literal: &Literal) -> Self {
        match literal {
            Literal::Null => Self::Null,
            Literal::Bool(value) => Self::Bool(*value),
            Literal::Text(text) => Self::Text(text.clone()),
            Literal::Word(word) => Self::Text((*word).to_owned()),
            Literal::Time(time) => Self::Time(time.micros()),
            Literal::Id(id) => Self::Id(*id),
        }
    }
}

impl From<Key> for Literal {
    fn from(key: Key) -> Self {
        match key {
            Key::Null => Self::Null,
            Key::Bool(value) => Self::Bool(value),
            Key::Text(text) => Self::Text(text),
            Key::Time(micros) => Self::Time(Timestamp::from_micros(micros)),
            Key::Id(id) => Self::Id(id),
        }
    }
}

const PURPOSE: &str = "link-token";

/// What a skip token is bound to: it goes on with the same query of the same organisation only, for
/// callers who see as much, since it holds values of the last row.
fn binding<E: Entity>(path: &str, scope: &Scope, query: &Query<E::Field>) -> String {
    let sight = match scope.access() {
        Access::Full => "everything".to_owned(),
        Access::Member { own } => own.to_string(),
    };
    format!("{}\n{sight}\n{path}\n{}", scope.tenant(), canonical::<E>(query))
}

/// Reads where a page starts.
///
/// # Errors
/// 400 for a token that this service did not make for this query.
pub fn read_cursor<E: Entity>(
    roster: &Roster,
    path: &str,
    scope: &Scope,
    query: &Query<E::Field>,
) -> Result<Option<Cursor>> {
    let Some(token) = &query.skip_token else { return Ok(None) };
    let (id, keys): (Uuid, Vec<Key>) =
        open_token(roster, &binding::<E>(path, scope, query), token)?;
    Ok(Some(Cursor { keys: keys.into_iter().map(Literal::from).collect(), id }))
}

/// Reads a place that [`seal_token`] sealed for the same request.
///
/// # Errors
/// 400 for a token that this service did not make for this request.
pub fn open_token<T: DeserializeOwned>(roster: &Roster, binding: &str, token: &str) -> Result<T> {
    let sealed = URL_SAFE_NO_PAD.decode(token).ok();
    let opened =
        sealed.and_then(|sealed| roster.sealer.open(PURPOSE, binding.as_bytes(), &sealed).ok());
    opened.and_then(|text| serde_json::from_slice(&text).ok()).ok_or_else(|| {
        Error::invalid_property(
            "$skiptoken",
            "'$skiptoken' does not belong to this request. Follow @odata.nextLink unchanged, or \
             begin with the first page.",
        )
    })
}

/// Seals a place, so that clients can neither read nor change it, and binds it to a request.
///
/// # Errors
/// Internal, when it cannot be sealed.
pub fn seal_token<T: Serialize>(roster: &Roster, binding: &str, place: &T) -> Result<String> {
    let text = serde_json::to_vec(place).map_err(|error| Error::internal(error.to_string()))?;
    Ok(URL_SAFE_NO_PAD.encode(roster.sealer.seal(PURPOSE, binding.as_bytes(), &text)?))
}

/// The link to the page after a place: all options of this request and the place.
///
/// # Errors
/// Internal, when the token cannot be sealed.
pub fn next_link<E: Entity>(
    roster: &Roster,
    path: &str,
    scope: &Scope,
    query: &Query<E::Field>,
    pairs: &QueryOptions,
    last: &Cursor,
) -> Result<String> {
    let keys: Vec<Key> = last.keys.iter().map(Key::from).collect();
    let token = seal_token(roster, &binding::<E>(path, scope, query), &(last.id, keys))?;
    Ok(following(roster, path, pairs, &token))
}

/// The link to a page that begins at a skip token: all options of this request and the token.
pub fn following(roster: &Roster, path: &str, pairs: &QueryOptions, token: &str) -> String {
    let mut link = format!("{}/v1.0/{path}?", roster.public_url);
    let others = pairs
        .0
        .iter()
        .filter(|(name, _)| !name.trim_start_matches('$').eq_ignore_ascii_case("skiptoken"));
    for (name, value) in others {
        // As it was sent: options go with a dollar sign, whatever else was sent without.
        let (mark, name) = name.strip_prefix('$').map_or(("", name), |name| ("$", name));
        link.push_str(&format!("{mark}{}={}&", encode(name), encode(value)));
    }
    link.push_str("$skiptoken=");
    link.push_str(token);
    link
}
