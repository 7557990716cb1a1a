//! `POST /contacts/bulkHide`: all contacts at once (R46).

use crate::authentication::Authorized;
use crate::http::{Failure, JsonBody, Services};
use crate::roster::{Lane, Roster};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use roster_domain::authz::{Grant, rights};
use roster_domain::contacts;
use roster_domain::limits::{HIDDEN_TOGETHER, MAX_BULK_HIDDEN};
use roster_domain::ports::WriteTx;
use serde::Serialize;
use utoipa::ToSchema;

/// Registers the handler.
pub fn register(services: &mut Services) {
    services.service(bulk_hide_contacts);
}

/// What to make of all contacts.
#[derive(ToSchema)]
#[schema(as = bulkHide, rename_all = "camelCase")]
#[expect(dead_code, reason = "describes a body that is read elsewhere")]
struct BulkHide {
    /// True hides all contacts from address lists, false shows all of them.
    hidden_from_address_lists_enabled: bool,
}

/// How far it came.
#[derive(Serialize, ToSchema)]
#[schema(as = bulkHideResult)]
struct Answer {
    /// Contacts that this request changed; those that were so already do not count.
    changed: usize,
    /// Contacts that are still to be changed: send the request again until there are none.
    remaining: i64,
}

/// Hides all contacts from address lists, or shows them again, at most 10,000 in one request. Mail
/// still reaches who is hidden. Contacts made later are as their makers want them.
#[utoipa::path(
    tag = "contacts",
    request_body = BulkHide,
    responses((status = 200, description = "How far it came", body = Answer)),
    extensions(("x-permission" = json!({"anyOf": ["manage_contacts"]})))
)]
#[post("/v1.0/contacts/bulkHide")]
async fn bulk_hide_contacts(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ManageContacts>,
    JsonBody(body): JsonBody,
) -> Result<HttpResponse, Failure> {
    let hidden = contacts::read_hidden(&body)?;
    let work = move |tx: &mut dyn WriteTx, grant: &Grant<rights::ManageContacts>| {
        contacts::hide_some(tx, grant, hidden, HIDDEN_TOGETHER)
    };
    let mut answer = Answer { changed: 0, remaining: 1 };
    while answer.remaining > 0 && answer.changed < MAX_BULK_HIDDEN {
        let progress = roster.write_in(Lane::Bulk, grant, work).await?;
        answer.changed = answer.changed.saturating_add(progress.changed);
        answer.remaining = progress.remaining;
    }
    Ok(HttpResponse::Ok().json(answer))
}
