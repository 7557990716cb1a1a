//! Tokens: the token endpoint, its metadata and keys, and changing one's password.

pub mod error;
pub mod metadata;
pub mod password_change;
pub mod sign_in;
pub mod token;

use crate::http::Services;

/// Registers every handler around tokens.
pub fn register(services: &mut Services) {
    services
        .service(token::token)
        .service(metadata::authorization_server)
        .service(metadata::openid_configuration)
        .service(metadata::jwks)
        .service(password_change::change_password);
}
