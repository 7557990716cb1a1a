//! The moves of the walk, with the question that `permissions/check` is asked before each.

use super::super::stranger::Stranger;
use super::{ASSIGNMENTS, CAPTURED, World};
use reqwest::RequestBuilder;
use roster_tests::{Answer, ROLES, template_id};
use serde_json::{Value, json};
use std::fmt;
use uuid::Uuid;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Assign,
    Bulk,
    Member,
    Reset,
    Sensitive,
    Block,
    Delete,
    Restore,
    Purge,
    Create,
    Row,
    AddMember,
    AddOwner,
    Nest,
    Remove,
    Edit,
    Manager,
}

const KINDS: [Kind; 17] = [
    Kind::Assign,
    Kind::Bulk,
    Kind::Member,
    Kind::Reset,
    Kind::Sensitive,
    Kind::Block,
    Kind::Delete,
    Kind::Restore,
    Kind::Purge,
    Kind::Create,
    Kind::Row,
    Kind::AddMember,
    Kind::AddOwner,
    Kind::Nest,
    Kind::Remove,
    Kind::Edit,
    Kind::Manager,
];

impl Kind {
    pub(super) const fn gives_roles(self) -> bool {
        matches!(self, Self::Assign | Self::Bulk | Self::Member | Self::Create)
    }

    pub(super) const fn is_of_groups(self) -> bool {
        matches!(self, Self::AddMember | Self::AddOwner | Self::Nest | Self::Remove | Self::Edit)
    }
}

/// One move.
pub(super) struct Move {
    pub(super) kind: Kind,
    pub(super) question: Value,
    pub(super) method: &'static str,
    pub(super) path: String,
    /// Whom or what it is done to.
    pub(super) target: String,
    body: Value,
}

impl fmt::Display for Move {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {} {} {}", self.kind, self.method, self.path, self.body)
    }
}

impl Move {
    /// The request with its body.
    pub(super) fn fill(&self, request: RequestBuilder) -> RequestBuilder {
        match &self.body {
            Value::Null => request,
            Value::String(file) => request.header("content-type", "text/csv").body(file.clone()),
            body => request.json(body),
        }
    }

    /// A request about several tells of each whether it was done.
    pub(super) fn is_refused_in_part(&self, answer: &Answer) -> bool {
        self.kind == Kind::Bulk && answer["value"][0]["succeeded"] != true
    }
}

const COLUMNS: &str = "User Name,First Name,Last Name,Display Name,Job Title,Department,\
                       Office Number,Office Phone,Mobile Phone,Fax,Address,City,\
                       State or Province,ZIP or Postal Code,Country or Region";

impl World<'_> {
    /// A move of an actor, on what is here or, seldom, in the other organisation.
    pub(super) fn any_move(&mut self, actor: usize, stranger: &Stranger) -> Move {
        let foreign = self.actors[actor].foreign;
        let kind = match *self.chance.one(&KINDS) {
            // At home they may.
            Kind::Create | Kind::Row if foreign => Kind::Delete,
            kind => kind,
        };
        let abroad = !foreign && kind != Kind::Purge && self.chance.below(10) == 0;
        let person = match abroad {
            true => stranger.ids["/v1.0/users"].clone(),
            false => self.chance.one(&self.people).clone(),
        };
        let group = match abroad {
            true => stranger.ids["/v1.0/groups"].clone(),
            false => self.chance.one(&self.groups).clone(),
        };
        if kind.is_of_groups() {
            return self.group_move(kind, actor, group, person);
        }
        self.person_move(kind, person)
    }

    fn person_move(&mut self, kind: Kind, id: String) -> Move {
        let role = self.chance.one(&ROLES).0;
        let asks = |operation: &str| json!({"operation": operation, "target": id});
        let changes = |property: &str| {
            let mut question = asks("update_user");
            question["properties"] = json!([property]);
            question
        };
        let user = format!("/v1.0/users/{id}");
        let deleted = format!("/v1.0/directory/deletedItems/{id}");
        let address = json!({"@odata.id": format!("{}{user}", self.app.url)});
        let (question, method, path, body) = match kind {
            Kind::Assign => {
                let body = json!({"principalId": id, "roleDefinitionId": template_id(role)});
                (asks("create_role_assignment"), "POST", ASSIGNMENTS.to_owned(), body)
            }
            Kind::Bulk => {
                let no = self.chance.below(3) == 0;
                let body = json!({"userIds": [id], "role": if no { None } else { Some(role) }});
                let question = json!({"operation": format!("POST {ASSIGNMENTS}/bulk")});
                (question, "POST", format!("{ASSIGNMENTS}/bulk"), body)
            }
            Kind::Member => {
                let path = format!("/v1.0/directoryRoles/{}/members/$ref", template_id(role));
                let operation = "POST /v1.0/directoryRoles/{id}/members/$ref";
                (json!({"operation": operation}), "POST", path, address)
            }
            Kind::Reset => {
                let profile = json!({"password": CAPTURED, "forceChangePasswordNextSignIn": false});
                (changes("passwordProfile"), "PATCH", user, json!({"passwordProfile": profile}))
            }
            Kind::Sensitive => {
                let number = format!("+316{:08}", self.chance.below(90_000_000));
                (changes("mobilePhone"), "PATCH", user, json!({"mobilePhone": number}))
            }
            Kind::Block => {
                // To say what is so already changes nothing and needs no right.
                let enabled = self.blocked.contains(&id);
                (changes("accountEnabled"), "PATCH", user, json!({"accountEnabled": enabled}))
            }
            Kind::Delete => (asks("delete_user"), "DELETE", user, Value::Null),
            Kind::Restore => {
                let path = format!("{deleted}/restore");
                (asks("restore_deleted_item"), "POST", path, json!({}))
            }
            Kind::Purge => (asks("purge_deleted_item"), "DELETE", deleted, Value::Null),
            Kind::Create => {
                let roles: &[&str] = if self.chance.below(2) == 0 { &[] } else { &["billing"] };
                let properties = if roles.is_empty() { json!([]) } else { json!(["roles"]) };
                let question = json!({"operation": "create_user", "properties": properties});
                (question, "POST", "/v1.0/users".to_owned(), self.person(roles))
            }
            Kind::Row => {
                let name = Uuid::now_v7().simple().to_string();
                let row = format!("{},,,Row,,,,,,,,,,,", roster_tests::upn(&name));
                let question = json!({"operation": "POST /v1.0/imports"});
                let file = json!(format!("{COLUMNS}\n{row}\n"));
                (question, "POST", "/v1.0/imports".to_owned(), file)
            }
            _ => {
                let other = self.chance.one(&self.people).clone();
                let manager = json!({"@odata.id": format!("{}/v1.0/users/{other}", self.app.url)});
                let operation = "PUT /v1.0/users/{id}/manager/$ref";
                (asks(operation), "PUT", format!("{user}/manager/$ref"), manager)
            }
        };
        Move { kind, question, method, path, target: id, body }
    }

    fn group_move(&mut self, kind: Kind, actor: usize, group: String, person: String) -> Move {
        // Now and then they mean themselves.
        let person = match self.chance.below(3) {
            0 => self.actors[actor].id.clone(),
            _ => person,
        };
        let thing = if kind == Kind::Nest { self.chance.one(&self.groups).clone() } else { person };
        let path = format!("/v1.0/groups/{group}");
        let address = format!("{}/v1.0/directoryObjects/{thing}", self.app.url);
        let body = json!({"@odata.id": address});
        let of = |operation: &str, object: &str| {
            let mut question = json!({"operation": operation, "target": group});
            question["object"] = json!(object);
            question
        };
        let (question, method, path, body) = match kind {
            Kind::AddMember | Kind::Nest => {
                (of("add_group_members", &thing), "POST", format!("{path}/members/$ref"), body)
            }
            Kind::AddOwner => {
                (of("add_group_owners", &thing), "POST", format!("{path}/owners/$ref"), body)
            }
            Kind::Remove => {
                let place = if self.chance.below(2) == 0 { "members" } else { "owners" };
                let question = of(&format!("remove_group_{place}"), &thing);
                (question, "DELETE", format!("{path}/{place}/{thing}/$ref"), Value::Null)
            }
            _ => {
                let question = json!({"operation": "update_group", "target": group});
                (question, "PATCH", path, json!({"description": self.chance.below(9).to_string()}))
            }
        };
        Move { kind, question, method, path, target: group, body }
    }
}
