//! `/userViews`: standard and saved views of the user list.

use super::links::{self, collection_context, entity_context};
use super::listing;
use super::schemas::{Conditional, ExpandOption, ListOptions, UserPage};
use crate::authentication::Authorized;
use crate::http::conditional::entity_tag;
use crate::http::{Failure, IfMatch, IfNoneMatch, JsonBody, QueryOptions, Services};
use crate::roster::Roster;
use actix_web::http::header;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, HttpResponseBuilder, delete, get, patch, post};
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
    /// What describes the answer; absent inside a collection.
    #[serde(rename = "@odata.context", skip_serializing_if = "Option::is_none")]
    context: Option<String>,
    /// Version of a saved view, for `If-Match`.
    #[serde(rename = "@odata.etag", skip_serializing_if = "Option::is_none")]
    etag: Option<String>,
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
    /// Domain of the user principal name, one of the organisation's.
    domain: Option<String>,
    /// `allowed` or `blocked`.
    sign_in_status: Option<String>,
    /// Two-letter country.
    usage_location: Option<String>,
    /// Whether a licence is assigned.
    licensed: Option<bool>,
    /// Whether a source outside provides the users.
    synchronised: Option<bool>,
    /// Whether synchronising or providing a service went wrong.
    with_errors: Option<bool>,
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
    /// Which users it shows; at least one criterion.
    criteria: ViewCriteria,
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
            context: None,
            etag: Some(entity_tag(view.version)),
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
            context: None,
            etag: None,
            id: view.id().to_owned(),
            display_name: view.display_name().to_owned(),
            is_built_in: true,
            criteria: None,
        }
    }
}

impl View {
    /// The view as a whole answer.
    fn answer(mut self, roster: &Roster, mut response: HttpResponseBuilder) -> HttpResponse {
        self.context = Some(entity_context(roster, "userViews"));
        if let Some(tag) = &self.etag {
            response.insert_header((header::ETAG, tag.as_str()));
        }
        response.json(self)
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
    let mut response = HttpResponse::Created();
    response.insert_header((header::LOCATION, location));
    Ok(View::from(view).answer(&roster, response))
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
    known: IfNoneMatch,
) -> Result<HttpResponse, Failure> {
    let (version, view) = roster
        .read(move |tx| match user_views::standard(tx, &grant, &id)? {
            Some(standard) => Ok((None, View::from(standard))),
            None => {
                let view = user_views::get(tx, &grant, &id)?;
                Ok((Some(view.version), View::from(view)))
            }
        })
        .await?;
    if let Some(version) = version.filter(|version| known.has(*version)) {
        let tag = (header::ETAG, entity_tag(version));
        return Ok(HttpResponse::NotModified().insert_header(tag).finish());
    }
    Ok(view.answer(&roster, HttpResponse::Ok()))
}

/// Changes a saved view.
#[utoipa::path(
    tag = "user views",
    params(("id" = String, Path, description = "Id of the view"), Conditional),
    request_body = NewView,
    responses((status = 204, description = "Changed")),
    extensions(("x-permission" = json!({"anyOf": ["manage_users_and_groups"]})))
)]
#[patch("/v1.0/userViews/{id}")]
async fn update_user_view(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ManageUsersAndGroups>,
    id: Path<String>,
    if_match: IfMatch,
    JsonBody(body): JsonBody,
) -> Result<HttpResponse, Failure> {
    let draft = Draft::read(&body);
    let view = roster
        .write(grant, move |tx, grant| {
            let admits = |version| if_match.admits(version);
            user_views::update(tx, grant, &id, &draft, &admits)
        })
        .await?;
    let tag = (header::ETAG, entity_tag(view.version));
    Ok(HttpResponse::NoContent().insert_header(tag).finish())
}

/// Deletes a saved view.
#[utoipa::path(
    tag = "user views",
    params(("id" = String, Path, description = "Id of the view"), Conditional),
    responses((status = 204, description = "Deleted")),
    extensions(("x-permission" = json!({"anyOf": ["manage_users_and_groups"]})))
)]
#[delete("/v1.0/userViews/{id}")]
async fn delete_user_view(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ManageUsersAndGroups>,
    id: Path<String>,
    if_match: IfMatch,
) -> Result<HttpResponse, Failure> {
    roster
        .write(grant, move |tx, grant| {
            let admits = |version| if_match.admits(version);
            user_views::delete(tx, grant, &id, &admits)
        })
        .await?;
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
