//! An answer as bytes, where the framework does not write it.

use actix_web::HttpResponse;
use actix_web::body::MessageBody as _;
use actix_web::http::header;
use std::time::SystemTime;

/// A whole answer as HTTP/1.1 that closes its connection. The body has to be at hand.
pub(super) fn written(response: HttpResponse) -> Vec<u8> {
    let (head, body) = response.into_parts();
    let body = body.try_into_bytes().unwrap_or_default();
    let status = head.status();
    let reason = status.canonical_reason().unwrap_or_default();
    let mut bytes = format!(
        "HTTP/1.1 {} {reason}\r\ncontent-length: {}\r\nconnection: close\r\ndate: {}\r\n",
        status.as_u16(),
        body.len(),
        header::HttpDate::from(SystemTime::now()),
    )
    .into_bytes();
    for (name, value) in head.headers() {
        bytes.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    bytes.extend(b"\r\n");
    bytes.extend(body);
    bytes
}
