//! `/users` and `/me`.

use super::links::{self, entity_context};
use super::listing;
use super::projection::Projection;
use super::reply::Object;
use super::schemas::{
    Conditional, CountOptions, ExpandOption, ListOptions, NewUserSchema, SelectOption, UserPage,
    UserSchema,
};
use crate::authentication::{Authorized, Seeking, SignedIn};
use crate::http::{Failure, IfMatch, IfNoneMatch, JsonBody, QueryOptions, Services};
use crate::oauth::sign_in::unlock;
use crate::passwords::{self, Secret};
use crate::roster::Roster;
use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, delete, get, patch, post};
use roster_domain::authz::{Actor, Grant, Right, authorize, rights};
use roster_domain::ports::ReadTx;
use roster_domain::users::{self, NewUser, Update, User, UserId};
use roster_domain::{Error, Value};

/// Registers the handlers.
pub fn register(services: &mut Services) {
    services
        .service(list_users)
        .service(count_users)
        .service(get_user)
        .service(create_user)
        .service(update_user)
        .service(update_me)
        .service(delete_user)
        .service(get_me);
}

/// Lists users.
#[utoipa::path(
    tag = "users",
    params(ListOptions, ExpandOption),
    responses((status = 200, description = "A page of users", body = UserPage)),
    extensions(("x-permission" = json!({"anyOf": ["read_directory"]})))
)]
#[get("/v1.0/users")]
async fn list_users(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ReadDirectory>,
    pairs: QueryOptions,
) -> Result<HttpResponse, Failure> {
    listing::page::<User, _, _, _>(&roster, "users", grant, &pairs, users::list, users::count).await
}

/// Counts users.
#[utoipa::path(
    tag = "users",
    params(CountOptions),
    responses((status = 200, description = "Their number", body = String, content_type = "text/plain")),
    extensions(("x-permission" = json!({"anyOf": ["read_directory"]})))
)]
#[get("/v1.0/users/$count")]
async fn count_users(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ReadDirectory>,
    pairs: QueryOptions,
) -> Result<HttpResponse, Failure> {
    listing::count::<User, _, _>(&roster, grant, &pairs, users::count).await
}

/// Reads a user by id or user principal name.
#[utoipa::path(
    tag = "users",
    params(("id" = String, Path, description = "Id or user principal name"), SelectOption, ExpandOption),
    responses((status = 200, description = "The user", body = UserSchema)),
    extensions(("x-permission" = json!({"anyOf": ["read_directory"]})))
)]
#[get("/v1.0/users/{id}")]
async fn get_user(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ReadDirectory>,
    id: Path<String>,
    pairs: QueryOptions,
    known: IfNoneMatch,
) -> Result<HttpResponse, Failure> {
    answer_user(&roster, grant, id.into_inner(), &pairs, &known).await
}

/// Reads the signed-in user.
#[utoipa::path(
    tag = "users",
    params(SelectOption, ExpandOption),
    responses((status = 200, description = "The caller", body = UserSchema)),
    extensions(("x-permission" = json!({"anyOf": ["read_directory"]})))
)]
#[get("/v1.0/me")]
async fn get_me(
    roster: Data<Roster>,
    SignedIn(actor): SignedIn,
    pairs: QueryOptions,
    known: IfNoneMatch,
) -> Result<HttpResponse, Failure> {
    let user = myself(&actor)?;
    let grant = authorize(&actor)?;
    answer_user(&roster, grant, user.to_string(), &pairs, &known).await
}

/// The user that `/me` stands for.
///
/// # Errors
/// 400 for a client.
pub(super) fn myself(actor: &Actor) -> Result<UserId, Error> {
    actor.user().ok_or_else(|| {
        Error::invalid("/me needs the token of a user; this token belongs to an API client.")
    })
}

async fn answer_user(
    roster: &Roster,
    grant: Grant<rights::ReadDirectory>,
    key: String,
    pairs: &QueryOptions,
    known: &IfNoneMatch,
) -> Result<HttpResponse, Failure> {
    let get = move |tx: &mut dyn ReadTx, grant: &Grant<_>| users::get(tx, grant, &key);
    listing::one::<User, _, _>(roster, "users", grant, pairs, known, get).await
}

/// Creates a user.
#[utoipa::path(
    tag = "users",
    request_body = NewUserSchema,
    responses((status = 201, description = "The user, with a generated password once", body = UserSchema)),
    extensions(("x-permission" = json!({
        "anyOf": ["manage_users_and_groups"],
        "withRoles": ["delegate_admin_roles"]
    })))
)]
#[post("/v1.0/users")]
async fn create_user(
    roster: Data<Roster>,
    sought: Seeking<rights::ManageUsersAndGroups>,
    JsonBody(body): JsonBody,
) -> Result<HttpResponse, Failure> {
    let new = NewUser::read(body);
    let roles = new.roles;
    let grant = sought.over(&roster, move |_, grant| grant.may_make(roles)).await?;
    let scope = grant.scope();
    let secret = passwords::for_new_user(&roster, &new).await?;
    let must_change = new.must_change_password;
    let hash = secret.hash.clone();
    let created =
        roster.write(grant, move |tx, grant| users::create(tx, grant, &new, &hash)).await?;
    let user = created.user;
    let projection = Projection::of(None, &scope);
    let context = entity_context(&roster, "users");
    let mut object = Object::whole(&user, &projection, context);
    if let Some(profile) = shown_once(&secret, must_change) {
        object = object.with("passwordProfile", profile);
    }
    let mut response = object.with_warnings(&created.warnings).respond(StatusCode::CREATED);
    insert_location(&mut response, &links::location(&roster, "users", user.id));
    Ok(response)
}

/// A generated password is shown in this answer and never again (A29).
pub(super) fn shown_once(secret: &Secret, must_change: bool) -> Option<Value<'static>> {
    let password = secret.generated.as_ref()?;
    Some(Value::Object(vec![
        ("password".into(), Value::Text(password.as_str().to_owned().into())),
        ("forceChangePasswordNextSignIn".into(), Value::Bool(must_change)),
    ]))
}

fn insert_location(response: &mut HttpResponse, location: &str) {
    if let Ok(value) = header::HeaderValue::from_str(location) {
        response.headers_mut().insert(header::LOCATION, value);
    }
}

/// Changes a user.
#[utoipa::path(
    tag = "users",
    params(("id" = String, Path, description = "Id or user principal name"), Conditional),
    request_body = UserSchema,
    responses(
        (status = 204, description = "Changed"),
        (status = 200, description = "Changed, with warnings", body = UserSchema)
    ),
    extensions(("x-permission" = json!({
        "anyOf": ["manage_users_and_groups", "reset_user_passwords"]
    })))
)]
#[patch("/v1.0/users/{id}")]
async fn update_user(
    roster: Data<Roster>,
    sought: Seeking<rights::UpdateUsers>,
    id: Path<String>,
    if_match: IfMatch,
    JsonBody(body): JsonBody,
) -> Result<HttpResponse, Failure> {
    change(&roster, sought, id.into_inner(), if_match, body).await
}

/// Changes the signed-in user, who needs the same right as over others; nobody who may only reset
/// passwords may reset an administrator's, and so not their own.
#[utoipa::path(
    tag = "users",
    params(Conditional),
    request_body = UserSchema,
    responses(
        (status = 204, description = "Changed"),
        (status = 200, description = "Changed, with warnings", body = UserSchema)
    ),
    extensions(("x-permission" = json!({"anyOf": ["manage_users_and_groups"]})))
)]
#[patch("/v1.0/me")]
async fn update_me(
    roster: Data<Roster>,
    sought: Seeking<rights::ManageUsersAndGroups>,
    if_match: IfMatch,
    JsonBody(body): JsonBody,
) -> Result<HttpResponse, Failure> {
    let key = myself(sought.actor())?.to_string();
    change(&roster, sought, key, if_match, body).await
}

async fn change<P: Right>(
    roster: &Roster,
    sought: Seeking<P>,
    key: String,
    if_match: IfMatch,
    body: Value<'static>,
) -> Result<HttpResponse, Failure> {
    let update = Update::read(body);
    let (named, asked) = (key.clone(), update.clone());
    let grant =
        sought.over(roster, move |tx, grant| users::may_update(tx, grant, &named, &asked)).await?;
    let (scope, grant) = (grant.scope(), grant.also::<rights::UpdateUsers>()?);
    let hash = passwords::for_update(roster, &update).await?;
    let resets = hash.is_some();
    let updated = roster
        .write(grant, move |tx, grant| {
            let admits = |version| if_match.admits(version);
            users::update(tx, grant, &key, &update, hash.as_deref(), Some(&admits))
        })
        .await?;
    if resets {
        unlock(roster, &updated.user.user_principal_name).await?;
    }
    if updated.warnings.is_empty() {
        return Ok(HttpResponse::NoContent()
            .insert_header((
                header::ETAG,
                crate::http::conditional::entity_tag(updated.user.version),
            ))
            .finish());
    }
    let projection = Projection::of(None, &scope);
    let object = Object::whole(&updated.user, &projection, entity_context(roster, "users"));
    Ok(object.with_warnings(&updated.warnings).respond(StatusCode::OK))
}

/// Deletes a user: it stays in deleted items for 30 days.
#[utoipa::path(
    tag = "users",
    params(("id" = String, Path, description = "Id or user principal name"), Conditional),
    responses((status = 204, description = "Deleted")),
    extensions(("x-permission" = json!({"anyOf": ["manage_users_and_groups"]})))
)]
#[delete("/v1.0/users/{id}")]
async fn delete_user(
    roster: Data<Roster>,
    sought: Seeking<rights::ManageUsersAndGroups>,
    id: Path<String>,
    if_match: IfMatch,
) -> Result<HttpResponse, Failure> {
    let key = id.into_inner();
    let named = key.clone();
    let grant = sought.over(&roster, move |tx, grant| users::may_delete(tx, grant, &named)).await?;
    roster
        .write(grant, move |tx, grant| {
            let admits = |version| if_match.admits(version);
            users::delete(tx, grant, &key, Some(&admits))
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
