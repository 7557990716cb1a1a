//! Managers and direct reports of users and contacts (R45).

use roster_tests::{Answer, Client, TestApp, on_both, person};
use serde_json::{Value, json};

on_both! {
    users_and_contacts_manage_each_other,
    a_manager_that_is_not_set_is_404,
    nobody_is_their_own_manager_and_a_manager_exists,
    who_may_edit_the_object_sets_its_manager,
    the_manager_is_expanded_with_what_the_caller_may_read,
    members_do_not_see_hidden_managers_and_reports,
    direct_reports_of_both_kinds_are_paged,
    reports_lose_a_deleted_contact_and_keep_a_restored_user,
    no_filter_tells_of_a_hidden_manager,
    a_body_that_makes_a_user_or_contact_names_the_manager,
    a_manager_that_nobody_is_makes_nobody,
}

/// Sets the manager of `of` (`users/ID`) by the address of an object on any host.
async fn set(client: &Client, of: &str, manager: &str) -> Answer {
    let body = json!({"@odata.id": format!("https://any.example/v1.0/directoryObjects/{manager}")});
    client.send(client.request("PUT", &format!("/v1.0/{of}/manager/$ref")).json(&body)).await
}

async fn users_and_contacts_manage_each_other(app: TestApp) {
    let client = app.client().await;
    let (jan, pilar) = (app.person("Jan").await, app.contact("Pilar").await);
    set(&client, &format!("users/{jan}"), &pilar).await.is(204);
    set(&client, &format!("contacts/{pilar}"), &jan).await.is(204);
    let of_jan = client.get(&format!("/v1.0/users/{jan}/manager")).await.is(200);
    assert_eq!(of_jan["@odata.type"], "#microsoft.graph.orgContact");
    assert_eq!((of_jan.id(), &of_jan["mail"]), (pilar.clone(), &json!("Pilar@outside.example")));
    let of_pilar = client.get(&format!("/v1.0/contacts/{pilar}/manager")).await.is(200);
    assert_eq!(of_pilar["@odata.type"], "#microsoft.graph.user");
    assert_eq!(of_pilar.id(), jan);
    let reference = client.get(&format!("/v1.0/users/{jan}/manager/$ref")).await.is(200);
    assert!(reference.text_of("@odata.id").ends_with(&pilar));
    assert!(reference.text_of("@odata.context").ends_with("/v1.0/$metadata#$ref"), "{reference}");
    client.patch(&format!("/v1.0/users/{jan}"), &json!({"jobTitle": "Baker"})).await.is(204);
    client.get(&format!("/v1.0/users/{jan}/manager")).await.is(200);
    client.delete(&format!("/v1.0/users/{jan}/manager/$ref")).await.is(204);
    client.get(&format!("/v1.0/users/{jan}/manager")).await.is(404);
}

async fn a_manager_that_is_not_set_is_404(app: TestApp) {
    let jan = app.person("Jan").await;
    let client = app.client().await;
    let path = format!("/v1.0/users/{jan}/manager");
    client.get(&path).await.refuses(404, "Request_ResourceNotFound");
    client.get(&format!("{path}/$ref")).await.refuses(404, "Request_ResourceNotFound");
    app.as_member().await.get("/v1.0/me/manager").await.refuses(404, "Request_ResourceNotFound");
    client.delete(&path).await.refuses(404, "Request_ResourceNotFound");
    client.delete(&format!("{path}/$ref")).await.is(404);
    client.get("/v1.0/me/manager").await.is(400);
}

async fn nobody_is_their_own_manager_and_a_manager_exists(app: TestApp) {
    let client = app.client().await;
    let jan = app.person("Jan").await;
    let of = format!("users/{jan}");
    assert_eq!(set(&client, &of, &jan).await.is(400).targets(), ["manager"]);
    assert_eq!(
        set(&client, &of, "jan@contoso.onroster.example").await.is(400).targets(),
        ["manager"]
    );
    set(&client, &of, "00000000-0000-0000-0000-000000000000").await.is(404);
    let missing = client.request("PUT", &format!("/v1.0/{of}/manager")).json(&json!({}));
    assert_eq!(client.send(missing).await.is(400).targets(), ["@odata.id"]);
    let theirs = app.other_tenant().await.get("/v1.0/me").await.is(200).id();
    set(&client, &of, &theirs).await.is(404);
}

async fn who_may_edit_the_object_sets_its_manager(app: TestApp) {
    let boss = app.person("Boss").await;
    let of_user = format!("users/{}", app.person("Jan").await);
    let of_contact = format!("contacts/{}", app.contact("Pilar").await);
    for (role, client) in app.everyone().await {
        for (of, allowed) in [(&of_user, ["global", "user"]), (&of_contact, ["global", "exchange"])]
        {
            let allowed = allowed.contains(&role);
            set(&client, of, &boss).await.is(if allowed { 204 } else { 403 });
            let cleared = client.delete(&format!("/v1.0/{of}/manager")).await;
            cleared.is(if allowed { 204 } else { 403 });
        }
    }
}

async fn the_manager_is_expanded_with_what_the_caller_may_read(app: TestApp) {
    let client = app.client().await;
    let (jan, boss) = (app.person("Jan").await, app.person("Boss").await);
    let pilar = app.contact("Pilar").await;
    set(&client, &format!("users/{jan}"), &boss).await.is(204);
    set(&client, &format!("contacts/{pilar}"), &boss).await.is(204);
    let member = app.as_member().await;
    let options = [("$expand", "manager($select=displayName)"), ("$select", "displayName")];
    let path = format!("/v1.0/users/{jan}");
    let one = member.query(&path, &options).await.is(200);
    assert_eq!(one["manager"]["displayName"], "Boss");
    assert_eq!(one["manager"]["@odata.type"], "#microsoft.graph.user");
    assert_eq!(one["manager"].get("mail"), None);
    assert_eq!(one.header("etag"), "", "the tag says nothing about the manager");
    let page = member.query("/v1.0/users", &options).await.is(200);
    for user in page.items() {
        let expected = if user["displayName"] == "Jan" { json!("Boss") } else { Value::Null };
        assert_eq!(user["manager"]["displayName"], expected, "{user}");
    }
    let filter = format!("manager/id eq {boss}");
    for set in ["users", "contacts"] {
        let options = [("$filter", filter.as_str()), ("$expand", "manager")];
        let page = member.query(&format!("/v1.0/{set}"), &options).await.is(200);
        assert_eq!(page.items().len(), 1);
        assert_eq!(page.items()[0]["manager"]["id"], boss.as_str());
    }
    for (expand, status) in
        [("manager($select=accountEnabled)", 403), ("manager($select=foo)", 400), ("boss", 400)]
    {
        member.query(&path, &[("$expand", expand)]).await.is(status);
    }
}

async fn members_do_not_see_hidden_managers_and_reports(app: TestApp) {
    let (client, member) = (app.client().await, app.as_member().await);
    let hidden = app.hidden_contact("Hidden").await;
    let jan = app.person("Jan").await;
    set(&client, &format!("users/{jan}"), &hidden).await.is(204);
    set(&client, &format!("contacts/{hidden}"), &jan).await.is(204);
    let path = format!("/v1.0/users/{jan}");
    member.get(&format!("{path}/manager")).await.is(404);
    assert_eq!(member.get(&format!("{path}?$expand=manager")).await["manager"], Value::Null);
    assert!(member.get(&format!("{path}/directReports")).await.is(200).items().is_empty());
    member.get(&format!("/v1.0/contacts/{hidden}/directReports")).await.is(404);
    client.get(&format!("{path}/manager")).await.is(200);
    assert_eq!(client.get(&format!("{path}/directReports")).await.column("id"), [hidden]);
}

async fn direct_reports_of_both_kinds_are_paged(app: TestApp) {
    let client = app.client().await;
    let boss = app.person("Boss").await;
    for number in 0..3 {
        let user = app.person(&format!("User {number}")).await;
        set(&client, &format!("users/{user}"), &boss).await.is(204);
        let contact = app.contact(&format!("Contact{number}")).await;
        set(&client, &format!("contacts/{contact}"), &boss).await.is(204);
    }
    let path = format!("/v1.0/users/{boss}/directReports");
    let all = client.all(&format!("{path}?$top=2&$orderby=displayName&$select=displayName")).await;
    let names: Vec<_> = all.iter().map(|object| object["displayName"].as_str().unwrap()).collect();
    assert_eq!(names, ["Contact0", "Contact1", "Contact2", "User 0", "User 1", "User 2"]);
    assert_eq!(all[0]["@odata.type"], "#microsoft.graph.orgContact");
    assert_eq!(all[5]["@odata.type"], "#microsoft.graph.user");
    let counted = client.get(&format!("{path}?$top=1&$count=true")).await.is(200);
    assert_eq!(counted["@odata.count"], 6);
}

async fn reports_lose_a_deleted_contact_and_keep_a_restored_user(app: TestApp) {
    let client = app.client().await;
    let (jan, piet) = (app.person("Jan").await, app.person("Piet").await);
    let pilar = app.contact("Pilar").await;
    set(&client, &format!("users/{jan}"), &pilar).await.is(204);
    client.delete(&format!("/v1.0/contacts/{pilar}")).await.is(204);
    client.get(&format!("/v1.0/users/{jan}/manager")).await.is(404);
    let with_one = [("$filter", "manager/id ne null")];
    assert!(client.query("/v1.0/users", &with_one).await.is(200).items().is_empty());
    set(&client, &format!("users/{jan}"), &piet).await.is(204);
    client.delete(&format!("/v1.0/users/{piet}")).await.is(204);
    client.get(&format!("/v1.0/users/{jan}/manager")).await.is(404);
    let restore = format!("/v1.0/directory/deletedItems/{piet}/restore");
    client.post(&restore, &json!({})).await.is(200);
    assert_eq!(client.get(&format!("/v1.0/users/{jan}/manager")).await.is(200).id(), piet);
}

async fn no_filter_tells_of_a_hidden_manager(app: TestApp) {
    let (client, member) = (app.client().await, app.as_member().await);
    let (gone, boss) = (app.person("Gone").await, app.person("Boss").await);
    let hidden_contact = app.hidden_contact("Hidden").await;
    let (hidden, session) = app.holder("Hidden boss", &[]).await;
    let hide = json!({"showInAddressList": false});
    client.patch(&format!("/v1.0/users/{hidden}"), &hide).await.is(204);
    let managers = [
        ("Of contact", &hidden_contact),
        ("Of hidden", &hidden),
        ("Of gone", &gone),
        ("Of boss", &boss),
    ];
    for (name, manager) in managers {
        set(&client, &format!("users/{}", app.person(name).await), manager).await.is(204);
        let contact = app.contact(&name.replace(' ', "-")).await;
        set(&client, &format!("contacts/{contact}"), manager).await.is(204);
    }
    client.delete(&format!("/v1.0/users/{gone}")).await.is(204);
    let with = |manager: &str| format!("manager/id eq {manager}");
    let any = [&hidden_contact, &hidden, &gone, &boss].map(String::as_str).join(",");
    for set in ["users", "contacts"] {
        let path = format!("/v1.0/{set}");
        let count = |who: &Client, filter: String| {
            let (who, path) = (who.clone(), format!("{path}/$count"));
            async move { who.query(&path, &[("$filter", &filter)]).await.is(200).text }
        };
        for manager in [&hidden_contact, &hidden, &gone] {
            assert_eq!(count(&member, with(manager)).await, "0", "{set}");
        }
        assert_eq!(count(&member, with(&boss)).await, "1", "{set}");
        // However it is asked: all but one have none that the member sees.
        for filter in [
            "manager/id ne null".to_owned(),
            format!("manager/id in ({any})"),
            "not (manager/id eq null)".to_owned(),
            format!("not ({} or manager/id eq null) or {}", with(&hidden), with(&boss)),
            "manager/id gt 00000000-0000-0000-0000-000000000000".to_owned(),
        ] {
            assert_eq!(count(&member, filter.clone()).await, "1", "{set}: {filter}");
        }
        let unequal = count(&member, format!("manager/id ne {hidden}")).await;
        assert_eq!(unequal, count(&member, "displayName ne 'x'".to_owned()).await, "{set}");
        // Administrators see them, and the hidden one sees their own reports.
        assert_eq!(count(&client, with(&hidden)).await, "1", "{set}");
        assert_eq!(count(&client, with(&hidden_contact)).await, "1", "{set}");
        assert_eq!(count(&session, with(&hidden)).await, "1", "{set}");
    }
}

async fn a_body_that_makes_a_user_or_contact_names_the_manager(app: TestApp) {
    let client = app.client().await;
    let boss = app.person("Boss").await;
    let mut jan = person("Jan");
    jan["manager@odata.bind"] = json!(format!("{}/v1.0/users/{boss}", app.url));
    let jan = client.post("/v1.0/users", &jan).await.is(201).id();
    assert_eq!(client.get(&format!("/v1.0/users/{jan}/manager")).await.is(200).id(), boss);
    let pilar = json!({
        "displayName": "Pilar", "mail": "pilar@outside.example",
        "manager@odata.bind": format!("https://any.example/v1.0/directoryObjects('{jan}')")
    });
    let pilar = client.post("/v1.0/contacts", &pilar).await.is(201).id();
    assert_eq!(client.get(&format!("/v1.0/contacts/{pilar}/manager")).await.is(200).id(), jan);
    let mut by_name = person("By name");
    by_name["manager@odata.bind"] =
        json!("https://any.example/v1.0/users/boss@contoso.onroster.example");
    let by_name = client.post("/v1.0/users", &by_name).await.is(201).id();
    assert_eq!(client.get(&format!("/v1.0/users/{by_name}/manager")).await.is(200).id(), boss);
    let mut nobody = person("Nobody");
    nobody["manager@odata.bind"] = Value::Null;
    let nobody = client.post("/v1.0/users", &nobody).await.is(201).id();
    client.get(&format!("/v1.0/users/{nobody}/manager")).await.is(404);
}

async fn a_manager_that_nobody_is_makes_nobody(app: TestApp) {
    let client = app.client().await;
    let gone = app.person("Gone").await;
    client.delete(&format!("/v1.0/users/{gone}")).await.is(204);
    let theirs = app.other_tenant().await.get("/v1.0/me").await.is(200).id();
    let group = json!({
        "displayName": "Rights", "mailNickname": "rights", "mailEnabled": false,
        "securityEnabled": true
    });
    let group = client.post("/v1.0/groups", &group).await.is(201).id();
    let unknown = "01900000-0000-7000-8000-000000000000";
    for manager in [unknown, &gone, &theirs, &group, "nobody@contoso.onroster.example"] {
        let address = json!(format!("{}/v1.0/directoryObjects/{manager}", app.url));
        let user = json!({"displayName": " ", "manager@odata.bind": address});
        let refused = client.post("/v1.0/users", &user).await.is(400);
        let targets = ["displayName", "manager@odata.bind", "userPrincipalName"];
        assert_eq!(refused.targets(), targets, "everything wrong at once: {refused}");
        let contact = json!({
            "displayName": "Pilar", "mail": "pilar@outside.example", "manager@odata.bind": address
        });
        let refused = client.post("/v1.0/contacts", &contact).await.is(400);
        assert_eq!(refused.targets(), ["manager@odata.bind"]);
    }
    for wrong in [json!(1), json!(""), json!([])] {
        let mut user = person("Jan");
        user["manager@odata.bind"] = wrong;
        let refused = client.post("/v1.0/users", &user).await.is(400);
        assert_eq!(refused.targets(), ["manager@odata.bind"]);
    }
    assert!(client.get("/v1.0/contacts").await.is(200).items().is_empty());
}
