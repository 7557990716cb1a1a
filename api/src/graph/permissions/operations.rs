//! The operations and the permissions they ask for, out of the document itself: what is explained
//! is what is published, and a test keeps that equal to what the handlers ask for.

use crate::commands::serve::REGISTER;
use crate::openapi::{self, Installation};
use roster_domain::authz::Permission;
use serde_json::Value as Json;
use std::sync::LazyLock;
use utoipa::openapi::path::Operation as Documented;

/// An operation that asks for a right.
#[derive(Debug)]
pub(super) struct Operation {
    /// Its `operationId`.
    pub(super) id: String,
    /// Method and path.
    line: String,
    /// Permissions of which one is enough.
    pub(super) any_of: Vec<Permission>,
    /// Permissions that are needed besides when roles are given.
    pub(super) with_roles: Vec<Permission>,
}

static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(all);

/// The operation with this id, or with this method and path.
pub(super) fn find(name: &str) -> Option<&'static Operation> {
    let line = name.split_whitespace().collect::<Vec<_>>().join(" ");
    OPERATIONS
        .iter()
        .find(|operation| operation.id == name || operation.line.eq_ignore_ascii_case(&line))
}

fn all() -> Vec<Operation> {
    let document = openapi::document(&Installation::default(), REGISTER);
    let mut operations = Vec::new();
    for (path, item) in &document.paths.paths {
        let methods = [
            ("GET", &item.get),
            ("PUT", &item.put),
            ("POST", &item.post),
            ("PATCH", &item.patch),
            ("DELETE", &item.delete),
        ];
        for (method, operation) in methods {
            let Some(operation) = operation else { continue };
            operations.extend(Operation::read(format!("{method} {path}"), operation));
        }
    }
    operations
}

impl Operation {
    /// None for what needs no right, such as signing in.
    fn read(line: String, documented: &Documented) -> Option<Self> {
        let extensions = serde_json::to_value(documented.extensions.as_ref()?).ok()?;
        let needs = extensions.get("x-permission")?;
        let keys = |name| needs.get(name).and_then(Json::as_array).cloned().unwrap_or_default();
        let permissions = |name| {
            let keys = keys(name);
            keys.iter().filter_map(|key| Permission::parse(key.as_str()?)).collect()
        };
        Some(Self {
            id: documented.operation_id.clone()?,
            line,
            any_of: permissions("anyOf"),
            with_roles: permissions("withRoles"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use roster_domain::authz::rights;
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    #[test]
    fn operations_are_found_by_id_and_by_method_and_path() {
        let by_id = find("update_user").unwrap();
        assert_eq!(by_id.line, "PATCH /v1.0/users/{id}");
        assert_eq!(find("patch  /v1.0/users/{id}").unwrap().id, "update_user");
        assert!(find("token").is_none() && find("").is_none());
    }

    fn sources(folder: &Path) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let nested = |path: PathBuf| if path.is_dir() { sources(&path) } else { vec![path] };
        entries.flat_map(nested).collect()
    }

    /// Names of the handlers and of the rights that their signatures ask for.
    fn signatures() -> Vec<(String, Option<String>)> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/graph");
        let mut found = Vec::new();
        for path in sources(&root) {
            let text = std::fs::read_to_string(&path).unwrap();
            for documented in text.split("#[utoipa::path(").skip(1) {
                let Some((_, handler)) = documented.split_once("async fn ") else { continue };
                let (name, rest) = handler.split_once('(').unwrap();
                let arguments = rest.split(") ->").next().unwrap();
                let asked = ["Authorized<", "Seeking<"].iter();
                let right = asked.filter_map(|asks| arguments.split_once(*asks)).next();
                let right = right.map(|(_, right)| {
                    let right = right.split('>').next().unwrap();
                    right.rsplit("::").next().unwrap().to_owned()
                });
                found.push((name.to_owned(), right));
            }
        }
        found
    }

    #[test]
    fn every_operation_documents_the_permissions_that_its_handler_asks_for() {
        let mut checked = 0;
        for (handler, right) in signatures() {
            // `UseGroups` lets every member in; the use case proves the right over the one group,
            // which the document names together with the relation that is as good.
            let Some(right) = right.filter(|right| right != "UseGroups") else { continue };
            let (_, any_of) = rights::ALL.iter().find(|(name, _)| *name == right).unwrap();
            let documented = find(&handler)
                .unwrap_or_else(|| panic!("{handler} asks for {right} and documents nothing"));
            let keys = |list: &[Permission]| list.iter().map(|p| p.key()).collect::<BTreeSet<_>>();
            assert_eq!(keys(&documented.any_of), keys(any_of), "{handler} asks for {right}");
            checked += 1;
        }
        assert!(checked > 30, "only {checked} handlers were found");
    }

    #[test]
    fn every_permission_in_the_document_is_known() {
        let document = openapi::document(&Installation::default(), REGISTER);
        let text = serde_json::to_value(&document).unwrap();
        for (path, item) in text["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let Some(needs) = operation.get("x-permission") else { continue };
                let needs = needs.as_object().unwrap().iter();
                for (_, keys) in needs.filter(|(name, _)| *name != "orRelation") {
                    for key in keys.as_array().unwrap() {
                        let known = Permission::parse(key.as_str().unwrap()).is_some();
                        assert!(known, "{method} {path}: {key}");
                    }
                }
            }
        }
    }
}
