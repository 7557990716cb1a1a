//! `/roleManagement/directory/roleAssignments`.

use super::holders::{self, Chosen};
use crate::authentication::Authorized;
use crate::graph::links::{self, collection_context, entity_context};
use crate::graph::projection::{Projection, read_query};
use crate::graph::reply::{Object, Page};
use crate::graph::schemas::{RoleAssignmentPage, RoleAssignmentSchema};
use crate::http::{Failure, IfMatch, JsonBody, QueryOptions, Services};
use crate::roster::Roster;
use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, delete, get, post};
use roster_domain::authz::{Grant, Scope, rights};
use roster_domain::paging::Cursor;
use roster_domain::query::{self, Expand, Query};
use roster_domain::roles::{
    self, Assign, Assigned, AssignmentField, Holder, RoleAssignment, RoleAssignmentId,
    RoleDefinition, Which,
};
use roster_domain::{Error, Result, Value};
use std::borrow::Cow;
use std::collections::HashMap;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Registers the handlers.
pub(super) fn register(services: &mut Services) {
    services
        .service(list_role_assignments)
        .service(count_role_assignments)
        .service(create_role_assignment)
        .service(get_role_assignment)
        .service(delete_role_assignment);
}

/// What a role assignment is made of.
#[derive(ToSchema)]
#[schema(as = newRoleAssignment, rename_all = "camelCase")]
#[expect(dead_code, reason = "describes a body that is read elsewhere")]
struct NewAssignment {
    /// User or client.
    principal_id: Uuid,
    /// Template id of the role.
    role_definition_id: Uuid,
    /// `/`.
    directory_scope_id: Option<String>,
    /// Null: roles hold in the whole organisation.
    app_scope_id: Option<String>,
}

/// Options of the list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that are read elsewhere")]
struct AssignmentOptions {
    /// Properties to answer, separated by commas.
    #[param(rename = "$select")]
    select: Option<String>,
    /// `principal`, `roleDefinition`, `directoryScope` (always null), or several separated by commas.
    #[param(rename = "$expand")]
    expand: Option<String>,
    /// `principalId`, `roleDefinitionId` and `directoryScopeId` with `eq` or `in`, several of them
    /// joined by `and`.
    #[param(rename = "$filter")]
    filter: Option<String>,
    /// Whether to answer the number of all matching assignments.
    #[param(rename = "$count")]
    count: Option<bool>,
    /// Objects a page, 1 to 999; 100 by default.
    #[param(rename = "$top", minimum = 1, maximum = 999)]
    top: Option<i32>,
    /// Place of the page; part of `@odata.nextLink`.
    #[param(rename = "$skiptoken")]
    skiptoken: Option<String>,
}

/// Options of a request that counts.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that are read elsewhere")]
struct CountOptions {
    /// `principalId`, `roleDefinitionId` and `directoryScopeId` with `eq` or `in`, several of them
    /// joined by `and`.
    #[param(rename = "$filter")]
    filter: Option<String>,
}

/// Options of one assignment.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that are read elsewhere")]
struct OneAssignmentOptions {
    /// Properties to answer, separated by commas.
    #[param(rename = "$select")]
    select: Option<String>,
    /// `principal`, `roleDefinition`, `directoryScope` (always null), or several separated by commas.
    #[param(rename = "$expand")]
    expand: Option<String>,
}

/// Options of the list.
const SERVED: &[&str] = &["$select", "$expand", "$filter", "$count", "$top", "$skiptoken"];
const PATH: &str = "roleManagement/directory/roleAssignments";
const TYPE: Value<'static> = Value::text("#microsoft.graph.unifiedRoleAssignment");

/// Lists role assignments; without the right to view roles, one's own. Asking for those of another
/// by `$filter` needs the right.
#[utoipa::path(
    tag = "roles",
    params(AssignmentOptions),
    responses((status = 200, description = "A page of role assignments", body = RoleAssignmentPage)),
    extensions(("x-permission" = json!({"anyOf": ["view_users_and_roles", "read_directory"]})))
)]
#[get("/v1.0/roleManagement/directory/roleAssignments")]
async fn list_role_assignments(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ReadRoleAssignments>,
    pairs: QueryOptions,
) -> Result<HttpResponse, Failure> {
    let scope = grant.scope();
    let query = read_query::<RoleAssignment>(SERVED, &pairs, &scope)?;
    let after = links::read_cursor::<RoleAssignment>(&roster, PATH, &scope, &query)?;
    let which = Which::of(&query, after.as_ref())?;
    let related = Related::read(&query, &grant)?;
    let with_principals = related.principal.is_some();
    let (top, counts) = (query.top, query.count && after.is_none());
    let (found, more, principals, count) = roster
        .read(move |tx| {
            let none = (Vec::new(), false, HashMap::new(), counts.then_some(0));
            let Some(which) = which else { return Ok(none) };
            let asked = Which { limit: top.saturating_add(1), ..which };
            let mut found = roles::list(tx, &grant, &asked)?;
            let more = found.len() > top;
            found.truncate(top);
            let count = if counts { Some(roles::count(tx, &grant, &asked)?) } else { None };
            let asked = if with_principals { found.as_slice() } else { &[] };
            let principals = roles::principals(tx, &grant, asked)?;
            Ok((found, more, principals, count))
        })
        .await?;
    let next = match found.last() {
        Some(last) if more => {
            let last = Cursor::at(&query.order, last);
            Some(links::next_link::<RoleAssignment>(&roster, PATH, &scope, &query, &pairs, &last)?)
        }
        _ => None,
    };
    let projection = Projection::of(query.select.as_deref(), &scope);
    let item = |each| related.add(Object::item(each, &projection), each, &principals);
    let value: Vec<_> = found.iter().map(item).collect();
    let context = collection_context(&roster, PATH);
    Ok(HttpResponse::Ok().json(Page { context, count, next, value }))
}

/// Counts role assignments; without the right to view roles, one's own. Asking for those of another
/// by `$filter` needs the right.
#[utoipa::path(
    tag = "roles",
    params(CountOptions),
    responses((status = 200, description = "Their number", body = String, content_type = "text/plain")),
    extensions(("x-permission" = json!({"anyOf": ["view_users_and_roles", "read_directory"]})))
)]
#[get("/v1.0/roleManagement/directory/roleAssignments/$count")]
async fn count_role_assignments(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ReadRoleAssignments>,
    pairs: QueryOptions,
) -> Result<HttpResponse, Failure> {
    let query = read_query::<RoleAssignment>(&["$filter"], &pairs, &grant.scope())?;
    let which = Which::of(&query, None)?;
    let count = roster
        .read(move |tx| which.map_or(Ok(0), |which| roles::count(tx, &grant, &which)))
        .await?;
    Ok(HttpResponse::Ok().content_type("text/plain").body(count.to_string()))
}

/// What `$expand` asks to answer with each assignment.
struct Related {
    /// Properties of users and clients, where the principals are wanted.
    principal: Option<Chosen>,
    /// Properties of roles, where they are wanted.
    role: Option<Projection<RoleDefinition>>,
    /// Whether the object in which the role holds is wanted: none, it is the whole organisation.
    directory_scope: bool,
    scope: Scope,
}

impl Related {
    fn read(
        query: &Query<AssignmentField>,
        grant: &Grant<rights::ReadRoleAssignments>,
    ) -> Result<Self> {
        let scope = grant.scope();
        let find = |name| query.expand.iter().find(|expand| expand.relation == name);
        let principal = match find("principal") {
            Some(expand) => Some(Chosen::read(expand.select.as_deref(), &scope)?),
            None => None,
        };
        let role = match find("roleDefinition") {
            Some(expand) => {
                let query =
                    query::parse::<RoleDefinition>(query::ONE, nested(expand), &|_| Ok(()))?;
                Some(Projection::of(query.select.as_deref(), &scope))
            }
            None => None,
        };
        let directory_scope = find("directoryScope").is_some();
        Ok(Self { principal, role, directory_scope, scope })
    }

    fn add<'a>(
        &self,
        mut object: Object<'a, RoleAssignment>,
        assignment: &RoleAssignment,
        principals: &HashMap<Uuid, Holder>,
    ) -> Object<'a, RoleAssignment> {
        object = object.with("@odata.type", TYPE);
        if let Some(chosen) = &self.principal {
            let holder = principals.get(&assignment.principal);
            let holder = holder.map_or(Value::Null, |holder| holders::render(holder, chosen));
            object = object.with("principal", holder);
        }
        if let Some(projection) = &self.role {
            let role = RoleDefinition::new(assignment.role, &self.scope);
            let members = projection
                .properties()
                .iter()
                .map(|property| (Cow::Borrowed(property.name), (property.get)(&role).into_owned()));
            object = object.with("roleDefinition", Value::Object(members.collect()));
        }
        if self.directory_scope {
            object = object.with("directoryScope", Value::Null);
        }
        object
    }
}

fn nested(expand: &Expand) -> impl Iterator<Item = (&str, &str)> {
    expand.select.as_deref().map(|select| ("$select", select)).into_iter()
}

/// Assigns a role.
#[utoipa::path(
    tag = "roles",
    request_body = NewAssignment,
    responses((status = 201, description = "The role assignment", body = RoleAssignmentSchema)),
    extensions(("x-permission" = json!({"anyOf": ["delegate_admin_roles"]})))
)]
#[post("/v1.0/roleManagement/directory/roleAssignments")]
async fn create_role_assignment(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::DelegateAdminRoles>,
    JsonBody(body): JsonBody,
) -> Result<HttpResponse, Failure> {
    let request = Assign::read(&body)?;
    let projection = Projection::of(None, &grant.scope());
    let assigned = roster.write(grant, move |tx, grant| roles::assign(tx, grant, request)).await?;
    let location = links::location(&roster, PATH, assigned.assignment.id);
    let mut response = created(&roster, &assigned, &projection).respond(StatusCode::CREATED);
    if let Ok(value) = header::HeaderValue::from_str(&location) {
        response.headers_mut().insert(header::LOCATION, value);
    }
    Ok(response)
}

/// An assignment just made, with its warnings.
pub(super) fn created<'a>(
    roster: &Roster,
    assigned: &'a Assigned,
    projection: &'a Projection<RoleAssignment>,
) -> Object<'a, RoleAssignment> {
    Object::whole(&assigned.assignment, projection, entity_context(roster, PATH))
        .with("@odata.type", TYPE)
        .with_warnings(&assigned.warnings)
}

/// Reads a role assignment; those of others need the right to view roles.
#[utoipa::path(
    tag = "roles",
    params(("id" = String, Path, description = "Id of the assignment"), OneAssignmentOptions),
    responses((status = 200, description = "The role assignment", body = RoleAssignmentSchema)),
    extensions(("x-permission" = json!({"anyOf": ["view_users_and_roles", "read_directory"]})))
)]
#[get("/v1.0/roleManagement/directory/roleAssignments/{id}")]
async fn get_role_assignment(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ReadRoleAssignments>,
    id: Path<String>,
    pairs: QueryOptions,
) -> Result<HttpResponse, Failure> {
    let id = assignment_id(&id)?;
    let scope = grant.scope();
    let query = read_query::<RoleAssignment>(query::ONE, &pairs, &scope)?;
    let related = Related::read(&query, &grant)?;
    let (found, principals) = roster
        .read(move |tx| {
            let found = roles::get(tx, &grant, id)?;
            let principals = roles::principals(tx, &grant, std::slice::from_ref(&found))?;
            Ok((found, principals))
        })
        .await?;
    let projection = Projection::of(query.select.as_deref(), &scope);
    let object = Object::whole(&found, &projection, entity_context(&roster, PATH));
    Ok(related.add(object, &found, &principals).respond(StatusCode::OK))
}

/// Revokes a role.
#[utoipa::path(
    tag = "roles",
    params(("id" = String, Path, description = "Id of the assignment")),
    responses((status = 204, description = "Revoked")),
    extensions(("x-permission" = json!({"anyOf": ["delegate_admin_roles"]})))
)]
#[delete("/v1.0/roleManagement/directory/roleAssignments/{id}")]
async fn delete_role_assignment(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::DelegateAdminRoles>,
    id: Path<String>,
    if_match: IfMatch,
) -> Result<HttpResponse, Failure> {
    let id = assignment_id(&id)?;
    // An assignment is made and removed, never changed: there is no other version.
    if !if_match.admits(1) {
        return Err(Error::precondition_failed().into());
    }
    roster.write(grant, move |tx, grant| roles::revoke(tx, grant, id)).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn assignment_id(text: &str) -> Result<RoleAssignmentId> {
    RoleAssignmentId::parse(text).ok_or_else(|| Error::not_found(text))
}
