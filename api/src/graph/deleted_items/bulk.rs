//! `POST /directory/deletedItems/bulkRestore`: many objects at once (R80).

use super::restore::bring_back;
use crate::authentication::Authorized;
use crate::graph::bulk::{self, Refused};
use crate::graph::schemas::DirectoryObjectSchema;
use crate::http::{Failure, JsonBody};
use crate::roster::{Lane, Roster};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use roster_domain::Value;
use roster_domain::authz::{Grant, rights};
use roster_domain::objects;
use roster_domain::users::deleted::Restore;
use serde::Serialize;
use utoipa::ToSchema;

/// What to restore.
#[derive(ToSchema)]
#[schema(as = bulkRestore)]
#[expect(dead_code, reason = "describes a body that is read elsewhere")]
struct BulkRestore {
    /// Ids of deleted users and groups, each once; at most 250.
    ids: Vec<String>,
}

/// What became of each object.
#[derive(Serialize, ToSchema)]
#[schema(as = bulkRestoreResult)]
struct Answer {
    /// One entry for each id, in the order of the request.
    value: Vec<Outcome>,
}

/// What became of one object.
#[derive(Serialize, ToSchema)]
#[schema(as = bulkRestoreOutcome)]
struct Outcome {
    /// The id as the request has it.
    id: String,
    /// Whether the object is back.
    succeeded: bool,
    /// The object, as the answer of a single restore: a user with a new one-time password.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<DirectoryObjectSchema>)]
    object: Option<Value<'static>>,
    /// Why the object stays in deleted items.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Refused>,
}

/// Restores several deleted objects, each as if alone: what can be restored is, and the answer says
/// why the others cannot. Those are then restored one by one, a user perhaps with another name.
#[utoipa::path(
    tag = "deleted items",
    request_body = BulkRestore,
    responses((status = 200, description = "What became of each object", body = Answer)),
    extensions(("x-permission" = json!({"anyOf": ["manage_users_and_groups"]})))
)]
#[post("/v1.0/directory/deletedItems/bulkRestore")]
pub(super) async fn bulk_restore_deleted_items(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ManageUsersAndGroups>,
    JsonBody(body): JsonBody,
) -> Result<HttpResponse, Failure> {
    let ids = objects::read_restores(&body)?;
    let value = bulk::each(&ids, |id| restore(&roster, grant, id)).await;
    Ok(HttpResponse::Ok().json(Answer { value }))
}

async fn restore(roster: &Roster, grant: Grant<rights::ManageUsersAndGroups>, id: &str) -> Outcome {
    let restored = bring_back(roster, Lane::Bulk, grant, id.to_owned(), Restore::default()).await;
    let (object, error) = match restored {
        Ok((_, members)) => (Some(Value::Object(members)), None),
        Err(error) => (None, Some(error.into())),
    };
    Outcome { id: id.to_owned(), succeeded: object.is_some(), object, error }
}
