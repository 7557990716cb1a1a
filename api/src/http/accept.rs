//! What the client asks for in `Accept`.

use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderMap};
use actix_web::{FromRequest, HttpRequest};
use std::convert::Infallible;
use std::future::{Ready, ready};

/// Media type of CSV files.
pub const CSV: &str = "text/csv";

/// Whether the client names a media type and prefers it to plain JSON where it names that too.
/// Wildcards name nothing.
pub(super) fn names(headers: &HeaderMap, media_type: &str) -> bool {
    let wanted = weight(headers, media_type);
    wanted > 0.0 && wanted >= weight(headers, "application/json")
}

/// How much the client wants a media type that it names: 0 is not at all.
fn weight(headers: &HeaderMap, media_type: &str) -> f32 {
    let ranges = headers.get_all(header::ACCEPT).filter_map(|value| value.to_str().ok());
    let weights = ranges.flat_map(|value| value.split(',')).filter_map(|range| {
        let mut parts = range.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(media_type));
        let given = parts.find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q=")));
        named.then(|| given.map_or(1.0, |weight| weight.parse().unwrap_or(0.0)))
    });
    weights.fold(0.0, f32::max)
}

/// Whether the client asks for a CSV file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WantsCsv(pub bool);

impl FromRequest for WantsCsv {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(names(req.headers(), CSV))))
    }
}
