//! Who may change groups: row 6, mail administrators, owners; at both ends of every edge (A1, V1,
//! R126).

use super::support::{
    KINDS, RECIPIENTS, add, addresses, body, group, group_with, members, owned, remove,
};
use roster_tests::{Client, TestApp, on_both};
use serde_json::json;

on_both! {
    owners_read_what_they_set,
    nobody_joins_a_group_with_hidden_members_by_themselves,
    row_6_manages_every_kind_and_mail_administrators_the_mail_enabled_ones,
    an_owner_manages_their_own_group_and_no_other,
    who_is_in_a_group_that_owns_another_manages_it,
    a_group_for_mail_alone_carries_no_ownership,
    an_ordinary_owner_cannot_pull_in_what_they_do_not_see,
    an_ordinary_owner_cannot_reach_into_other_groups,
    an_owner_who_is_gone_manages_nothing,
    hidden_members_are_known_to_members_owners_and_administrators,
    hidden_members_do_not_show_through_any_other_way,
    a_filter_tells_no_more_than_the_relation,
    who_owns_a_group_through_another_sees_its_hidden_members,
}

async fn row_6_manages_every_kind_and_mail_administrators_the_mail_enabled_ones(app: TestApp) {
    let jan = app.person("Jan").await;
    for (role, client) in app.everyone().await {
        for (kind, ..) in KINDS {
            let may = match role {
                "global" | "user" => true,
                "exchange" => RECIPIENTS.contains(&kind),
                _ => false,
            };
            let name = format!("{role} {kind}");
            let id = group(&app, kind, &name).await;
            let mut new = body(kind, &format!("{name} new"));
            new["owners@odata.bind"] = addresses(&[&jan]);
            let made = client.post("/v1.0/groups", &new).await;
            let path = format!("/v1.0/groups/{id}");
            let changed = client.patch(&path, &json!({"description": "x"})).await;
            let added = add(&client, &id, "members", &jan).await;
            let owned = add(&client, &id, "owners", &jan).await;
            let deleted = client.delete(&path).await;
            for (answer, status) in
                [(made, 201), (changed, 204), (added, 204), (owned, 204), (deleted, 204)]
            {
                if may {
                    answer.is(status);
                    continue;
                }
                let refused = answer.refuses(403, "Authorization_RequestDenied");
                let why = &refused["error"]["innerError"]["authorization"];
                assert_eq!(why["permission"], "manage_users_and_groups", "{name}: {refused}");
                assert_eq!(why["matrixRow"], 6, "{refused}");
            }
        }
    }
}

async fn an_owner_manages_their_own_group_and_no_other(app: TestApp) {
    let jan = app.person("Jan").await;
    for (kind, ..) in KINDS {
        let (me, session, id) = owned(&app, kind, kind).await;
        let path = format!("/v1.0/groups/{id}");
        session.patch(&path, &json!({"description": "x"})).await.is(204);
        add(&session, &id, "members", &jan).await.is(204);
        remove(&session, &id, "members", &jan).await.is(204);
        add(&session, &id, "owners", &jan).await.is(204);
        let other = group(&app, kind, &format!("Not {kind}")).await;
        let theirs = format!("/v1.0/groups/{other}");
        session.patch(&theirs, &json!({"description": "x"})).await.is(403);
        add(&session, &other, "members", &jan).await.is(403);
        add(&session, &other, "members", &me).await.is(403);
        add(&session, &other, "owners", &me).await.is(403);
        session.delete(&theirs).await.is(403);
        session.post("/v1.0/groups", &body(kind, &format!("My {kind}"))).await.is(403);
        session.delete(&path).await.is(204);
    }
}

async fn who_is_in_a_group_that_owns_another_manages_it(app: TestApp) {
    let client = app.client().await;
    let (me, session) = app.holder("Member of owners", &[]).await;
    let inner = group(&app, "mail-enabled security", "Inner").await;
    let owners = group(&app, "mail-enabled security", "Owners").await;
    add(&client, &owners, "members", &inner).await.is(204);
    let with = json!({"owners@odata.bind": addresses(&[&owners])});
    let id = group_with(&app, "distribution", "Bakers", with).await;
    let path = format!("/v1.0/groups/{id}");
    session.patch(&path, &json!({"description": "x"})).await.is(403);
    add(&client, &inner, "members", &me).await.is(204);
    session.patch(&path, &json!({"description": "x"})).await.is(204);
    remove(&client, &inner, "members", &me).await.is(204);
    session.patch(&path, &json!({"description": "y"})).await.is(403);
}

/// Else whoever joins or fills a list for mail would own what a group above it owns (V1).
async fn a_group_for_mail_alone_carries_no_ownership(app: TestApp) {
    let client = app.client().await;
    let owners = group(&app, "mail-enabled security", "Owners").await;
    let with = json!({"owners@odata.bind": addresses(&[&owners])});
    let id = group_with(&app, "distribution", "Bakers", with).await;
    let (me, session, list) = owned(&app, "distribution", "List").await;
    let open = json!({"memberJoinRestriction": "Open"});
    client.patch(&format!("/v1.0/groups/{list}"), &open).await.is(204);
    add(&client, &owners, "members", &list).await.is(204);
    add(&session, &list, "members", &me).await.is(204);
    let path = format!("/v1.0/groups/{id}");
    session.patch(&path, &json!({"description": "x"})).await.is(403);
    session.delete(&path).await.is(403);
    add(&client, &owners, "members", &me).await.is(204);
    session.patch(&path, &json!({"description": "x"})).await.is(204);
}

async fn an_ordinary_owner_cannot_pull_in_what_they_do_not_see(app: TestApp) {
    let client = app.client().await;
    let (_, session, id) = owned(&app, "distribution", "Mine").await;
    let hidden_person = app.person("Hidden").await;
    let hide = json!({"showInAddressList": false});
    client.patch(&format!("/v1.0/users/{hidden_person}"), &hide).await.is(204);
    let hidden_contact = app.contact("pilar").await;
    let hide = json!({"hiddenFromAddressListsEnabled": true});
    client.patch(&format!("/v1.0/contacts/{hidden_contact}"), &hide).await.is(204);
    let hidden_group =
        group_with(&app, "distribution", "Secret", json!({"hideFromAddressLists": true})).await;
    let deleted = app.person("Deleted").await;
    client.delete(&format!("/v1.0/users/{deleted}")).await.is(204);
    for object in [&hidden_person, &hidden_contact, &hidden_group, &deleted] {
        for place in ["members", "owners", "acceptedSenders", "rejectedSenders", "moderators"] {
            let refused = add(&session, &id, place, object).await;
            refused.refuses(404, "Request_ResourceNotFound");
        }
        let bind = json!({"members@odata.bind": addresses(&[object])});
        session.patch(&format!("/v1.0/groups/{id}"), &bind).await.is(404);
    }
    assert!(members(&client, &id).await.is_empty());
    // An administrator sees them, and so may name them.
    add(&client, &id, "members", &hidden_person).await.is(204);
}

async fn an_ordinary_owner_cannot_reach_into_other_groups(app: TestApp) {
    let client = app.client().await;
    let (me, session, mine) = owned(&app, "mail-enabled security", "Mine").await;
    let mighty = group(&app, "mail-enabled security", "Mighty").await;
    // Into the mighty group: neither oneself nor one's group.
    add(&session, &mighty, "members", &me).await.is(403);
    add(&session, &mighty, "members", &mine).await.is(403);
    add(&session, &mighty, "owners", &mine).await.is(403);
    let bind = json!({"members@odata.bind": addresses(&[&mine])});
    session.patch(&format!("/v1.0/groups/{mighty}"), &bind).await.is(403);
    // The mighty group into one's own: that gives no right over it or who is in it.
    let jan = app.person("Jan").await;
    add(&client, &mighty, "members", &jan).await.is(204);
    add(&session, &mine, "members", &mighty).await.is(204);
    session.patch(&format!("/v1.0/groups/{mighty}"), &json!({"description": "x"})).await.is(403);
    remove(&session, &mighty, "members", &jan).await.is(403);
    session.patch(&format!("/v1.0/users/{jan}"), &json!({"jobTitle": "x"})).await.is(403);
    session.delete(&format!("/v1.0/users/{jan}")).await.is(403);
    // A group whose members are hidden would show them through one's own.
    let hidden = json!({"visibility": "HiddenMembership"});
    let secret = group_with(&app, "mail-enabled security", "Secret", hidden).await;
    for place in ["members", "owners", "acceptedSenders", "rejectedSenders"] {
        let refused = add(&session, &mine, place, &secret).await;
        let refused = refused.refuses(403, "Authorization_RequestDenied");
        let why = &refused["error"]["innerError"]["authorization"];
        assert_eq!(why["permission"], "view_organization_and_users", "{refused}");
        add(&client, &mine, place, &secret).await.is(204);
    }
}

async fn an_owner_who_is_gone_manages_nothing(app: TestApp) {
    let client = app.client().await;
    let (me, session, id) = owned(&app, "distribution", "Mine").await;
    let eva = app.person("Eva").await;
    add(&client, &id, "owners", &eva).await.is(204);
    remove(&client, &id, "owners", &me).await.is(204);
    session.patch(&format!("/v1.0/groups/{id}"), &json!({"description": "x"})).await.is(403);
    add(&client, &id, "owners", &me).await.is(204);
    session.patch(&format!("/v1.0/groups/{id}"), &json!({"description": "x"})).await.is(204);
    client.patch(&format!("/v1.0/users/{me}"), &json!({"accountEnabled": false})).await;
    session.patch(&format!("/v1.0/groups/{id}"), &json!({"description": "y"})).await.is(401);
}

async fn hidden_members_are_known_to_members_owners_and_administrators(app: TestApp) {
    let client = app.client().await;
    let (jan, insider) = app.holder("Jan", &[]).await;
    for (kind, name) in [("Microsoft 365", "Secret team"), ("distribution", "Secret list")] {
        let (me, owner) = app.holder(&format!("Owner {name}"), &[]).await;
        let with = json!({
            "visibility": "HiddenMembership", "owners@odata.bind": addresses(&[&me]),
            "members@odata.bind": addresses(&[&jan])
        });
        let id = group_with(&app, kind, name, with).await;
        let outsider = app.as_member().await;
        for view in ["members", "transitiveMembers", "recipients"] {
            let path = format!("/v1.0/groups/{id}/{view}");
            for knows in [&client, &owner, &insider, &app.as_role("billing").await] {
                assert_eq!(knows.get(&path).await.is(200).column("id"), [jan.as_str()]);
            }
            for path in [path.clone(), format!("{path}/$count"), format!("{path}/$ref")] {
                let refused = outsider.get(&path).await;
                let refused = refused.refuses(403, "Authorization_RequestDenied");
                let why = &refused["error"]["innerError"]["authorization"];
                assert_eq!(why["permission"], "view_organization_and_users", "{refused}");
            }
        }
        let question = json!({"sender": "jan@contoso.onroster.example"});
        let path = format!("/v1.0/groups/{id}/checkDelivery");
        outsider.post(&path, &question).await.is(403);
        outsider.get(&format!("/v1.0/groups/{id}")).await.is(200);
        outsider.get(&format!("/v1.0/groups/{id}/owners")).await.is(200);
    }
}

async fn hidden_members_do_not_show_through_any_other_way(app: TestApp) {
    let (client, member) = (app.client().await, app.as_member().await);
    let (jan, session) = app.holder("Jan", &[]).await;
    let with = json!({
        "visibility": "HiddenMembership", "members@odata.bind": addresses(&[&jan])
    });
    let secret = group_with(&app, "distribution", "Secret", with).await;
    let outer = group(&app, "distribution", "Outer").await;
    add(&client, &outer, "members", &secret).await.is(204);
    for (path, what) in [
        (format!("/v1.0/users/{jan}/memberOf"), "memberOf"),
        (format!("/v1.0/users/{jan}/transitiveMemberOf"), "transitiveMemberOf"),
    ] {
        assert!(member.get(&path).await.is(200).items().is_empty(), "{what}");
        assert!(!session.get(&path).await.is(200).items().is_empty(), "{what} of oneself");
    }
    let within = member.get(&format!("/v1.0/groups/{outer}/transitiveMembers")).await.is(200);
    assert_eq!(within.column("id"), [secret.as_str()], "the group, not who is in it");
    let question = json!({"groupIds": [secret, outer]});
    let path = format!("/v1.0/users/{jan}/checkMemberGroups");
    assert!(member.post(&path, &question).await.is(200).items().is_empty());
    assert_eq!(client.post(&path, &question).await.is(200).items().len(), 2);
    let path = format!("/v1.0/users/{jan}/getMemberGroups");
    let all = json!({"securityEnabledOnly": false});
    assert!(member.post(&path, &all).await.is(200).items().is_empty());
    let expanded = [("$expand", "members")];
    let read = member.query(&format!("/v1.0/groups/{secret}"), &expanded).await.is(200);
    assert_eq!(read["members"], json!([]));
    for filter in [format!("members/any(m:m/id eq {jan})"), "members/$count eq 1".to_owned()] {
        let refused = member.query("/v1.0/groups", &[("$filter", &filter)]).await;
        refused.refuses(403, "Authorization_RequestDenied");
    }
}

async fn a_filter_tells_no_more_than_the_relation(app: TestApp) {
    let (client, member) = (app.client().await, app.as_member().await);
    let (id, other) = (app.person("Hidden").await, app.person("Other").await);
    let hide = json!({"showInAddressList": false});
    client.patch(&format!("/v1.0/users/{id}"), &hide).await.is(204);
    let with = json!({"owners@odata.bind": addresses(&[&id, &other]), "members@odata.bind": addresses(&[&id])});
    let group = group_with(&app, "security", "Bakers", with).await;
    let reports = app.person("Reports").await;
    let manager = json!({"@odata.id": addresses(&[&id])[0]});
    let put = client.request("PUT", &format!("/v1.0/users/{reports}/manager/$ref")).json(&manager);
    client.send(put).await.is(204);
    let found = async |who: &Client, list: &str, filter: String| {
        who.query(&format!("/v1.0/{list}"), &[("$filter", &filter)])
            .await
            .is(200)
            .column("id")
            .join(" ")
    };
    let owned = || format!("owners/any(o:o/id eq '{id}')");
    let owners = |n: u8| format!("id eq '{group}' and owners/$count eq {n}");
    assert_eq!(found(&member, "groups", owned()).await, "", "hidden");
    assert_eq!(found(&member, "groups", owners(1)).await, group);
    assert_eq!(found(&client, "groups", owned()).await, group);
    assert_eq!(found(&client, "groups", owners(2)).await, group);
    assert_eq!(found(&client, "users", format!("manager/id eq '{id}'")).await, reports);
    client.delete(&format!("/v1.0/users/{id}")).await.is(204);
    assert_eq!(found(&client, "groups", owned()).await, "", "deleted");
    assert_eq!(found(&client, "groups", owners(1)).await, group);
    let empty = format!("id eq '{group}' and members/$count eq 0");
    assert_eq!(found(&client, "groups", empty).await, group);
    assert_eq!(found(&client, "users", format!("manager/id eq '{id}'")).await, "");
    let none = format!("id eq '{reports}' and manager/id eq null");
    assert_eq!(found(&client, "users", none).await, reports);
    // Who is deleted owns nothing, so the other owner is the last one.
    let refused = remove(&client, &group, "owners", &other).await;
    assert_eq!(refused.refuses(400, "Request_BadRequest").targets(), ["owners"]);
}

async fn who_owns_a_group_through_another_sees_its_hidden_members(app: TestApp) {
    let client = app.client().await;
    let (me, session) = app.holder("Member of owners", &[]).await;
    let owners = group(&app, "mail-enabled security", "Owners").await;
    add(&client, &owners, "members", &me).await.is(204);
    let with = json!({
        "owners@odata.bind": addresses(&[&owners]), "visibility": "HiddenMembership",
    });
    let id = group_with(&app, "distribution", "Bakers", with).await;
    add(&session, &id, "members", &me).await.is(204);
    remove(&session, &id, "members", &me).await.is(204);
    assert!(members(&session, &id).await.is_empty());
    remove(&client, &owners, "members", &me).await.is(204);
    session.get(&format!("/v1.0/groups/{id}/members")).await.is(403);
}

async fn owners_read_what_they_set(app: TestApp) {
    let (_, session, id) = owned(&app, "distribution", "Mine").await;
    let path = format!("/v1.0/groups/{id}");
    let settings = json!({
        "bypassNestedModeration": true, "sendModerationNotifications": "Never",
        "reportToManager": true, "reportToOriginator": false, "sendOofMessageToOriginator": true,
        "hideFromAddressLists": true, "mailTip": "Answers < 2 days", "moderationEnabled": true,
    });
    session.patch(&path, &settings).await.is(204);
    let names: Vec<_> = settings.as_object().unwrap().keys().cloned().collect();
    let read = session.get(&format!("{path}?$select={}", names.join(","))).await.is(200);
    for (name, value) in settings.as_object().unwrap() {
        assert_eq!(&read[name.as_str()], value, "{name}");
    }
    let html = json!({"mailTip": "<b>now</b>"});
    assert_eq!(session.patch(&path, &html).await.is(400).targets(), ["mailTip"]);
}

/// Members see the members, so whoever could join would see them.
async fn nobody_joins_a_group_with_hidden_members_by_themselves(app: TestApp) {
    let client = app.client().await;
    let (jan, session) = app.holder("Jan", &[]).await;
    let with = json!({"visibility": "HiddenMembership"});
    let id = group_with(&app, "distribution", "Secret", with).await;
    let path = format!("/v1.0/groups/{id}");
    let open = json!({"memberJoinRestriction": "Open"});
    let refused = client.patch(&path, &open).await.is(400);
    assert_eq!(refused.targets(), ["memberJoinRestriction"]);
    client.patch(&path, &json!({"memberJoinRestriction": "ApprovalRequired"})).await.is(204);
    add(&session, &id, "members", &jan).await.is(403);
    session.get(&format!("{path}/members")).await.is(403);
}
