//! The document and its page, without any network but this service.

use super::Failure;
use actix_web::guard::Get;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::{self, Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use roster_domain::Error;
use std::sync::Arc;
use utoipa_swagger_ui::Config;

/// Path of the document.
pub const DOCUMENT: &str = "/openapi.json";
/// Path of the page.
pub const PAGE: &str = "/docs";
/// Paths of the page's files.
pub const FILES: &str = "/docs/{file}";

/// The page may load and call only this service; its scripts are its own files, and only its
/// styles are inline.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'",
);

/// The document, written once.
#[derive(Clone, Debug)]
pub struct Document(pub Bytes);

/// Registers the document and its page.
pub fn routes(document: Document) -> impl FnOnce(&mut web::ServiceConfig) {
    // The page would otherwise ask a service on the internet to check the document.
    let config = Config::new([DOCUMENT]).validator_url("none");
    move |services| {
        services
            .app_data(Data::new(document))
            .app_data(Data::new(Arc::new(config)))
            .service(web::resource(DOCUMENT).guard(Get()).to(serve_document))
            .service(web::resource(PAGE).guard(Get()).to(redirect))
            .service(web::resource(FILES).guard(Get()).to(serve_file));
    }
}

async fn serve_document(document: Data<Document>) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json; charset=utf-8").body(document.0.clone())
}

async fn redirect() -> HttpResponse {
    HttpResponse::Found().insert_header((header::LOCATION, "/docs/index.html")).finish()
}

async fn serve_file(
    req: HttpRequest,
    config: Data<Arc<Config<'static>>>,
) -> Result<HttpResponse, Failure> {
    let name = req.match_info().query("file");
    let file = utoipa_swagger_ui::serve(name, Arc::clone(&config))
        .map_err(|error| Error::internal(error.to_string()))?
        .ok_or_else(|| Failure::unknown_path(name))?;
    Ok(HttpResponse::Ok()
        .content_type(file.content_type)
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")))
        .body(file.bytes.into_owned()))
}
