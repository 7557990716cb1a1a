//! A directory in which every collection has objects, and new ones can come and go.

use super::document::Collection;
use roster_tests::{Client, TestApp, person, template_id};
use serde_json::json;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Objects in each collection at the start.
const OBJECTS: usize = 2;
/// Where users stay for a while.
const DELETED: &str = "/v1.0/directory/deletedItems";
/// A file to import.
const FILE: &str = include_str!("../../fixtures/csv/users-16.csv");

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    User,
    Contact,
    Group,
}

/// A directory whose objects are linked with each other in every way.
pub(super) struct World<'a> {
    app: &'a TestApp,
    /// A person who is global administrator; `/me` is theirs.
    pub(super) caller: Client,
    /// The object that each `{id}` of a path stands for, by the collection before it.
    ids: HashMap<&'static str, String>,
    /// Who owns groups.
    owner: String,
    /// Relations that have their objects.
    filled: HashSet<String>,
}

impl<'a> World<'a> {
    /// A directory with the objects that paths name, and some to link to them.
    pub(super) async fn new(app: &'a TestApp) -> Self {
        let (user, caller) = app.holder("Caller", &["global"]).await;
        let mut world = Self {
            app,
            caller,
            ids: HashMap::new(),
            owner: app.person("Owner").await,
            filled: HashSet::new(),
        };
        let contact = world.make(Kind::Contact).await;
        let group = world.make(Kind::Group).await;
        let view = world.add_view().await;
        world.ids = HashMap::from([
            ("/v1.0/users", user),
            ("/v1.0/contacts", contact),
            ("/v1.0/groups", group),
            ("/v1.0/userViews", view),
            ("/v1.0/directoryRoles", template_id("billing").to_owned()),
        ]);
        world
    }

    /// The path of a collection, of the object that its `{id}` stands for.
    pub(super) fn path(&self, template: &str) -> String {
        let Some((parent, _)) = template.split_once("/{id}") else { return template.to_owned() };
        let id = self.ids.get(parent).unwrap_or_else(|| {
            panic!("tests/it/lists/world.rs knows no object of {parent}, for {template}")
        });
        template.replace("{id}", id)
    }

    /// Puts some objects into a collection.
    pub(super) async fn fill(&mut self, collection: &Collection) {
        let Some((parent, relation)) = self.relation(collection) else {
            if self.filled.insert(collection.template.clone()) {
                for _ in 0..OBJECTS {
                    self.add(collection).await;
                }
            }
            return;
        };
        for kind in kinds(collection) {
            if self.filled.insert(format!("{parent}/{relation} {kind:?}")) {
                for _ in 0..OBJECTS {
                    let id = self.make(kind).await;
                    self.link(&parent, &relation, kind, &id).await;
                }
            }
        }
    }

    /// Puts a new object into a collection; its id, or none where the collection is fixed.
    pub(super) async fn add(&self, collection: &Collection) -> Option<String> {
        if let Some((parent, relation)) = self.relation(collection) {
            let kind = *kinds(collection).first()?;
            let id = self.make(kind).await;
            self.link(&parent, &relation, kind, &id).await;
            return Some(id);
        }
        Some(match collection.template.as_str() {
            "/v1.0/users" | "/v1.0/addressBook" | "/v1.0/userViews/{id}/users" => {
                self.make(Kind::User).await
            }
            "/v1.0/contacts" => self.make(Kind::Contact).await,
            "/v1.0/groups" => self.make(Kind::Group).await,
            "/v1.0/directory/deletedItems/graph.user" => {
                let id = self.make(Kind::User).await;
                self.caller.delete(&format!("/v1.0/users/{id}")).await.is(204);
                id
            }
            "/v1.0/directory/deletedItems/graph.group" => self.add_deleted_group().await,
            "/v1.0/userViews" => self.add_view().await,
            "/v1.0/imports" => {
                let request = self.caller.request("POST", "/v1.0/imports");
                let request = request.header("content-type", "text/csv").body(FILE);
                self.caller.send(request).await.is(202).id()
            }
            "/v1.0/roleManagement/directory/roleAssignments" => self.add_administrator().await.1,
            "/v1.0/directoryRoles/{id}/members" | "/v1.0/reports/administratorContacts" => {
                self.add_administrator().await.0
            }
            "/v1.0/groups/{id}/joinRequests" => self.ask_to_join().await,
            // The roles of the caller.
            path if path.ends_with("/graph.directoryRole") => return None,
            // The same eight roles everywhere; the roles that go with those of the caller.
            "/v1.0/directoryRoles"
            | "/v1.0/directoryRoleTemplates"
            | "/v1.0/roleManagement/directory/roleDefinitions"
            | "/v1.0/users/{id}/serviceRoles"
            | "/v1.0/me/serviceRoles" => return None,
            other => panic!("tests/it/lists/world.rs cannot put an object into {other}"),
        })
    }

    /// Takes an object out of a collection, in the end by deleting it; whether that can be done.
    pub(super) async fn remove(&self, collection: &Collection, id: &str) -> bool {
        let path = match collection.template.as_str() {
            "/v1.0/imports" => return false,
            path if path.starts_with(DELETED) => DELETED,
            "/v1.0/groups/{id}/joinRequests" => &self.path(&collection.template),
            path @ ("/v1.0/userViews" | "/v1.0/roleManagement/directory/roleAssignments") => path,
            _ => "/v1.0/directoryObjects",
        };
        self.caller.delete(&format!("{path}/{id}")).await.is(204);
        if path == "/v1.0/directoryObjects" {
            // Users in deleted items keep their places in groups, which are few.
            self.caller.delete(&format!("{DELETED}/{id}")).await;
        }
        true
    }

    /// The object before a relation and the relation's name; none for other collections.
    fn relation(&self, collection: &Collection) -> Option<(String, String)> {
        let path = collection.template.replace("/v1.0/me/", "/v1.0/users/{id}/");
        let (parent, rest) = path.split_once("/{id}/")?;
        let relation = rest.split('/').next()?;
        let related = ["/v1.0/users", "/v1.0/contacts", "/v1.0/groups"].contains(&parent);
        let fixed = ["serviceRoles", "joinRequests"].contains(&relation)
            || path.ends_with("/graph.directoryRole");
        let related = related && !fixed;
        related.then(|| (format!("{parent}/{}", self.ids[parent]), relation.to_owned()))
    }

    async fn link(&self, parent: &str, relation: &str, kind: Kind, id: &str) {
        let named = parent.rsplit('/').next().expect("an id");
        let (path, named) = match relation {
            "directReports" => (format!("{}/{id}/manager/$ref", kind.collection()), named),
            "memberOf" | "transitiveMemberOf" => (format!("/v1.0/groups/{id}/members/$ref"), named),
            "ownedObjects" => (format!("/v1.0/groups/{id}/owners/$ref"), named),
            "transitiveMembers" | "recipients" => (format!("{parent}/members/$ref"), id),
            direct => (format!("{parent}/{direct}/$ref"), id),
        };
        let method = if relation == "directReports" { "PUT" } else { "POST" };
        let body = json!({"@odata.id": format!("{}/v1.0/directoryObjects/{named}", self.app.url)});
        self.caller.send(self.caller.request(method, &path).json(&body)).await.is(204);
    }

    async fn make(&self, kind: Kind) -> String {
        let alias = format!("x{}", Uuid::now_v7().simple());
        // Names repeat, so that orders have ties.
        let number = u8::from(alias.as_bytes().last().is_some_and(|last| last % 2 == 0));
        let body = match kind {
            Kind::User => {
                let mut body = person(&alias);
                body["displayName"] = json!(format!("Jan Jansen {number}"));
                body["mailNickname"] = json!(alias);
                body
            }
            Kind::Contact => json!({
                "displayName": format!("Jan Jansen {number}"),
                "name": alias, "mail": format!("{alias}@outside.example"),
            }),
            Kind::Group => json!({
                "displayName": alias, "mailNickname": alias, "mailEnabled": true,
                "securityEnabled": true, "memberJoinRestriction": "ApprovalRequired",
                "owners@odata.bind": [format!("{}/v1.0/users/{}", self.app.url, self.owner)],
            }),
        };
        // A person who makes a group owns it, a client does not.
        self.app.client().await.post(kind.collection(), &body).await.is(201).id()
    }

    /// Groups that distribute mail are deleted at once, others stay for a while.
    async fn add_deleted_group(&self) -> String {
        let alias = format!("x{}", Uuid::now_v7().simple());
        let group = json!({
            "displayName": "Alike", "mailNickname": alias, "mailEnabled": false,
            "securityEnabled": true,
        });
        let id = self.caller.post("/v1.0/groups", &group).await.is(201).id();
        self.caller.delete(&format!("/v1.0/groups/{id}")).await.is(204);
        id
    }

    async fn add_view(&self) -> String {
        let name = format!("View {}", Uuid::now_v7().simple());
        let body = json!({"displayName": name, "criteria": {"signInStatus": "allowed"}});
        self.caller.post("/v1.0/userViews", &body).await.is(201).id()
    }

    /// The id of the request of a new person to join the group.
    async fn ask_to_join(&self) -> String {
        let name = Uuid::now_v7().simple().to_string().split_off(16);
        let (_, person) = self.app.holder(&name, &[]).await;
        let path = format!("/v1.0/groups/{}/joinRequests", self.ids["/v1.0/groups"]);
        person.post(&path, &json!({"justification": "I bake, too."})).await.is(201).id()
    }

    /// The ids of a person who got a role and of the assignment.
    async fn add_administrator(&self) -> (String, String) {
        let mut body = person(&format!("x{}", Uuid::now_v7().simple()));
        body["alternateEmail"] = json!("somebody@elsewhere.example");
        let id = self.caller.post("/v1.0/users", &body).await.is(201).id();
        let assignment = self.app.assign(&id, "billing").await;
        (id, assignment)
    }
}

impl Kind {
    const fn collection(self) -> &'static str {
        match self {
            Self::User => "/v1.0/users",
            Self::Contact => "/v1.0/contacts",
            Self::Group => "/v1.0/groups",
        }
    }
}

/// The kinds of objects that a collection of related objects can hold.
fn kinds(collection: &Collection) -> Vec<Kind> {
    let kind = |cast: &str| match cast {
        "graph.user" => Kind::User,
        "graph.orgContact" => Kind::Contact,
        "graph.group" => Kind::Group,
        other => panic!("tests/it/lists/world.rs knows no {other}"),
    };
    let last = collection.template.rsplit('/').next().unwrap_or_default();
    match last {
        cast if cast.starts_with("graph.") => vec![kind(cast)],
        _ if collection.casts.is_empty() => {
            let of_groups = ["memberOf", "transitiveMemberOf", "ownedObjects"];
            let groups = of_groups.iter().any(|name| collection.template.contains(name));
            vec![if groups { Kind::Group } else { Kind::User }]
        }
        _ => {
            let casts = collection.casts.iter().filter(|cast| *cast != "graph.directoryRole");
            casts.map(|cast| kind(cast)).collect()
        }
    }
}
