//! The last enabled global administrator stays, whatever path leads to it (R93, F32).

use super::{PATH, assign, members, roles_of};
use futures_util::future::join_all;
use roster_tests::{Answer, Client, Database, PASSWORD, TestApp, on_both};
use serde_json::{Value, json};

on_both! {
    no_path_takes_the_last_global_administrator_away,
    blocked_and_deleted_ones_and_clients_do_not_count,
    a_guest_who_has_not_accepted_does_not_count,
    guests_who_have_not_accepted_come_and_go,
    a_restored_administrator_is_none_any_more,
    of_all_that_go_at_once_one_stays,
    nobody_takes_the_global_role_from_themselves,
}

/// The only global administrator who is a person; reachable, so that other roles could be given.
async fn last(app: &TestApp) -> String {
    let (client, path) = (app.client().await, format!("/v1.0/users/{}", app.administrator.0));
    client.patch(&path, &json!({"alternateEmail": "first@elsewhere.example"})).await.is(204);
    client.get(&path).await.is(200).id()
}

const REDEEM: &str = "/v1.0/invitations/redeem";
const BLOCKED: &str = "{\"accountEnabled\": false}";

/// Everything that would end the rights of a global administrator.
async fn every_path(app: &TestApp, client: &Client, id: &str) -> Vec<(&'static str, Answer)> {
    let blocked: Value = serde_json::from_str(BLOCKED).unwrap();
    let assignment = app.assignment(id, "global").await;
    let bulk = format!("{PATH}/bulk");
    let one = |mut answer: Answer| {
        answer.json = answer.items()[0].clone();
        answer
    };
    let name = client.get(&format!("/v1.0/users/{id}")).await.text_of("userPrincipalName");
    let named = name.replace('#', "%23");
    vec![
        ("delete", client.delete(&format!("/v1.0/users/{id}")).await),
        ("delete by name", client.delete(&format!("/v1.0/users/{named}")).await),
        ("delete object", client.delete(&format!("/v1.0/directoryObjects/{id}")).await),
        ("block", client.patch(&format!("/v1.0/users/{id}"), &blocked).await),
        ("revoke", client.delete(&format!("{PATH}/{assignment}")).await),
        ("remove member", client.delete(&format!("{}/{id}/$ref", members("global"))).await),
        ("no", one(client.post(&bulk, &json!({"userIds": [id], "role": null})).await)),
        ("other role", one(client.post(&bulk, &json!({"userIds": [name], "role": "user"})).await)),
    ]
}

async fn no_path_takes_the_last_global_administrator_away(app: TestApp) {
    let client = app.client().await;
    let id = last(&app).await;
    // Roles that others hold change nothing.
    app.holder("Holder", &["user", "exchange"]).await;
    for (path, answer) in every_path(&app, &client, &id).await {
        assert_eq!(answer.code(), "LastGlobalAdministrator", "{path}: {answer}");
        assert!([200, 409].contains(&answer.status), "{path}: {answer}");
    }
    assert_eq!(roles_of(&app, &id).await, ["global"]);
    let user = client.get(&format!("/v1.0/users/{id}?$select=accountEnabled")).await.is(200);
    assert_eq!(user["accountEnabled"], true);
}

/// A guest who is global administrator already; the id, and the token to accept with.
async fn guest(app: &TestApp, name: &str) -> (String, String) {
    let client = app.client().await;
    let body = json!({
        "invitedUserEmailAddress": format!("{name}@else.example"),
        "inviteRedirectUrl": "https://app.example/",
    });
    let invited = client.post("/v1.0/invitations", &body).await.is(201);
    let id = invited["invitedUser"]["id"].as_str().unwrap();
    let reachable = json!({"otherMails": ["guest@home.example"]});
    client.patch(&format!("/v1.0/users/{id}"), &reachable).await.is(204);
    assign(&client, id, "global").await.is(201);
    let url = invited.text_of("inviteRedeemUrl");
    (id.to_owned(), url.split_once("invitationToken=").unwrap().1.to_owned())
}

/// Sets a password, which lets nobody in before the invitation is accepted.
async fn set_password(client: &Client, id: &str) {
    let profile = json!({"password": PASSWORD, "forceChangePasswordNextSignIn": false});
    let path = format!("/v1.0/users/{id}");
    client.patch(&path, &json!({"passwordProfile": profile})).await.is(204);
}

async fn a_guest_who_has_not_accepted_does_not_count(app: TestApp) {
    let client = app.client().await;
    let id = last(&app).await;
    let (guest, token) = guest(&app, "ann").await;
    for with_password in [false, true] {
        if with_password {
            set_password(&client, &guest).await;
        }
        for (path, answer) in every_path(&app, &client, &id).await {
            let told = format!("{path}, password {with_password}: {answer}");
            assert_eq!(answer.code(), "LastGlobalAdministrator", "{told}");
        }
    }
    app.anonymous().post(REDEEM, &json!({"invitationToken": token})).await.is(200);
    client.delete(&format!("/v1.0/users/{id}")).await.is(204);
    for (path, answer) in every_path(&app, &client, &guest).await {
        assert_eq!(answer.code(), "LastGlobalAdministrator", "{path}: {answer}");
    }
}

/// They are not the last one, whatever becomes of them.
async fn guests_who_have_not_accepted_come_and_go(app: TestApp) {
    let client = app.client().await;
    let blocked: Value = serde_json::from_str(BLOCKED).unwrap();
    for number in 0..4 {
        let (id, token) = guest(&app, &format!("guest{number}")).await;
        set_password(&client, &id).await;
        let user = format!("/v1.0/users/{id}");
        match number {
            0 => client.delete(&user).await.is(204),
            1 => client.patch(&user, &blocked).await.is(200),
            2 => app.revoke(&id, "global").await.is(204),
            _ => {
                let no = json!({"userIds": [id], "role": null});
                let done = client.post(&format!("{PATH}/bulk"), &no).await.is(200);
                assert_eq!(done.items()[0]["succeeded"], true, "{done}");
                done
            }
        };
        // Whoever accepts in the end is none that was taken away.
        let accepted = app.anonymous().post(REDEEM, &json!({"invitationToken": token})).await;
        assert_eq!(accepted.status, if number < 2 { 409 } else { 200 }, "{number}: {accepted}");
        assert_eq!(roles_of(&app, &id).await.len(), usize::from(number == 1), "{number}");
    }
}

async fn blocked_and_deleted_ones_and_clients_do_not_count(app: TestApp) {
    let client = app.client().await;
    let id = last(&app).await;
    let (blocked, _) = app.holder("Blocked", &["global"]).await;
    let (deleted, _) = app.holder("Deleted", &["global"]).await;
    let block: Value = serde_json::from_str(BLOCKED).unwrap();
    client.patch(&format!("/v1.0/users/{blocked}"), &block).await.is(200);
    client.delete(&format!("/v1.0/users/{deleted}")).await.is(204);
    assert_eq!(roles_of(&app, &app.credentials.0).await, ["global"], "the client is one");
    for (path, answer) in every_path(&app, &client, &id).await {
        assert_eq!(answer.code(), "LastGlobalAdministrator", "{path}: {answer}");
    }
    // Those who cannot sign in may go.
    client.delete(&format!("/v1.0/users/{blocked}")).await.is(204);
}

async fn a_restored_administrator_is_none_any_more(app: TestApp) {
    let client = app.client().await;
    let (id, _) = app.holder("Gone", &["global"]).await;
    client.delete(&format!("/v1.0/users/{id}")).await.is(204);
    let path = format!("/v1.0/directory/deletedItems/{id}/restore");
    client.post(&path, &json!({})).await.is(200);
    assert!(roles_of(&app, &id).await.is_empty(), "roles do not come back (R85)");
    let first = last(&app).await;
    for (path, answer) in every_path(&app, &client, &first).await {
        assert_eq!(answer.code(), "LastGlobalAdministrator", "{path}: {answer}");
    }
}

async fn nobody_takes_the_global_role_from_themselves(app: TestApp) {
    let (id, session) = app.holder("Own", &["global", "user"]).await;
    let name = session.get("/v1.0/me").await.text_of("userPrincipalName");
    let assignment = app.assignment(&id, "global").await;
    let bulk = format!("{PATH}/bulk");
    let one = |mut answer: Answer| {
        answer.json = answer.items()[0].clone();
        answer
    };
    let ways = async || {
        [
            session.delete(&format!("{PATH}/{assignment}")).await,
            session.delete(&format!("{}/{id}/$ref", members("global"))).await,
            one(session.post(&bulk, &json!({"userIds": [id], "role": null})).await),
            one(session.post(&bulk, &json!({"userIds": [name], "role": "user"})).await),
        ]
    };
    // The first administrator is another one.
    for answer in ways().await {
        assert_eq!(answer.code(), "OwnGlobalAdministrator", "{answer}");
        assert!([200, 409].contains(&answer.status), "{answer}");
    }
    // Their other roles are theirs to give up, and what they hold they may be given again.
    session.delete(&format!("{}/{id}/$ref", members("user"))).await.is(204);
    let again = one(session.post(&bulk, &json!({"userIds": [id], "role": "global"})).await);
    assert_eq!(again["succeeded"], true, "{again}");
    assert_eq!(roles_of(&app, &id).await, ["global"]);
    // Whoever is the last one besides learns that first, by their own hand too.
    let first = last(&app).await;
    app.client().await.delete(&format!("/v1.0/users/{first}")).await.is(204);
    let blocked: Value = serde_json::from_str(BLOCKED).unwrap();
    let own = [session.patch("/v1.0/me", &blocked).await];
    for answer in ways().await.into_iter().chain(own) {
        assert_eq!(answer.code(), "LastGlobalAdministrator", "{answer}");
    }
    session.delete(&format!("/v1.0/users/{id}")).await.refuses(409, "LastGlobalAdministrator");
    // Another takes the role from them.
    let (_, other) = app.holder("Other", &["global"]).await;
    other.delete(&format!("{PATH}/{assignment}")).await.is(204);
    session.get("/v1.0/userViews").await.is(403);
}

async fn of_all_that_go_at_once_one_stays(app: TestApp) {
    let client = app.client().await;
    let first = last(&app).await;
    // On PostgreSQL half of the requests go through a process of their own.
    let neighbour = (app.database == Database::Postgresql).then(|| app.neighbour());
    let elsewhere = neighbour.as_ref().map_or(client.clone(), |other| client.at(other.url()));
    let mut ids = vec![first];
    for number in 0..9 {
        ids.push(app.holder(&format!("Global {number}"), &["global"]).await.0);
    }
    let mut assignments = Vec::new();
    for id in &ids {
        assignments.push(app.assignment(id, "global").await);
    }
    let block: Value = serde_json::from_str(BLOCKED).unwrap();
    let bulk = format!("{PATH}/bulk");
    let requests = ids.iter().zip(&assignments).enumerate().map(|(at, (id, assignment))| {
        let client = if at % 2 == 0 { &client } else { &elsewhere };
        let (bulk, block) = (&bulk, &block);
        async move {
            let user = format!("/v1.0/users/{id}");
            match at % 5 {
                0 => client.delete(&user).await,
                1 => client.patch(&user, block).await,
                2 => client.delete(&format!("{}/{id}/$ref", members("global"))).await,
                3 => client.delete(&format!("{PATH}/{assignment}")).await,
                _ => {
                    let no = json!({"userIds": [id], "role": null});
                    let mut answer = client.post(bulk, &no).await.is(200);
                    answer.json = answer.items()[0].clone();
                    answer
                }
            }
        }
    });
    let answers = join_all(requests).await;
    let refused = answers.iter().filter(|each| each.code() == "LastGlobalAdministrator").count();
    assert_eq!(refused, 1, "exactly one stays: {answers:#?}");
    let mut left = 0;
    for id in &ids {
        let user = client.get(&format!("/v1.0/users/{id}?$select=accountEnabled")).await;
        let enabled = user.status == 200 && user["accountEnabled"] == true;
        left += usize::from(enabled && roles_of(&app, id).await == ["global"]);
    }
    assert_eq!(left, 1);
    let fresh = super::future_administrator(&app).await;
    assign(&client, &fresh, "global").await.is(201);
}
