//! The OpenAPI document, made out of the routes themselves.

mod answers;
mod examples;
mod rights;
mod tags;

pub use rights::Needs;

use crate::http::{Services, health};
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{
    ClientCredentials, Flow, Http, HttpAuthScheme, OAuth2, Password, Scopes, SecurityRequirement,
    SecurityScheme,
};
use utoipa::openapi::{
    ComponentsBuilder, InfoBuilder, License, OpenApi, OpenApiBuilder, PathItem, Server,
};

/// Registers handlers, and with them their part of the document.
pub type Register = fn(&mut Services);

/// The checked-in document, relative to the root of the sources.
pub const CHECKED_IN: &str = "openapi/roster.json";

/// What the document says of one installation.
#[derive(Clone, Debug)]
pub struct Installation {
    /// Start of every link, without a trailing slash.
    pub public_url: String,
    /// Whether the token endpoint takes user names and passwords.
    pub password_grant: bool,
}

impl Default for Installation {
    /// An installation without settings: what the checked-in document describes.
    fn default() -> Self {
        Self { public_url: "http://127.0.0.1:8080".to_owned(), password_grant: false }
    }
}

/// The document of the routes.
pub fn document(installation: &Installation, register: Register) -> OpenApi {
    let mut document = services(register).document(frame(installation));
    answers::describe(&mut document);
    rights::describe(&mut document);
    examples::add(&mut document);
    document
}

/// The operations of a path, each with its method.
fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let operations = [
        ("GET", &mut item.get),
        ("PUT", &mut item.put),
        ("POST", &mut item.post),
        ("PATCH", &mut item.patch),
        ("DELETE", &mut item.delete),
    ];
    operations.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// The handlers of a service and those that every service has.
pub fn services(register: Register) -> Services {
    let mut services = Services::default();
    services.service(health::live).service(health::readiness).configure(register);
    services
}

/// The document as it is checked in: indented, with a line feed at its end.
///
/// # Errors
/// When the document cannot be written as JSON.
pub fn text(document: &OpenApi) -> Result<String, serde_json::Error> {
    document.to_pretty_json().map(|json| json + "\n")
}

/// Everything of the document that is not a route.
fn frame(installation: &Installation) -> OpenApi {
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Roster")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(
                    "A self-hosted organisational directory: users, contacts, groups and roles, in a \
                     subset of the Microsoft Graph v1.0 dialect. Each operation names the \
                     permissions that it needs; `GET /v1.0/permissions/matrix` says which roles \
                     have them, and a refusal says which roles would do.",
                ))
                .license(Some(License::new("MIT OR Apache-2.0")))
                .build(),
        )
        .tags(Some(tags::all()))
        .servers(Some([Server::new(&installation.public_url)]))
        .components(Some(
            ComponentsBuilder::new()
                .security_scheme("bearer", bearer())
                .security_scheme("oauth2", oauth2(installation))
                .build(),
        ))
        .security(Some([
            SecurityRequirement::new::<_, [&str; 0], &str>("bearer", []),
            SecurityRequirement::new::<_, [&str; 0], &str>("oauth2", []),
        ]))
        .build()
}

fn bearer() -> SecurityScheme {
    let mut http = Http::new(HttpAuthScheme::Bearer);
    http.bearer_format = Some("JWT".to_owned());
    SecurityScheme::Http(http)
}

/// The password grant is named only where it is switched on (RFC 9700).
fn oauth2(installation: &Installation) -> SecurityScheme {
    let url = format!("{}/oauth2/token", installation.public_url);
    let mut flows = vec![Flow::ClientCredentials(ClientCredentials::new(&url, Scopes::new()))];
    if installation.password_grant {
        flows.push(Flow::Password(Password::new(&url, Scopes::new())));
    }
    SecurityScheme::OAuth2(OAuth2::new(flows))
}
