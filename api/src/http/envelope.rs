//! The body of every refusal: the Graph envelope, or RFC 9457 for those who ask for it.

use super::{Context, Failure, accept};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use chrono::Utc;
use roster_domain::error::Refusal;
use roster_domain::language::Language;
use roster_domain::{Error, Violation};
use serde::Serialize;
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{Components, Content, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{PartialSchema as _, ToSchema};

/// Media type of RFC 9457.
const PROBLEM_JSON: &str = "application/problem+json";

/// Whether the client asks for RFC 9457.
pub(super) fn wants_problem(headers: &HeaderMap) -> bool {
    accept::names(headers, PROBLEM_JSON)
}

/// Whether a body is already in a form of ours: an envelope, a batch item, an OAuth error.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let named = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    named.is_some_and(|name| {
        let essence = name.split(';').next().unwrap_or_default().trim();
        essence == "application/json" || essence.ends_with("+json")
    })
}

/// The body of every refusal.
#[derive(Serialize, ToSchema)]
#[schema(as = ErrorEnvelope)]
struct Envelope<'a> {
    error: Body<'a>,
}

/// What is refused, and why.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Error)]
struct Body<'a> {
    code: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    details: Vec<Detail<'a>>,
    inner_error: Inner<'a>,
}

/// One offending property.
#[derive(Serialize, ToSchema)]
#[schema(as = ErrorDetail)]
struct Detail<'a> {
    code: &'a str,
    message: &'a str,
    target: &'a str,
}

impl<'a> From<&'a Violation> for Detail<'a> {
    fn from(violation: &'a Violation) -> Self {
        Self { code: violation.code, message: &violation.message, target: &violation.target }
    }
}

/// Ids to find the request by.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = InnerError)]
struct Inner<'a> {
    date: String,
    request_id: &'a str,
    client_request_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    authorization: Option<Authorization<'a>>,
}

/// Why a right was missing.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = MissingRight)]
struct Authorization<'a> {
    permission: &'a str,
    matrix_row: Option<u8>,
    limit: Option<&'a str>,
    granting_roles: Vec<&'static str>,
    target: Option<&'a str>,
}

impl<'a> Authorization<'a> {
    fn new(refusal: &'a Refusal, language: Language) -> Self {
        Self {
            permission: refusal.permission.key(),
            matrix_row: refusal.permission.row(),
            limit: refusal.limit.map(|limit| limit.of(language)),
            granting_roles: refusal.granting_roles.keys(),
            target: refusal.target.as_deref(),
        }
    }
}

/// RFC 9457, with our code and details as extension members.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Problem)]
struct Problem<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    title: &'a str,
    status: u16,
    detail: &'a str,
    instance: String,
    code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Detail<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    authorization: Option<Authorization<'a>>,
}

/// The answer to a refused request.
pub(super) fn render(failure: &Failure, context: &Context, asks: Asks) -> HttpResponse {
    let status = failure.status();
    let mut response = HttpResponse::build(status);
    if failure.closes() {
        response.force_close();
    }
    let busy = matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE);
    if let Some(seconds) = failure.error().retry_after.or(busy.then_some(1)) {
        response.insert_header((header::RETRY_AFTER, seconds));
    }
    if let Some(allow) = failure.allow() {
        response.insert_header((header::ALLOW, allow));
    }
    if status == StatusCode::UNAUTHORIZED {
        let challenge = if asks.with_credentials { INVALID_TOKEN } else { NO_TOKEN };
        response.insert_header((header::WWW_AUTHENTICATE, challenge));
    }
    if asks.problem {
        response.insert_header((header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON)));
        response.body(problem(failure, context, asks.language))
    } else {
        response.content_type("application/json; charset=utf-8");
        response.body(envelope(failure, context, asks.language))
    }
}

/// RFC 6750 §3.1: no error code for a request that carried no credentials.
const NO_TOKEN: HeaderValue = HeaderValue::from_static("Bearer");
const INVALID_TOKEN: HeaderValue = HeaderValue::from_static(
    "Bearer error=\"invalid_token\", \
     error_description=\"The access token is malformed, expired, revoked or not for this service\"",
);

/// What of the request shapes the answer to a refusal.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asks {
    /// RFC 9457 rather than the Graph envelope.
    pub(super) problem: bool,
    /// The language of the limit of a right; messages are English, as in Graph.
    pub(super) language: Language,
    /// The request carried an `Authorization` header.
    pub(super) with_credentials: bool,
}

/// Name of the response that every operation may give.
pub(crate) const REFUSAL: &str = "Refusal";

/// Adds the refusal and its schemas to the components of the document.
pub(crate) fn describe(components: &mut Components) {
    let mut schemas: Vec<(String, RefOr<Schema>)> = Vec::new();
    schemas.push((Envelope::name().into_owned(), Envelope::schema()));
    schemas.push((Problem::name().into_owned(), Problem::schema()));
    Envelope::schemas(&mut schemas);
    Problem::schemas(&mut schemas);
    components.schemas.extend(schemas);
    let content = |name| Content::new(Some(Ref::from_schema_name(name)));
    let response: Response = ResponseBuilder::new()
        .description("The request is refused")
        .content("application/json", content(Envelope::name()))
        .content(PROBLEM_JSON, content(Problem::name()))
        .build();
    components.responses.insert(REFUSAL.to_owned(), response.into());
}

fn explained(error: &Error, language: Language) -> Option<Authorization<'_>> {
    error.refusal.as_deref().map(|refusal| Authorization::new(refusal, language))
}

fn envelope(failure: &Failure, context: &Context, language: Language) -> String {
    let error = failure.error();
    let body = Body {
        code: error.code,
        message: &error.message,
        target: error.target.as_deref(),
        details: error.violations.iter().map(Detail::from).collect(),
        inner_error: Inner {
            date: Utc::now().format("%Y-%m-%dT%H:%M:%S").to_string(),
            request_id: context.request_id(),
            client_request_id: context.client_request_id(),
            authorization: explained(error, language),
        },
    };
    text(&Envelope { error: body })
}

fn problem(failure: &Failure, context: &Context, language: Language) -> String {
    let error = failure.error();
    text(&Problem {
        kind: "about:blank",
        title: failure.status().canonical_reason().unwrap_or("Error"),
        status: failure.status().as_u16(),
        detail: &error.message,
        instance: format!("urn:uuid:{}", context.request_id()),
        code: error.code,
        target: error.target.as_deref(),
        errors: error.violations.iter().map(Detail::from).collect(),
        authorization: explained(error, language),
    })
}

/// Text and numbers always serialise; an empty body is the last resort.
fn text(body: &impl Serialize) -> String {
    serde_json::to_string(body).unwrap_or_default()
}
