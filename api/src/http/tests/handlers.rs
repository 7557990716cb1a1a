//! Handlers that show what reaches a handler, and what leaves it.

use crate::http::{Caller, Context, Failure, FormBody, JsonBody, QueryOptions, Services, Upload};
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, delete, get, post, put, web};
use roster_domain::authz::{Permission, Role, RoleSet};
use roster_domain::error::{Kind, Refusal};
use roster_domain::language::Words;
use roster_domain::{Error, Id, Violation};
use serde_json::json;
use uuid::Uuid;

/// Fixed segments come before parameters, as in the service itself.
pub(super) fn register(services: &mut Services) {
    services
        .service(echo)
        .service(form)
        .service(upload)
        .service(list)
        .service(count)
        .service(delta)
        .service(read)
        .service(remove)
        .service(cast)
        .service(by_key)
        .service(refuse)
        .service(fall)
        .service(numbers)
        .service(number)
        .service(page)
        .service(whoami);
}

#[utoipa::path]
#[post("/v1.0/echo")]
async fn echo(body: JsonBody) -> HttpResponse {
    HttpResponse::Ok().json(body.0)
}

#[utoipa::path]
#[post("/oauth2/token")]
async fn form(form: FormBody) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(json!({ "grant": form.0.one("grant_type")? })))
}

#[utoipa::path]
#[put("/v1.0/files")]
async fn upload(mut upload: Upload) -> Result<HttpResponse, Failure> {
    let mut length = 0;
    while let Some(piece) = upload.next().await? {
        length += piece.len();
    }
    Ok(HttpResponse::Ok().json(length))
}

#[utoipa::path]
#[get("/v1.0/users")]
async fn list(query: QueryOptions) -> HttpResponse {
    HttpResponse::Ok().json(query.0.iter().collect::<Vec<_>>())
}

#[utoipa::path]
#[get("/v1.0/users/$count")]
async fn count() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain").body("3")
}

#[utoipa::path]
#[get("/v1.0/users/delta")]
async fn delta() -> HttpResponse {
    HttpResponse::Ok().json("delta")
}

#[utoipa::path]
#[get("/v1.0/users/{id}")]
async fn read(id: web::Path<String>) -> HttpResponse {
    HttpResponse::Ok().json(format!("user {id}"))
}

#[utoipa::path]
#[delete("/v1.0/users/{id}")]
async fn remove(_id: web::Path<String>) -> HttpResponse {
    HttpResponse::NoContent().finish()
}

#[utoipa::path]
#[get("/v1.0/users/{id}/memberOf/graph.group")]
async fn cast(id: web::Path<String>) -> HttpResponse {
    HttpResponse::Ok().json(format!("groups of {id}"))
}

#[utoipa::path]
#[get("/v1.0/directoryRoles/roleTemplateId={key}")]
async fn by_key(key: web::Path<String>) -> HttpResponse {
    HttpResponse::Ok().json(format!("template {key}"))
}

#[utoipa::path]
#[get("/v1.0/refusals/{name}")]
async fn refuse(name: web::Path<String>) -> Result<HttpResponse, Failure> {
    Err(match name.as_str() {
        "two-properties" => Error::violations(vec![
            Violation::new("displayName", "Give a name."),
            Violation::coded("ObjectConflict", "mail", "Give another address."),
        ]),
        "right" => Error::forbidden(Refusal {
            permission: Permission::ManageUsersAndGroups,
            limit: Some(Words::new("Non-administrators only.", "Alleen niet-beheerders.")),
            granting_roles: RoleSet::EMPTY.with(Role::Global).with(Role::User),
            target: Some("0192f0c1".to_owned()),
        }),
        "throttled" => Error {
            retry_after: Some(17),
            ..Error::new(Kind::TooManyRequests, "TooManyRequests", "Too many attempts.")
        },
        "token" => Error::unauthenticated("The token has expired."),
        "busy" => Error::unavailable("the queue of tenant 7 is full"),
        _ => Error::internal("the internal text"),
    }
    .into())
}

#[utoipa::path]
#[get("/v1.0/fall")]
async fn fall() -> HttpResponse {
    panic!("as expected of this handler")
}

/// An extractor of the framework, which refuses with words of its own.
#[utoipa::path]
#[get("/v1.0/numbers")]
async fn numbers(query: web::Query<std::collections::HashMap<u32, u32>>) -> HttpResponse {
    HttpResponse::Ok().json(query.len())
}

#[utoipa::path]
#[get("/v1.0/numbers/{number}")]
async fn number(number: web::Path<u32>) -> HttpResponse {
    HttpResponse::Ok().json(number.into_inner())
}

/// An error body in plain text, as a careless handler would write it.
#[utoipa::path]
#[get("/v1.0/pages")]
async fn page() -> HttpResponse {
    HttpResponse::InternalServerError().body("thread panicked at /src/main.rs")
}

#[utoipa::path]
#[get("/v1.0/whoami")]
async fn whoami(context: Context, req: HttpRequest) -> HttpResponse {
    req.extensions_mut().insert(Caller { tenant: Id::new(Uuid::nil()), actor: Uuid::max() });
    HttpResponse::Ok().json(json!({
        "address": context.address(),
        "traceId": context.trace_id(),
    }))
}
