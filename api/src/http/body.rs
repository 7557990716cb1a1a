//! Reads request bodies: bounded in length and in time.

use super::Failure;
use actix_web::HttpRequest;
use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::http::{Version, header};
use actix_web::web::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use std::time::Duration;
use tokio::time::timeout;

/// A body of bounded length must have arrived after this time; tests are less patient.
const BODY_TIME: Duration = Duration::from_millis(if cfg!(test) { 400 } else { 10_000 });

/// The length that the request announces.
///
/// # Errors
/// 413 if it is over `limit`; 411 if an HTTP/1 request announces no body at all.
pub(super) fn announced(req: &HttpRequest, limit: usize) -> Result<Option<usize>, Failure> {
    let length = req.headers().get(header::CONTENT_LENGTH);
    let length = length.and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > limit) {
        return Err(Failure::too_large(limit));
    }
    let framed = length.is_some() || req.headers().contains_key(header::TRANSFER_ENCODING);
    if !framed && req.version() < Version::HTTP_2 {
        return Err(Failure::length_required());
    }
    Ok(length)
}

/// Reads a whole body of at most `limit` bytes.
///
/// # Errors
/// 413 if it is longer, 408 if it comes too slowly, 400 if it breaks off.
pub(super) async fn read(mut payload: Payload, limit: usize) -> Result<Bytes, Failure> {
    let whole = async {
        let mut body = BytesMut::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|error| broken(&error, limit))?;
            if body.len().saturating_add(chunk.len()) > limit {
                return Err(Failure::too_large(limit));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    };
    timeout(BODY_TIME, whole).await.map_err(|_| Failure::timeout())?
}

/// A body that could not be read to its end.
pub(super) fn broken(error: &PayloadError, limit: usize) -> Failure {
    match error {
        PayloadError::Overflow => Failure::too_large(limit),
        _ => Failure::malformed("The request body broke off before its end."),
    }
}

/// Whether the body is compressed with gzip.
///
/// # Errors
/// 415 for any other coding: Go's SDK sends the body again without one after that.
pub(super) fn is_gzip(req: &HttpRequest) -> Result<bool, Failure> {
    let mut codings = req.headers().get_all(header::CONTENT_ENCODING);
    let coding = codings.next().map_or(Ok("identity"), |value| value.to_str());
    match (coding.map(str::trim), codings.next()) {
        (Ok(coding), None) if coding.eq_ignore_ascii_case("gzip") => Ok(true),
        (Ok(coding), None) if coding.eq_ignore_ascii_case("identity") => Ok(false),
        _ => Err(Failure::unsupported_media_type(
            "The content coding is not read here. Send the body with gzip or without a coding.",
        )),
    }
}
