//! `/userViews`: standard and saved views of the user list.

use super::links::{self, collection_context};
use super::listing;
use super::schemas::{ExpandOption, ListOptions, UserPage};
use crate::authentication::Authorized;
use crate::http::{Failure, JsonBody, QueryOptions, Services};
use crate::roster::Roster;
use actix_web::http::header;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, delete, get, patch, post};
use roster_domain::authz::rights;
use roster_domain::query;
use roster_domain::user_views::{self, Criteria, Draft, Standard, UserView};
use roster_domain::users::User;
use serde::Serialize;
use utoipa::ToSchema;

/// Registers the handlers.
pub fn register(services: &mut Services) {
    services
        .service(list_user_views)
        .service(create_user_view)
        .service(get_user_view)
        .service(update_user_view)
        .service(delete_user_view)
        .service(list_users_of_view);
}

/// A view of the user list.
#[derive(Serialize, ToSchema)]
#[schema(as = userView)]
#[serde(rename_all = "camelCase")]
struct View {
    /// Identifier; a word for standard views.
    id: String,
    /// Name for people.
    display_name: String,
    /// Whether it is a standard view, which nobody changes.
    is_built_in: bool,
    /// Which users it shows; absent for standard views.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<ViewCriteria>)]
    criteria: Option<Criteria>,
}

/// Criteria of a view; all of them hold together.
#[derive(ToSchema)]
#[schema(as = userViewCriteria, rename_all = "camelCase")]
#[expect(dead_code, reason = "describes a value that is written elsewhere")]
struct ViewCriteria {
    /// Domain of the user principal name.
    domain: Option<String>,
    /// `allowed` or `blocked`.
    sign_in_status: Option<String>,
    /// Two-letter country.
    usage_location: Option<String>,
    /// Department.
    department: Option<String>,
    /// City.
    city: Option<String>,
    /// State or province.
    state: Option<String>,
    /// Country or region.
    country: Option<String>,
    /// Job title.
    job_title: Option<String>,
}

/// What a view is made of.
#[derive(ToSchema)]
#[schema(as = newUserView, rename_all = "camelCase")]
#[expect(dead_code, reason = "describes a body that is read elsewhere")]
struct NewView {
    /// Name for people; unique.
    display_name: String,
    /// Which users it shows.
    criteria: Option<ViewCriteria>,
}

/// All views.
#[derive(Serialize, ToSchema)]
#[schema(as = userViewCollection)]
struct Views {
    #[serde(rename = "@odata.context")]
    context: String,
    value: Vec<View>,
}

impl From<UserView> for View {
    fn from(view: UserView) -> Self {
        Self {
            id: view.id.to_string(),
            display_name: view.display_name,
            is_built_in: false,
            criteria: Some(view.criteria),
        }
    }
}

impl From<Standard> for View {
    fn from(view: Standard) -> Self {
        Self {
            id: view.id().to_owned(),
            display_name: view.display_name().to_owned(),
            is_built_in: true,
            criteria: None,
        }
    }
}

/// Lists all views, the standard ones first.
#[utoipa::path(
    tag = "user views",
    responses((status = 200, description = "All views", body = Views)),
    extensions(("x-permission" = json!({"anyOf": ["view_users_and_roles"]})))
)]
#[get("/v1.0/userViews")]
async fn list_user_views(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ViewUsersAndRoles>,
    pairs: QueryOptions,
) -> Result<HttpResponse, Failure> {
    query::parse_plain(&[], pairs.0.iter())?;
    let (standard, saved) = roster.read(move |tx| user_views::list(tx, &grant)).await?;
    let standard = standard.into_iter().map(View::from);
    Ok(HttpResponse::Ok().json(Views {
        context: collection_context(&roster, "userViews"),
        value: standard.chain(saved.into_iter().map(View::from)).collect(),
    }))
}

/// Saves a view.
#[utoipa::path(
    tag = "user views",
    request_body = NewView,
    responses((status = 201, description = "The view", body = View)),
    extensions(("x-permission" = json!({"anyOf": ["manage_users_and_groups"]})))
)]
#[post("/v1.0/userViews")]
async fn create_user_view(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ManageUsersAndGroups>,
    JsonBody(body): JsonBody,
) -> Result<HttpResponse, Failure> {
    let draft = Draft::read(&body);
    let view = roster.write(grant, move |tx, grant| user_views::create(tx, grant, &draft)).await?;
    let location = links::location(&roster, "userViews", view.id);
    Ok(HttpResponse::Created().insert_header((header::LOCATION, location)).json(View::from(view)))
}

/// Reads a view.
#[utoipa::path(
    tag = "user views",
    params(("id" = String, Path, description = "Id of the view")),
    responses((status = 200, description = "The view", body = View)),
    extensions(("x-permission" = json!({"anyOf": ["view_users_and_roles"]})))
)]
#[get("/v1.0/userViews/{id}")]
async fn get_user_view(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ViewUsersAndRoles>,
    id: Path<String>,
) -> Result<HttpResponse, Failure> {
    let view = roster
        .read(move |tx| match user_views::standard(tx, &grant, &id)? {
            Some(standard) => Ok(View::from(standard)),
            None => user_views::get(tx, &grant, &id).map(View::from),
        })
        .await?;
    Ok(HttpResponse::Ok().json(view))
}

/// Changes a saved view.
#[utoipa::path(
    tag = "user views",
    params(("id" = String, Path, description = "Id of the view")),
    request_body = NewView,
    responses((status = 204, description = "Changed")),
    extensions(("x-permission" = json!({"anyOf": ["manage_users_and_groups"]})))
)]
#[patch("/v1.0/userViews/{id}")]
async fn update_user_view(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ManageUsersAndGroups>,
    id: Path<String>,
    JsonBody(body): JsonBody,
) -> Result<HttpResponse, Failure> {
    let draft = Draft::read(&body);
    roster.write(grant, move |tx, grant| user_views::update(tx, grant, &id, &draft)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Deletes a saved view.
#[utoipa::path(
    tag = "user views",
    params(("id" = String, Path, description = "Id of the view")),
    responses((status = 204, description = "Deleted")),
    extensions(("x-permission" = json!({"anyOf": ["manage_users_and_groups"]})))
)]
#[delete("/v1.0/userViews/{id}")]
async fn delete_user_view(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ManageUsersAndGroups>,
    id: Path<String>,
) -> Result<HttpResponse, Failure> {
    roster.write(grant, move |tx, grant| user_views::delete(tx, grant, &id)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Lists the users that a view shows.
#[utoipa::path(
    tag = "user views",
    params(("id" = String, Path, description = "Id of the view"), ListOptions, ExpandOption),
    responses((status = 200, description = "A page of users", body = UserPage)),
    extensions(("x-permission" = json!({"anyOf": ["view_users_and_roles"]})))
)]
#[get("/v1.0/userViews/{id}/users")]
async fn list_users_of_view(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ViewUsersAndRoles>,
    id: Path<String>,
    pairs: QueryOptions,
) -> Result<HttpResponse, Failure> {
    let path = users_path(&id);
    let counted = id.clone();
    listing::page::<User, _, _, _>(
        &roster,
        &path,
        grant,
        &pairs,
        move |tx, grant, query, after| user_views::users(tx, grant, &id, query, after),
        move |tx, grant, query| user_views::count_users(tx, grant, &counted, query),
    )
    .await
}

fn users_path(id: &str) -> String {
    format!("userViews/{}/users", links::encode(id))
}
