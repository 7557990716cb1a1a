//! What the caller may do with each object of a list, against what the operations answer.

use roster_tests::{Answer, Client, ROLES, TestApp, on_both};
use serde_json::{Value, json};
use std::collections::HashMap;

on_both! {
    capabilities_over_users_are_what_the_operations_answer,
    capabilities_over_users_tell_no_roles_that_are_hidden,
    capabilities_over_groups_are_what_the_operations_answer,
    owning_a_group_counts_by_name_and_through_a_group,
    capabilities_over_groups_stand_wherever_groups_are_listed,
}

/// The four kinds: name, mailEnabled, securityEnabled, groupTypes.
const KINDS: [(&str, bool, bool, &[&str]); 4] = [
    ("Security", false, true, &[]),
    ("Unified", true, false, &["Unified"]),
    ("Distribution", true, false, &[]),
    ("Mailsecurity", true, true, &[]),
];

/// A group of each kind with an owner; their ids, in the order of [`KINDS`].
async fn groups(app: &TestApp, prefix: &str, owner: &str) -> Vec<String> {
    let mut ids = Vec::new();
    for (name, mail, security, types) in KINDS {
        let body = json!({
            "displayName": format!("{prefix} {name}"),
            "mailNickname": format!("{prefix}{name}").to_lowercase(),
            "mailEnabled": mail, "securityEnabled": security, "groupTypes": types,
            "owners@odata.bind": [format!("{}/v1.0/directoryObjects/{owner}", app.url)],
        });
        ids.push(app.client().await.post("/v1.0/groups", &body).await.is(201).id());
    }
    ids
}

/// The capabilities that a list tells, by id.
async fn told(client: &Client, path: &str) -> HashMap<String, Value> {
    let listed = client.get(&format!("{path}?$select=id,capabilities")).await.is(200);
    let pair =
        |item: &Value| (item["id"].as_str().unwrap().to_owned(), item["capabilities"].clone());
    listed.items().iter().map(pair).collect()
}

/// Asserts that a client may do with groups what it is told.
async fn holds(client: &Client, who: &str, ids: &[String]) -> Vec<bool> {
    let told = told(client, "/v1.0/groups").await;
    let mut may = Vec::new();
    for id in ids {
        let path = format!("/v1.0/groups/{id}");
        let updated = client.patch(&path, &json!({"description": "Bread"})).await.status == 204;
        assert_eq!(told[id]["canUpdate"], updated, "{who} of {id}");
        assert_eq!(told[id]["canDelete"], updated, "{who} of {id}");
        for name in ["canResetPassword", "canAssignLicense", "canAssignRoles"] {
            assert_eq!(told[id][name], Value::Null, "{who}: no meaning for groups");
        }
        let one = client.get(&format!("{path}?$select=capabilities")).await.is(200);
        assert_eq!(one["capabilities"], told[id], "{who}: one as in the list");
        may.push(updated);
    }
    may
}

async fn capabilities_over_groups_are_what_the_operations_answer(app: TestApp) {
    let owner = app.person("Owner").await;
    let ids = groups(&app, "Bakers", &owner).await;
    for (name, client) in app.everyone().await {
        let expected = match name {
            "global" | "user" => [true; 4],
            "exchange" => [false, false, true, true],
            _ => [false; 4],
        };
        assert_eq!(holds(&client, name, &ids).await, expected, "{name}");
    }
    let told = told(&app.as_member().await, "/v1.0/groups").await;
    let member = app.as_member().await;
    for id in ids {
        assert_eq!(told[&id]["canDelete"], false);
        member.delete(&format!("/v1.0/groups/{id}")).await.is(403).enveloped();
        app.as_role("user").await.delete(&format!("/v1.0/groups/{id}")).await.is(204);
    }
}

async fn owning_a_group_counts_by_name_and_through_a_group(app: TestApp) {
    let (owner, session) = app.holder("Owner", &[]).await;
    let (nested, inner) = app.holder("Inner", &[]).await;
    let owned = groups(&app, "Owned", &owner).await;
    assert_eq!(holds(&session, "owner", &owned).await, [true; 4]);
    assert_eq!(holds(&inner, "nobody", &owned).await, [false; 4]);
    // A mail-enabled security group owns others; who is in it, however deep, owns them too.
    let outer = &groups(&app, "Outer", &owner).await[3];
    let between = &groups(&app, "Between", &owner).await[3];
    let client = app.client().await;
    for (group, member) in [(outer, between), (between, &nested)] {
        let path = format!("/v1.0/groups/{group}/members/$ref");
        client.post(&path, &super::reference(&app, member)).await.is(204);
    }
    let path = format!("/v1.0/groups/{}/owners/$ref", owned[2]);
    client.post(&path, &super::reference(&app, outer)).await.is(204);
    assert_eq!(holds(&inner, "inner", &owned).await, [false, false, true, false]);
    client.delete(&format!("/v1.0/groups/{between}")).await.is(204);
    assert_eq!(holds(&inner, "inner", &owned).await, [false; 4], "the chain is broken");
}

async fn capabilities_over_groups_stand_wherever_groups_are_listed(app: TestApp) {
    let (owner, session) = app.holder("Owner", &[]).await;
    let owned = groups(&app, "Owned", &owner).await;
    groups(&app, "Others", &app.person("Somebody").await).await;
    let yes = json!({
        "canUpdate": true, "canDelete": true, "canResetPassword": null, "canAssignLicense": null,
        "canAssignRoles": null,
    });
    let mine = told(&session, "/v1.0/me/ownedObjects/graph.group").await;
    assert_eq!(mine.len(), 4);
    assert!(owned.iter().all(|id| mine[id] == yes), "{mine:#?}");
    let all = told(&session, "/v1.0/groups").await;
    assert_eq!(all.values().filter(|each| **each == yes).count(), 4, "{all:#?}");
    let plain = session.get("/v1.0/groups").await.is(200);
    assert!(
        plain.items().iter().all(|group| group["capabilities"].is_null()),
        "only when selected"
    );
    for (option, value) in [("$filter", "capabilities eq null"), ("$orderby", "capabilities")] {
        session.query("/v1.0/groups", &[(option, value)]).await.is(400).enveloped();
    }
}

/// The permissions of which each flag over people tells one, by the requests that they let through.
async fn tried(app: &TestApp, client: &Client, id: &str) -> Value {
    let path = format!("/v1.0/users/{id}");
    let reset = json!({"passwordProfile": {"forceChangePasswordNextSignIn": true}});
    let allowed = |answer: Answer| {
        assert!(answer.status < 300 || answer.status == 403, "{answer}");
        answer.status < 300
    };
    let updated = allowed(client.patch(&path, &json!({"jobTitle": "Baker"})).await);
    let was_reset = allowed(client.patch(&path, &reset).await);
    let assigned = allowed(super::assign(client, id, "sharepoint").await);
    if assigned {
        app.revoke(id, "sharepoint").await.is(204);
    }
    let deleted = allowed(client.delete(&path).await);
    json!({"canUpdate": updated, "canDelete": deleted, "canResetPassword": was_reset,
           "canAssignRoles": assigned})
}

/// People with these roles, whom anything can be done to.
const PEOPLE: [&[&str]; 4] = [&[], &["billing"], &["exchange", "service"], &["global"]];

async fn capabilities_over_users_are_what_the_operations_answer(app: TestApp) {
    for (name, client) in app.everyone().await {
        let views = super::ROW_5.contains(&name) || name == "service";
        for roles in PEOPLE {
            let id = super::future_administrator(&app).await;
            for role in roles {
                app.assign(&id, role).await;
            }
            let listed = told(&client, "/v1.0/users").await;
            let path = format!("/v1.0/users/{id}?$select=capabilities");
            assert_eq!(client.get(&path).await["capabilities"], listed[&id], "{name} {roles:?}");
            // No operation changes licences yet: row 7 of the matrix.
            assert_eq!(listed[&id]["canAssignLicense"], ["global", "user"].contains(&name));
            let did = tried(&app, &client, &id).await;
            for (flag, did) in did.as_object().unwrap() {
                let told = &listed[&id][flag];
                // Whether a password administrator resets it would tell whether it holds a role.
                let hidden = !views && name == "password" && flag == "canResetPassword";
                let expected = if hidden { &Value::Null } else { did };
                assert_eq!(told, expected, "{flag} of {name} over {roles:?}");
            }
        }
    }
}

async fn capabilities_over_users_tell_no_roles_that_are_hidden(app: TestApp) {
    let mut ids = Vec::new();
    for (at, (role, _)) in ROLES.iter().enumerate() {
        let roles = if *role == "service" { vec!["service", "skype"] } else { vec![*role] };
        ids.push(app.holder(&format!("Holder {at}"), &roles).await.0);
    }
    ids.push(app.person("Plain").await);
    for (name, client) in app.everyone().await {
        if super::ROW_5.contains(&name) || name == "service" {
            continue;
        }
        let listed = told(&client, "/v1.0/users").await;
        let mut all: Vec<&Value> = ids.iter().map(|id| &listed[id]).collect();
        all.dedup();
        assert_eq!(all.len(), 1, "{name}: {all:#?}");
        // Their own roles are no secret to them.
        let own = client.get("/v1.0/me?$select=id,capabilities").await.is(200);
        assert_eq!(own["capabilities"]["canResetPassword"], false, "{name}: {own}");
        assert_eq!(listed[&own.id()], own["capabilities"], "{name}");
    }
}
