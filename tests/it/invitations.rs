//! Guests: invited by an address, signed in after they accept.

use roster_tests::{INITIAL_DOMAIN, PASSWORD, TestApp, on_both};
use serde_json::{Value, json};

on_both! {
    a_guest_chooses_a_password_with_the_token_and_signs_in,
    nobody_signs_in_before_accepting_whatever_password_is_set,
    a_token_is_good_once,
    what_is_wrong_with_an_acceptance_is_told_and_accepts_nothing,
    the_token_goes_to_https_pages_and_to_ones_own_machine_only,
    guests_whose_addresses_read_alike_get_names_of_their_own,
}

const REDEEM: &str = "/v1.0/invitations/redeem";

fn invitation(address: &str) -> Value {
    json!({"invitedUserEmailAddress": address, "inviteRedirectUrl": "https://app.example/in"})
}

/// Invites somebody; the id of the guest, the user principal name, and the token.
async fn invite(app: &TestApp, address: &str) -> (String, String, String) {
    let made = app.client().await.post("/v1.0/invitations", &invitation(address)).await.is(201);
    let url = made.text_of("inviteRedeemUrl");
    let token = url.strip_prefix("https://app.example/in#invitationToken=").unwrap();
    let text = |name: &str| made["invitedUser"][name].as_str().unwrap().to_owned();
    (text("id"), text("userPrincipalName"), token.to_owned())
}

async fn state(app: &TestApp, id: &str) -> String {
    let path = format!("/v1.0/users/{id}?$select=externalUserState,userType,mail");
    let user = app.client().await.get(&path).await.is(200);
    assert_eq!(user["userType"], "Guest");
    user.text_of("externalUserState")
}

async fn a_guest_chooses_a_password_with_the_token_and_signs_in(app: TestApp) {
    let (id, name, token) = invite(&app, "ann.lee@fabrikam.example").await;
    assert_eq!(name, format!("ann.lee_fabrikam.example#EXT#@{INITIAL_DOMAIN}"));
    assert_eq!(state(&app, &id).await, "PendingAcceptance");
    let body = json!({"invitationToken": token, "password": PASSWORD});
    let done = app.anonymous().post(REDEEM, &body).await.is(200);
    assert_eq!((&done["status"], &done["invitedUser"]["id"]), (&json!("Completed"), &json!(id)));
    assert_eq!(state(&app, &id).await, "Accepted");
    let session = app.bearer(&app.sign_in(&name).await);
    assert_eq!(session.get("/v1.0/me").await.is(200).id(), id);
}

async fn nobody_signs_in_before_accepting_whatever_password_is_set(app: TestApp) {
    let client = app.client().await;
    let (id, name, token) = invite(&app, "ann@fabrikam.example").await;
    let profile = json!({"password": PASSWORD, "forceChangePasswordNextSignIn": false});
    let path = format!("/v1.0/users/{id}");
    client.patch(&path, &json!({"passwordProfile": profile})).await.is(204);
    app.password_grant(&name, PASSWORD).await.is(400);
    // Without a password of the guest's own, the one that an administrator set counts.
    app.anonymous().post(REDEEM, &json!({"invitationToken": token})).await.is(200);
    app.password_grant(&name, PASSWORD).await.is(200);
}

async fn a_token_is_good_once(app: TestApp) {
    let (id, _, token) = invite(&app, "ann@fabrikam.example").await;
    let body = json!({"invitationToken": token, "password": PASSWORD});
    app.anonymous().post(REDEEM, &body).await.is(200);
    app.anonymous().post(REDEEM, &body).await.refuses(409, "InvitationUnavailable");
    app.client().await.delete(&format!("/v1.0/users/{id}")).await.is(204);
    app.anonymous().post(REDEEM, &body).await.refuses(409, "InvitationUnavailable");
}

async fn what_is_wrong_with_an_acceptance_is_told_and_accepts_nothing(app: TestApp) {
    let (id, _, token) = invite(&app, "ann@fabrikam.example").await;
    for (body, targets) in [
        (json!({}), vec!["invitationToken"]),
        (json!({"invitationToken": "x", "password": PASSWORD}), vec!["invitationToken"]),
        (json!({"invitationToken": 1, "password": 2}), vec!["invitationToken", "password"]),
        (json!({"invitationToken": token, "password": "short"}), vec!["password"]),
        (json!({"invitationToken": token, "passwort": PASSWORD}), vec!["passwort"]),
    ] {
        let refused = app.anonymous().post(REDEEM, &body).await;
        assert_eq!(refused.refuses(400, "Request_BadRequest").targets(), targets, "{body}");
    }
    assert_eq!(state(&app, &id).await, "PendingAcceptance");
}

async fn the_token_goes_to_https_pages_and_to_ones_own_machine_only(app: TestApp) {
    let client = app.client().await;
    for (url, accepted) in [
        ("https://app.example", true),
        ("HTTPS://app.example:8443/welcome?x=1", true),
        ("https://[2001:db8::1]/", true),
        ("http://localhost:3000/", true),
        ("http://127.0.0.1/", true),
        ("http://[::1]:3000/", true),
        ("http://app.example/", false),
        ("http://localhost.evil.example/", false),
        ("http://localhost@evil.example/", false),
        ("http://127.0.0.1:80@evil.example/", false),
        ("http://[::1]evil.example/", false),
        ("https://user:secret@app.example/", false),
        ("https://", false),
        ("https:///app.example", false),
        ("https://\\evil.example", false),
        ("https://app.example/#fragment", false),
        ("javascript://app.example/", false),
    ] {
        let mut body = invitation(&format!("guest{}@fabrikam.example", url.len()));
        body["invitedUserEmailAddress"] =
            json!(format!("g{}@fabrikam.example", uuid::Uuid::now_v7().simple()));
        body["inviteRedirectUrl"] = json!(url);
        let answer = client.post("/v1.0/invitations", &body).await;
        if accepted {
            answer.is(201);
        } else {
            let refused = answer.refuses(400, "Request_BadRequest");
            assert_eq!(refused.targets(), ["inviteRedirectUrl"], "{url}");
        }
    }
}

async fn guests_whose_addresses_read_alike_get_names_of_their_own(app: TestApp) {
    let client = app.client().await;
    let (first, name, _) = invite(&app, "ann+tag@fabrikam.example").await;
    let (second, other, _) = invite(&app, "ann_tag@fabrikam.example").await;
    assert!(first != second && name != other, "{name} {other}");
    let long = format!("{}@{}.{}.example", "a".repeat(64), "b".repeat(60), "c".repeat(60));
    let (id, name, _) = invite(&app, &long).await;
    assert!(name.len() <= 113 && name.contains("#EXT#"), "{name}");
    // What was read can be sent back.
    let path = format!("/v1.0/users/{id}");
    let user = client.get(&path).await.is(200);
    let name = json!({"userPrincipalName": user["userPrincipalName"], "city": "Delft"});
    client.patch(&path, &name).await.is(204);
}
