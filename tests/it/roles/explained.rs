//! `permissions/check` tells the truth: what it answers is what the operation answers, for every
//! principal, operation and kind of target.

use super::reachable;
use roster_tests::{Answer, Client, ROLES, TestApp, on_both, upn};
use serde_json::{Value, json};
use uuid::Uuid;

on_both! {
    what_is_told_about_users_is_what_the_operations_answer,
    what_is_told_about_groups_is_what_the_operations_answer,
    what_is_told_about_requests_to_join_is_what_the_operations_answer,
    what_is_told_about_contacts_and_roles_is_what_the_operations_answer,
    what_is_told_about_deleted_people_is_what_the_operations_answer,
}

/// A request that is asked about and then made.
struct Trial {
    /// What the question says besides actor and target.
    question: Value,
    method: &'static str,
    /// `ID` stands for the target.
    path: &'static str,
    body: Value,
}

fn trial(question: Value, method: &'static str, path: &'static str, body: Value) -> Trial {
    Trial { question, method, path, body }
}

/// Somebody who is asked about and who tries.
struct Principal {
    name: &'static str,
    id: String,
    client: Client,
}

async fn everyone(app: &TestApp) -> Vec<Principal> {
    let mut everyone = Vec::new();
    for (name, client) in app.everyone().await {
        let id = client.get("/v1.0/me").await.is(200).id();
        everyone.push(Principal { name, id, client });
    }
    everyone
}

/// Asks whether somebody may do something, as somebody else and as themselves; then tries it.
/// Returns whether it was done.
async fn compare(who: &Principal, by: &Client, trial: &Trial, target: &str) -> bool {
    compared(who, by, trial, target).await["allowed"] == true
}

/// The explanation of [`compare`], as somebody else was told it.
async fn compared(who: &Principal, by: &Client, trial: &Trial, target: &str) -> Answer {
    let Principal { name, id, client } = who;
    let mut question = trial.question.clone();
    question["target"] = json!(target);
    let own = ask(client, &question).await;
    question["actor"] = json!(id);
    let told = ask(by, &question).await;
    let path = trial.path.replace("ID", target);
    let request = client.request(trial.method, &path);
    let request = if trial.body.is_null() { request } else { request.json(&trial.body) };
    let answer = client.send(request).await;
    let allowed = answer.status != 403;
    assert!(answer.status < 300 || answer.status == 403, "{name}: {answer}");
    let what = format!("{name}: {question} told {told}\nand did {answer}");
    assert_eq!(told["allowed"], allowed, "{what}");
    // What would tell the roles of others stays open; nothing else does.
    assert!(own["allowed"] == told["allowed"] || own["allowed"].is_null(), "{what}\nowns {own}");
    if !allowed && !own["allowed"].is_null() {
        let explained = &answer["error"]["innerError"]["authorization"];
        for detail in ["permission", "matrixRow", "grantingRoles", "limit"] {
            assert_eq!(own[detail], explained[detail], "{what}");
        }
    }
    told
}

/// The roles that are told are those of the principals who did it, and no others. The service role
/// never stands alone (A19), so it is not among them.
fn tells_who_did_it(told: &[(&str, Answer)], what: &str) {
    let of = |roles: Vec<&str>| -> Vec<String> {
        let roles = ROLES.iter().map(|(role, _)| *role).filter(|role| roles.contains(role));
        roles.filter(|role| *role != "service").map(str::to_owned).collect()
    };
    let did = told.iter().filter(|(_, told)| told["allowed"] == true).map(|(name, _)| *name);
    let did = of(did.collect());
    for (name, told) in told.iter().filter(|(_, told)| told["allowed"] == false) {
        let named = told["grantingRoles"].as_array().unwrap();
        let named = of(named.iter().map(|role| role.as_str().unwrap()).collect());
        assert_eq!(named, did, "{what} to {name}: {told}");
    }
}

async fn ask(client: &Client, question: &Value) -> Answer {
    client.post("/v1.0/permissions/check", question).await.is(200)
}

/// A person with these roles who can be done anything to.
async fn target(app: &TestApp, roles: &[&str]) -> String {
    let mut body = reachable("Target");
    body["userPrincipalName"] = json!(upn(&Uuid::now_v7().to_string()));
    body["roles"] = json!(roles);
    // A manager that is not there cannot be taken away.
    body["manager@odata.bind"] = json!(format!("https://any.example/v1.0/users/{}", upn("admin")));
    app.create(&body).await.id()
}

fn user_trials() -> Vec<Trial> {
    let changes = |properties: &[&str], body| {
        let question = json!({"operation": "update_user", "properties": properties});
        trial(question, "PATCH", "/v1.0/users/ID", body)
    };
    let asks = |operation: &str| json!({"operation": operation});
    vec![
        changes(
            &["jobTitle", "mobilePhone"],
            json!({"jobTitle": "B", "mobilePhone": "+31687654321"}),
        ),
        changes(&["jobTitle"], json!({"jobTitle": "Baker"})),
        changes(&["mobilePhone"], json!({"mobilePhone": "+31612345678"})),
        changes(&["otherMails"], json!({"otherMails": ["new@elsewhere.example"]})),
        changes(&["accountEnabled"], json!({"accountEnabled": false})),
        changes(
            &["passwordProfile"],
            json!({"passwordProfile": {"forceChangePasswordNextSignIn": true}}),
        ),
        changes(
            &["jobTitle", "passwordProfile"],
            json!({"jobTitle": "Cook", "passwordProfile": {"forceChangePasswordNextSignIn": true}}),
        ),
        trial(asks("list_service_roles"), "GET", "/v1.0/users/ID/serviceRoles", Value::Null),
        trial(asks("delete_user_manager"), "DELETE", "/v1.0/users/ID/manager/$ref", Value::Null),
        trial(asks("delete_user"), "DELETE", "/v1.0/users/ID", Value::Null),
        trial(asks("delete_directory_object"), "DELETE", "/v1.0/directoryObjects/ID", Value::Null),
    ]
}

async fn what_is_told_about_users_is_what_the_operations_answer(app: TestApp) {
    let global = app.as_global().await;
    let everyone = everyone(&app).await;
    for roles in [&[][..], &["exchange", "service"], &["global"]] {
        let mut id = target(&app, roles).await;
        for trial in user_trials() {
            let mut all = Vec::new();
            for each in &everyone {
                let told = compared(each, &global, &trial, &id).await;
                // What is changed already is no change for the next one.
                if told["allowed"] == true && trial.method != "GET" {
                    id = target(&app, roles).await;
                }
                all.push((each.name, told));
            }
            tells_who_did_it(&all, &format!("{} over {roles:?}", trial.question));
        }
    }
}

/// A group of a kind with an owner, whose members are hidden if it has mail and none may know.
async fn group(app: &TestApp, kind: (bool, bool, &[&str]), owner: &str) -> String {
    let (mail, security, types) = kind;
    let name = format!("g{}", Uuid::now_v7().simple());
    let body = json!({
        "displayName": name, "mailNickname": name, "mailEnabled": mail,
        "securityEnabled": security, "groupTypes": types,
        "owners@odata.bind": [format!("{}/v1.0/users/{owner}", app.url)],
    });
    app.client().await.post("/v1.0/groups", &body).await.is(201).id()
}

/// Security, Microsoft 365, distribution, mail-enabled security.
const KINDS: [(bool, bool, &[&str]); 4] =
    [(false, true, &[]), (true, false, &["Unified"]), (true, false, &[]), (true, true, &[])];

async fn what_is_told_about_groups_is_what_the_operations_answer(app: TestApp) {
    let global = app.as_global().await;
    let (owner, session) = app.holder("Owner", &[]).await;
    let mut everyone = everyone(&app).await;
    everyone.push(Principal { name: "owner", id: owner.clone(), client: session });
    let asks = |operation: &str| json!({"operation": operation});
    for kind in KINDS {
        let mut id = group(&app, kind, &owner).await;
        let (other, second) = (app.person("Other").await, app.person("Second").await);
        let link = |id: &str| super::reference(&app, id);
        let trials = [
            trial(asks("update_group"), "PATCH", "/v1.0/groups/ID", json!({"description": "x"})),
            trial(asks("list_group_members"), "GET", "/v1.0/groups/ID/members", Value::Null),
            trial(asks("add_group_members"), "POST", "/v1.0/groups/ID/members/$ref", link(&other)),
            trial(asks("add_group_owners"), "POST", "/v1.0/groups/ID/owners/$ref", link(&second)),
            trial(asks("delete_group"), "DELETE", "/v1.0/groups/ID", Value::Null),
            trial(
                asks("delete_directory_object"),
                "DELETE",
                "/v1.0/directoryObjects/ID",
                Value::Null,
            ),
        ];
        for trial in trials {
            for each in &everyone {
                // Whatever one principal did must not stand in the way of the next.
                if compare(each, &global, &trial, &id).await && trial.method != "GET" {
                    id = group(&app, kind, &owner).await;
                }
            }
        }
        app.client().await.delete(&format!("/v1.0/users/{other}")).await.is(204);
        app.client().await.delete(&format!("/v1.0/users/{second}")).await.is(204);
    }
    // Open groups are joined and left by everybody themselves, and by nobody for others.
    let id = group(&app, KINDS[2], &owner).await;
    let open = json!({"memberJoinRestriction": "Open", "memberDepartRestriction": "Open"});
    global.patch(&format!("/v1.0/groups/{id}"), &open).await.is(204);
    for each in &everyone {
        let Principal { name, id: own, client } = each;
        let question = json!({"operation": "add_group_members", "object": own});
        let path = "/v1.0/groups/ID/members/$ref";
        let join = trial(question.clone(), "POST", path, super::reference(&app, own));
        assert!(compare(each, &global, &join, &id).await, "{name} joins");
        let mut asked = question;
        asked["target"] = json!(id);
        assert_eq!(ask(client, &asked).await["relation"], "oneself", "{name}");
        let leave = format!("/v1.0/groups/{id}/members/{own}/$ref");
        client.delete(&leave).await.is(204);
    }
}

async fn what_is_told_about_requests_to_join_is_what_the_operations_answer(app: TestApp) {
    let global = app.as_global().await;
    let (owner, session) = app.holder("Owner", &[]).await;
    let mut everyone = everyone(&app).await;
    everyone.push(Principal { name: "owner", id: owner.clone(), client: session });
    let group = group(&app, KINDS[2], &owner).await;
    let asks = json!({"memberJoinRestriction": "ApprovalRequired"});
    global.patch(&format!("/v1.0/groups/{group}"), &asks).await.is(204);
    let requests = format!("/v1.0/groups/{group}/joinRequests");
    for (operation, method, end) in [
        ("approve_join_request", "POST", "/approve"),
        ("deny_join_request", "POST", "/deny"),
        ("delete_join_request", "DELETE", ""),
    ] {
        let path = format!("{requests}/OBJECT{end}");
        let mut waiting = String::new();
        for each in &everyone {
            if waiting.is_empty() {
                let (_, asker) = app.holder("Asker", &[]).await;
                waiting = asker.post(&requests, &json!({})).await.is(201).id();
            }
            let question = json!({"operation": operation, "object": waiting});
            let path = path.replace("OBJECT", &waiting).leak();
            if compare(each, &global, &trial(question, method, path, Value::Null), &group).await {
                waiting.clear();
            }
        }
    }
    // Who asked takes their own request back; everybody else is told no.
    for each in everyone.iter().filter(|each| each.name != "owner") {
        let Principal { name, client, .. } = each;
        let own = client.post(&requests, &json!({})).await.is(201).id();
        let unnamed = json!({"operation": "delete_join_request", "target": group});
        assert_eq!(ask(client, &unnamed).await["relation"], "oneself", "{name}");
        let question = json!({"operation": "delete_join_request", "object": own});
        let path = format!("{requests}/{own}").leak();
        let withdraw = trial(question, "DELETE", path, Value::Null);
        assert!(compare(each, &global, &withdraw, &group).await, "{name} withdraws");
    }
    for operation in ["approve_join_request", "delete_join_request"] {
        let nothing = json!({"operation": operation, "target": group, "object": Uuid::now_v7()});
        let answer = global.post("/v1.0/permissions/check", &nothing).await;
        answer.refuses(404, "Request_ResourceNotFound");
    }
}

async fn what_is_told_about_contacts_and_roles_is_what_the_operations_answer(app: TestApp) {
    let global = app.as_global().await;
    let asks = |operation: &str| json!({"operation": operation});
    let contact = || async {
        let mail = format!("{}@elsewhere.example", Uuid::now_v7());
        let body = json!({"displayName": mail, "mail": mail});
        app.client().await.post("/v1.0/contacts", &body).await.is(201).id()
    };
    let everyone = everyone(&app).await;
    let mut id = contact().await;
    for trial in [
        trial(asks("update_contact"), "PATCH", "/v1.0/contacts/ID", json!({"jobTitle": "Baker"})),
        trial(asks("delete_contact"), "DELETE", "/v1.0/contacts/ID", Value::Null),
        trial(asks("delete_directory_object"), "DELETE", "/v1.0/directoryObjects/ID", Value::Null),
    ] {
        for each in &everyone {
            if compare(each, &global, &trial, &id).await && trial.method == "DELETE" {
                id = contact().await;
            }
        }
    }
    for each in &everyone {
        let id = target(&app, &[]).await;
        let body = json!({
            "principalId": id, "roleDefinitionId": roster_tests::template_id("billing"),
        });
        let grant = trial(asks("create_role_assignment"), "POST", super::PATH, body);
        compare(each, &global, &grant, &id).await;
        let question = json!({"operation": "update_me", "properties": ["mobilePhone"]});
        let phone = json!({"mobilePhone": "+31612345678"});
        compare(each, &global, &trial(question, "PATCH", "/v1.0/me", phone), &id).await;
    }
}

async fn what_is_told_about_deleted_people_is_what_the_operations_answer(app: TestApp) {
    let global = app.as_global().await;
    let everyone = everyone(&app).await;
    let deleted = |roles: &'static [&'static str]| {
        let app = &app;
        async move {
            let id = target(app, roles).await;
            app.client().await.delete(&format!("/v1.0/users/{id}")).await.is(204);
            id
        }
    };
    for roles in [&[][..], &["global"], &["exchange"]] {
        let mut id = deleted(roles).await;
        for (operation, method, end, body) in [
            ("restore_deleted_item", "POST", "/restore", json!({})),
            ("purge_deleted_item", "DELETE", "", Value::Null),
        ] {
            let path = format!("/v1.0/directory/deletedItems/ID{end}").leak();
            let trial = trial(json!({"operation": operation}), method, path, body);
            let mut all = Vec::new();
            for each in &everyone {
                let told = compared(each, &global, &trial, &id).await;
                if told["allowed"] == true {
                    id = deleted(roles).await;
                }
                all.push((each.name, told));
            }
            tells_who_did_it(&all, &format!("{operation} over {roles:?}"));
        }
    }
}
