//! `/permissions`: the rights explain themselves.

mod check;
mod html;
mod matrix;
mod operations;

use crate::http::Services;

/// Registers the handlers.
pub fn register(services: &mut Services) {
    services.configure(matrix::register).configure(check::register);
}
