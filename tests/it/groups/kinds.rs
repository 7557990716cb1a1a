//! The four kinds of groups: what makes them, what each has and has not (R126, R127, R132, A17).

use super::support::{KINDS, RECIPIENTS, addresses, body, group, group_with, ids};
use roster_tests::{TestApp, on_both, person};
use serde_json::{Value, json};

on_both! {
    references_of_a_body_are_counted_over_its_lists,
    an_alias_is_one_groups_or_contacts,
    graphs_three_flags_tell_the_four_kinds,
    flags_that_no_group_has_are_refused,
    what_is_missing_or_wrong_is_named_all_at_once,
    dynamic_membership_is_refused_in_words,
    a_group_with_mail_gets_its_address_from_the_alias,
    names_aliases_and_addresses_of_groups_with_mail_are_unique,
    a_security_group_has_nothing_of_mail,
    joining_is_closed_and_leaving_open_unless_rights_hang_on_it,
    what_makes_the_kind_never_changes,
    a_group_is_changed_property_by_property_under_its_tag,
    groups_are_listed_filtered_and_ordered,
    a_group_hidden_from_address_lists_is_hidden_from_members,
    each_kind_is_deleted_in_its_way,
}

async fn graphs_three_flags_tell_the_four_kinds(app: TestApp) {
    let client = app.client().await;
    for (kind, types, mail, security) in KINDS {
        let id = group(&app, kind, kind).await;
        let read = client.get(&format!("/v1.0/groups/{id}")).await.is(200);
        assert_eq!(read["groupTypes"], json!(types), "{kind}");
        assert_eq!(
            (&read["mailEnabled"], &read["securityEnabled"]),
            (&json!(mail), &json!(security))
        );
        assert_eq!(read["mail"].is_string(), mail, "{read}");
    }
    let both = json!({"securityEnabled": true});
    let id = group_with(&app, "Microsoft 365", "Team with rights", both).await;
    let read = client.get(&format!("/v1.0/groups/{id}")).await.is(200);
    assert_eq!(
        (&read["groupTypes"], &read["securityEnabled"]),
        (&json!(["Unified"]), &json!(true))
    );
}

async fn flags_that_no_group_has_are_refused(app: TestApp) {
    let client = app.client().await;
    let mut neither = body("distribution", "Neither");
    neither["mailEnabled"] = json!(false);
    assert_eq!(client.post("/v1.0/groups", &neither).await.is(400).targets(), ["mailEnabled"]);
    let mut silent = body("Microsoft 365", "Silent");
    silent["mailEnabled"] = json!(false);
    assert_eq!(client.post("/v1.0/groups", &silent).await.is(400).targets(), ["mailEnabled"]);
}

async fn what_is_missing_or_wrong_is_named_all_at_once(app: TestApp) {
    let client = app.client().await;
    let missing = client.post("/v1.0/groups", &json!({"groupTypes": []})).await;
    let missing = missing.refuses(400, "Request_BadRequest");
    let required = ["displayName", "mailEnabled", "mailNickname", "securityEnabled"];
    assert!(required.iter().all(|name| missing.targets().contains(name)), "{missing}");
    let mut wrong = body("distribution", "Wrong");
    wrong["displayName"] = json!("x".repeat(65));
    wrong["mailNickname"] = json!("not an alias");
    wrong["mailTip"] = json!("<b>bold</b>");
    wrong["memberJoinRestriction"] = json!("Sometimes");
    wrong["size"] = json!(3);
    let refused = client.post("/v1.0/groups", &wrong).await.is(400);
    let expected = ["displayName", "mailNickname", "mailTip", "memberJoinRestriction", "size"];
    assert!(expected.iter().all(|name| refused.targets().contains(name)), "{refused}");
    let long = json!({"mailTip": "x".repeat(176)});
    let id = group(&app, "distribution", "Right").await;
    let refused = client.patch(&format!("/v1.0/groups/{id}"), &long).await.is(400);
    assert_eq!(refused.targets(), ["mailTip"]);
}

async fn dynamic_membership_is_refused_in_words(app: TestApp) {
    let client = app.client().await;
    let mut dynamic = body("security", "Dynamic");
    dynamic["groupTypes"] = json!(["DynamicMembership"]);
    dynamic["membershipRule"] = json!("user.department -eq \"Sales\"");
    let refused = client.post("/v1.0/groups", &dynamic).await.is(400);
    assert_eq!(refused.targets(), ["groupTypes", "membershipRule"]);
    assert!(refused.text.contains("Dynamic membership is not served"), "{refused}");
}

async fn a_group_with_mail_gets_its_address_from_the_alias(app: TestApp) {
    let client = app.client().await;
    let id = group(&app, "distribution", "Bakers").await;
    let read = client.get(&format!("/v1.0/groups/{id}")).await.is(200);
    assert_eq!(read["mail"], "bakers@contoso.onroster.example");
    assert_eq!(read["proxyAddresses"], json!(["SMTP:bakers@contoso.onroster.example"]));
    let path = format!("/v1.0/groups/{id}");
    client.patch(&path, &json!({"mail": "bread@contoso.onroster.example"})).await.is(204);
    let read = client.get(&path).await.is(200);
    let both =
        json!(["SMTP:bread@contoso.onroster.example", "smtp:bakers@contoso.onroster.example"]);
    assert_eq!(read["proxyAddresses"], both, "mail to the former address still arrives");
    let foreign = json!({"mail": "bread@elsewhere.example"});
    let refused = client.patch(&path, &foreign).await.is(400);
    assert_eq!(refused.targets(), ["mail"]);
    assert!(refused.text.contains("DomainNotVerified"), "{refused}");
}

async fn names_aliases_and_addresses_of_groups_with_mail_are_unique(app: TestApp) {
    let client = app.client().await;
    group(&app, "distribution", "Bakers").await;
    let again = body("Microsoft 365", "BAKERS");
    let refused = client.post("/v1.0/groups", &again).await.is(400);
    assert_eq!(refused.targets(), ["displayName", "mail", "mailNickname"]);
    let details = refused["error"]["details"].as_array().unwrap();
    assert!(details.iter().all(|detail| detail["code"] == "ObjectConflict"), "{refused}");
    let mut thief = body("distribution", "Thief");
    app.create(&person("Jan")).await;
    thief["mail"] = json!("jan@contoso.onroster.example");
    assert!(client.post("/v1.0/groups", &thief).await.is(400).targets().contains(&"mail"));
    // Security groups have no mail, so names of theirs may repeat (R132).
    group(&app, "security", "Bakers").await;
    group(&app, "security", "Bakers").await;
}

async fn a_security_group_has_nothing_of_mail(app: TestApp) {
    let client = app.client().await;
    let values: [(&str, Value); 5] = [
        ("mail", json!("a@contoso.onroster.example")),
        ("allowExternalSenders", json!(true)),
        ("mailTip", json!("Do not reply")),
        ("moderationEnabled", json!(true)),
        ("memberJoinRestriction", json!("Open")),
    ];
    let mut body = body("security", "Rights only");
    for (name, value) in &values {
        body[*name] = value.clone();
    }
    let refused = client.post("/v1.0/groups", &body).await.is(400);
    let mut names = values.each_ref().map(|(name, _)| *name);
    names.sort_unstable();
    assert_eq!(refused.targets(), names);
    let id = group(&app, "security", "Rights only").await;
    for (name, value) in values {
        let refused = client.patch(&format!("/v1.0/groups/{id}"), &json!({name: value})).await;
        assert_eq!(refused.is(400).targets(), [name]);
    }
}

async fn joining_is_closed_and_leaving_open_unless_rights_hang_on_it(app: TestApp) {
    let client = app.client().await;
    for (kind, leave) in [
        ("distribution", "Open"),
        ("mail-enabled security", "Closed"),
        ("security", "Closed"),
        ("Microsoft 365", "Open"),
    ] {
        let id = group(&app, kind, kind).await;
        let path = format!("/v1.0/groups/{id}");
        let select = "?$select=memberJoinRestriction,memberDepartRestriction";
        let read = client.get(&format!("{path}{select}")).await.is(200);
        assert_eq!(read["memberJoinRestriction"], "Closed", "{kind}");
        assert_eq!(read["memberDepartRestriction"], leave, "{kind}");
        if kind == "mail-enabled security" {
            for name in ["memberJoinRestriction", "memberDepartRestriction"] {
                let refused = client.patch(&path, &json!({name: "Open"})).await.is(400);
                assert_eq!(refused.targets(), [name]);
            }
            client
                .patch(&path, &json!({"memberJoinRestriction": "ApprovalRequired"}))
                .await
                .is(204);
        }
    }
}

async fn what_makes_the_kind_never_changes(app: TestApp) {
    let client = app.client().await;
    let id = group(&app, "distribution", "Bakers").await;
    let path = format!("/v1.0/groups/{id}");
    for (name, value) in [
        ("mailEnabled", json!(false)),
        ("securityEnabled", json!(true)),
        ("groupTypes", json!(["Unified"])),
        ("visibility", json!("HiddenMembership")),
    ] {
        let refused = client.patch(&path, &json!({name: value})).await.is(400);
        assert!(refused.targets().contains(&name), "{refused}");
        assert!(refused.text.contains("ImmutableProperty"), "{refused}");
    }
    // What clients send back as they read it changes nothing.
    let read = client.get(&path).await.is(200);
    client.patch(&path, &read.json).await.is(204);
    let hidden = json!({"visibility": "HiddenMembership"});
    let hidden = group_with(&app, "Microsoft 365", "Secret", hidden).await;
    let shown = json!({"visibility": "Public"});
    let refused = client.patch(&format!("/v1.0/groups/{hidden}"), &shown).await.is(400);
    assert_eq!(refused.targets(), ["visibility"]);
}

async fn a_group_is_changed_property_by_property_under_its_tag(app: TestApp) {
    let client = app.client().await;
    let id = group(&app, "distribution", "Bakers").await;
    let path = format!("/v1.0/groups/{id}");
    let changed = client.patch(&path, &json!({"description": "Bread"})).await.is(204);
    assert_eq!(changed.header("etag"), "\"v2\"");
    let read = client.get(&path).await.is(200);
    assert_eq!((&read["description"], &read["displayName"]), (&json!("Bread"), &json!("Bakers")));
    let stale = client.with("if-match", "\"v1\"");
    stale.patch(&path, &json!({"description": "Cake"})).await.is(412);
    stale.delete(&path).await.is(412);
    client.with("if-match", "\"v2\"").patch(&path, &json!({"description": null})).await.is(204);
    assert_eq!(client.get(&path).await.is(200)["description"], Value::Null);
    // Members are no property of the group itself.
    let jan = app.person("Jan").await;
    super::support::add(&client, &id, "members", &jan).await.is(204);
    assert_eq!(client.get(&path).await.is(200).header("etag"), "\"v3\"");
    let known = client.with("if-none-match", "\"v3\"");
    known.get(&path).await.is(304);
}

async fn groups_are_listed_filtered_and_ordered(app: TestApp) {
    let client = app.client().await;
    let jan = app.person("Jan").await;
    for (kind, ..) in KINDS {
        group(&app, kind, kind).await;
    }
    let with = json!({"members@odata.bind": addresses(&[&jan])});
    let his = group_with(&app, "security", "His", with).await;
    let of_jan = format!("members/any(m:m/id eq {jan})");
    for (filter, expected) in [
        ("groupTypes/any(t:t eq 'Unified')", &["Microsoft 365"][..]),
        ("mailEnabled eq true and securityEnabled eq true", &["mail-enabled security"]),
        ("mailEnabled eq false", &["His", "security"]),
        ("startswith(mail,'dist')", &["distribution"]),
        (&of_jan, &["His"]),
        ("members/$count eq 1", &["His"]),
    ] {
        let options = [("$filter", filter), ("$orderby", "displayName"), ("$count", "true")];
        let page = client.query("/v1.0/groups", &options).await.is(200);
        assert_eq!(page.column("displayName"), expected, "{filter}");
        assert_eq!(page["@odata.count"], expected.len());
    }
    let expand = [("$filter", "displayName eq 'His'"), ("$expand", "members($select=displayName)")];
    let page = client.query("/v1.0/groups", &expand).await.is(200);
    assert_eq!(page.items()[0]["members"][0]["displayName"], "Jan");
    assert_eq!(page.items()[0]["id"], his.as_str());
    let search = [("$search", "\"displayName:micro\"")];
    let found = client.query("/v1.0/groups", &search).await.is(200);
    assert_eq!(found.column("displayName"), ["Microsoft 365"]);
}

async fn a_group_hidden_from_address_lists_is_hidden_from_members(app: TestApp) {
    let (client, member) = (app.client().await, app.as_member().await);
    let me = member.get("/v1.0/me").await.is(200).id();
    let id =
        group_with(&app, "distribution", "Secret", json!({"hideFromAddressLists": true})).await;
    member.get(&format!("/v1.0/groups/{id}")).await.refuses(404, "Request_ResourceNotFound");
    assert!(ids(&member, "groups").await.is_empty());
    let asked = json!({"ids": [id]});
    let found = member.post("/v1.0/directoryObjects/getByIds", &asked).await.is(200);
    assert!(found.items().is_empty());
    super::support::add(&client, &id, "members", &me).await.is(204);
    assert_eq!(ids(&member, "groups").await, [id.as_str()], "who is in it knows it");
    let book = member.get("/v1.0/addressBook?list=distributionLists").await.is(200);
    assert!(book.items().is_empty(), "{book}");
}

async fn each_kind_is_deleted_in_its_way(app: TestApp) {
    let client = app.client().await;
    for (kind, ..) in KINDS {
        let id = group(&app, kind, "Same name").await;
        client.delete(&format!("/v1.0/groups/{id}")).await.is(204);
        client.get(&format!("/v1.0/groups/{id}")).await.is(404);
        client.delete(&format!("/v1.0/groups/{id}")).await.is(404);
        let waits = !RECIPIENTS.contains(&kind);
        let item = client.get(&format!("/v1.0/directory/deletedItems/{id}")).await;
        item.is(if waits { 200 } else { 404 });
    }
}

async fn references_of_a_body_are_counted_over_its_lists(app: TestApp) {
    let client = app.client().await;
    let mut people = Vec::new();
    for number in 0..21 {
        people.push(app.person(&format!("Person {number}")).await);
    }
    let people: Vec<&str> = people.iter().map(String::as_str).collect();
    let bound = |members: &[&str], owners: &[&str], name: &str| {
        let mut new = body("distribution", name);
        new["members@odata.bind"] = super::support::addresses(members);
        new["owners@odata.bind"] = super::support::addresses(owners);
        new
    };
    let over = bound(&people[..20], &people[20..], "Over");
    let refused = client.post("/v1.0/groups", &over).await.is(400);
    assert_eq!(refused.targets(), ["members@odata.bind", "owners@odata.bind"]);
    client.post("/v1.0/groups", &bound(&people[..19], &people[20..], "Full")).await.is(201);
}

async fn an_alias_is_one_groups_or_contacts(app: TestApp) {
    let client = app.client().await;
    let contact = |mail: &str| json!({"displayName": "Bakers", "mail": mail});
    let mut first = contact("one@outside.example");
    first["mailNickname"] = json!("Bakers");
    let holder = client.post("/v1.0/contacts", &first).await.is(201).id();
    let owner = app.person("Owner").await;
    let mut new = body("distribution", "bakers");
    new["owners@odata.bind"] = super::support::addresses(&[&owner]);
    let refused = client.post("/v1.0/groups", &new).await.is(400);
    assert_eq!(refused.targets(), ["mailNickname"]);
    assert!(refused.message().contains(&holder), "{refused}");
    client.delete(&format!("/v1.0/contacts/{holder}")).await.is(204);
    client.post("/v1.0/groups", &new).await.is(201);
    assert_eq!(client.post("/v1.0/contacts", &first).await.is(400).targets(), ["mailNickname"]);
    // One that is made of the name gives way.
    let mut second = contact("two@outside.example");
    second["name"] = json!("Bakers");
    let made = client.post("/v1.0/contacts", &second).await.is(201).text_of("mailNickname");
    assert!(made.len() > "Bakers".len() && made.starts_with("Bakers"), "{made}");
    // Groups without mail repeat theirs, as in Graph.
    for name in ["bakers", "bakers"] {
        client.post("/v1.0/groups", &body("security", name)).await.is(201);
    }
}
