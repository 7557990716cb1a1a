//! `/permissions`: the rights explain themselves.

mod check;
mod html;
mod matrix;
mod operations;

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the handlers.
pub fn register(services: &mut ServiceConfig<'_>) {
    services.configure(matrix::register).configure(check::register);
}
