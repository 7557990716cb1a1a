//! Administrator roles: `/roleManagement/directory`, `/directoryRoles`, `/directoryRoleTemplates`
//! and `/users/{id}/serviceRoles`.

mod assignments;
mod bulk;
pub(super) mod catalogue;
mod holders;
mod members;
mod services;

use crate::http::Services;

/// Registers the handlers.
pub fn register(services: &mut Services) {
    services
        .configure(bulk::register)
        .configure(assignments::register)
        .configure(catalogue::register)
        .configure(members::register)
        .configure(services::register);
}
