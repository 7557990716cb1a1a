//! The Graph dialect: one file a noun, from the path to the answer.

pub mod address_book;
pub mod bulk;
pub mod contact_file;
pub mod contact_visibility;
pub mod contacts;
pub mod deleted_items;
pub mod direct_reports;
pub mod directory_objects;
pub mod expansion;
pub mod groups;
pub mod imports;
pub mod invitations;
pub mod join_requests;
pub mod links;
pub mod listing;
pub mod managers;
pub mod memberships;
pub mod permissions;
pub mod projection;
pub mod references;
pub mod relations;
pub mod reply;
pub mod reports;
pub mod roles;
pub mod schemas;
pub mod typed;
pub mod user_views;
pub mod users;
pub mod validation;

use crate::http::Services;

/// Registers every handler of the dialect, the most used first.
pub fn register(services: &mut Services) {
    services
        .configure(users::register)
        .configure(groups::register)
        .configure(contacts::register)
        .configure(contact_visibility::register)
        .configure(address_book::register)
        .configure(deleted_items::register)
        .configure(direct_reports::register)
        .configure(directory_objects::register)
        .configure(imports::register)
        .configure(invitations::register)
        .configure(join_requests::register)
        .configure(managers::register)
        .configure(memberships::register)
        .configure(user_views::register)
        .configure(validation::register)
        .configure(roles::register)
        .configure(permissions::register)
        .configure(reports::register);
}
