//! Tokens: the token endpoint, its metadata and keys, and changing one's password.

pub mod error;
pub mod metadata;
pub mod password_change;
pub mod sign_in;
pub mod token;

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers every handler around tokens.
pub fn register(services: &mut ServiceConfig<'_>) {
    services
        .service(token::token)
        .service(metadata::authorization_server)
        .service(metadata::openid_configuration)
        .service(metadata::jwks)
        .service(password_change::change_password);
}
