//! Deleted groups: restored within 30 days, purged, erased by time (R76–R85).

use super::support::{RECIPIENTS, add, addresses, body, group, group_with, ids, members, sorted};
use roster_tests::{TestApp, on_both, person};
use serde_json::json;
use std::time::{Duration, Instant};

on_both! {
    security_and_microsoft_365_groups_wait_in_deleted_items_and_others_do_not,
    a_deleted_group_exists_nowhere_else,
    a_restored_group_has_its_owners_members_memberships_and_addresses,
    a_name_given_away_meanwhile_refuses_the_restore,
    an_alias_given_away_meanwhile_is_replaced_with_a_warning,
    an_address_given_away_meanwhile_is_dropped_with_a_warning,
    a_group_that_lost_every_address_gets_one_like_its_own,
    a_purged_group_leaves_nothing_behind,
    only_who_manages_users_and_groups_restores_and_purges,
    a_purged_user_leaves_nothing_behind,
    reports_of_who_is_gone_change_like_any_other,
    thirty_days_decide_what_is_visible_and_then_it_is_erased,
}

const DELETED: &str = "/v1.0/directory/deletedItems";

async fn security_and_microsoft_365_groups_wait_in_deleted_items_and_others_do_not(app: TestApp) {
    let client = app.client().await;
    let mut waiting = Vec::new();
    for kind in ["security", "Microsoft 365"] {
        let id = group(&app, kind, kind).await;
        client.delete(&format!("/v1.0/groups/{id}")).await.is(204);
        let item = client.get(&format!("{DELETED}/{id}")).await.is(200);
        assert_eq!(item["@odata.type"], "#microsoft.graph.group");
        assert_eq!((&item["displayName"], item.header("etag")), (&json!(kind), "\"v2\""));
        assert!(item["deletedDateTime"].is_string(), "{item}");
        waiting.push(id);
    }
    for kind in RECIPIENTS {
        let id = group(&app, kind, kind).await;
        client.delete(&format!("/v1.0/groups/{id}")).await.is(204);
        client.get(&format!("{DELETED}/{id}")).await.refuses(404, "Request_ResourceNotFound");
    }
    waiting.sort();
    for cast in ["graph.group", "microsoft.graph.group"] {
        assert_eq!(ids(&client, &format!("directory/deletedItems/{cast}?$top=1")).await, waiting);
        assert_eq!(client.get(&format!("{DELETED}/{cast}/$count")).await.is(200).text, "2");
    }
    let named = [("$filter", "displayName eq 'security'"), ("$select", "displayName")];
    let found = client.query(&format!("{DELETED}/graph.group"), &named).await.is(200);
    assert_eq!(found.column("displayName"), ["security"]);
    assert!(ids(&client, "directory/deletedItems/graph.user").await.is_empty());
}

async fn a_deleted_group_exists_nowhere_else(app: TestApp) {
    let client = app.client().await;
    let jan = app.person("Jan").await;
    let parent = group(&app, "security", "Parent").await;
    let with = json!({"members@odata.bind": addresses(&[&jan])});
    let id = group_with(&app, "security", "Gone", with).await;
    add(&client, &parent, "members", &id).await.is(204);
    client.delete(&format!("/v1.0/groups/{id}")).await.is(204);
    for path in [format!("groups/{id}"), format!("groups/{id}/members")] {
        client.get(&format!("/v1.0/{path}")).await.refuses(404, "Request_ResourceNotFound");
    }
    assert!(ids(&client, &format!("users/{jan}/memberOf")).await.is_empty());
    assert!(members(&client, &parent).await.is_empty());
    // What it holds is not reached through it.
    let within = ids(&client, &format!("groups/{parent}/transitiveMembers")).await;
    assert!(within.is_empty(), "{within:?}");
    assert!(ids(&client, &format!("users/{jan}/transitiveMemberOf")).await.is_empty());
    let asked = json!({"groupIds": [id, parent]});
    let path = format!("/v1.0/users/{jan}/checkMemberGroups");
    assert!(client.post(&path, &asked).await.is(200).items().is_empty());
    client.patch(&format!("/v1.0/groups/{id}"), &json!({"description": "x"})).await.is(404);
    add(&client, &parent, "members", &id).await.is(404);
}

async fn a_restored_group_has_its_owners_members_memberships_and_addresses(app: TestApp) {
    let client = app.client().await;
    let (jan, eva) = (app.person("Jan").await, app.person("Eva").await);
    let with = json!({
        "owners@odata.bind": addresses(&[&eva]), "members@odata.bind": addresses(&[&jan, &eva])
    });
    let id = group_with(&app, "Microsoft 365", "Bakers", with).await;
    let path = format!("/v1.0/groups/{id}");
    client
        .patch(
            &path,
            &json!({"proxyAddresses": [
                "SMTP:bakers@contoso.onroster.example", "smtp:bread@contoso.onroster.example"
            ]}),
        )
        .await
        .is(204);
    let before = client.get(&path).await.is(200);
    client.delete(&path).await.is(204);
    let restored = client.post(&format!("{DELETED}/{id}/restore"), &json!({})).await.is(200);
    assert_eq!(restored["@odata.type"], "#microsoft.graph.group");
    assert!(restored.warnings().is_empty() && restored["passwordProfile"].is_null(), "{restored}");
    let after = client.get(&path).await.is(200);
    for property in ["displayName", "mail", "mailNickname", "proxyAddresses", "visibility"] {
        assert_eq!(after[property], before[property], "{property}");
    }
    assert_eq!((&after["deletedDateTime"], after.header("etag")), (&json!(null), "\"v4\""));
    assert_eq!(members(&client, &id).await, sorted([&jan, &eva]));
    assert_eq!(ids(&client, &format!("groups/{id}/owners")).await, [eva]);
    assert_eq!(ids(&client, &format!("users/{jan}/memberOf")).await, [id.as_str()]);
    // Its addresses are taken again.
    let mut thief = person("Thief");
    thief["mail"] = json!("bread@contoso.onroster.example");
    assert_eq!(client.post("/v1.0/users", &thief).await.is(400).targets(), ["mail"]);
    client.post(&format!("{DELETED}/{id}/restore"), &json!({})).await.is(404);
}

async fn a_name_given_away_meanwhile_refuses_the_restore(app: TestApp) {
    let client = app.client().await;
    let id = group(&app, "Microsoft 365", "Bakers").await;
    client.delete(&format!("/v1.0/groups/{id}")).await.is(204);
    let heir = group_with(&app, "distribution", "Bakers", json!({"mailNickname": "heir"})).await;
    let restore = format!("{DELETED}/{id}/restore");
    let refused = client.post(&restore, &json!({})).await.refuses(409, "GroupNameTaken");
    assert_eq!(refused["error"]["target"], "displayName");
    let heir = format!("/v1.0/groups/{heir}");
    client.patch(&heir, &json!({"displayName": "Heirs"})).await.is(204);
    let of_users = json!({"newUserPrincipalName": "a@contoso.onroster.example"});
    let refused = client.post(&restore, &of_users).await.is(400);
    assert_eq!(refused.targets(), ["newUserPrincipalName"]);
    let restored = client.post(&restore, &json!({})).await.is(200);
    assert!(restored.warnings().is_empty(), "{restored}");
}

async fn an_alias_given_away_meanwhile_is_replaced_with_a_warning(app: TestApp) {
    let client = app.client().await;
    for (heir, kind) in [("distribution", "Microsoft 365"), ("contact", "Microsoft 365")] {
        let name = format!("Bakers {heir}");
        let id = group(&app, kind, &name).await;
        let before = client.get(&format!("/v1.0/groups/{id}")).await.is(200);
        let alias = before.text_of("mailNickname");
        client.delete(&format!("/v1.0/groups/{id}")).await.is(204);
        let with = json!({"mailNickname": alias, "mail": format!("{heir}@outside.example")});
        if heir == "contact" {
            let mut body = with;
            body["displayName"] = json!("Heir");
            client.post("/v1.0/contacts", &body).await.is(201);
        } else {
            group_with(&app, heir, "Heirs", json!({"mailNickname": alias})).await;
        }
        let restored = client.post(&format!("{DELETED}/{id}/restore"), &json!({})).await.is(200);
        assert_eq!(restored["@roster.warnings"][0]["code"], "AliasReplaced", "{restored}");
        assert_eq!(restored["@roster.warnings"][0]["target"], "mailNickname");
        let now = restored.text_of("mailNickname");
        let digits = now.strip_prefix(&alias).unwrap();
        assert!(digits.parse::<u16>().is_ok(), "{now}");
        let mail = restored.text_of("mail");
        // The list took the address too, the contact has one of its own.
        if heir == "contact" {
            assert_eq!(mail, before.text_of("mail"));
        } else {
            assert_eq!(restored.warnings(), ["AliasReplaced", "AddressDropped"]);
            assert!(mail.starts_with(&format!("{now}@")), "{restored}");
        }
    }
}

async fn an_address_given_away_meanwhile_is_dropped_with_a_warning(app: TestApp) {
    let client = app.client().await;
    let with = json!({"proxyAddresses": [
        "SMTP:first@contoso.onroster.example", "smtp:second@contoso.onroster.example",
        "smtp:third@contoso.onroster.example"
    ]});
    let id = group_with(&app, "Microsoft 365", "Bakers", with).await;
    client.delete(&format!("/v1.0/groups/{id}")).await.is(204);
    for address in ["first@contoso.onroster.example", "third@contoso.onroster.example"] {
        let mut heir = person(&format!("Heir of {address}"));
        heir["mail"] = json!(address);
        client.post("/v1.0/users", &heir).await.is(201);
    }
    let restored = client.post(&format!("{DELETED}/{id}/restore"), &json!({})).await.is(200);
    assert_eq!(restored.warnings(), ["AddressDropped", "AddressDropped"]);
    assert_eq!(restored["@roster.warnings"][0]["target"], "mail");
    assert_eq!(restored["@roster.warnings"][1]["target"], "proxyAddresses");
    assert_eq!(restored["mail"], "second@contoso.onroster.example");
    assert_eq!(restored["proxyAddresses"], json!(["SMTP:second@contoso.onroster.example"]));
}

async fn a_group_that_lost_every_address_gets_one_like_its_own(app: TestApp) {
    let client = app.client().await;
    let id = group(&app, "Microsoft 365", "Bakers").await;
    client.delete(&format!("/v1.0/groups/{id}")).await.is(204);
    client.post("/v1.0/users", &person("Bakers")).await.is(201);
    let restored = client.post(&format!("{DELETED}/{id}/restore"), &json!({})).await.is(200);
    assert_eq!(restored.warnings(), ["AddressDropped"]);
    let mail = restored.text_of("mail");
    let digits = mail.strip_prefix("bakers").and_then(|rest| rest.split('@').next());
    assert_eq!(digits.map(str::len), Some(4), "{mail}");
    assert_eq!(restored["proxyAddresses"], json!([format!("SMTP:{mail}")]));
}

async fn a_purged_group_leaves_nothing_behind(app: TestApp) {
    let client = app.client().await;
    let jan = app.person("Jan").await;
    let parent = group(&app, "security", "Parent").await;
    let with = json!({"members@odata.bind": addresses(&[&jan])});
    let id = group_with(&app, "security", "Gone", with).await;
    add(&client, &parent, "members", &id).await.is(204);
    client.delete(&format!("/v1.0/groups/{id}")).await.is(204);
    client.delete(&format!("{DELETED}/{id}")).await.is(204);
    for path in [format!("{DELETED}/{id}"), format!("{DELETED}/{id}/restore")] {
        let answer = if path.ends_with("restore") {
            client.post(&path, &json!({})).await
        } else {
            client.get(&path).await
        };
        answer.refuses(404, "Request_ResourceNotFound");
    }
    client.delete(&format!("{DELETED}/{id}")).await.is(404);
    // The parent's own place is free again, so it may be nested elsewhere.
    let count = client.get(&format!("/v1.0/groups/{parent}/members/$count")).await.is(200);
    assert_eq!(count.text, "0");
    assert!(ids(&client, "directory/deletedItems/graph.group").await.is_empty());
}

async fn only_who_manages_users_and_groups_restores_and_purges(app: TestApp) {
    let (owner, session) = app.holder("Owner", &[]).await;
    for (role, client) in app.everyone().await.into_iter().chain([("member", session)]) {
        let with = json!({"owners@odata.bind": addresses(&[&owner])});
        let id = group_with(&app, "security", &format!("Of {role}"), with).await;
        app.client().await.delete(&format!("/v1.0/groups/{id}")).await.is(204);
        let manages = ["global", "user"].contains(&role);
        let sees = role != "member";
        let item = format!("{DELETED}/{id}");
        client.get(&item).await.is(if sees { 200 } else { 403 });
        client.get(&format!("{DELETED}/graph.group")).await.is(if sees { 200 } else { 403 });
        let restore = format!("{item}/restore");
        client.post(&restore, &json!({})).await.is(if manages { 200 } else { 403 });
        if manages {
            client.delete(&format!("/v1.0/groups/{id}")).await.is(204);
        }
        client.delete(&item).await.is(if manages { 204 } else { 403 });
    }
    let stranger = app.other_tenant().await;
    let id = group(&app, "security", "Elsewhere").await;
    app.client().await.delete(&format!("/v1.0/groups/{id}")).await.is(204);
    stranger.get(&format!("{DELETED}/{id}")).await.is(404);
    stranger.post(&format!("{DELETED}/{id}/restore"), &json!({})).await.is(404);
    stranger.delete(&format!("{DELETED}/{id}")).await.is(404);
    assert!(ids(&stranger, "directory/deletedItems/graph.group").await.is_empty());
}

async fn a_purged_user_leaves_nothing_behind(app: TestApp) {
    let client = app.client().await;
    let (jan, eva) = (app.person("Jan").await, app.person("Eva").await);
    let with = json!({
        "owners@odata.bind": addresses(&[&eva, &jan]), "members@odata.bind": addresses(&[&jan])
    });
    let id = group_with(&app, "distribution", "Bakers", with).await;
    client.delete(&format!("/v1.0/users/{jan}")).await.is(204);
    assert!(members(&client, &id).await.is_empty(), "a deleted member is not shown");
    let restore = format!("{DELETED}/{jan}/restore");
    client.post(&restore, &json!({})).await.is(200);
    assert_eq!(members(&client, &id).await, [jan.as_str()], "it comes back (R85)");
    client.delete(&format!("/v1.0/users/{jan}")).await.is(204);
    client.delete(&format!("{DELETED}/{jan}")).await.is(204);
    client.post(&restore, &json!({})).await.is(404);
    assert_eq!(ids(&client, &format!("groups/{id}/owners")).await, [eva.as_str()]);
    // The last owner stays: the purged one does not count any more.
    super::support::remove(&client, &id, "owners", &eva).await.is(400);
    // When that one is deleted too, a filter finds the list that nobody owns any more.
    let orphans = [("$filter", "not owners/any()")];
    assert!(client.query("/v1.0/groups", &orphans).await.is(200).items().is_empty());
    client.delete(&format!("/v1.0/users/{eva}")).await.is(204);
    assert_eq!(client.query("/v1.0/groups", &orphans).await.is(200).column("id"), [id]);
}

async fn reports_of_who_is_gone_change_like_any_other(app: TestApp) {
    let client = app.client().await;
    let (jan, boss) = (app.person("Jan").await, app.person("Boss").await);
    let pilar = app.contact("Pilar").await;
    let set = |of: String, manager: String| {
        let client = client.clone();
        async move {
            let body = json!({"@odata.id": super::support::address(&manager)});
            let request = client.request("PUT", &format!("/v1.0/{of}/manager/$ref"));
            client.send(request.json(&body)).await.is(204);
        }
    };
    set(format!("users/{jan}"), pilar.clone()).await;
    let tag = |path: String| {
        let client = client.clone();
        async move { client.get(&path).await.is(200).header("etag").to_owned() }
    };
    let path = format!("/v1.0/users/{jan}");
    let before = tag(path.clone()).await;
    client.delete(&format!("/v1.0/contacts/{pilar}")).await.is(204);
    assert_ne!(tag(path.clone()).await, before, "the report is another one than before");
    let stale = client.with("if-match", &before);
    stale.patch(&path, &json!({"jobTitle": "Baker"})).await.is(412);

    set(format!("users/{jan}"), boss.clone()).await;
    client.delete(&format!("/v1.0/users/{boss}")).await.is(204);
    let before = tag(path.clone()).await;
    client.delete(&format!("{DELETED}/{boss}")).await.is(204);
    assert_ne!(tag(path).await, before);
    let with_one = [("$filter", "manager/id ne null")];
    assert!(client.query("/v1.0/users", &with_one).await.is(200).items().is_empty());
}

/// The other process is ahead in time; this one shows what it erased, not what time hides.
async fn thirty_days_decide_what_is_visible_and_then_it_is_erased(app: TestApp) {
    let client = app.client().await;
    let jan = app.person("Jan").await;
    let id = group(&app, "Microsoft 365", "Bakers").await;
    client.delete(&format!("/v1.0/users/{jan}")).await.is(204);
    client.delete(&format!("/v1.0/groups/{id}")).await.is(204);
    let both = [format!("{DELETED}/{jan}"), format!("{DELETED}/{id}")];
    let before = app.neighbour_ahead(29);
    let grant = [
        ("grant_type", "client_credentials"),
        ("client_id", &app.credentials.0),
        ("client_secret", &app.credentials.1),
    ];
    let then = app.anonymous().at(before.url());
    let token = then.form("/oauth2/token", &grant).await.is(200).text_of("access_token");
    for item in &both {
        then.bearing(&token).get(item).await.is(200);
    }
    drop(before);
    let after = app.neighbour_ahead(31);
    let then = app.anonymous().at(after.url());
    let token = then.form("/oauth2/token", &grant).await.is(200).text_of("access_token");
    let then = then.bearing(&token);
    for item in &both {
        then.get(item).await.refuses(404, "Request_ResourceNotFound");
    }
    let patience = Instant::now() + Duration::from_secs(60);
    for item in &both {
        while client.get(item).await.status != 404 {
            assert!(Instant::now() < patience, "{item} was not erased");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
    // Names and addresses of what is gone are anybody's.
    app.create(&person("Jan")).await;
    client.post("/v1.0/groups", &body("Microsoft 365", "Bakers")).await.is(201);
}
