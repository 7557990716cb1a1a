//! `directReports` of users and contacts: whose manager they are (R45).

use super::relations::Collection;
use crate::http::Services;
use roster_domain::authz::{Grant, rights};
use roster_domain::objects::{ObjectKind, Relation};
use roster_domain::ports::ReadTx;
use roster_domain::{Result, managers};

const CASTS: &[ObjectKind] = &[ObjectKind::User, ObjectKind::Contact];

fn of_user(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ReadDirectory>,
    key: &str,
) -> Result<Relation> {
    let manager = managers::resolve(tx, &grant.scope(), ObjectKind::User, key)?;
    Ok(Relation::DirectReports(manager.uuid()))
}

fn of_contact(
    tx: &mut dyn ReadTx,
    grant: &Grant<rights::ReadDirectory>,
    key: &str,
) -> Result<Relation> {
    let manager = managers::resolve(tx, &grant.scope(), ObjectKind::Contact, key)?;
    Ok(Relation::DirectReports(manager.uuid()))
}

const COLLECTIONS: [Collection; 3] = [
    Collection {
        path: "/v1.0/me/directReports",
        name: "my_direct_reports",
        tag: "managers",
        summary: "Whose manager the signed-in user is.",
        find: of_user,
        casts: CASTS,
    },
    Collection {
        path: "/v1.0/users/{id}/directReports",
        name: "user_direct_reports",
        tag: "managers",
        summary: "Whose manager a user is.",
        find: of_user,
        casts: CASTS,
    },
    Collection {
        path: "/v1.0/contacts/{id}/directReports",
        name: "contact_direct_reports",
        tag: "managers",
        summary: "Whose manager a contact is.",
        find: of_contact,
        casts: CASTS,
    },
];

/// Registers the handlers.
pub fn register(services: &mut Services) {
    for collection in COLLECTIONS {
        services.service(collection);
    }
}
