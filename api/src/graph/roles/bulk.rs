//! `POST /roleManagement/directory/roleAssignments/bulk`: one answer for several users.

use crate::authentication::Authorized;
use crate::graph::bulk::{self, Refused};
use crate::graph::reply;
use crate::http::{Failure, JsonBody, Services};
use crate::roster::{Lane, Roster};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use roster_domain::authz::{Grant, Role, RoleSet, rights};
use roster_domain::roles::{self, Bulk, Replaced};
use roster_domain::{Error, Value};
use serde::Serialize;
use utoipa::ToSchema;

/// Registers the handler.
pub(super) fn register(services: &mut Services) {
    services.service(bulk_assign_roles);
}

/// Whose roles to set.
#[derive(ToSchema)]
#[schema(as = bulkRoleAssignment, rename_all = "camelCase")]
#[expect(dead_code, reason = "describes a body that is read elsewhere")]
struct BulkAssignment {
    /// Ids or user principal names, each user once; at most 250.
    user_ids: Vec<String>,
    /// The one role that each user holds in the end, or null for none.
    role: Option<String>,
}

/// What became of each user.
#[derive(Serialize, ToSchema)]
#[schema(as = bulkRoleResult)]
struct Answer {
    /// One entry for each user, in the order of the request.
    value: Vec<Outcome>,
}

/// What became of one user.
#[derive(Serialize, ToSchema)]
#[schema(as = bulkRoleOutcome)]
#[serde(rename_all = "camelCase")]
struct Outcome {
    /// The user as the request named it.
    user_id: String,
    /// Whether the user's roles are now as asked.
    succeeded: bool,
    /// Roles of the user, if they were set.
    #[serde(skip_serializing_if = "Option::is_none")]
    roles: Option<Vec<&'static str>>,
    /// Why the user was left as it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Refused>,
    /// What the caller should know although it worked.
    #[serde(rename = "@roster.warnings", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Object>>)]
    warnings: Option<Value<'static>>,
}

/// Gives each of several users one role and no other, or takes all roles away. Each user is
/// changed wholly or not at all, whatever becomes of the others.
#[utoipa::path(
    tag = "roles",
    request_body = BulkAssignment,
    responses((status = 200, description = "What became of each user", body = Answer)),
    extensions(("x-permission" = json!({"anyOf": ["delegate_admin_roles"]})))
)]
#[post("/v1.0/roleManagement/directory/roleAssignments/bulk")]
async fn bulk_assign_roles(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::DelegateAdminRoles>,
    JsonBody(body): JsonBody,
) -> Result<HttpResponse, Failure> {
    let asked = Bulk::read(&body)?;
    let once = asked.clone();
    roster.read(move |tx| once.names_each_once(tx, &grant)).await?;
    let Bulk { users, role } = asked;
    let wanted: RoleSet = role.into_iter().collect();
    let value = bulk::each(&users, |user| set(&roster, grant, user, wanted)).await;
    Ok(HttpResponse::Ok().json(Answer { value }))
}

async fn set(
    roster: &Roster,
    grant: Grant<rights::DelegateAdminRoles>,
    user: &str,
    wanted: RoleSet,
) -> Outcome {
    let key = user.to_owned();
    let work = move |tx: &mut dyn roster_domain::ports::WriteTx,
                     grant: &Grant<rights::DelegateAdminRoles>| {
        roles::replace(tx, grant, &key, wanted)
    };
    let outcome = roster.write_in(Lane::Bulk, grant, work).await;
    Outcome::of(user.to_owned(), outcome)
}

impl Outcome {
    fn of(user_id: String, result: Result<Replaced, Error>) -> Self {
        let blank = Self { user_id, succeeded: false, roles: None, error: None, warnings: None };
        match result {
            Ok(replaced) => Self {
                succeeded: true,
                roles: Some(replaced.roles.iter().map(Role::key).collect()),
                warnings: (!replaced.warnings.is_empty()).then(|| reply::list(&replaced.warnings)),
                ..blank
            },
            Err(error) => Self { error: Some(Refused::from(error)), ..blank },
        }
    }
}
