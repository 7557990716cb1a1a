//! `validateProperties`: whether a group could have a name, before it is sent.

use crate::authentication::Authorized;
use crate::http::{Failure, JsonBody, Services};
use crate::roster::Roster;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use roster_domain::authz::rights;
use roster_domain::groups::{self, Names};
use utoipa::ToSchema;

/// Registers the handlers.
pub fn register(services: &mut Services) {
    services.service(validate_properties).service(validate_group);
}

/// Names to check.
#[derive(ToSchema)]
#[schema(as = namesQuestion, rename_all = "camelCase")]
#[expect(dead_code, reason = "describes a body that is read elsewhere")]
struct Question {
    /// Name shown in lists.
    display_name: Option<String>,
    /// Mail alias.
    mail_nickname: Option<String>,
    /// On whose behalf; names are the same for everybody.
    on_behalf_of_user_id: Option<String>,
}

/// Names to check, and of what.
#[derive(ToSchema)]
#[schema(as = namesQuestionOfKind, rename_all = "camelCase")]
#[expect(dead_code, reason = "describes a body that is read elsewhere")]
struct QuestionOfKind {
    /// `Group`, the only kind whose names are checked ahead.
    entity_type: Option<String>,
    /// Name shown in lists.
    display_name: Option<String>,
    /// Mail alias.
    mail_nickname: Option<String>,
    /// On whose behalf; names are the same for everybody.
    on_behalf_of_user_id: Option<String>,
}

/// Tells whether a new group that receives mail could have these names. Nothing is kept for the
/// caller: somebody else may take them.
#[utoipa::path(
    tag = "directory objects",
    request_body = QuestionOfKind,
    responses(
        (status = 204, description = "It could"),
        (status = 422, description = "It could not, with every name that is in the way")
    ),
    extensions(("x-permission" = json!({
        "anyOf": ["manage_users_and_groups", "manage_recipients"]
    })))
)]
#[post("/v1.0/directoryObjects/validateProperties")]
async fn validate_properties(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ManageGroups>,
    JsonBody(body): JsonBody,
) -> Result<HttpResponse, Failure> {
    let names = Names::read_of_kind(&body)?;
    roster.read(move |tx| groups::validate(tx, &grant, &names)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Tells whether a group could have these names instead of its own.
#[utoipa::path(
    tag = "groups",
    params(("id" = String, Path, description = "Id")),
    request_body = Question,
    responses(
        (status = 204, description = "It could"),
        (status = 422, description = "It could not, with every name that is in the way")
    ),
    extensions(("x-permission" = json!({
        "anyOf": ["manage_users_and_groups", "manage_recipients"],
        "orRelation": "owner"
    })))
)]
#[post("/v1.0/groups/{id}/validateProperties")]
async fn validate_group(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::UseGroups>,
    id: Path<String>,
    JsonBody(body): JsonBody,
) -> Result<HttpResponse, Failure> {
    let names = Names::read(&body)?;
    roster.read(move |tx| groups::validate_for(tx, &grant, &id, &names)).await?;
    Ok(HttpResponse::NoContent().finish())
}
