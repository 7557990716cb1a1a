//! The operations and the permissions they ask for, out of the document itself: what is explained
//! is what is published, and a test keeps that equal to what the handlers ask for.

use crate::commands::serve::REGISTER;
use crate::openapi::{self, Installation, Needs};
use roster_domain::authz::TargetKind;
use serde_json::Value as Json;
use std::sync::LazyLock;

/// An operation that asks for a right.
#[derive(Debug)]
pub(super) struct Operation {
    /// Its `operationId`.
    pub(super) id: String,
    /// Method and path.
    line: String,
    /// What it needs.
    pub(super) needs: Needs,
    /// Members that its body may have; none where the document does not describe it.
    written: Vec<String>,
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
    // A document that cannot be written is found by every test of it.
    let document = serde_json::to_value(document).unwrap_or_default();
    let paths = document.get("paths").and_then(Json::as_object).into_iter().flatten();
    let described = paths.flat_map(|(path, item)| {
        let methods = item.as_object().into_iter().flatten();
        methods.map(move |(method, operation)| {
            (format!("{} {path}", method.to_ascii_uppercase()), operation)
        })
    });
    described.filter_map(|(line, operation)| Operation::read(line, operation, &document)).collect()
}

impl Operation {
    /// None for what needs no right, such as signing in.
    fn read(line: String, described: &Json, document: &Json) -> Option<Self> {
        Some(Self {
            id: described.get("operationId")?.as_str()?.to_owned(),
            line,
            needs: Needs::read(described.get("x-permission")?),
            written: written(described, document).unwrap_or_default(),
        })
    }

    /// What its path names.
    pub(super) fn target(&self) -> TargetKind {
        if self.line.ends_with("/restore") {
            return TargetKind::Deleted;
        }
        let named = |(start, _): &&(&str, TargetKind)| self.line.contains(start);
        NAMED.iter().find(named).map_or(TargetKind::Any, |(_, kind)| *kind)
    }

    /// Whether a body of it may have this member: every body that the document does not describe
    /// may.
    pub(super) fn writes(&self, property: &str) -> bool {
        let name = property.split('/').next().unwrap_or_default();
        if name.eq_ignore_ascii_case("roles") && self.written.iter().any(|each| each == "roles") {
            return !self.needs.with_roles.is_empty();
        }
        self.written.is_empty() || self.written.iter().any(|each| each.eq_ignore_ascii_case(name))
    }
}

/// What a path names, by how it begins.
const NAMED: [(&str, TargetKind); 11] = [
    ("/v1.0/me", TargetKind::Oneself),
    ("/v1.0/users/{", TargetKind::User),
    ("/v1.0/groups/{", TargetKind::Group),
    ("/v1.0/contacts/{", TargetKind::Contact),
    ("/v1.0/directory/deletedItems/{", TargetKind::Deleted),
    ("/v1.0/directoryRoles/{", TargetKind::Role),
    ("/v1.0/directoryRoleTemplates/{", TargetKind::Role),
    ("/v1.0/roleManagement/directory/roleDefinitions/{", TargetKind::Role),
    ("/v1.0/roleManagement/directory/roleAssignments/{", TargetKind::RoleAssignment),
    ("/v1.0/userViews/{", TargetKind::UserView),
    ("/v1.0/imports/{", TargetKind::Import),
];

/// Names of the members that a JSON body of an operation may have.
fn written(described: &Json, document: &Json) -> Option<Vec<String>> {
    let schema = described.pointer("/requestBody/content/application~1json/schema")?;
    let schema = resolved(schema, document)?;
    // The body of a creation is the object, with what it cannot do without.
    let object = schema.pointer("/allOf/0").and_then(|object| resolved(object, document));
    let properties = object.unwrap_or(schema).get("properties")?;
    let is_written = |schema: &Json| schema.get("readOnly") != Some(&Json::Bool(true));
    let properties = properties.as_object()?.iter().filter(|(_, schema)| is_written(schema));
    Some(properties.map(|(name, _)| name.clone()).collect())
}

/// The schema behind a reference.
fn resolved<'a>(schema: &Json, document: &'a Json) -> Option<&'a Json> {
    let name = schema.get("$ref")?.as_str()?.strip_prefix("#/components/schemas/")?;
    document.pointer("/components/schemas")?.get(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use roster_domain::authz::{Permission, rights};
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    #[test]
    fn operations_are_found_by_id_and_by_method_and_path() {
        let by_id = find("update_user").unwrap();
        assert_eq!(by_id.line, "PATCH /v1.0/users/{id}");
        assert_eq!(find("patch  /v1.0/users/{id}").unwrap().id, "update_user");
        assert!(find("token").is_none() && find("").is_none());
    }

    #[test]
    fn every_parameter_of_an_operation_that_asks_for_a_right_names_something_known() {
        let collections = OPERATIONS.iter().filter(|operation| {
            let (before, _) = operation.line.split_once('{').unwrap_or_default();
            !before.is_empty() && !before.ends_with("/directoryObjects/")
        });
        for operation in collections {
            assert_ne!(operation.target(), TargetKind::Any, "{}", operation.line);
        }
    }

    #[test]
    fn a_body_has_the_members_that_the_document_describes() {
        let update = find("update_user").unwrap();
        for name in ["jobTitle", "jobtitle", "passwordProfile/password", "manager@odata.bind"] {
            assert!(update.writes(name), "{name}");
        }
        for name in ["bogus", "", "createdDateTime", "directReports", "roles"] {
            assert!(!update.writes(name), "{name}");
        }
        assert!(find("create_user").unwrap().writes("roles"));
        assert!(find("delete_user").unwrap().writes("anything"));
    }

    fn sources(folder: &Path) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let nested = |path: PathBuf| if path.is_dir() { sources(&path) } else { vec![path] };
        entries.flat_map(nested).collect()
    }

    /// The first right that a piece of source asks for; a caller without one asks for none.
    fn right_in(text: &str) -> Option<&str> {
        let asks = ["Authorized<", "Seeking<"].iter();
        let right = asks.filter_map(|asks| text.split_once(*asks)).next();
        right.map(|(_, right)| {
            let right = right.split('>').next().unwrap();
            right.rsplit("::").next().unwrap()
        })
    }

    fn source(path: &Path) -> String {
        std::fs::read_to_string(path).unwrap()
    }

    fn root() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("src/graph")
    }

    /// Names of the handlers and of the rights that their signatures ask for. Whoever takes the
    /// caller alone asks for what every member may.
    fn signatures() -> Vec<(String, String)> {
        let mut found = Vec::new();
        for path in sources(&root()) {
            for documented in source(&path).split("#[utoipa::path(").skip(1) {
                let Some((_, handler)) = documented.split_once("async fn ") else { continue };
                let (name, rest) = handler.split_once('(').unwrap();
                if name.starts_with('$') {
                    continue; // Made by a factory.
                }
                let arguments = rest.split(") ->").next().unwrap();
                let caller = arguments.contains("SignedIn(").then_some("ReadDirectory");
                let Some(right) = right_in(arguments).or(caller) else { continue };
                found.push((name.to_owned(), right.to_owned()));
            }
        }
        found
    }

    /// Files that make handlers for several paths, with the right that all of them ask for.
    const FACTORIES: [(&str, &str); 4] = [
        ("relations.rs", "ReadDirectory"),
        ("memberships.rs", "ReadDirectory"),
        ("groups/places.rs", "UseGroups"),
        ("deleted_items/restore.rs", "ManageUsersAndGroups"),
    ];

    /// Of an operation, the right that made it, as far as its name tells.
    fn factory(id: &str) -> &'static str {
        let link = ["add_group_", "remove_group_", "drop_group_"];
        match id {
            _ if link.iter().any(|start| id.starts_with(start)) => "UseGroups",
            _ if id.starts_with("restore_") => "ManageUsersAndGroups",
            _ => "ReadDirectory",
        }
    }

    #[test]
    fn factories_ask_for_one_right() {
        for (file, right) in FACTORIES {
            let text = source(&root().join(file));
            let calls = ["Authorized<", "Seeking<"].into_iter();
            let asked: Vec<_> = calls
                .flat_map(|asks| text.match_indices(asks))
                .filter_map(|(at, _)| right_in(text[at..].lines().next().unwrap()))
                .collect();
            assert!(!asked.is_empty() && asked.iter().all(|each| *each == right), "{file}");
        }
    }

    /// `UseGroups` lets every member in; the use case proves the right over the one group, which
    /// the document names together with the relation that is as good, or everybody's own part.
    fn documents_groups(Needs { any_of, or_relation, .. }: &Needs) -> bool {
        let everybody = any_of.contains(&Permission::ReadDirectory);
        let over_groups = any_of.iter().all(|permission| {
            let (_, known) = rights::ALL.iter().find(|(name, _)| *name == "UseGroups").unwrap();
            // Contacts are deleted among other objects.
            known.contains(permission) || *permission == Permission::ManageContacts
        });
        over_groups && (everybody || or_relation.is_some())
    }

    #[test]
    fn every_operation_documents_the_permissions_that_its_handler_asks_for() {
        let signatures = signatures();
        let keys = |list: &[Permission]| list.iter().map(|p| p.key()).collect::<BTreeSet<_>>();
        for operation in OPERATIONS.iter() {
            let id = operation.id.as_str();
            let signed = signatures.iter().find(|(handler, _)| handler == id);
            let right = signed.map_or_else(|| factory(id), |(_, right)| right.as_str());
            if right == "UseGroups" {
                assert!(documents_groups(&operation.needs), "{id}");
                continue;
            }
            let (_, any_of) = rights::ALL.iter().find(|(name, _)| *name == right).unwrap();
            assert_eq!(keys(&operation.needs.any_of), keys(any_of), "{id} asks for {right}");
        }
        for (handler, right) in &signatures {
            assert!(find(handler).is_some(), "{handler} asks for {right} and documents nothing");
        }
        let made = OPERATIONS.iter().filter(|each| signatures.iter().all(|(id, _)| *id != each.id));
        let (made, signed) = (made.count(), signatures.len());
        assert!(made > 100 && signed > 60, "only {made} made and {signed} signed were found");
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
