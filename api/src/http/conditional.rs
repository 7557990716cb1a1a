//! Entity tags and conditional requests (RFC 9110 §13).
//!
//! The tag of an entity is its version: `"v3"`. It is strong, because every change of an entity
//! raises its version in the same commit, so `If-Match` can hold it; RFC 9110 never lets a weak
//! tag satisfy `If-Match`. It stands for the entity's own properties only: an answer that expands
//! relations must be sent without a tag.

use super::Failure;
use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderMap, HeaderName};
use actix_web::{FromRequest, HttpRequest};
use std::future::{Ready, ready};

/// The entity tag of a version, quotes included; for `ETag` and `@odata.etag`.
pub fn entity_tag(version: i64) -> String {
    format!("\"v{version}\"")
}

/// `If-Match`: the versions that a change may be applied to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IfMatch(Condition);

/// `If-None-Match`: the versions that the client already has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IfNoneMatch(Condition);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Condition {
    Absent,
    Any,
    Tags(Vec<Tag>),
}

/// A tag as sent. One that we never gave has no version and matches nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Tag {
    weak: bool,
    version: Option<i64>,
}

impl IfMatch {
    /// Whether an entity of this version may be changed. To be asked inside the transaction; the
    /// answer to `false` is [`roster_domain::Error::precondition_failed`].
    pub fn admits(&self, version: i64) -> bool {
        match &self.0 {
            Condition::Absent | Condition::Any => true,
            Condition::Tags(tags) => {
                tags.iter().any(|tag| !tag.weak && tag.version == Some(version))
            }
        }
    }
}

impl IfNoneMatch {
    /// Whether the client already has this version: 304 for a GET, 412 for a change.
    pub fn has(&self, version: i64) -> bool {
        match &self.0 {
            Condition::Absent => false,
            Condition::Any => true,
            Condition::Tags(tags) => tags.iter().any(|tag| tag.version == Some(version)),
        }
    }
}

impl Condition {
    fn read(headers: &HeaderMap, name: &HeaderName) -> Result<Self, Failure> {
        let mut tags = Vec::new();
        let mut present = false;
        for value in headers.get_all(name) {
            present = true;
            let text = value.to_str().map_err(|_| malformed(name))?.trim();
            if text == "*" {
                return Ok(Self::Any);
            }
            read_tags(text, &mut tags).ok_or_else(|| malformed(name))?;
        }
        Ok(if present { Self::Tags(tags) } else { Self::Absent })
    }
}

/// Reads `"v1", W/"v2"`.
fn read_tags(text: &str, tags: &mut Vec<Tag>) -> Option<()> {
    let mut rest = text;
    while !rest.is_empty() {
        let (weak, quoted) = match rest.strip_prefix("W/") {
            Some(quoted) => (true, quoted),
            None => (false, rest),
        };
        let (opaque, after) = quoted.strip_prefix('"')?.split_once('"')?;
        let digits = opaque.strip_prefix('v').unwrap_or_default();
        // Tags are compared as they are written: "v05" is none of ours.
        let version = digits.parse().ok().filter(|number: &i64| number.to_string() == digits);
        tags.push(Tag { weak, version });
        let after = after.trim_start();
        rest = match after.strip_prefix(',') {
            Some(more) => more.trim_start(),
            None if after.is_empty() => after,
            None => return None,
        };
    }
    Some(())
}

fn malformed(name: &HeaderName) -> Failure {
    Failure::malformed(format!("{name} is neither * nor a list of entity tags such as \"v3\"."))
}

impl FromRequest for IfMatch {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Condition::read(req.headers(), &header::IF_MATCH).map(Self))
    }
}

impl FromRequest for IfNoneMatch {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Condition::read(req.headers(), &header::IF_NONE_MATCH).map(Self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn if_match(value: &str) -> Result<IfMatch, Failure> {
        let req = TestRequest::default().insert_header((header::IF_MATCH, value)).to_http_request();
        Condition::read(req.headers(), &header::IF_MATCH).map(IfMatch)
    }

    fn if_none_match(value: &str) -> IfNoneMatch {
        let header = (header::IF_NONE_MATCH, value);
        let req = TestRequest::default().insert_header(header).to_http_request();
        Condition::read(req.headers(), &header::IF_NONE_MATCH).map(IfNoneMatch).unwrap()
    }

    #[test]
    fn if_match_admits_only_the_versions_it_names() {
        let condition = if_match(&format!("{}, \"v5\"", entity_tag(3))).unwrap();
        assert!(condition.admits(3) && condition.admits(5));
        assert!(!condition.admits(4));
    }

    #[test]
    fn a_weak_or_foreign_tag_never_satisfies_if_match() {
        for value in ["W/\"v3\"", "\"v03\"", "\"v+3\"", "\"3\"", "\"abc\"", "\"v\"", ""] {
            assert!(!if_match(value).unwrap().admits(3), "{value}");
        }
    }

    #[test]
    fn if_match_with_a_star_admits_every_version_and_so_does_none() {
        assert!(if_match("*").unwrap().admits(3));
        let req = TestRequest::default().to_http_request();
        let absent = Condition::read(req.headers(), &header::IF_MATCH).map(IfMatch).unwrap();
        assert!(absent.admits(3));
    }

    #[test]
    fn if_none_match_compares_weakly() {
        assert!(if_none_match("W/\"v3\"").has(3));
        assert!(if_none_match("\"v1\",\"v3\"").has(3));
        assert!(if_none_match("*").has(3));
        assert!(!if_none_match("\"v1\"").has(3));
    }

    #[test]
    fn what_is_no_list_of_tags_is_refused() {
        for value in ["v3", "\"v3", "\"v3\" \"v4\"", "W/v3"] {
            assert!(if_match(value).is_err(), "{value}");
        }
    }
}
