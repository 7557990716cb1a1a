//! Two people who differ in nothing but their roles are the same to whoever may not view roles
//! (row 5, S36): whatever is asked and whatever is tried, the answers are the same.

use super::{PATH, ROW_5, reachable, reference};
use roster_tests::{Answer, Client, INITIAL_DOMAIN, TestApp, on_both, template_id};
use serde_json::{Value, json};

on_both! {
    every_read_shows_an_administrator_like_anybody_else,
    every_refusal_treats_an_administrator_like_anybody_else,
    every_explanation_treats_an_administrator_like_anybody_else,
    a_version_tells_nothing_of_a_role_that_was_given,
}

/// Somebody with a manager, a report and a group.
struct Twin {
    id: String,
    /// Stands in every name that is theirs.
    local: &'static str,
    report: String,
}

/// Names that are found in nothing else.
const LOCALS: [&str; 2] = ["twin.qa", "twin.qb"];

async fn twin(app: &TestApp, local: &'static str, (manager, group): (&str, &str)) -> Twin {
    let client = app.client().await;
    let named = |name: &str, local: &str, manager: &str| {
        let mut body = reachable(name);
        body["userPrincipalName"] = json!(format!("{local}@{INITIAL_DOMAIN}"));
        body["manager@odata.bind"] = json!(format!("{}/v1.0/users/{manager}", app.url));
        body
    };
    let id = app.create(&named("Twin", local, manager)).await.id();
    let report = app.create(&named("Report", &format!("report.{local}"), &id)).await.id();
    let members = format!("/v1.0/groups/{group}/members/$ref");
    client.post(&members, &reference(app, &id)).await.is(204);
    Twin { id, local, report }
}

/// Twins, of whom the second is an administrator, and the group that both are in.
async fn twins(app: &TestApp) -> ([Twin; 2], String) {
    let body = json!({
        "displayName": "Bakers", "mailNickname": "bakers", "mailEnabled": false,
        "securityEnabled": true,
    });
    let group = app.client().await.post("/v1.0/groups", &body).await.is(201).id();
    let manager = app.person("Manager").await;
    let plain = twin(app, LOCALS[0], (&manager, &group)).await;
    let administrator = twin(app, LOCALS[1], (&manager, &group)).await;
    for role in ["global", "exchange", "service"] {
        app.assign(&administrator.id, role).await;
    }
    ([plain, administrator], group)
}

/// Those who may not view roles.
async fn outsiders(app: &TestApp) -> Vec<(&'static str, Client)> {
    let everyone = app.everyone().await.into_iter();
    let hidden = |name: &str| !ROW_5.contains(&name) && name != "service";
    everyone.filter(|(name, _)| hidden(name)).collect()
}

/// What differs between any two objects and any two requests.
const OWN: [&str; 8] = [
    "createdDateTime",
    "lastPasswordChangeDateTime",
    "signInSessionsValidFromDateTime",
    "refreshTokensValidFromDateTime",
    "securityIdentifier",
    "date",
    "request-id",
    "client-request-id",
];

fn without_own(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|name, _| !OWN.contains(&name.as_str()));
            members.values_mut().for_each(without_own);
        }
        Value::Array(items) => items.iter_mut().for_each(without_own),
        _ => {}
    }
}

impl Twin {
    /// A text with what is their own in the places where it is meant.
    fn fill(&self, text: &str) -> String {
        text.replace("ID", &self.id)
    }

    /// An answer as it would be of either of them: status, version and body.
    fn seen(&self, answer: &Answer) -> String {
        let mut body = answer.json.clone();
        without_own(&mut body);
        let body = if body.is_null() { answer.text.clone() } else { body.to_string() };
        let body = body.replace(&self.id, "ID").replace(&self.report, "REPORT");
        format!(
            "{} {:?} {}",
            answer.status,
            answer.headers.get("etag"),
            body.replace(self.local, "L")
        )
    }
}

/// Asserts that a request about one twin is answered like the same about the other.
async fn alike(client: &Client, who: &str, twins: &[Twin; 2], request: (&str, &str, &Value)) {
    let (method, path, body) = request;
    let mut seen = Vec::new();
    for twin in twins {
        let request = client.request(method, &twin.fill(path));
        let text = twin.fill(&body.to_string());
        let request = if body.is_null() {
            request
        } else {
            request.header("content-type", "application/json").body(text)
        };
        let answer = client.send(request).await;
        assert!(answer.status < 500, "{who}: {answer}");
        seen.push(twin.seen(&answer));
    }
    assert_eq!(seen[0], seen[1], "{who} is told roles by {method} {path} {body}");
}

/// Paths that read something of a user, and everything below.
async fn reads(app: &TestApp, group: &str) -> Vec<String> {
    let document = app.anonymous().get("/openapi.json").await.is(200).json;
    let paths = document["paths"].as_object().unwrap().iter();
    let below = paths.filter(|(path, item)| {
        let of_users = path.starts_with("/v1.0/users/{id}");
        let of_objects = path.starts_with("/v1.0/directoryObjects/{id}");
        item["get"].is_object() && (of_users || of_objects)
    });
    let mut all: Vec<String> = below
        .flat_map(|(path, _)| {
            [group, template_id("global")]
                .map(|object| path.replace("{id}", "ID").replace("{object}", object))
        })
        .collect();
    assert!(all.len() > 40, "only {} reads were found", all.len());
    let role = template_id("exchange");
    for relation in ["memberOf", "transitiveMemberOf"] {
        for options in [
            format!("$filter=id%20eq%20'{role}'&$count=true"),
            "$filter=startswith(displayName,'E')".to_owned(),
            "$search=%22displayName:administrator%22".to_owned(),
            "$orderby=displayName%20desc&$top=1&$count=true".to_owned(),
            "$select=displayName".to_owned(),
        ] {
            all.push(format!("/v1.0/users/ID/{relation}?{options}"));
            all.push(format!("/v1.0/users/ID/{relation}/graph.directoryRole?{options}"));
        }
    }
    let one = "$filter=id%20eq%20'ID'";
    for expand in ["memberOf", "transitiveMemberOf", "manager", "directReports"] {
        all.push(format!("/v1.0/users/ID?$expand={expand}"));
        all.push(format!("/v1.0/users?{one}&$expand={expand}&$count=true"));
        all.push(format!("/v1.0/groups/{group}/members/graph.user?{one}&$expand={expand}"));
    }
    all.extend([
        "/v1.0/users?$filter=id%20eq%20'ID'&$select=id,capabilities".to_owned(),
        "/v1.0/users/ID?$select=id,capabilities".to_owned(),
        "/v1.0/users?$filter=memberOf/any(m:m/id%20eq%20'ID')".to_owned(),
        format!("/v1.0/groups/{group}/members?{one}"),
        format!("/v1.0/addressBook?{one}"),
        format!("{PATH}?$filter=principalId%20eq%20'ID'&$count=true"),
        format!("{PATH}/$count?$filter=principalId%20eq%20'ID'"),
    ]);
    all
}

async fn every_read_shows_an_administrator_like_anybody_else(app: TestApp) {
    let (twins, group) = twins(&app).await;
    let reads = reads(&app, &group).await;
    for (who, client) in outsiders(&app).await {
        let eventual = client.with("ConsistencyLevel", "eventual");
        for path in &reads {
            alike(&eventual, who, &twins, ("GET", path, &Value::Null)).await;
        }
        let ids = json!([group, template_id("global"), template_id("exchange")]);
        for base in ["/v1.0/users/ID", "/v1.0/directoryObjects/ID"] {
            for (question, body) in [
                ("getMemberGroups", json!({"securityEnabledOnly": false})),
                ("getMemberObjects", json!({"securityEnabledOnly": false})),
                ("checkMemberGroups", json!({"groupIds": ids})),
                ("checkMemberObjects", json!({"ids": ids})),
            ] {
                let path = format!("{base}/{question}");
                alike(&client, who, &twins, ("POST", &path, &body)).await;
            }
        }
        let by_ids = json!({"ids": ["ID", group], "types": ["user", "directoryRole"]});
        let path = "/v1.0/directoryObjects/getByIds";
        alike(&client, who, &twins, ("POST", path, &by_ids)).await;
    }
    // The same requests tell them apart to whoever may view roles.
    let path = "/v1.0/users/ID/memberOf";
    let global = app.as_global().await;
    let mut seen = Vec::new();
    for twin in &twins {
        seen.push(twin.seen(&global.get(&twin.fill(path)).await.is(200)));
    }
    assert_ne!(seen[0], seen[1], "the twins do not differ at all");
}

async fn every_refusal_treats_an_administrator_like_anybody_else(app: TestApp) {
    let (twins, group) = twins(&app).await;
    let reset = json!({"passwordProfile": {"forceChangePasswordNextSignIn": true}});
    let link = json!({"@odata.id": "https://any.example/v1.0/directoryObjects/ID"});
    let both = json!({"jobTitle": "Baker", "passwordProfile": reset["passwordProfile"]});
    let role = template_id("global");
    let member = format!("/v1.0/directoryRoles/{role}/members");
    let assign = json!({"principalId": "ID", "roleDefinitionId": role});
    let requests = [
        ("PATCH", "/v1.0/users/ID".to_owned(), json!({"jobTitle": "Baker"})),
        ("PATCH", "/v1.0/users/ID".to_owned(), json!({"mobilePhone": "+31612345678"})),
        ("PATCH", "/v1.0/users/ID".to_owned(), json!({"otherMails": []})),
        ("PATCH", "/v1.0/users/ID".to_owned(), json!({"accountEnabled": false})),
        ("PATCH", "/v1.0/users/ID".to_owned(), both),
        ("DELETE", "/v1.0/users/ID".to_owned(), Value::Null),
        ("DELETE", "/v1.0/directoryObjects/ID".to_owned(), Value::Null),
        ("PUT", "/v1.0/users/ID/manager/$ref".to_owned(), link.clone()),
        ("DELETE", "/v1.0/users/ID/manager/$ref".to_owned(), Value::Null),
        ("POST", "/v1.0/users/ID/restore".to_owned(), json!({})),
        ("DELETE", "/v1.0/directory/deletedItems/ID".to_owned(), Value::Null),
        ("POST", PATH.to_owned(), assign),
        ("POST", format!("{PATH}/bulk"), json!({"userIds": ["ID"], "role": "global"})),
        ("POST", format!("{member}/$ref"), link.clone()),
        ("DELETE", format!("{member}/ID/$ref"), Value::Null),
        ("GET", member.clone(), Value::Null),
        ("POST", format!("/v1.0/groups/{group}/owners/$ref"), link),
        ("DELETE", format!("/v1.0/groups/{group}/members/ID/$ref"), Value::Null),
    ];
    for (who, client) in outsiders(&app).await {
        for (method, path, body) in &requests {
            alike(&client, who, &twins, (*method, path.as_str(), body)).await;
        }
        // Nothing but the attempt itself tells, to whoever resets passwords of people without
        // roles: that is what the limit of row 3 means.
        if who != "password" {
            alike(&client, who, &twins, ("PATCH", "/v1.0/users/ID", &reset)).await;
        }
    }
}

async fn every_explanation_treats_an_administrator_like_anybody_else(app: TestApp) {
    let (twins, group) = twins(&app).await;
    let document = app.anonymous().get("/openapi.json").await.is(200).json;
    let operations: Vec<&str> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .filter(|(path, _)| path.contains("/users") || path.contains("irectory"))
        .flat_map(|(_, item)| item.as_object().unwrap().values())
        .filter(|operation| operation["x-permission"].is_object())
        .filter_map(|operation| operation["operationId"].as_str())
        .collect();
    assert!(operations.len() > 60, "only {} operations were found", operations.len());
    let check = "/v1.0/permissions/check";
    for (who, client) in outsiders(&app).await {
        for operation in &operations {
            let question = json!({"operation": operation, "target": "ID"});
            alike(&client, who, &twins, ("POST", check, &question)).await;
        }
        for properties in [json!(["passwordProfile"]), json!(["mobilePhone", "jobTitle"])] {
            let question =
                json!({"operation": "update_user", "target": "ID", "properties": properties});
            alike(&client, who, &twins, ("POST", check, &question)).await;
        }
        for question in [
            json!({"operation": "add_group_members", "target": group, "object": "ID"}),
            json!({"operation": "delete_user", "actor": "ID", "target": group}),
            json!({"operation": "list_users", "actor": "ID"}),
        ] {
            alike(&client, who, &twins, ("POST", check, &question)).await;
        }
    }
}

async fn a_version_tells_nothing_of_a_role_that_was_given(app: TestApp) {
    let id = super::future_administrator(&app).await;
    let member = app.as_member().await;
    let version = async || {
        let read = member.get(&format!("/v1.0/users/{id}")).await.is(200);
        (read.header("etag").to_owned(), read.json)
    };
    let before = version().await;
    app.assign(&id, "exchange").await;
    assert_eq!(version().await, before);
    app.revoke(&id, "exchange").await.is(204);
    assert_eq!(version().await, before);
}
