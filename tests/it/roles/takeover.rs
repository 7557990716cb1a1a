//! No path lets who may not reset an administrator's password take the account over (R92, A26).

use super::{future_administrator, reachable, roles_of};
use roster_tests::{Client, INITIAL_DOMAIN, PASSWORD, TestApp, on_both, upn};
use serde_json::{Value, json};
use std::time::Duration;

on_both! {
    a_change_of_a_sensitive_property_needs_the_right_to_reset,
    ones_own_sensitive_properties_are_no_exception,
    what_is_not_sensitive_may_be_changed,
    a_password_is_reset_by_global_administrators_only,
    whoever_holds_any_role_is_out_of_reach_of_whoever_resets_passwords,
    a_manager_is_no_way_to_the_account,
    an_invitation_does_not_touch_who_has_the_address,
    a_restored_administrator_comes_back_without_roles,
    only_global_administrators_restore_or_purge_who_was_one,
    a_file_does_not_touch_who_is_there,
    the_password_of_who_became_an_administrator_is_not_in_the_result_any_more,
}

/// Administrators of every kind, each of them out of reach.
const TARGETS: [&str; 3] = ["billing", "user", "global"];

const SHOWN: &str = "userPrincipalName,mail,proxyAddresses,otherMails,mobilePhone,businessPhones,\
                     accountEnabled,mailNickname,onPremisesImmutableId";

async fn read(app: &TestApp, id: &str) -> Value {
    let path = format!("/v1.0/users/{id}?$select={SHOWN}");
    let mut user = app.client().await.get(&path).await.is(200).json;
    user.as_object_mut().unwrap().remove("@odata.etag");
    user
}

/// Changes by which an account would be taken over.
fn takeovers() -> [Value; 10] {
    [
        json!({"accountEnabled": false}),
        json!({"userPrincipalName": format!("taken.over@{INITIAL_DOMAIN}")}),
        json!({"otherMails": ["thief@elsewhere.example"]}),
        json!({"alternateEmail": "thief@elsewhere.example"}),
        json!({"mobilePhone": "+31699999999"}),
        json!({"businessPhones": ["+31699999999"]}),
        json!({"mail": format!("thief@{INITIAL_DOMAIN}")}),
        json!({"proxyAddresses": [format!("SMTP:thief@{INITIAL_DOMAIN}")]}),
        json!({"onPremisesImmutableId": "thief"}),
        json!({"jobTitle": "Baker", "mobilePhone": "+31699999999"}),
    ]
}

async fn a_change_of_a_sensitive_property_needs_the_right_to_reset(app: TestApp) {
    let (user, global) = (app.as_role("user").await, app.as_global().await);
    let bodies = takeovers();
    for role in TARGETS {
        let (id, _) = app.holder(&format!("Target {role}"), &[role]).await;
        let path = format!("/v1.0/users/{id}");
        let before = read(&app, &id).await;
        for body in &bodies {
            let refused = user.patch(&path, body).await;
            let refused = refused.refuses(403, "Authorization_RequestDenied");
            let told = &refused["error"]["innerError"]["authorization"];
            assert_eq!(told["permission"], "reset_user_passwords", "{body}: {refused}");
            assert!(told["limit"].is_string(), "{body}: {refused}");
            assert_eq!(read(&app, &id).await, before, "{body}");
        }
        let number = json!({"mobilePhone": "+31612345678"});
        global.patch(&path, &number).await.is(204);
    }
    // Of people without a role it manages all of that.
    for (at, body) in bodies.iter().enumerate() {
        let id = app.person(&format!("Plain {at}")).await;
        let answer = user.patch(&format!("/v1.0/users/{id}"), body).await;
        assert!(answer.status < 300, "{answer}");
        app.client().await.delete(&format!("/v1.0/users/{id}")).await.is(204);
    }
}

/// Whoever holds the role's session for a moment must not be able to keep the account.
async fn ones_own_sensitive_properties_are_no_exception(app: TestApp) {
    let (id, session) = app.holder("Own", &["user"]).await;
    let before = read(&app, &id).await;
    for path in ["/v1.0/me".to_owned(), format!("/v1.0/users/{id}")] {
        for body in takeovers() {
            let refused = session.patch(&path, &body).await;
            let refused = refused.refuses(403, "Authorization_RequestDenied");
            let told = &refused["error"]["innerError"]["authorization"];
            assert_eq!(told["permission"], "reset_user_passwords", "{path} {body}: {refused}");
        }
        session.patch(&path, &json!({"jobTitle": path})).await.is(204);
    }
    assert_eq!(read(&app, &id).await, before);
}

async fn what_is_not_sensitive_may_be_changed(app: TestApp) {
    let user = app.as_role("user").await;
    let (id, _) = app.holder("Target", &["global"]).await;
    let path = format!("/v1.0/users/{id}");
    user.patch(&path, &json!({"jobTitle": "Baker", "displayName": "New"})).await.is(204);
    // Sending back what was read changes nothing and is no takeover.
    let same = read(&app, &id).await;
    let same = json!({"otherMails": same["otherMails"], "accountEnabled": same["accountEnabled"], "city": "Delft"});
    user.patch(&path, &same).await.is(204);
}

async fn a_password_is_reset_by_global_administrators_only(app: TestApp) {
    let resets = [
        json!({"passwordProfile": {"password": "Thief-7#zomer-Pelikaan"}}),
        json!({"passwordProfile": {"forceChangePasswordNextSignIn": true}}),
        json!({"passwordProfile": {"password": "Thief-7#zomer-Pelikaan"}, "jobTitle": "Baker"}),
    ];
    for role in TARGETS {
        let (id, session) = app.holder(&format!("Target {role}"), &[role]).await;
        let name = session.get("/v1.0/me").await.text_of("userPrincipalName");
        for (who, client) in app.everyone().await {
            for body in &resets {
                if who != "global" {
                    let refused = client.patch(&format!("/v1.0/users/{id}"), body).await;
                    refused.refuses(403, "Authorization_RequestDenied");
                }
            }
        }
        app.password_grant(&name, PASSWORD).await.is(200);
        app.as_global().await.patch(&format!("/v1.0/users/{id}"), &resets[0]).await.is(204);
        session.get("/v1.0/me").await.is(401).enveloped();
    }
}

/// The strictest of the sources (A4): no administrator role at all, not even their own.
async fn whoever_holds_any_role_is_out_of_reach_of_whoever_resets_passwords(app: TestApp) {
    let reset = json!({"passwordProfile": {"forceChangePasswordNextSignIn": true}});
    for (role, _) in roster_tests::ROLES {
        let roles = if role == "service" { vec!["service", "skype"] } else { vec![role] };
        let (id, _) = app.holder(&format!("Target {role}"), &roles).await;
        let path = format!("/v1.0/users/{id}");
        for by in ["password", "user"] {
            let refused = app.as_role(by).await.patch(&path, &reset).await;
            let refused = refused.refuses(403, "Authorization_RequestDenied");
            let told = &refused["error"]["innerError"]["authorization"];
            assert_eq!(told["matrixRow"], 3, "{role} by {by}: {refused}");
            assert_eq!(told["grantingRoles"], json!(["global"]), "{role} by {by}: {refused}");
        }
        app.as_global().await.patch(&path, &reset).await.is(204);
    }
}

async fn a_manager_is_no_way_to_the_account(app: TestApp) {
    let user = app.as_role("user").await;
    let (id, _) = app.holder("Target", &["global"]).await;
    let before = read(&app, &id).await;
    let manager = app.person("Manager").await;
    let path = format!("/v1.0/users/{id}/manager/$ref");
    let put = user.request("PUT", &path).json(&super::reference(&app, &manager));
    user.send(put).await.is(204);
    assert_eq!(read(&app, &id).await, before);
    assert_eq!(roles_of(&app, &id).await, ["global"]);
}

async fn an_invitation_does_not_touch_who_has_the_address(app: TestApp) {
    let user = app.as_role("user").await;
    let (id, _) = app.holder("Target", &["billing"]).await;
    let before = read(&app, &id).await;
    for address in [before["mail"].as_str().unwrap(), before["userPrincipalName"].as_str().unwrap()]
    {
        let body = json!({
            "invitedUserEmailAddress": address, "inviteRedirectUrl": "https://app.example/",
        });
        user.post("/v1.0/invitations", &body).await.is(400).enveloped();
    }
    // The alternate address is private to the administrator: a guest who has it is somebody else.
    let body = json!({
        "invitedUserEmailAddress": before["otherMails"][0],
        "inviteRedirectUrl": "https://app.example/",
    });
    let guest = user.post("/v1.0/invitations", &body).await.is(201);
    assert_ne!(guest["invitedUser"]["id"], json!(id));
    assert_eq!(read(&app, &id).await, before);
}

async fn a_restored_administrator_comes_back_without_roles(app: TestApp) {
    let user = app.as_role("user").await;
    let (id, session) = app.holder("Target", &["exchange"]).await;
    user.delete(&format!("/v1.0/users/{id}")).await.is(204);
    let body = json!({"newUserPrincipalName": format!("taken.over@{INITIAL_DOMAIN}")});
    let path = format!("/v1.0/directory/deletedItems/{id}/restore");
    let restored = user.post(&path, &body).await.is(200);
    assert_eq!(restored["userPrincipalName"], format!("taken.over@{INITIAL_DOMAIN}"));
    assert!(roles_of(&app, &id).await.is_empty(), "who holds the account now holds no role");
    session.get("/v1.0/me").await.refuses(401, "InvalidAuthenticationToken");
    user.patch(&format!("/v1.0/users/{id}"), &json!({"mobilePhone": "+31612345678"})).await.is(204);
}

async fn only_global_administrators_restore_or_purge_who_was_one(app: TestApp) {
    let (user, global) = (app.as_role("user").await, app.as_global().await);
    let (id, _) = app.holder("Target", &["global", "skype"]).await;
    let path = format!("/v1.0/directory/deletedItems/{id}");
    let restore = format!("{path}/restore");
    global.delete(&format!("/v1.0/users/{id}")).await.is(204);
    let body = json!({"newUserPrincipalName": format!("taken.over@{INITIAL_DOMAIN}")});
    for refused in [
        user.post(&restore, &json!({})).await,
        user.post(&restore, &body).await,
        user.delete(&path).await,
    ] {
        let refused = refused.refuses(403, "Authorization_RequestDenied");
        let told = &refused["error"]["innerError"]["authorization"];
        assert_eq!(
            (&told["permission"], &told["matrixRow"]),
            (&json!("manage_users_and_groups"), &json!(6))
        );
        assert!(told["limit"].is_string(), "{refused}");
    }
    global.post(&restore, &json!({})).await.is(200);
    // Restored, they are nobody special.
    user.delete(&format!("/v1.0/users/{id}")).await.is(204);
    user.delete(&path).await.is(204);
}

async fn a_file_does_not_touch_who_is_there(app: TestApp) {
    let user = app.as_role("user").await;
    let mut body = reachable("Target");
    body["roles"] = json!(["billing"]);
    body["mobilePhone"] = json!("+31612345678");
    let id = app.create(&body).await.id();
    let other = future_administrator(&app).await;
    let (before, roles) = (read(&app, &id).await, roles_of(&app, &id).await);
    let job = import(&user, &[&upn("Target"), &upn("Newcomer")]).await;
    user.get(&format!("/v1.0/imports/{job}/result")).await.is(200);
    assert_eq!((read(&app, &id).await, roles_of(&app, &id).await), (before, roles));
    user.get(&format!("/v1.0/users/{}", upn("Newcomer"))).await.is(200);
    assert!(roles_of(&app, &other).await.is_empty());
}

async fn the_password_of_who_became_an_administrator_is_not_in_the_result_any_more(app: TestApp) {
    let (user, global) = (app.as_role("user").await, app.as_global().await);
    let taken = async |client: &Client, job: &str| {
        let result = client.get(&format!("/v1.0/imports/{job}/result")).await.is(200).text;
        let password = |name| {
            let row = result.lines().find(|row| row.contains(&upn(name))).unwrap();
            row.rsplit(',').next().unwrap().to_owned()
        };
        (password("Risen"), password("Plain"), result.contains("A global administrator can reset"))
    };
    for (client, told) in [(&user, false), (&global, true)] {
        let job = import(client, &[&upn("Risen"), &upn("Plain")]).await;
        let path = format!("/v1.0/users/{}", upn("Risen"));
        let reachable = json!({"otherMails": ["risen@home.example"]});
        global.patch(&path, &reachable).await.is(204);
        let id = global.get(&path).await.id();
        app.assign(&id, "billing").await;
        let (risen, plain, explained) = taken(client, &job).await;
        assert_eq!((risen.is_empty(), explained), (!told, !told));
        let required = app.password_grant(&upn("Plain"), &plain).await.is(400);
        assert!(required.text.contains("password change required"), "{required}");
        assert_eq!(taken(&global, &job).await, (String::new(), String::new(), false), "once");
        for name in ["Risen", "Plain"] {
            global.delete(&format!("/v1.0/users/{}", upn(name))).await.is(204);
        }
    }
}

/// Imports people who have nothing but these names and a phone; returns the finished job.
async fn import(client: &Client, names: &[&str]) -> String {
    let head = "User Name,First Name,Last Name,Display Name,Job Title,Department,Office Number,\
                Office Phone,Mobile Phone,Fax,Address,City,State or Province,ZIP or Postal Code,\
                Country or Region";
    let row = |name: &&str| format!("{name},,,Thief,,,,+31699999999,+31699999999,,,,,,\n");
    let file = format!("{head}\n{}", names.iter().map(row).collect::<String>());
    let upload = client.request("POST", "/v1.0/imports").header("content-type", "text/csv");
    let job = client.send(upload.body(file)).await.is(202).id();
    loop {
        let now = client.get(&format!("/v1.0/imports/{job}")).await.is(200);
        match now["status"].as_str().unwrap() {
            "completed" => return job,
            "failed" => panic!("{now}"),
            _ => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}
