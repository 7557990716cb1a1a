//! The OpenAPI document, made out of the routes themselves.

use crate::http::{Services, envelope, health};
use utoipa::openapi::security::{
    ClientCredentials, Flow, Http, HttpAuthScheme, OAuth2, Password, Scopes, SecurityRequirement,
    SecurityScheme,
};
use utoipa::openapi::{
    ComponentsBuilder, InfoBuilder, License, OpenApi, OpenApiBuilder, Ref, Server,
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
    add_refusals(&mut document);
    document
}

/// Every operation may refuse; one that says more about a status keeps its own words.
fn add_refusals(document: &mut OpenApi) {
    envelope::describe(document.components.get_or_insert_default());
    for item in document.paths.paths.values_mut() {
        let operations =
            [&mut item.get, &mut item.put, &mut item.post, &mut item.patch, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            for range in ["4XX", "5XX"] {
                let refusal = || Ref::from_response_name(envelope::REFUSAL).into();
                let responses = &mut operation.responses.responses;
                responses.entry(range.to_owned()).or_insert_with(refusal);
            }
        }
    }
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
                    "A self-hosted organisational directory: users, contacts, groups, roles, \
                     licences and domains, in a subset of the Microsoft Graph v1.0 dialect.",
                ))
                .license(Some(License::new("MIT OR Apache-2.0")))
                .build(),
        )
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
