//! `/directoryObjects`: objects of every kind by their ids.

use super::contacts;
use super::memberships::read_ids;
use super::references;
use super::schemas::{
    Conditional, ContactSchema, DirectoryObjectPage, DirectoryObjectSchema, NewContactSchema,
    SelectOption,
};
use super::typed::{Projections, type_name};
use crate::authentication::Authorized;
use crate::http::{Failure, IfMatch, JsonBody, QueryOptions, Services};
use crate::roster::Roster;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, delete, get, post};
use roster_domain::authz::rights;
use roster_domain::limits::MAX_IDS;
use roster_domain::objects::{self, ObjectKind};
use roster_domain::{Error, Result, Value};
use utoipa::ToSchema;

/// Registers the handlers.
pub fn register(services: &mut Services) {
    services
        .service(get_objects_by_ids)
        .service(get_directory_object)
        .service(delete_directory_object)
        .service(create_directory_object);
}

/// Reads an object of any kind.
#[utoipa::path(
    tag = "directory objects",
    params(("id" = String, Path, description = "Id"), SelectOption),
    responses((status = 200, description = "The object with its type", body = DirectoryObjectSchema)),
    extensions(("x-permission" = json!({"anyOf": ["read_directory"]})))
)]
#[get("/v1.0/directoryObjects/{id}")]
async fn get_directory_object(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ReadDirectory>,
    id: Path<String>,
    pairs: QueryOptions,
) -> Result<HttpResponse, Failure> {
    let scope = grant.scope();
    let (projections, _) = Projections::of_request(&["$select"], &pairs, &scope)?;
    let object = roster.read(move |tx| objects::get(tx, &grant, &id)).await?;
    Ok(references::one(&roster, &object, &projections))
}

/// Deletes an object of any kind, as its own path does.
#[utoipa::path(
    tag = "directory objects",
    params(("id" = String, Path, description = "Id"), Conditional),
    responses((status = 204, description = "Deleted")),
    extensions(("x-permission" = json!({
        "anyOf": ["manage_users_and_groups", "manage_recipients", "manage_contacts"],
        "orRelation": "owner"
    })))
)]
#[delete("/v1.0/directoryObjects/{id}")]
async fn delete_directory_object(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::UseGroups>,
    id: Path<String>,
    if_match: IfMatch,
) -> Result<HttpResponse, Failure> {
    roster
        .write(grant, move |tx, grant| {
            let admits = |version| if_match.admits(version);
            objects::delete(tx, grant, &id, &admits)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Which objects to answer.
#[derive(ToSchema)]
#[schema(as = idsQuestion)]
#[expect(dead_code, reason = "describes a body that is read elsewhere")]
struct ByIds {
    /// At most 1,000 ids.
    ids: Vec<String>,
    /// Kinds to answer: `user`, `orgContact`, `group`, `directoryRole`; all when absent.
    types: Option<Vec<String>>,
}

/// Reads objects of any kind by their ids; unknown ones are left out.
#[utoipa::path(
    tag = "directory objects",
    request_body = ByIds,
    responses((status = 200, description = "The objects with their types", body = DirectoryObjectPage)),
    extensions(("x-permission" = json!({"anyOf": ["read_directory"]})))
)]
#[post("/v1.0/directoryObjects/getByIds")]
async fn get_objects_by_ids(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ReadDirectory>,
    pairs: QueryOptions,
    JsonBody(body): JsonBody,
) -> Result<HttpResponse, Failure> {
    let (projections, _) = Projections::of_request(&["$select"], &pairs, &grant.scope())?;
    let ids = read_ids("ids", body.member("ids"))?;
    if ids.len() > MAX_IDS {
        let message = format!("'ids' has more than {MAX_IDS} items; ask in parts.");
        return Err(Error::invalid_property("ids", message).into());
    }
    let kinds = read_kinds(body.member("types"))?;
    let mut found = roster.read(move |tx| objects::find_all(tx, &grant, &ids)).await?;
    found.retain(|object| kinds.contains(&object.kind()));
    Ok(references::all(&roster, &found, &projections))
}

fn read_kinds(value: Option<&Value<'static>>) -> Result<Vec<ObjectKind>> {
    let every = ObjectKind::ALL;
    let wrong = || {
        let message = "'types' must be a collection of names such as user or group.";
        Error::invalid_property("types", message)
    };
    let items = match value {
        None | Some(Value::Null) => return Ok(every.to_vec()),
        Some(value) => value.as_list().ok_or_else(wrong)?,
    };
    if items.is_empty() {
        return Ok(every.to_vec());
    }
    let mut kinds = Vec::new();
    for item in items {
        match item.as_text() {
            Some("directoryObject") => kinds.extend(every),
            Some("user") => kinds.push(ObjectKind::User),
            Some("orgContact" | "contact") => kinds.push(ObjectKind::Contact),
            Some("group") => kinds.push(ObjectKind::Group),
            Some("directoryRole") => kinds.push(ObjectKind::Role),
            // Kinds of the dialect that this directory has none of.
            Some(_) => {}
            None => return Err(wrong()),
        }
    }
    Ok(kinds)
}

/// Creates a contact: the only way that the Graph SDKs have for it.
#[utoipa::path(
    tag = "directory objects",
    request_body = NewContactSchema,
    responses((status = 201, description = "The contact", body = ContactSchema)),
    extensions(("x-permission" = json!({"anyOf": ["manage_contacts"]})))
)]
#[post("/v1.0/directoryObjects")]
async fn create_directory_object(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ManageContacts>,
    JsonBody(body): JsonBody,
) -> Result<HttpResponse, Failure> {
    let wanted = type_name(ObjectKind::Contact);
    if body.member("@odata.type").and_then(Value::as_text) != Some(wanted) {
        let message = format!(
            "'@odata.type' must be {wanted}; users and groups are created at /users and /groups."
        );
        return Err(Error::invalid_property("@odata.type", message).into());
    }
    contacts::create(&roster, grant, body).await
}
