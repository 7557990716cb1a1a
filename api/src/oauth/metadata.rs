//! Metadata of the token endpoint (RFC 8414, OpenID Connect discovery) and its keys (RFC 7517).

use crate::roster::Roster;
use crate::security::keys::PublicJwk;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use serde::Serialize;
use utoipa::ToSchema;

/// What clients need to know of the token endpoint.
#[derive(Serialize, ToSchema)]
#[schema(as = authorizationServerMetadata)]
struct Metadata {
    /// Exactly the `iss` of every token.
    issuer: String,
    token_endpoint: String,
    jwks_uri: String,
    /// Empty: there is no authorization endpoint.
    response_types_supported: Vec<&'static str>,
    grant_types_supported: Vec<&'static str>,
    token_endpoint_auth_methods_supported: [&'static str; 2],
    subject_types_supported: [&'static str; 1],
    id_token_signing_alg_values_supported: [&'static str; 1],
}

fn metadata(roster: &Roster) -> HttpResponse {
    let url = &roster.public_url;
    let mut grants = vec!["client_credentials"];
    // Not announced while off (RFC 9700).
    if roster.password_grant {
        grants.push("password");
    }
    HttpResponse::Ok().json(Metadata {
        issuer: url.clone(),
        token_endpoint: format!("{url}/oauth2/token"),
        jwks_uri: format!("{url}/.well-known/jwks.json"),
        response_types_supported: Vec::new(),
        grant_types_supported: grants,
        token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["RS256"],
    })
}

/// Metadata of the token endpoint (RFC 8414).
#[utoipa::path(
    tag = "tokens",
    security(()),
    responses((status = 200, description = "The metadata", body = Metadata))
)]
#[get("/.well-known/oauth-authorization-server")]
pub(super) async fn authorization_server(roster: Data<Roster>) -> HttpResponse {
    metadata(&roster)
}

/// The same metadata under the name that OpenID Connect clients look for.
#[utoipa::path(
    tag = "tokens",
    security(()),
    responses((status = 200, description = "The metadata", body = Metadata))
)]
#[get("/.well-known/openid-configuration")]
pub(super) async fn openid_configuration(roster: Data<Roster>) -> HttpResponse {
    metadata(&roster)
}

#[derive(Serialize)]
struct Keys<'a> {
    keys: Vec<&'a PublicJwk>,
}

/// Public keys of the tokens' signatures. Old ones stay until their last token has expired.
#[utoipa::path(
    tag = "tokens",
    security(()),
    responses((status = 200, description = "A JWK set", body = Object))
)]
#[get("/.well-known/jwks.json")]
pub(super) async fn jwks(roster: Data<Roster>) -> HttpResponse {
    let ring = roster.tokens.keys();
    let keys = ring.published(roster.now()).map(|key| key.jwk()).collect();
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .json(Keys { keys })
}
