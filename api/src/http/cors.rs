//! Which pages of other origins may call the service: none, unless the settings name them.

use actix_cors::Cors;
use actix_web::http::Method;
use actix_web::http::header;

/// Lets the origins in and shows their scripts the headers that they need.
pub fn cors(origins: &[String]) -> Cors {
    let methods = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    let shown = [
        header::ETAG,
        header::LOCATION,
        header::RETRY_AFTER,
        header::HeaderName::from_static("request-id"),
    ];
    origins
        .iter()
        .fold(Cors::default(), |cors, origin| cors.allowed_origin(origin))
        .allowed_methods(methods)
        .allow_any_header()
        .expose_headers(shown.iter())
        .max_age(3_600)
}
