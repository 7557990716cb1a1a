//! No operation lets a lower administrator act against a higher one (V14, V22): every operation
//! that names a person is tried on a global administrator, whichever of its siblings it is.

use super::document;
use crate::matrix::{Operation, objects, operations};
use roster_tests::{Client, INITIAL_DOMAIN, PASSWORD, TestApp, on_both};
use serde_json::{Value, json};

on_both! {
    no_operation_on_a_person_touches_a_higher_administrator,
    whatever_a_lower_administrator_makes_a_higher_one_takes_away,
}

/// Those who act on people.
const LOWER: [&str; 4] = ["user", "password", "exchange", "billing"];

/// Collections whose ids are those of people, and of what makes them administrators.
const PEOPLE: [&str; 4] = [
    "/v1.0/users/{id}",
    "/v1.0/directoryObjects/{id}",
    "/v1.0/directoryRoles/{id}/members",
    "/v1.0/roleManagement/directory/roleAssignments/{id}",
];

/// The properties by which an account is taken over, as the document names them, with a value.
fn sensitive(document: &Value) -> Vec<Value> {
    let properties = document["components"]["schemas"]["user"]["properties"].as_object();
    let named = properties.expect("a schema").iter().filter(|(_, schema)| {
        schema["description"].as_str().is_some_and(|text| text.contains("Sensitive"))
    });
    let bodies = named.map(|(name, schema)| {
        let value = match (name.as_str(), schema["type"].as_str()) {
            ("proxyAddresses", _) => json!([format!("SMTP:thief@{INITIAL_DOMAIN}")]),
            ("otherMails", _) => json!(["thief@elsewhere.example"]),
            ("businessPhones", _) => json!(["+31699999999"]),
            ("mobilePhone", _) => json!("+31699999999"),
            ("alternateEmail", _) => json!("thief@elsewhere.example"),
            ("mail" | "userPrincipalName", _) => json!(format!("thief@{INITIAL_DOMAIN}")),
            (_, Some("boolean")) => json!(false),
            _ => json!("thief"),
        };
        json!({ (name): value })
    });
    let mut bodies: Vec<Value> = bodies.collect();
    assert!(bodies.len() > 7, "{bodies:?}");
    bodies.push(json!({"passwordProfile": {"password": "Thief-7#zomer-Pelikaan"}}));
    bodies.push(json!({"passwordProfile": {"forceChangePasswordNextSignIn": true}}));
    bodies
}

/// What must stay as it is.
async fn state(witness: &Client, document: &Value, id: &str) -> Value {
    let names: Vec<String> = sensitive(document)
        .iter()
        .flat_map(|body| body.as_object().unwrap().keys().cloned().collect::<Vec<_>>())
        .filter(|name| name != "passwordProfile")
        .collect();
    let path = format!("/v1.0/users/{id}?$select={}", names.join(","));
    let mut user = witness.get(&path).await.is(200).json;
    user.as_object_mut().unwrap().remove("@odata.etag");
    let roles = "/v1.0/roleManagement/directory/roleAssignments";
    let filter = format!("principalId eq '{id}'");
    let roles = witness.query(roles, &[("$filter", &filter)]).await.is(200);
    json!([user, roles.column("roleDefinitionId")])
}

async fn no_operation_on_a_person_touches_a_higher_administrator(app: TestApp) {
    let document = document(&app).await;
    let witness = app.client().await;
    let (id, session) = app.holder("Target", &["global"]).await;
    let name = session.get("/v1.0/me").await.text_of("userPrincipalName");
    let assignment = app.assignment(&id, "global").await;
    let before = state(&witness, &document, &id).await;
    let mut tried = 0;
    for operation in operations(&document).iter().filter(|each| is_write(each)) {
        let path = operation
            .template
            .replace("roleAssignments/{id}", &format!("roleAssignments/{assignment}"));
        let role = format!("directoryRoles/{}", roster_tests::template_id("global"));
        let path = path.replace("directoryRoles/{id}", &role).replace("{object}", &id);
        let path = path.replace("{id}", &id);
        let mut bodies = vec![objects::body(&app, &operation.key()).await.unwrap_or(json!({}))];
        if operation.method == "patch" {
            bodies = sensitive(&document);
        }
        for lower in LOWER {
            let client = app.as_role(lower).await;
            for body in &bodies {
                let request = client.request(&operation.method.to_uppercase(), &path);
                let request = if operation.media.is_some() { request.json(body) } else { request };
                let answer = client.send(request).await;
                let what = format!("{lower}: {} {body}: {answer}", operation.key());
                // Whose report somebody is, is no way to their account.
                if operation.template.contains("/manager") {
                    assert!([204, 403].contains(&answer.status), "{what}");
                } else if reads(operation) {
                    assert!([200, 400].contains(&answer.status), "{what}");
                } else {
                    assert!([403, 404].contains(&answer.status), "{what}");
                }
                tried += 1;
            }
        }
    }
    assert_eq!(state(&witness, &document, &id).await, before);
    session.get("/v1.0/me").await.is(200);
    app.password_grant(&name, PASSWORD).await.is(200);
    assert!(tried > 80, "only {tried} requests were made");
}

fn is_write(operation: &Operation) -> bool {
    operation.method != "get" && PEOPLE.iter().any(|start| operation.template.starts_with(start))
}

/// Whether an operation asks a question with a body.
fn reads(operation: &Operation) -> bool {
    operation.template.contains("/checkMember") || operation.template.contains("/getMember")
}

async fn whatever_a_lower_administrator_makes_a_higher_one_takes_away(app: TestApp) {
    let (global, document) = (app.as_global().await, document(&app).await);
    let mut made = 0;
    for operation in operations(&document) {
        let collection = &operation.template;
        let one = format!("{collection}/{{id}}");
        let deletes = !document["paths"][&one]["delete"].is_null();
        if operation.method != "post" || !deletes {
            continue;
        }
        for lower in LOWER {
            // Files are uploaded, and stay as what was done.
            let Some(body) = objects::body(&app, &operation.key()).await else { continue };
            let client = app.as_role(lower).await;
            let answer = client.post(collection, &body).await;
            if answer.status == 201 {
                let path = format!("{collection}/{}", answer.id());
                global.delete(&path).await.is(204);
                global.get(&path).await.is(404);
                made += 1;
            }
        }
    }
    assert!(made > 4, "only {made} things were made");
}
