//! Passwords for one change: how long they live, and what is left when they have expired.

use roster_tests::{Answer, Client, PASSWORD, TestApp, on_both, person, upn};
use serde_json::{Value, json};

on_both! {
    one_time_passwords_expire_and_only_who_knows_one_is_told,
    who_must_change_a_password_of_their_own_is_not_shut_out,
    an_operator_lets_the_only_administrator_in_again,
}

async fn sign_in(client: &Client, name: &str, password: &str) -> Answer {
    let form = [("grant_type", "password"), ("username", name), ("password", password)];
    client.form("/oauth2/token", &form).await.is(400)
}

async fn change(client: &Client, name: &str, current: &str) -> Answer {
    let body = json!({
        "userPrincipalName": name, "currentPassword": current, "newPassword": "Kale-Umbrella-91",
    });
    client.post("/v1.0/password/change", &body).await
}

/// A password that an administrator types, to be changed.
fn given(force: bool) -> Value {
    json!({"passwordProfile": {"password": PASSWORD, "forceChangePasswordNextSignIn": force}})
}

/// Everybody who has a one-time password, with it: drawn at the start, drawn for a new user, typed
/// for a reset, drawn for a restored user.
async fn holders(app: &TestApp) -> Vec<(String, String)> {
    let client = app.client().await;
    let drawn = |answer: &Answer| {
        answer["passwordProfile"]["password"].as_str().expect("shown once").to_owned()
    };
    let made = app.create(&person("Jan")).await;
    let reset = app.person("Piet").await;
    client.patch(&format!("/v1.0/users/{reset}"), &given(true)).await.is(204);
    let gone = app.person("Eva").await;
    client.delete(&format!("/v1.0/users/{gone}")).await.is(204);
    let path = format!("/v1.0/directory/deletedItems/{gone}/restore");
    let restored = client.post(&path, &json!({})).await.is(200);
    vec![
        app.administrator.clone(),
        (upn("Jan"), drawn(&made)),
        (upn("Piet"), PASSWORD.to_owned()),
        (upn("Eva"), drawn(&restored)),
    ]
}

async fn one_time_passwords_expire_and_only_who_knows_one_is_told(app: TestApp) {
    let holders = holders(&app).await;
    let before = app.neighbour_ahead(29);
    let then = app.anonymous().at(before.url());
    for (name, password) in &holders {
        let answer = sign_in(&then, name, password).await;
        assert!(answer.text.contains("password change required"), "{name}: {answer}");
    }
    drop(before);
    let after = app.neighbour_ahead(31);
    let then = app.anonymous().at(after.url());
    let wrong = sign_in(&then, "nobody@contoso.onroster.example", "wrong").await.text;
    for (name, password) in &holders {
        assert_eq!(sign_in(&then, name, "wrong").await.text, wrong, "{name}");
        let refused = change(&then, name, "wrong").await.refuses(400, "Request_BadRequest");
        assert!(refused.message().contains("is wrong"), "{refused}");
        let answer = sign_in(&then, name, password).await;
        assert_eq!(answer["error"], "invalid_grant");
        assert!(answer.text.contains("has expired. Ask an administrator"), "{name}: {answer}");
        let refused = change(&then, name, password).await.refuses(400, "Request_BadRequest");
        assert_eq!(refused.targets(), ["currentPassword"]);
        assert!(refused.message().contains("has expired. Ask an administrator"), "{refused}");
    }
    // Time has not gone on here.
    change(&app.anonymous(), &upn("Jan"), &holders[1].1).await.is(204);
}

async fn who_must_change_a_password_of_their_own_is_not_shut_out(app: TestApp) {
    let client = app.client().await;
    let (id, session) = app.holder("Jan", &[]).await;
    let name = session.get("/v1.0/me").await.text_of("userPrincipalName");
    let path = format!("/v1.0/users/{id}");
    let force = |force: bool| json!({"passwordProfile": {"forceChangePasswordNextSignIn": force}});
    client.patch(&path, &force(true)).await.is(204);
    let after = app.neighbour_ahead(31);
    let then = app.anonymous().at(after.url());
    let answer = sign_in(&then, &name, PASSWORD).await;
    assert!(answer.text.contains("password change required"), "{answer}");
    client.patch(&path, &given(true)).await.is(204);
    assert!(sign_in(&then, &name, PASSWORD).await.text.contains("has expired"));
    client.patch(&path, &force(false)).await.is(204);
    let form = [("grant_type", "password"), ("username", &*name), ("password", PASSWORD)];
    then.form("/oauth2/token", &form).await.is(200);
}

async fn an_operator_lets_the_only_administrator_in_again(app: TestApp) {
    let (name, lost) = app.administrator.clone();
    for number in 0..11 {
        sign_in(&app.anonymous(), &name, &format!("wrong {number}")).await;
    }
    let output = app.operator(&["user", "reset-password", &name]).output().await.unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(output.status.success() && said.contains("within 30 days"), "{said}");
    let (_, rest) = said.split_once(&format!("of {name} is ")).expect("a password");
    let password = rest.lines().next().unwrap();
    change(&app.anonymous(), &name, &lost).await.is(400);
    change(&app.anonymous(), &name, password).await.is(204);
    app.password_grant(&name, "Kale-Umbrella-91").await.is(200);
    let nobody = app.operator(&["user", "reset-password", "nobody@x.example"]).output().await;
    let nobody = nobody.unwrap();
    let said = String::from_utf8_lossy(&nobody.stderr);
    assert!(!nobody.status.success() && said.contains("Nobody signs in as"), "{said}");
}
