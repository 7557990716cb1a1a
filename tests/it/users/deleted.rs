//! Deleted people: their list, and how they come back (R77–R80).

use roster_tests::{INITIAL_DOMAIN, TestApp, on_both, person, upn};
use serde_json::json;

on_both! {
    who_lost_the_primary_address_keeps_the_others,
    a_restore_takes_an_object_or_nothing,
    deleted_people_are_sorted_and_filtered_by_when_they_went,
    a_block_ends_sessions_for_good,
    everything_but_roles_comes_back_with_a_person,
    a_name_given_away_meanwhile_needs_a_new_one,
}

const DELETED: &str = "/v1.0/directory/deletedItems";

async fn who_lost_the_primary_address_keeps_the_others(app: TestApp) {
    let client = app.client().await;
    let at = |name: &str| format!("{name}@{INITIAL_DOMAIN}");
    let mut body = person("Fons");
    body["proxyAddresses"] = json!([
        format!("SMTP:{}", at("fons.main")),
        format!("smtp:{}", at("fons")),
        format!("smtp:{}", at("fons.alt")),
    ]);
    let id = app.create(&body).await.id();
    client.delete(&format!("/v1.0/users/{id}")).await.is(204);
    let contact = json!({"displayName": "Thief", "mail": at("fons.main")});
    client.post("/v1.0/contacts", &contact).await.is(201);
    let restored = client.post(&format!("{DELETED}/{id}/restore"), &json!({})).await.is(200);
    assert_eq!(restored.warnings(), ["AddressDropped"]);
    let path = format!("/v1.0/users/{id}?$select=mail,proxyAddresses");
    let user = client.get(&path).await.is(200);
    let kept = json!([format!("SMTP:{}", at("fons")), format!("smtp:{}", at("fons.alt"))]);
    assert_eq!((&user["mail"], &user["proxyAddresses"]), (&json!(at("fons")), &kept));
    let found = client.get("/v1.0/addressBook?$search=fons").await.is(200);
    assert!(found.column("id").contains(&id), "mail reaches them: {found}");
}

async fn a_restore_takes_an_object_or_nothing(app: TestApp) {
    let client = app.client().await;
    let id = app.person("Jan").await;
    client.delete(&format!("/v1.0/users/{id}")).await.is(204);
    let path = format!("{DELETED}/{id}/restore");
    for body in [json!([1]), json!("x"), json!(1), json!(true), json!({"newName": "x"})] {
        client.post(&path, &body).await.refuses(400, "Request_BadRequest");
    }
    client.get(&format!("{DELETED}/{id}")).await.is(200);
    client.post(&path, &json!(null)).await.is(200);
}

async fn deleted_people_are_sorted_and_filtered_by_when_they_went(app: TestApp) {
    let client = app.client().await;
    let mut gone = Vec::new();
    for name in ["Cees", "Anna", "Bert"] {
        let id = app.person(name).await;
        client.delete(&format!("/v1.0/users/{id}")).await.is(204);
        gone.push(id);
    }
    let list = format!("{DELETED}/graph.user");
    let sorted = [("$orderby", "deletedDateTime desc"), ("$top", "2")];
    let first = client.query(&list, &sorted).await.is(200);
    gone.reverse();
    assert_eq!(first.column("id"), gone[..2]);
    let next = first.text_of("@odata.nextLink");
    let second = client.get(next.strip_prefix(&app.url).unwrap()).await.is(200);
    assert_eq!(second.column("id"), gone[2..]);
    let path = format!("{list}?$select=id,deletedDateTime&$orderby=deletedDateTime desc");
    let when = client.get(&path).await.is(200).column("deletedDateTime").swap_remove(0);
    let since = format!("deletedDateTime ge {when}");
    let last = client.query(&list, &[("$filter", &since)]).await.is(200);
    assert_eq!(last.column("id"), gone[..1]);
}

async fn a_block_ends_sessions_for_good(app: TestApp) {
    let (id, session) = app.holder("Jan", &[]).await;
    let path = format!("/v1.0/users/{id}");
    let client = app.client().await;
    session.get("/v1.0/me").await.is(200);
    client.patch(&path, &json!({"accountEnabled": false})).await.is(200);
    session.get("/v1.0/me").await.is(401);
    client.patch(&path, &json!({"accountEnabled": true})).await.is(204);
    session.get("/v1.0/me").await.refuses(401, "InvalidAuthenticationToken");
    let name = client.get(&path).await.text_of("userPrincipalName");
    app.bearer(&app.sign_in(&name).await).get("/v1.0/me").await.is(200);
    assert_ne!(name, upn("Jan"), "holders have names of their own");
}

async fn everything_but_roles_comes_back_with_a_person(app: TestApp) {
    let client = app.client().await;
    let (id, session) = app.holder("Jan", &["password"]).await;
    let (boss, report) = (app.person("Boss").await, app.person("Report").await);
    let to = |id: &str| json!({"@odata.id": format!("{}/v1.0/directoryObjects/{id}", app.url)});
    for (of, manager) in [(&id, &boss), (&report, &id)] {
        let path = format!("/v1.0/users/{of}/manager/$ref");
        client.send(client.request("PUT", &path).json(&to(manager))).await.is(204);
    }
    let group = json!({
        "displayName": "Bakers", "mailNickname": "bakers", "mailEnabled": false,
        "securityEnabled": true, "members@odata.bind": [to(&id)["@odata.id"]],
        "owners@odata.bind": [to(&id)["@odata.id"], to(&boss)["@odata.id"]],
    });
    let group = client.post("/v1.0/groups", &group).await.is(201).id();
    let path = format!("/v1.0/users/{id}");
    let before = client.get(&path).await.is(200);
    client.delete(&path).await.is(204);
    client.get(&format!("/v1.0/users/{report}/manager")).await.is(404);
    assert!(!client.all("/v1.0/users").await.iter().any(|user| user["id"] == json!(id)));

    let restore = client.post(&format!("{DELETED}/{id}/restore"), &json!({})).await.is(200);
    assert_eq!(restore["@odata.type"], "#microsoft.graph.user");
    assert_eq!(restore["passwordProfile"]["forceChangePasswordNextSignIn"], true);
    let password = restore["passwordProfile"]["password"].as_str().unwrap();
    let after = client.get(&path).await.is(200);
    assert!(!after.text.contains(password), "it is answered once");
    for property in ["displayName", "userPrincipalName", "mail", "jobTitle"] {
        assert_eq!(after[property], before[property], "{property}");
    }
    assert_eq!(client.get(&format!("{path}/manager")).await.is(200).id(), boss);
    let reports = client.get(&format!("{path}/directReports")).await.is(200);
    assert_eq!(reports.column("id"), [report]);
    let member_of = client.get(&format!("{path}/memberOf")).await.is(200);
    assert_eq!(member_of.column("id"), [group.as_str()], "and no role");
    assert_eq!(client.get(&format!("{path}/ownedObjects")).await.is(200).column("id"), [group]);
    session.get("/v1.0/me").await.is(401);
    client.post(&format!("{DELETED}/{id}/restore"), &json!({})).await.is(404);
}

async fn a_name_given_away_meanwhile_needs_a_new_one(app: TestApp) {
    let client = app.client().await;
    let id = app.person("Jan").await;
    client.delete(&format!("/v1.0/users/{id}")).await.is(204);
    let heir = app.person("Jan").await;
    let path = format!("{DELETED}/{id}/restore");
    let refused = client.post(&path, &json!({})).await.refuses(409, "UserPrincipalNameTaken");
    assert!(refused.message().contains(&heir), "{refused}");
    for (name, code) in [
        (upn("Jan"), "ObjectConflict"),
        ("jan@not-ours.example".to_owned(), "DomainNotVerified"),
        ("no name".to_owned(), "InvalidValue"),
    ] {
        let refused = client.post(&path, &json!({"newUserPrincipalName": name})).await.is(400);
        assert_eq!(refused.targets(), ["newUserPrincipalName"], "{refused}");
        assert_eq!(refused["error"]["details"][0]["code"], code, "{refused}");
    }
    let name = format!("jan.again@{INITIAL_DOMAIN}");
    let body = json!({"newUserPrincipalName": name, "autoReconcileProxyConflict": true});
    let restored = client.post(&path, &body).await.is(200);
    assert_eq!((restored.id(), restored.text_of("userPrincipalName")), (id, name));
    // Or whoever has the name is renamed first.
    let other = json!({
        "displayName": "Jan", "accountEnabled": true, "mailNickname": "jan3",
        "userPrincipalName": format!("jan3@{INITIAL_DOMAIN}"),
        "passwordProfile": {"password": "Kale-Umbrella-91"},
    });
    let id = app.create(&other).await.id();
    client.delete(&format!("/v1.0/users/{id}")).await.is(204);
    let taken = json!({"userPrincipalName": format!("jan3@{INITIAL_DOMAIN}")});
    client.patch(&format!("/v1.0/users/{heir}"), &taken).await;
    client.post(&format!("{DELETED}/{id}/restore"), &json!({})).await.is(409);
    let free = json!({"userPrincipalName": format!("jan4@{INITIAL_DOMAIN}")});
    client.patch(&format!("/v1.0/users/{heir}"), &free).await;
    // The former name is still an address of whoever was renamed.
    client.post(&format!("{DELETED}/{id}/restore"), &json!({})).await.is(409);
    let without = json!({"proxyAddresses": [format!("SMTP:jan4@{INITIAL_DOMAIN}")]});
    client.patch(&format!("/v1.0/users/{heir}"), &without).await;
    client.post(&format!("{DELETED}/{id}/restore"), &json!({})).await.is(200);
}
