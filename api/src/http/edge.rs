//! The outermost layer: every request passes it first and every answer last.

use super::context::{Caller, Context};
use super::cors::Cors;
use super::envelope::{self, Asks};
use super::heads::Heads;
use super::metrics::HttpMetrics;
use super::routes::{Found, Routes};
use super::{Failure, address, language, log, raw};
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::uri::PathAndQuery;
use actix_web::http::{Method, StatusCode, Uri};
use actix_web::middleware::Next;
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse};
use futures_util::FutureExt as _;
use ipnet::IpNet;
use roster_domain::Error;
use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");
const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("client-request-id");
const ODATA_VERSION: HeaderName = HeaderName::from_static("odata-version");

/// What the outermost layer knows of the service.
#[derive(Debug)]
pub struct Edge {
    /// The documented paths.
    pub routes: Arc<Routes>,
    /// Where durations are observed.
    pub metrics: HttpMetrics,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Whether clients use https, here or at a proxy in front.
    pub is_secure: bool,
    /// Pages of which origins may call.
    pub cors: Cors,
}

/// Carries one request through the service.
///
/// # Errors
/// An error holds a finished answer: the framework wants one where the request is lost, after a
/// panic or a failed middleware.
pub async fn pass<B: MessageBody + 'static>(
    edge: Arc<Edge>,
    mut req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse, actix_web::Error> {
    let _under_way = req.conn_data::<Heads>().map(Heads::begin);
    let (exchange, early) = Exchange::begin(edge, &mut req);
    if let Some(early) = early {
        let response = early.unwrap_or_else(|failure| exchange.refuse(&failure));
        return Ok(req.into_response(exchange.end(response, None)));
    }
    let outcome = AssertUnwindSafe(async { next.call(req).await }).catch_unwind().await;
    match outcome {
        Ok(Ok(response)) => Ok(exchange.answer(response)),
        Ok(Err(error)) => Err(exchange.lost(&error)),
        Err(_) => {
            let fault = Error::internal("a handler panicked; the log has its place");
            Err(exchange.lost(&Failure::from(fault).into()))
        }
    }
}

/// Answers what no route took.
///
/// # Errors
/// Always: 405 where the path has other methods, else 404.
pub async fn unmatched(context: Context, req: HttpRequest) -> Result<HttpResponse, Failure> {
    Err(no_route(&context, req.method()))
}

fn no_route(context: &Context, method: &Method) -> Failure {
    match context.found() {
        Found::Known(route) if !route.allows(method) => {
            Failure::method_not_allowed(route.allow.clone())
        }
        Found::Known(_) => Failure::no_resource(),
        Found::Above => Failure::above(),
        Found::Unknown(segment) => Failure::unknown_path(segment),
    }
}

/// Refuses a method that a documented path lacks before routing: the router would try the next
/// path that fits, and take `$count` for an id.
fn undocumented(context: &Context, method: &Method) -> Option<Failure> {
    match context.found() {
        Found::Known(route) if !route.allows(method) => {
            Some(Failure::method_not_allowed(route.allow.clone()))
        }
        Found::Known(_) | Found::Above | Found::Unknown(_) => None,
    }
}

impl Edge {
    /// The whole answer, as bytes of HTTP/1.1, to what the HTTP parser could not read and refuses
    /// with this status. The connection is closed after it.
    pub fn unread(self: &Arc<Self>, status: StatusCode, peer: Option<IpAddr>) -> Vec<u8> {
        let found = Found::Unknown(String::new());
        let headers = HeaderMap::new();
        // Nothing is known of the request: the label of methods that are not known stands for it.
        let method = Method::from_bytes(b"_OTHER").unwrap_or_default();
        let context = Context::new(&method, &headers, peer, found);
        let exchange = Exchange {
            edge: Arc::clone(self),
            context,
            method,
            asks: Asks {
                problem: false,
                language: language::of(&headers),
                with_credentials: false,
            },
            origin: None,
            is_graph: false,
            is_private: true,
            started: Instant::now(),
        };
        let refused = exchange.refuse(&Failure::unread(status));
        raw::written(exchange.end(refused, None))
    }
}

/// An answer that needs no handler.
type Early = Result<HttpResponse, Failure>;

/// One request and its answer.
struct Exchange {
    edge: Arc<Edge>,
    context: Context,
    method: Method,
    asks: Asks,
    /// Origin of the page that asks, where the settings name it.
    origin: Option<HeaderValue>,
    is_graph: bool,
    is_private: bool,
    started: Instant,
}

impl Exchange {
    /// Gives the request its context and canonical path, and HEAD the handler of GET. Some
    /// requests have their answer before any handler.
    fn begin(edge: Arc<Edge>, req: &mut ServiceRequest) -> (Self, Option<Early>) {
        let started = Instant::now();
        let (path, found, refused) = match edge.routes.resolve(req.uri()) {
            Ok((path, found)) => (path, found, None),
            Err(failure) => (None, Found::Unknown(String::new()), Some(failure)),
        };
        let origin = edge.cors.admitted(req.headers());
        let preflight = edge.cors.preflight(req.method(), req.headers());
        let address = address::client(
            req.peer_addr().map(|peer| peer.ip()),
            req.headers(),
            &edge.trusted_proxies,
        );
        let context = Context::new(req.method(), req.headers(), address, found);
        let asks = Asks {
            problem: envelope::wants_problem(req.headers()),
            language: language::of(req.headers()),
            with_credentials: req.headers().contains_key(header::AUTHORIZATION),
        };
        let method = req.method().clone();
        if method == Method::HEAD {
            req.head_mut().method = Method::GET;
        }
        let early = refused.or_else(|| rewrite(req, path).err()).map(Err).or(preflight);
        let early = early.or_else(|| undocumented(&context, &method).map(Err));
        req.extensions_mut().insert(context.clone());
        let is_graph = req.path().starts_with("/v1.0");
        let is_private = is_graph || req.path().starts_with("/oauth2");
        (Self { edge, context, method, asks, origin, is_graph, is_private, started }, early)
    }

    /// The answer of the handlers, with every error in the envelope.
    fn answer<B: MessageBody + 'static>(&self, response: ServiceResponse<B>) -> ServiceResponse {
        let caller = response.request().extensions().get::<Caller>().copied();
        let (req, response) = response.into_parts();
        let response = if let Some(failure) = response.error().and_then(|e| e.as_error()) {
            self.refuse(failure)
        } else if is_bare(&response) {
            self.refuse(&self.failure_of(response.status()))
        } else {
            response.map_into_boxed_body()
        };
        ServiceResponse::new(req, self.end(response, caller))
    }

    /// The answer where the request was lost with its handler.
    fn lost(&self, error: &actix_web::Error) -> actix_web::Error {
        let response = match error.as_error::<Failure>() {
            Some(failure) => self.refuse(failure),
            None => self.refuse(&self.failure_of(error.as_response_error().status_code())),
        };
        InternalError::from_response("the request was lost", self.end(response, None)).into()
    }

    /// An error that the framework made, known by its status alone.
    fn failure_of(&self, status: StatusCode) -> Failure {
        match status {
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => {
                no_route(&self.context, &self.method)
            }
            status => Failure::of_status(status),
        }
    }

    fn refuse(&self, failure: &Failure) -> HttpResponse {
        log::refusal(failure, &self.context);
        envelope::render(failure, &self.context, self.asks)
    }

    /// Adds the common headers, logs and measures.
    fn end(&self, mut response: HttpResponse, caller: Option<Caller>) -> HttpResponse {
        self.add_headers(response.headers_mut());
        let elapsed = self.started.elapsed();
        let template = self.context.found().template();
        let status = response.status();
        self.edge.metrics.observe(&self.method, template.cloned(), status, elapsed);
        log::request(&log::Line {
            method: &self.method,
            template: template.map_or("", |template| template),
            status,
            elapsed,
            context: &self.context,
            caller,
        });
        response
    }

    fn add_headers(&self, headers: &mut HeaderMap) {
        self.edge.cors.decorate(self.origin.as_ref(), headers);
        for (name, id) in [
            (REQUEST_ID, self.context.request_id()),
            (CLIENT_REQUEST_ID, self.context.client_request_id()),
        ] {
            if let Ok(value) = HeaderValue::from_str(id) {
                headers.insert(name, value);
            }
        }
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if self.edge.is_secure {
            let year = HeaderValue::from_static("max-age=31536000");
            headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
        }
        if self.is_graph {
            // Names of roles and limits of rights are in the language of the caller.
            vary_by_language(headers);
            if envelope::is_json(headers) || is_html(headers) {
                let tag = HeaderValue::from_static(self.asks.language.tag());
                headers.insert(header::CONTENT_LANGUAGE, tag);
            }
        }
        if self.is_private {
            headers.insert(ODATA_VERSION, HeaderValue::from_static("4.0"));
            if !headers.contains_key(header::CACHE_CONTROL) {
                headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            }
        }
    }
}

/// Adds the language to what the answer depends on, in one header for clients that read one.
fn vary_by_language(headers: &mut HeaderMap) {
    let language = HeaderValue::from_static("Accept-Language");
    let before = headers.get_all(header::VARY).filter_map(|value| value.to_str().ok());
    let all: Vec<_> = before.chain(["Accept-Language"]).collect();
    headers.insert(header::VARY, HeaderValue::try_from(all.join(", ")).unwrap_or(language));
}

fn is_html(headers: &HeaderMap) -> bool {
    let named = headers.get(header::CONTENT_TYPE);
    named.is_some_and(|name| name.as_bytes().starts_with(b"text/html"))
}

/// Whether this is an error of the framework: those of the handlers are JSON.
fn is_bare<B>(response: &HttpResponse<B>) -> bool {
    let status = response.status();
    (status.is_client_error() || status.is_server_error()) && !envelope::is_json(response.headers())
}

/// Puts the canonical path where the router reads it.
fn rewrite(req: &mut ServiceRequest, path: Option<String>) -> Result<(), Failure> {
    let Some(path) = path else { return Ok(()) };
    let target = match req.uri().query() {
        Some(query) => format!("{path}?{query}"),
        None => path,
    };
    let mut parts = req.uri().clone().into_parts();
    let invalid = || Failure::malformed("The path of the request is not valid.");
    parts.path_and_query = Some(PathAndQuery::try_from(target).map_err(|_| invalid())?);
    let uri = Uri::from_parts(parts).map_err(|_| invalid())?;
    req.match_info_mut().get_mut().update(&uri);
    req.head_mut().uri = uri;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_added_to_everything_that_an_answer_depends_on() {
        let mut headers = HeaderMap::new();
        vary_by_language(&mut headers);
        assert_eq!(headers.get(header::VARY).unwrap(), "Accept-Language");
        let mut headers = HeaderMap::new();
        headers.append(header::VARY, HeaderValue::from_static("Accept"));
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
        vary_by_language(&mut headers);
        let all: Vec<_> = headers.get_all(header::VARY).collect();
        assert_eq!(all, ["Accept, Origin, Accept-Language"]);
    }
}
