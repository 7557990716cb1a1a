//! What nobody may write is not written by naming it (S35, V13): the read-only properties of the
//! document and made-up privileged ones, in every body that is otherwise accepted.

use super::{document, told};
use crate::matrix::{Operation, objects, operations};
use roster_tests::{Answer, Client, TestApp, on_both, upn};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

on_both! {
    no_body_writes_what_is_read_only_or_privileged,
    no_column_of_a_file_writes_what_is_read_only_or_privileged,
}

/// What other services were talked into writing: flags, owners, organisations, secrets.
const PRIVILEGED: [&str; 24] = [
    "tenant",
    "tenantId",
    "tenant_id",
    "organisationId",
    "isAdmin",
    "isVerified",
    "emailVerified",
    "passwordHash",
    "password_hash",
    "wids",
    "assignedRoles",
    "epoch",
    "seq",
    "version",
    "doc",
    "createdBy",
    "ownerId",
    "isBuiltIn",
    "enabled",
    "failedAttempts",
    "lockedUntil",
    "invitationToken",
    "isDeleted",
    "__proto__",
];

const ENTITIES: [&str; 5] = ["user", "group", "orgContact", "unifiedRoleAssignment", "userView"];

/// A value of another kind than the one that is there.
fn value(schema: &Value) -> Value {
    let ty = schema["type"].as_str().or_else(|| schema["type"][0].as_str());
    match (ty, schema["format"].as_str()) {
        (Some("boolean"), _) => json!(true),
        (Some("array"), _) => json!([{"skuId": super::RANDOM}]),
        (Some("object"), _) => json!({"canDelete": true}),
        (_, Some("date-time")) => json!("2001-01-01T00:00:00Z"),
        _ => json!("usurped"),
    }
}

/// The read-only properties of every kind of object, with a value that they do not have.
fn protected(document: &Value) -> BTreeMap<String, Value> {
    let mut protected: BTreeMap<_, _> =
        PRIVILEGED.iter().map(|name| ((*name).to_owned(), json!(super::RANDOM))).collect();
    for entity in ENTITIES {
        let properties = document["components"]["schemas"][entity]["properties"].as_object();
        for (name, schema) in properties.expect("a schema") {
            let text = schema["description"].as_str().unwrap_or_default();
            let read_only = schema["readOnly"] == true || text.contains("Read-only");
            // What `$expand` showed may be sent back and is left as it is: `relations`.
            let relation = text.contains("$expand");
            if read_only && !relation && !name.contains('@') {
                protected.insert(name.clone(), value(schema));
            }
        }
    }
    assert!(protected.len() > 50, "{protected:?}");
    protected
}

/// The properties that the body of an operation has, whichever of its schemas declares them.
fn declared(document: &Value, schema: &Value) -> Map<String, Value> {
    let schema = match schema["$ref"].as_str().and_then(|name| name.rsplit('/').next()) {
        Some(name) => &document["components"]["schemas"][name],
        None => schema,
    };
    let mut declared = schema["properties"].as_object().cloned().unwrap_or_default();
    for part in ["allOf", "oneOf"] {
        for each in schema[part].as_array().into_iter().flatten() {
            declared.extend(self::declared(document, each));
        }
    }
    declared
}

/// Everything that a change could show in.
async fn state(client: &Client, path: &str) -> Vec<String> {
    let mut state = Vec::new();
    for collection in [
        "/v1.0/users",
        "/v1.0/groups",
        "/v1.0/contacts",
        "/v1.0/userViews",
        "/v1.0/roleManagement/directory/roleAssignments",
        "/v1.0/directory/deletedItems/graph.user",
    ] {
        let counted = format!("{collection}/$count");
        let answer = client.get(&counted).await;
        let answer = if answer.status == 200 { answer } else { client.get(collection).await };
        state.push(answer.is(200).text);
    }
    // The object itself, where the operation is about one.
    let object: Vec<&str> = path.split('/').take(4).collect();
    let object = object.join("/");
    if path.split('/').count() > 3 && !object.contains("roleManagement") {
        let answer = client.get(&object).await;
        state.push(format!("{} {:?}", answer.header("etag"), told(&answer, "")));
    }
    state
}

async fn no_body_writes_what_is_read_only_or_privileged(app: TestApp) {
    let document = document(&app).await;
    let protected = protected(&document);
    let (client, witness) = (app.as_global().await, app.client().await);
    let (mut tried, mut failed) = (0, Vec::new());
    for operation in operations(&document).iter().filter(|each| takes_json(each)) {
        let Some(body) = objects::body(&app, &operation.key()).await else { continue };
        let described = &document["paths"][&operation.template][&operation.method];
        let schema = &described["requestBody"]["content"]["application/json"]["schema"];
        // A reference is read for its address and has no other members.
        if schema["$ref"] == "#/components/schemas/reference" {
            continue;
        }
        let declared = declared(&document, schema);
        let path = objects::path(&app, &operation.template, &mut HashMap::new()).await;
        let before = state(&witness, &path).await;
        for (name, value) in &protected {
            let writable = declared.get(name).is_some_and(|schema| {
                let text = schema["description"].as_str().unwrap_or_default();
                schema["readOnly"] != true && !text.contains("Read-only")
            });
            if writable || body.get(name).is_some() {
                continue;
            }
            let mut body = body.clone();
            body[name] = value.clone();
            let request = client.request(&operation.method.to_uppercase(), &path).json(&body);
            let answer = client.send(request).await;
            if !is_refused(&answer, name) {
                failed.push(format!("{} with {name}: {answer}", operation.key()));
            }
            tried += 1;
        }
        if state(&witness, &path).await != before {
            failed.push(format!("{} changed something", operation.key()));
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
    assert!(tried > 800, "only {tried} bodies were sent");
}

fn takes_json(operation: &Operation) -> bool {
    operation.media.as_ref().is_some_and(|media| media.contains("json"))
}

/// Whether a property is refused by its name.
fn is_refused(answer: &Answer, name: &str) -> bool {
    let named = answer.targets().iter().any(|target| target.split('/').next() == Some(name));
    answer.status == 400 && named
}

/// Columns of a file, and a row. Files of users have their columns by place: one more is too many.
const COLUMNS: [(&str, &str, &str); 2] = [
    (
        "/v1.0/imports",
        "User Name,First Name,Last Name,Display Name,Job Title,Department,Office Number,\
         Office Phone,Mobile Phone,Fax,Alternate Email Address,Address,City,State or Province,\
         ZIP or Postal Code,Country or Region",
        "UPN,,,Usurper,,,,,,,,,,,,",
    ),
    (
        "/v1.0/imports/contacts",
        "ExternalEmailAddress,Name,FirstName,LastName",
        "usurper@outside.example,Usurper,Us,Urper",
    ),
];

async fn no_column_of_a_file_writes_what_is_read_only_or_privileged(app: TestApp) {
    let document = document(&app).await;
    let client = app.as_global().await;
    let mut names: Vec<String> = protected(&document).into_keys().collect();
    names.extend(["roles", "Role", "accountEnabled", "password"].map(str::to_owned));
    let before = state(&client, "").await;
    let mut failed = Vec::new();
    for (path, columns, row) in COLUMNS {
        for name in &names {
            let row = row.replace("UPN", &upn("Usurper"));
            let file = format!("{columns},{name}\n{row},{}\n", super::RANDOM);
            let upload = client.request("POST", path).header("content-type", "text/csv");
            let answer = client.send(upload.body(file)).await;
            if answer.status != 400 {
                let job = answer.is(202).id();
                let ended = ended(&client, &job).await;
                if ended["status"] != "failed" {
                    failed.push(format!("{path} with the column {name}: {ended}"));
                }
            }
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
    assert_eq!(state(&client, "").await, before, "nobody is made");
}

/// A job once it is done.
pub(super) async fn ended(client: &Client, job: &str) -> Answer {
    loop {
        let now = client.get(&format!("/v1.0/imports/{job}")).await.is(200);
        if ["completed", "failed"].iter().any(|ended| now["status"] == *ended) {
            return now;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
