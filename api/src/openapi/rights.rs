//! Says in words what each operation needs.

use roster_domain::authz::Permission;
use serde_json::Value;
use utoipa::openapi::OpenApi;
use utoipa::openapi::path::Operation;

/// Adds a sentence about rights to the description of each operation.
pub(super) fn describe(document: &mut OpenApi) {
    for item in document.paths.paths.values_mut() {
        for (_, operation) in super::operations(item) {
            let needs = sentence(operation);
            let said = operation.description.take().filter(|text| !text.is_empty());
            operation.description =
                Some(said.map_or_else(|| needs.clone(), |text| format!("{text}\n\n{needs}")));
        }
    }
}

/// What an operation needs, as `x-permission` says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Permissions of which one is enough.
    pub any_of: Vec<Permission>,
    /// What it is enough to be of the object instead: `owner`, `owner or oneself`.
    pub or_relation: Option<String>,
    /// Permissions that are needed besides when roles are named.
    pub with_roles: Vec<Permission>,
}

impl Needs {
    /// Reads the value of `x-permission`; a test finds what is no permission.
    pub fn read(value: &Value) -> Self {
        let permissions = |name| {
            let keys = value.get(name).and_then(Value::as_array).into_iter().flatten();
            keys.filter_map(|key| Permission::parse(key.as_str()?)).collect()
        };
        let relation = value.get("orRelation").and_then(Value::as_str);
        Self {
            any_of: permissions("anyOf"),
            or_relation: relation.map(str::to_owned),
            with_roles: permissions("withRoles"),
        }
    }
}

fn sentence(operation: &Operation) -> String {
    let needs = operation.extensions.as_ref().and_then(|extensions| extensions.get("x-permission"));
    let Some(needs) = needs.map(Needs::read) else { return "Needs no token.".to_owned() };
    let mut text = match needs.any_of.as_slice() {
        [Permission::ReadDirectory] => "Everyone who is signed in may do this.".to_owned(),
        some if some.contains(&Permission::ReadDirectory) => format!(
            "Everyone who is signed in may do this; more is shown, or may be touched, with {}.",
            list(some)
        ),
        some => format!("Needs {}.", list(some)),
    };
    if let Some(relation) = needs.or_relation {
        text.push_str(&format!(" It is enough to be {relation} of the object."));
    }
    if !needs.with_roles.is_empty() {
        text.push_str(&format!(" Naming roles needs {} besides.", list(&needs.with_roles)));
    }
    text
}

/// The names, with the row of the matrix that they stand in.
fn list(permissions: &[Permission]) -> String {
    let named = permissions.iter().filter(|permission| **permission != Permission::ReadDirectory);
    let name = |permission: &Permission| match permission.row() {
        Some(row) => format!("*{}* (row {row})", permission.name().english),
        None => format!("*{}*", permission.name().english),
    };
    named.map(name).collect::<Vec<_>>().join(" or ")
}
