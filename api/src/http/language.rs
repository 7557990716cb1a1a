//! The language in which a request wants texts for people.

use actix_web::dev::Payload;
use actix_web::http::header::{ACCEPT_LANGUAGE, HeaderMap};
use actix_web::{FromRequest, HttpRequest};
use roster_domain::language::Language;
use std::convert::Infallible;
use std::future::{Ready, ready};

/// The language of `Accept-Language`; English where the header is missing or unreadable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Speaks(pub Language);

impl FromRequest for Speaks {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(of(req.headers()))))
    }
}

/// The language that a request prefers.
pub(super) fn of(headers: &HeaderMap) -> Language {
    let headers = headers.get_all(ACCEPT_LANGUAGE);
    let ranges: Vec<_> = headers.filter_map(|value| value.to_str().ok()).collect();
    Language::preferred(&ranges.join(","))
}
