//! `permissions/check` where two objects are named, and where the actor cannot sign in.

use super::reference;
use roster_tests::{Answer, Client, PASSWORD, TestApp, on_both};
use serde_json::{Value, json};
use uuid::Uuid;

on_both! {
    what_does_not_stand_in_a_place_is_not_found_there,
    a_member_who_may_leave_is_found_by_name_too,
    a_manager_who_is_not_there_is_not_found,
    who_gets_or_loses_a_role_is_looked_for,
    an_object_is_named_only_where_there_are_two,
    a_guest_who_has_not_accepted_may_nothing,
}

async fn ask(client: &Client, question: &Value) -> Answer {
    client.post("/v1.0/permissions/check", question).await
}

/// A distribution group that everybody may leave, with an owner.
async fn group(app: &TestApp) -> String {
    let (owner, _) = app.holder("Owner", &[]).await;
    let name = format!("g{}", Uuid::now_v7().simple());
    let body = json!({
        "displayName": name, "mailNickname": name, "mailEnabled": true, "securityEnabled": false,
        "memberDepartRestriction": "Open",
        "owners@odata.bind": [format!("{}/v1.0/users/{owner}", app.url)],
    });
    app.client().await.post("/v1.0/groups", &body).await.is(201).id()
}

/// Asks for each of these objects and then does it; both find it or neither does.
async fn both_find(client: &Client, question: &Value, path: &str, objects: &[(&str, Option<u16>)]) {
    for (object, refused) in objects {
        let mut question = question.clone();
        question["object"] = json!(object);
        let told = ask(client, &question).await;
        let did = client.delete(&path.replace("OBJECT", object)).await;
        let expected = refused.map_or((200, 204), |status| (status, status));
        assert_eq!((told.status, did.status), expected, "{question}: {told} {did}");
        assert!(refused.is_some() || told["allowed"] == true, "{told}");
    }
}

async fn what_does_not_stand_in_a_place_is_not_found_there(app: TestApp) {
    let global = app.as_global().await;
    let (group, other) = (group(&app).await, app.person("Other").await);
    let theirs = app.other_tenant().await.get("/v1.0/users").await.is(200);
    for place in ["members", "acceptedSenders", "rejectedSenders", "exemptSenders"] {
        let inside = app.person(&format!("In {place}")).await;
        let path = format!("/v1.0/groups/{group}/{place}");
        global.post(&format!("{path}/$ref"), &reference(&app, &inside)).await.is(204);
        let objects = [
            (other.as_str(), Some(404)),
            (theirs.column("id")[0].as_str(), Some(404)),
            ("nobody@contoso.com", Some(404)),
            (inside.as_str(), None),
            (inside.as_str(), Some(404)),
        ]
        .map(|(id, refused)| (id.to_owned(), refused));
        let objects: Vec<_> = objects.iter().map(|(id, refused)| (id.as_str(), *refused)).collect();
        let question = json!({"operation": format!("remove_group_{place}"), "target": group});
        both_find(&global, &question, &format!("{path}/OBJECT/$ref"), &objects).await;
        let question = json!({"operation": format!("drop_group_{place}"), "target": group});
        global.post(&format!("{path}/$ref"), &reference(&app, &inside)).await.is(204);
        let by_option = format!("{path}/$ref?@id={}/v1.0/users/OBJECT", app.url);
        both_find(&global, &question, &by_option, &objects).await;
    }
    // Whoever may not take anything out learns nothing of who is in.
    let member = app.as_member().await;
    let question = json!({"operation": "remove_group_owners", "target": group, "object": other});
    assert_eq!(ask(&member, &question).await.is(200)["allowed"], false);
}

async fn a_member_who_may_leave_is_found_by_name_too(app: TestApp) {
    let group = group(&app).await;
    let (id, session) = app.holder("Leaver", &[]).await;
    let name = session.get("/v1.0/me").await.text_of("userPrincipalName");
    let members = format!("/v1.0/groups/{group}/members");
    for object in [id.as_str(), name.as_str()] {
        let add = reference(&app, &id);
        app.client().await.post(&format!("{members}/$ref"), &add).await.is(204);
        let question =
            json!({"operation": "remove_group_members", "target": group, "object": object});
        let told = ask(&session, &question).await.is(200);
        assert_eq!((&told["allowed"], &told["relation"]), (&json!(true), &json!("oneself")));
        session.delete(&format!("{members}/{object}/$ref")).await.is(204);
        ask(&session, &question).await.refuses(404, "Request_ResourceNotFound");
        session.delete(&format!("{members}/{object}/$ref")).await.is(404);
    }
}

async fn a_manager_who_is_not_there_is_not_found(app: TestApp) {
    let global = app.as_global().await;
    let contact = json!({"displayName": "Outside", "mail": "outside@elsewhere.example"});
    let contact = global.post("/v1.0/contacts", &contact).await.is(201).id();
    let (report, manager) = (app.person("Report").await, app.person("Manager").await);
    let deleted = app.person("Deleted").await;
    global.delete(&format!("/v1.0/users/{deleted}")).await.is(204);
    let nobody = Uuid::now_v7().to_string();
    for (kind, target) in [("user", &report), ("contact", &contact)] {
        for end in ["", "/$ref"] {
            let suffix = if end.is_empty() { "" } else { "_reference" };
            let operation = format!("put_{kind}_manager{suffix}");
            for (object, found) in [(&manager, true), (&nobody, false), (&deleted, false)] {
                let question = json!({"operation": operation, "target": target, "object": object});
                let told = ask(&global, &question).await;
                let path = format!("/v1.0/{kind}s/{target}/manager{end}");
                let put = global.request("PUT", &path).json(&reference(&app, object));
                let did = global.send(put).await;
                let expected = if found { (200, 204) } else { (404, 404) };
                assert_eq!((told.status, did.status), expected, "{question}: {told} {did}");
            }
            // Rights come first, as with the operation.
            let question = json!({"operation": operation, "target": target, "object": nobody});
            let told = ask(&app.as_role("billing").await, &question).await.is(200);
            assert_eq!(told["allowed"], false, "{told}");
        }
    }
}

async fn who_gets_or_loses_a_role_is_looked_for(app: TestApp) {
    let global = app.as_global().await;
    let role = roster_tests::template_id("exchange");
    let (holder, _) = app.holder("Holder", &["exchange"]).await;
    let other = super::future_administrator(&app).await;
    let nobody = Uuid::now_v7().to_string();
    for (operation, object, status) in [
        ("add_directory_role_member", &other, 200),
        ("add_directory_role_member", &app.credentials.0, 200),
        ("add_directory_role_member", &nobody, 404),
        ("remove_directory_role_member", &holder, 200),
        ("remove_directory_role_member", &other, 404),
        ("remove_directory_role_member", &nobody, 404),
    ] {
        let question = json!({"operation": operation, "target": role, "object": object});
        let told = ask(&global, &question).await;
        assert_eq!(told.status, status, "{question}: {told}");
        for client in [app.as_role("user").await, app.as_member().await] {
            let told = ask(&client, &question).await.is(200);
            assert_eq!(told["allowed"], false, "it tells nobody who holds the role: {told}");
        }
    }
}

async fn an_object_is_named_only_where_there_are_two(app: TestApp) {
    let global = app.as_global().await;
    let id = app.person("Jan").await;
    for operation in ["update_user", "delete_user", "list_users", "get_group_members_item"] {
        let question = json!({"operation": operation, "object": id});
        let refused = ask(&global, &question).await.refuses(400, "Request_BadRequest");
        assert_eq!(refused.targets(), ["object"], "{refused}");
    }
}

async fn a_guest_who_has_not_accepted_may_nothing(app: TestApp) {
    let global = app.as_global().await;
    let body = json!({
        "invitedUserEmailAddress": "ann@fabrikam.example",
        "inviteRedirectUrl": "https://app.example/in",
    });
    let made = global.post("/v1.0/invitations", &body).await.is(201);
    let id = made["invitedUser"]["id"].as_str().unwrap().to_owned();
    let question = json!({"actor": id, "operation": "list_users"});
    for (language, words) in [
        ("en", "Refused: the guest has not accepted the invitation yet."),
        ("nl", "Geweigerd: de gast heeft de uitnodiging nog niet aanvaard."),
    ] {
        let told = ask(&global.with("Accept-Language", language), &question).await.is(200);
        assert_eq!((&told["allowed"], &told["message"]), (&json!(false), &json!(words)), "{told}");
        assert_eq!(told["grantingRoles"], json!([]), "no role would change that: {told}");
    }
    let url = made.text_of("inviteRedeemUrl");
    let (_, token) = url.split_once("invitationToken=").unwrap();
    let accept = json!({"invitationToken": token, "password": PASSWORD});
    app.anonymous().post("/v1.0/invitations/redeem", &accept).await.is(200);
    assert_eq!(ask(&global, &question).await.is(200)["allowed"], true);
}
