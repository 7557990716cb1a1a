//! What is known of a request before it is routed.

use super::Failure;
use super::routes::Found;
use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::http::header::HeaderMap;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use roster_domain::{Error, id::TenantId};
use std::future::{Ready, ready};
use std::net::IpAddr;
use std::ops::Deref;
use std::rc::Rc;
use uuid::Uuid;

/// Longest `client-request-id` that is echoed.
const MAX_CLIENT_ID: usize = 128;

/// What is known of a request before it is routed; an extractor.
#[derive(Clone, Debug)]
pub struct Context(Rc<Request>);

/// The parts of a [`Context`].
#[derive(Debug)]
pub struct Request {
    request_id: String,
    client_request_id: Option<String>,
    trace_id: Option<String>,
    address: Option<IpAddr>,
    is_head: bool,
    found: Found,
}

/// Who the request acts for; the authentication puts it into the request's extensions.
#[derive(Clone, Copy, Debug)]
pub struct Caller {
    /// The organisation.
    pub tenant: TenantId,
    /// The user or API client.
    pub actor: Uuid,
}

impl Context {
    pub(super) fn new(
        method: &Method,
        headers: &HeaderMap,
        address: Option<IpAddr>,
        found: Found,
    ) -> Self {
        Self(Rc::new(Request {
            request_id: Uuid::now_v7().to_string(),
            client_request_id: client_request_id(headers),
            trace_id: trace_id(headers),
            address,
            is_head: method == Method::HEAD,
            found,
        }))
    }
}

impl Request {
    /// The id that this service gave the request (UUIDv7), as in the `request-id` header.
    pub fn request_id(&self) -> &str {
        &self.request_id
    }

    /// The client's own id where it sent a usable one, else [`Request::request_id`].
    pub fn client_request_id(&self) -> &str {
        self.client_request_id.as_deref().unwrap_or(&self.request_id)
    }

    /// The client's own id, where it sent a usable one.
    pub(super) fn sent_request_id(&self) -> Option<&str> {
        self.client_request_id.as_deref()
    }

    /// Trace of the W3C `traceparent` header: 32 hexadecimal digits.
    pub fn trace_id(&self) -> Option<&str> {
        self.trace_id.as_deref()
    }

    /// Address of the client; behind a trusted proxy the one that the proxy names.
    pub const fn address(&self) -> Option<IpAddr> {
        self.address
    }

    /// Whether only the headers of the answer are asked for. Handlers see GET.
    pub const fn is_head(&self) -> bool {
        self.is_head
    }

    /// What the table of routes says about the path.
    pub(super) const fn found(&self) -> &Found {
        &self.found
    }
}

impl Deref for Context {
    type Target = Request;

    fn deref(&self) -> &Request {
        &self.0
    }
}

impl FromRequest for Context {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let context = req.extensions().get::<Self>().cloned();
        ready(context.ok_or_else(|| Error::internal("the request did not pass the edge").into()))
    }
}

fn client_request_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get("client-request-id")?.to_str().ok()?;
    let usable =
        (1..=MAX_CLIENT_ID).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic());
    usable.then(|| id.to_owned())
}

/// Version 00 of W3C Trace Context: `00-{trace}-{parent}-{flags}`.
fn trace_id(headers: &HeaderMap) -> Option<String> {
    let mut parts = headers.get("traceparent")?.to_str().ok()?.split('-');
    let hex = |part: &str, length| {
        part.len() == length && part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    };
    let (version, trace, parent, flags) =
        (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let sound = version == "00"
        && hex(trace, 32)
        && hex(parent, 16)
        && hex(flags, 2)
        && parts.next().is_none()
        && trace.bytes().any(|byte| byte != b'0');
    sound.then(|| trace.to_owned())
}
