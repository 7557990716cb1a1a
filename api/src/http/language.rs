//! The language in which a request wants texts for people.

use actix_web::http::header::{ACCEPT_LANGUAGE, HeaderMap};
use roster_domain::language::Language;

/// The language of `Accept-Language`; English where the header is missing or unreadable.
pub fn of(headers: &HeaderMap) -> Language {
    let headers = headers.get_all(ACCEPT_LANGUAGE);
    let ranges: Vec<_> = headers.filter_map(|value| value.to_str().ok()).collect();
    Language::preferred(&ranges.join(","))
}
