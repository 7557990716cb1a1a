//! Administrator roles: what they are, who holds them, and what follows (seed 002).

mod administrator_contacts;
mod assignments;
mod bulk;
mod capabilities;
mod check;
mod definitions;
mod directory_roles;
mod ends;
mod explained;
mod last_administrator;
mod matrix;
mod memberships;
mod policy;
mod rules;
mod service_roles;
mod takeover;
mod twins;

use roster_tests::{Answer, Client, TestApp, person, template_id, upn};
use serde_json::{Value, json};
use uuid::Uuid;

/// The collection of role assignments.
const PATH: &str = "/v1.0/roleManagement/directory/roleAssignments";

/// The matrix as the seed has it.
const MATRIX: &str = include_str!("../../fixtures/permission-matrix.csv");

/// Roles that may view roles (row 5).
const ROW_5: [&str; 5] = ["global", "user", "exchange", "sharepoint", "skype"];

/// The lines of the matrix: key, Dutch words, and the cells in the order of the roles.
fn rows() -> impl Iterator<Item = (&'static str, String, Vec<&'static str>)> {
    let lines = MATRIX.lines().filter(|line| !line.starts_with('#')).skip(1);
    lines.map(|line| {
        let (key, rest) = line.split_once(',').unwrap();
        let cells: Vec<&str> = rest.rsplit(',').take(8).collect();
        // Words with a comma stand in quotes.
        let words = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split('"').next().unwrap(),
            None => rest.split(',').next().unwrap(),
        };
        (key, words.to_owned(), cells.into_iter().rev().collect())
    })
}

/// Asks for a role for somebody.
async fn assign(client: &Client, principal: &str, role: &str) -> Answer {
    let body = json!({"principalId": principal, "roleDefinitionId": template_id(role)});
    client.post(PATH, &body).await
}

/// A body of a person who may be given a role (A20).
fn reachable(name: &str) -> Value {
    let mut body = person(name);
    body["alternateEmail"] = json!("jan@elsewhere.example");
    body
}

/// A person without a role who may be given one.
async fn future_administrator(app: &TestApp) -> String {
    let mut body = reachable("Jan Jansen");
    body["userPrincipalName"] = json!(upn(&Uuid::now_v7().to_string()));
    app.create(&body).await.id()
}

/// Keys of the roles that somebody holds.
async fn roles_of(app: &TestApp, id: &str) -> Vec<&'static str> {
    let filter = format!("principalId eq '{id}'");
    let found = app.client().await.query(PATH, &[("$filter", &filter)]).await.is(200);
    let held = found.column("roleDefinitionId");
    let roles = roster_tests::ROLES.iter();
    roles.filter(|(_, id)| held.iter().any(|held| held == id)).map(|(key, _)| *key).collect()
}

/// The address of an object, to be named in a body.
fn reference(app: &TestApp, id: &str) -> Value {
    json!({"@odata.id": format!("{}/v1.0/directoryObjects/{id}", app.url)})
}

/// The path of the members of a role.
fn members(role: &str) -> String {
    format!("/v1.0/directoryRoles/{}/members", template_id(role))
}
