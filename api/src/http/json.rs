//! JSON bodies.
//!
//! The extractors are not called `Json`, `Form` and `Query`: the document generator would take them
//! for those of the framework and look for the type inside.

use super::error::BAD_JSON;
use super::{Failure, body};
use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use flate2::read::MultiGzDecoder;
use futures_util::future::{FutureExt as _, LocalBoxFuture, ready};
use roster_domain::{Value, limits};
use serde_json::error::Category;
use std::io::Read as _;

/// Longest name of a member that an error repeats, in characters.
const SHOWN: usize = 200;

/// A JSON body of at most [`limits::MAX_BODY`] bytes, also after inflating. Duplicate members and
/// U+0000 are refused.
#[derive(Clone, Debug, PartialEq)]
pub struct JsonBody(pub Value<'static>);

impl FromRequest for JsonBody {
    type Error = Failure;
    type Future = LocalBoxFuture<'static, Result<Self, Failure>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let checks = check(req);
        let payload = payload.take();
        async move {
            let is_gzip = checks?;
            let sent = body::read(payload, limits::MAX_BODY).await?;
            if is_gzip { parse(&inflate(&sent)?) } else { parse(&sent) }.map(Self)
        }
        .boxed_local()
    }
}

/// A JSON body that may be left out altogether.
#[derive(Clone, Debug, PartialEq)]
pub struct OptionalJsonBody(pub Option<Value<'static>>);

impl FromRequest for OptionalJsonBody {
    type Error = Failure;
    type Future = LocalBoxFuture<'static, Result<Self, Failure>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let headers = req.headers();
        let length = headers.get(CONTENT_LENGTH).map(|value| value.as_bytes() == b"0");
        if length.unwrap_or(!headers.contains_key(TRANSFER_ENCODING)) {
            return ready(Ok(Self(None))).boxed_local();
        }
        let body = JsonBody::from_request(req, payload);
        async move { body.await.map(|JsonBody(body)| Self(Some(body))) }.boxed_local()
    }
}

/// What the headers tell of the body: whether it is compressed.
fn check(req: &HttpRequest) -> Result<bool, Failure> {
    if body::announced(req, limits::MAX_BODY)? == Some(0) {
        return Err(Failure::malformed(format!("{BAD_JSON} The body is empty.")));
    }
    if !is_json(req) {
        return Err(Failure::unsupported_media_type(
            "The body has to be JSON in UTF-8. Send Content-Type: application/json.",
        ));
    }
    body::is_gzip(req)
}

/// `application/json` or `application/…+json`, in UTF-8.
fn is_json(req: &HttpRequest) -> bool {
    let Ok(Some(mime)) = req.mime_type() else {
        return false;
    };
    let json = mime.type_() == "application"
        && (mime.subtype() == "json" || mime.suffix().is_some_and(|suffix| suffix == "json"));
    json && mime.get_param("charset").is_none_or(|charset| charset == "utf-8")
}

fn inflate(sent: &Bytes) -> Result<Vec<u8>, Failure> {
    let limit = u64::try_from(limits::MAX_BODY).unwrap_or(u64::MAX);
    let mut body = Vec::new();
    MultiGzDecoder::new(sent.as_ref())
        .take(limit.saturating_add(1))
        .read_to_end(&mut body)
        .map_err(|_| Failure::malformed(format!("{BAD_JSON} The body is not gzip.")))?;
    if body.len() > limits::MAX_BODY {
        return Err(Failure::too_large(limits::MAX_BODY));
    }
    Ok(body)
}

/// Reads a value. The parser's own words stay here; those of [`Value`] and the position are told.
fn parse(body: &[u8]) -> Result<Value<'static>, Failure> {
    serde_json::from_slice(body).map_err(|error| {
        let position = format!("line {}, column {}", error.line(), error.column());
        Failure::malformed(match error.classify() {
            Category::Data => {
                let text = error.to_string();
                let words = text.rsplit_once(" at line ").map_or(text.as_str(), |(words, _)| words);
                let shown: String = words.chars().take(SHOWN).collect();
                format!("{BAD_JSON} At {position}: {shown}.")
            }
            Category::Eof => format!("{BAD_JSON} It ends too early, at {position}."),
            // The parser tells its limit from a mistake only in words; a test knows when they change.
            Category::Syntax if error.to_string().starts_with("recursion limit exceeded") => {
                let most = limits::MAX_JSON_DEPTH;
                format!("{BAD_JSON} It is nested more than {most} levels deep at {position}.")
            }
            Category::Io | Category::Syntax => format!("{BAD_JSON} It is wrong at {position}."),
        })
    })
}
