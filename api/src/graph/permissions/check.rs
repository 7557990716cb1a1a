//! `POST /permissions/check`: would it be allowed, and why.

use super::operations::{self, Operation};
use crate::authentication::Authorized;
use crate::http::{Failure, JsonBody, Services};
use crate::roster::Roster;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use roster_domain::authz::{self, Asked, Over, Relation, Touched, Verdict, Why, rights};
use roster_domain::groups::{GroupKind, Link};
use roster_domain::language::Language;
use roster_domain::properties;
use roster_domain::users::User;
use roster_domain::{Error, Result, Value, Violation};
use serde::Serialize;
use utoipa::ToSchema;

/// Registers the handler.
pub(super) fn register(services: &mut Services) {
    services.service(check_permission);
}

/// A question.
#[derive(ToSchema)]
#[schema(as = permissionQuestion)]
#[expect(dead_code, reason = "describes a body that is read elsewhere")]
struct Question {
    /// Who would act: user by id or user principal name, or client by id; the caller by default.
    /// Asking about others needs the right to view roles.
    actor: Option<String>,
    /// `operationId` of this document, such as `update_user`, or method and path, such as
    /// `PATCH /v1.0/users/{id}`.
    operation: String,
    /// The user, group or contact acted on, by id, or a user by user principal name.
    target: Option<String>,
    /// The object at the other end, by id: what would be put into a place of a group or taken out
    /// of it, the request to join it, the manager, or who would get or lose a role.
    object: Option<String>,
    /// Names of the properties that would be written, such as `passwordProfile` or `roles`.
    properties: Option<Vec<String>>,
    /// The kind of group that `create_group` would make: `distribution`, `mailEnabledSecurity`,
    /// `security` or `microsoft365`.
    kind: Option<String>,
}

/// The answer to a question.
#[derive(Serialize, ToSchema)]
#[schema(as = permissionVerdict)]
#[serde(rename_all = "camelCase")]
struct Answer {
    /// Null if that is open: it depends on roles of the target that the caller may not see, or on
    /// a target or a kind of group that the question does not name.
    allowed: Option<bool>,
    /// The permission that allows it or is missing.
    permission: &'static str,
    /// Row of the permission matrix; null beside it.
    matrix_row: Option<u8>,
    /// The limit that applies.
    limit: Option<&'static str>,
    /// `owner`, `member` or `oneself`, where that allows it whatever the roles are.
    relation: Option<&'static str>,
    /// Keys of the roles that would grant it.
    granting_roles: Vec<&'static str>,
    /// All of this in words.
    message: String,
}

impl Answer {
    fn new(verdict: &Verdict, language: Language) -> Self {
        let relation = match verdict.why {
            Why::Relation(relation) => Some(relation),
            Why::Permission
            | Why::Blocked
            | Why::Pending
            | Why::HiddenRoles
            | Why::Target
            | Why::Kind => None,
        };
        Self {
            message: verdict.message(language),
            allowed: verdict.allowed,
            permission: verdict.permission.key(),
            matrix_row: verdict.permission.row(),
            limit: verdict.limit.map(|words| words.of(language)),
            relation: relation.map(Relation::key),
            granting_roles: verdict.granting_roles.keys(),
        }
    }
}

/// Tells whether an operation would be allowed, by which row of the matrix, under which limit, and
/// which roles would grant it; in English or Dutch by `Accept-Language`. It changes nothing.
#[utoipa::path(
    tag = "permissions",
    request_body = Question,
    responses((status = 200, description = "The answer", body = Answer)),
    extensions(("x-permission" = json!({"anyOf": ["read_directory"]})))
)]
#[post("/v1.0/permissions/check")]
async fn check_permission(
    roster: Data<Roster>,
    Authorized(grant): Authorized<rights::ReadDirectory>,
    JsonBody(body): JsonBody,
) -> Result<HttpResponse, Failure> {
    let asked = read(&body)?;
    let (now, language) = (roster.now(), grant.actor().language());
    let verdict = roster.read(move |tx| authz::check(tx, &grant, &asked, now)).await?;
    Ok(HttpResponse::Ok().json(Answer::new(&verdict, language)))
}

fn read(body: &Value<'static>) -> Result<Asked> {
    let Some(members) = body.as_object() else {
        return Err(Error::invalid("The body must be a JSON object."));
    };
    let mut violations = Vec::new();
    let mut text = |name: &str| match body.member(name) {
        None | Some(Value::Null) => None,
        Some(Value::Text(text)) => Some(text.to_string()),
        Some(_) => {
            violations.push(Violation::new(name, format!("'{name}' must be a string.")));
            None
        }
    };
    let (actor, target, object) = (text("actor"), text("target"), text("object"));
    let (operation, kind) = (text("operation"), text("kind"));
    for (name, _) in members.iter().filter(|(name, _)| !MEMBERS.contains(&name.as_ref())) {
        let message = format!("'{name}' is not a property of this request.");
        violations.push(Violation::coded("UnknownProperty", name.as_ref(), message));
    }
    let operation = operation.as_deref().and_then(operations::find);
    if operation.is_none() {
        violations.push(Violation::new(
            "operation",
            "'operation' must be an operationId of /openapi.json, such as update_user, or method \
             and path, such as PATCH /v1.0/users/{id}.",
        ));
    }
    let kind = read_kind(kind.as_deref(), operation, &mut violations);
    let written = read_properties(body, operation, &mut violations);
    let over = operation.map_or(Over::Nothing, |operation| match over(&operation.id, &written) {
        Over::Create(_) => Over::Create(kind),
        over => over,
    });
    if object.is_some() && operation.is_some() && !over.has_object() {
        let message = "'object' is for operations that name two, such as add_group_members.";
        violations.push(Violation::new("object", message));
    }
    match operation {
        Some(operation) if violations.is_empty() => {
            let makes = written.iter().any(|name| name.eq_ignore_ascii_case("roles"));
            let all_of = if makes { operation.needs.with_roles.clone() } else { Vec::new() };
            let (any_of, kind) = (operation.needs.any_of.clone(), operation.target());
            Ok(Asked { actor, any_of, all_of, over, kind, target, object })
        }
        _ => Err(Error::violations(violations)),
    }
}

/// Members of a question.
const MEMBERS: [&str; 6] = ["actor", "operation", "target", "object", "properties", "kind"];

fn read_kind(
    kind: Option<&str>,
    operation: Option<&Operation>,
    violations: &mut Vec<Violation>,
) -> Option<GroupKind> {
    let kind = kind?;
    if operation.is_some_and(|operation| operation.id != "create_group") {
        let message = "'kind' is for create_group only; a target has its kind.";
        violations.push(Violation::new("kind", message));
        return None;
    }
    let known = GroupKind::parse(kind);
    if known.is_none() {
        let keys = GroupKind::ALL.map(GroupKind::key).join(", ");
        violations.push(Violation::new("kind", format!("'kind' must be one of: {keys}.")));
    }
    known
}

fn read_properties(
    body: &Value<'static>,
    operation: Option<&Operation>,
    violations: &mut Vec<Violation>,
) -> Vec<String> {
    let items = match body.member("properties") {
        None | Some(Value::Null) => return Vec::new(),
        Some(value) => value.as_list(),
    };
    let names: Option<Vec<String>> =
        items.and_then(|items| items.iter().map(|i| i.as_text().map(str::to_owned)).collect());
    let Some(names) = names else {
        let message = "'properties' must be a collection of names of properties.";
        violations.push(Violation::new("properties", message));
        return Vec::new();
    };
    if let Some(operation) = operation {
        violations.extend(names.iter().filter(|name| !operation.writes(name)).map(|name| {
            let message = format!("'{name}' is not a property that {} writes.", operation.id);
            Violation::coded("UnknownProperty", name, message)
        }));
    }
    names
}

/// What an operation does to the object it is about, where that decides.
fn over(operation: &str, written: &[String]) -> Over {
    match operation {
        "update_user" | "update_me" => Over::Change(touched(written)),
        "delete_user" | "purge_deleted_item" => Over::Delete,
        _ if operation.starts_with("restore_") => Over::Delete,
        "create_group" => Over::Create(None),
        "list_service_roles"
        | "list_my_service_roles"
        | "list_role_assignments"
        | "count_role_assignments" => Over::SeeRoles,
        "update_group" | "delete_group" | "validate_group" => Over::Edit,
        "delete_directory_object" => Over::DeleteAny,
        "check_delivery" => Over::SeeMembers,
        "approve_join_request" | "deny_join_request" => Over::Decide,
        "delete_join_request" => Over::Withdraw,
        "get_join_request" => Over::SeeRequest,
        "add_directory_role_member" => Over::Assign,
        "remove_directory_role_member" => Over::Revoke,
        "put_user_manager"
        | "put_user_manager_reference"
        | "put_contact_manager"
        | "put_contact_manager_reference" => Over::Manager,
        _ if shows_members(operation) => Over::SeeMembers,
        _ => over_place(operation).unwrap_or_default(),
    }
}

/// Whether an operation shows the members of a group, as objects, references or numbers.
fn shows_members(operation: &str) -> bool {
    let read = operation.strip_prefix("list_").or_else(|| operation.strip_prefix("get_"));
    let members = ["group_members", "group_transitive_members", "group_recipients"];
    read.is_some_and(|read| members.iter().any(|start| read.starts_with(start)))
}

/// What an operation on a place of a group does: `add_group_members`, `remove_group_owners`.
fn over_place(operation: &str) -> Option<Over> {
    let (verb, collection) = operation.split_once("_group_")?;
    let link = Link::ALL.into_iter().find(|link| link.collection() == collection)?;
    match verb {
        "add" => Some(Over::Link(link)),
        "remove" | "drop" => Some(Over::Unlink(link)),
        _ => None,
    }
}

/// What a PATCH of these properties touches; without any, something that is not sensitive.
fn touched(written: &[String]) -> Touched {
    let is_password = |name: &&String| name.to_ascii_lowercase().starts_with("passwordprofile");
    let password = written.iter().any(|name| is_password(&name));
    let mut profile = written.iter().filter(|name| !is_password(name)).peekable();
    Touched {
        profile: profile.peek().is_some() || !password,
        password,
        sensitive: profile
            .filter_map(|name| properties::find::<User>(name))
            .any(Touched::is_sensitive),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_on_a_place_or_the_members_of_a_group_depends_on_the_group() {
        for link in Link::ALL {
            for (verb, expected) in [
                ("add", Over::Link(link)),
                ("remove", Over::Unlink(link)),
                ("drop", Over::Unlink(link)),
            ] {
                let id = format!("{verb}_group_{}", link.collection());
                assert!(operations::find(&id).is_some(), "{id} is no operation");
                assert_eq!(over(&id, &[]), expected, "{id}");
            }
        }
        for id in [
            "list_group_members",
            "list_group_transitive_members_count",
            "get_group_members_item",
            "check_delivery",
        ] {
            assert!(operations::find(id).is_some(), "{id} is no operation");
            assert_eq!(over(id, &[]), Over::SeeMembers, "{id}");
        }
        assert_eq!(over("list_group_owners", &[]), Over::Nothing);
        assert_eq!(over("create_contact", &[]), Over::Nothing);
    }

    #[test]
    fn what_a_change_touches_follows_from_its_properties() {
        let of = |names: &[&str]| {
            let touched = touched(&names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>());
            (touched.profile, touched.password, touched.sensitive)
        };
        assert_eq!(of(&[]), (true, false, false));
        assert_eq!(of(&["jobTitle"]), (true, false, false));
        assert_eq!(of(&["passwordProfile"]), (false, true, false));
        assert_eq!(of(&["passwordProfile/password", "city"]), (true, true, false));
        for name in ["mobilePhone", "otherMails", "accountEnabled", "mail", "userPrincipalName"] {
            assert_eq!(of(&[name]), (true, false, true), "{name}");
        }
    }
}
