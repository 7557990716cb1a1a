//! Who gets a name or address that somebody else had gets nothing else of theirs (V3).

use super::{document, told};
use crate::matrix::operations;
use roster_tests::{Client, OTHER_DOMAIN, PASSWORD, TestApp, on_both, person, upn};
use serde_json::{Value, json};

on_both! {
    a_recycled_name_keeps_nothing_of_who_had_it,
    an_address_that_two_organisations_invite_is_two_people,
}

const ROLES: &str = "/v1.0/roleManagement/directory/roleAssignments";

fn jan() -> Value {
    let mut body = person("Jan Jansen");
    body["alternateEmail"] = json!("jan@elsewhere.example");
    body
}

/// Everything that is read of a person below their path, by which the old and the new are told
/// apart: relations, roles, memberships.
async fn related(app: &TestApp, client: &Client, id: &str) -> Vec<(String, Value)> {
    let mut related = Vec::new();
    for operation in operations(&document(app).await) {
        let below = operation.template.strip_prefix("/v1.0/users/{id}/");
        if operation.method != "get" || below.is_none_or(|below| below.contains('{')) {
            continue;
        }
        let answer = client.get(&operation.template.replace("{id}", id)).await;
        let value = if answer.json.is_null() { json!(answer.text) } else { answer.json };
        related.push((operation.template, value));
    }
    related
}

async fn a_recycled_name_keeps_nothing_of_who_had_it(app: TestApp) {
    let client = app.client().await;
    let to = |id: &str| json!({"@odata.id": format!("{}/v1.0/directoryObjects/{id}", app.url)});
    for purged in [false, true] {
        let mut body = jan();
        body["passwordProfile"] =
            json!({"password": PASSWORD, "forceChangePasswordNextSignIn": false});
        body["roles"] = json!(["user", "exchange"]);
        let old = client.post("/v1.0/users", &body).await.is(201).id();
        let token = app.sign_in(&upn("Jan Jansen")).await;
        let session = app.bearer(&token);
        let manager = app.person(&format!("Manager {purged}")).await;
        let put = client.request("PUT", &format!("/v1.0/users/{old}/manager/$ref"));
        client.send(put.json(&to(&manager))).await.is(204);
        let put = client.request("PUT", &format!("/v1.0/users/{manager}/manager/$ref"));
        let report = app.person(&format!("Report {purged}")).await;
        client.send(put.json(&to(&report))).await.is(204);
        let put = client.request("PUT", &format!("/v1.0/users/{report}/manager/$ref"));
        client.send(put.json(&to(&old))).await.is(204);
        let nick = format!("bakers{purged}");
        let group = json!({
            "displayName": nick, "mailNickname": nick, "mailEnabled": true,
            "securityEnabled": true, "memberJoinRestriction": "ApprovalRequired",
            "owners@odata.bind": [to(&old)["@odata.id"], to(&manager)["@odata.id"]],
        });
        let group = client.post("/v1.0/groups", &group).await.is(201).id();
        client.post(&format!("/v1.0/groups/{group}/members/$ref"), &to(&old)).await.is(204);
        let filled = related(&app, &client, &old).await;
        client.delete(&format!("/v1.0/users/{old}")).await.is(204);
        if purged {
            client.delete(&format!("/v1.0/directory/deletedItems/{old}")).await.is(204);
        }
        let nobody = app.create(&person(&format!("Nobody {purged}"))).await.id();
        let made = app.create(&jan()).await;
        assert_ne!(made.id(), old, "identifiers are never used again");
        assert_eq!(made.text_of("userPrincipalName"), upn("Jan Jansen"));
        // Like somebody whom nobody ever knew.
        let (fresh, plain) =
            (related(&app, &client, &made.id()).await, related(&app, &client, &nobody).await);
        let mut lost = 0;
        for ((path, old_value), ((_, fresh), (_, plain))) in
            filled.iter().zip(fresh.iter().zip(&plain))
        {
            let told = |value: &Value, id: &str| {
                let mut value = value.clone();
                if let Some(inner) =
                    value.pointer_mut("/error/innerError").and_then(Value::as_object_mut)
                {
                    inner.clear();
                }
                value.to_string().replace(id, "ID")
            };
            assert_eq!(told(fresh, &made.id()), told(plain, &nobody), "{path}");
            lost += usize::from(told(old_value, &old) != told(plain, &nobody));
        }
        assert!(lost > 10, "the one before had little to inherit: {lost}");
        let filter = format!("principalId eq '{}'", made.id());
        let roles = client.query(ROLES, &[("$filter", &filter)]).await.is(200);
        assert_eq!(roles.items().len(), 0, "{roles}");
        session.get("/v1.0/me").await.is(401);
        session.post("/v1.0/users", &person("Ghost")).await.is(401);
        app.password_grant(&upn("Jan Jansen"), PASSWORD).await.is(400);
        client.delete(&format!("/v1.0/users/{}", made.id())).await.is(204);
        client.delete(&format!("/v1.0/directory/deletedItems/{}", made.id())).await.is(204);
    }
}

async fn an_address_that_two_organisations_invite_is_two_people(app: TestApp) {
    let (client, stranger) = (app.client().await, app.other_tenant().await);
    let body = json!({
        "invitedUserEmailAddress": "ann@elsewhere.example",
        "inviteRedirectUrl": "https://app.example/",
    });
    let invited = client.post("/v1.0/invitations", &body).await.is(201);
    let id = invited["invitedUser"]["id"].as_str().unwrap().to_owned();
    let reachable = json!({"otherMails": ["ann@home.example"]});
    client.patch(&format!("/v1.0/users/{id}"), &reachable).await.is(204);
    app.assign(&id, "user").await;
    client.delete(&format!("/v1.0/users/{id}")).await.is(204);
    client.delete(&format!("/v1.0/directory/deletedItems/{id}")).await.is(204);
    let again = stranger.post("/v1.0/invitations", &body).await.is(201);
    let theirs = again["invitedUser"]["id"].as_str().unwrap().to_owned();
    assert_ne!(theirs, id);
    let read = stranger.get(&format!("/v1.0/users/{theirs}")).await.is(200);
    let name = read.text_of("userPrincipalName").to_lowercase();
    assert!(name.ends_with(OTHER_DOMAIN), "{read}");
    let filter = format!("principalId eq '{theirs}'");
    assert_eq!(stranger.query(ROLES, &[("$filter", &filter)]).await.items().len(), 0);
    // The first invitation is of who is gone.
    let url = invited.text_of("inviteRedeemUrl");
    let token = url.split_once("invitationToken=").unwrap().1;
    let redeemed =
        app.anonymous().post("/v1.0/invitations/redeem", &json!({"invitationToken": token})).await;
    assert!(redeemed.status >= 400, "{redeemed}");
    let (ours, nowhere) = (
        client.get(&format!("/v1.0/users/{theirs}")).await,
        client.get(&format!("/v1.0/users/{}", super::RANDOM)).await,
    );
    assert_eq!(told(&ours, &theirs), told(&nowhere, super::RANDOM));
}
