//! Durations of requests, by the semantic conventions of OpenTelemetry for HTTP servers.

use actix_web::HttpResponse;
use actix_web::http::{Method, StatusCode};
use actix_web::web::Data;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use std::fmt::{self, Write as _};
use std::sync::Arc;
use std::time::Duration;

/// The boundaries that OpenTelemetry advises for `http.server.request.duration`, in seconds.
const BOUNDARIES: [f64; 14] =
    [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

type Durations = Family<Labels, Histogram, fn() -> Histogram>;

/// `http_server_request_duration_seconds`. The number of series is bounded: routes are labelled by
/// their template, unknown paths and unknown methods by one value each.
#[derive(Clone, Debug)]
pub struct HttpMetrics {
    durations: Durations,
    scheme: &'static str,
}

/// The attributes of OpenTelemetry; an empty value stands for an absent one.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Labels {
    http_request_method: &'static str,
    http_route: Template,
    http_response_status_code: u16,
    url_scheme: &'static str,
    error_type: Option<u16>,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Template(Option<Arc<str>>);

impl EncodeLabelValue for Template {
    fn encode(&self, encoder: &mut LabelValueEncoder) -> Result<(), fmt::Error> {
        encoder.write_str(self.0.as_deref().unwrap_or_default())
    }
}

impl HttpMetrics {
    /// Registers the histogram; `scheme` is `http` or `https`.
    pub fn new(registry: &mut Registry, scheme: &'static str) -> Self {
        let durations = Durations::new_with_constructor(|| Histogram::new(BOUNDARIES));
        registry.register_with_unit(
            "http_server_request_duration",
            "Duration of HTTP server requests",
            Unit::Seconds,
            durations.clone(),
        );
        Self { durations, scheme }
    }

    /// Notes one request.
    pub(super) fn observe(
        &self,
        method: &Method,
        template: Option<Arc<str>>,
        status: StatusCode,
        elapsed: Duration,
    ) {
        let labels = Labels {
            http_request_method: verb(method),
            http_route: Template(template),
            http_response_status_code: status.as_u16(),
            url_scheme: self.scheme,
            error_type: status.is_server_error().then_some(status.as_u16()),
        };
        self.durations.get_or_create(&labels).observe(elapsed.as_secs_f64());
    }
}

/// The method, where it is one of the known ones.
fn verb(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        "CONNECT" => "CONNECT",
        "TRACE" => "TRACE",
        _ => "_OTHER",
    }
}

/// Writes all metrics of the process as OpenMetrics text.
pub async fn serve(registry: Data<Registry>) -> HttpResponse {
    let mut text = String::new();
    match prometheus_client::encoding::text::encode(&mut text, &registry) {
        Ok(()) => HttpResponse::Ok().content_type(OPEN_METRICS).body(text),
        Err(fmt::Error) => HttpResponse::InternalServerError().finish(),
    }
}
