//! Shared contacts (R32–R48, A3, A24).

use roster_tests::{INITIAL_DOMAIN, TestApp, on_both, person};
use serde_json::{Value, json};

on_both! {
    a_contact_keeps_every_property,
    only_global_and_exchange_administrators_write_and_everybody_reads,
    a_hidden_contact_is_seen_by_administrators_only,
    every_offending_property_of_a_contact_is_named,
    an_address_is_held_once_and_the_refusal_names_its_holder,
    names_and_aliases_are_unique,
    an_alias_is_made_of_the_name_and_stays_free_of_those_of_users,
    an_address_inside_the_organisation_is_accepted_with_a_warning,
    a_stale_tag_is_refused_and_changes_nothing,
    a_deleted_contact_is_gone_at_once_and_frees_its_address,
    contacts_of_another_organisation_do_not_exist,
    items_of_addresses_and_phones_are_filtered_by_their_members,
    the_graph_sdks_create_a_contact_as_a_directory_object,
    colleagues_find_a_contact_in_the_address_book_with_the_next_request,
}

const PATH: &str = "/v1.0/contacts";

fn contact(name: &str) -> Value {
    let local: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    json!({"displayName": name, "mail": format!("{local}@outside.example")})
}

async fn a_contact_keeps_every_property(app: TestApp) {
    let exchange = app.as_role("exchange").await;
    let body = json!({
        "displayName": "Pilar Pinilla", "name": "Pilar (Adatum)", "givenName": "Pilar",
        "initials": "P.P.", "surname": "Pinilla", "companyName": "Adatum", "department": "Sales",
        "jobTitle": "Buyer", "mail": "Pilar@adatum.example", "mailNickname": "pilar",
        "addresses": [{
            "street": "Calle 1", "city": "Sevilla", "state": "Andalucía", "postalCode": "41001",
            "countryOrRegion": "Spain", "officeLocation": "B2"
        }],
        "phones": [
            {"number": "+34 1", "type": "business"}, {"number": "+34 2", "type": "mobile"},
            {"number": "+34 3", "type": "businessFax"}, {"number": "+34 4", "type": "home"},
            {"number": "+34 5", "type": "other"}, {"number": "6", "type": "pager"}
        ],
        "personalNotes": "Calls back.", "webPage": "https://adatum.example", "mailTip": "Away < 2h",
        "hiddenFromAddressListsEnabled": false,
    });
    let created = exchange.post(PATH, &body).await.is(201);
    assert!(created.header("location").ends_with(&format!("{PATH}/{}", created.id())));
    let path = format!("{PATH}/{}", created.id());
    let mut read = app.as_member().await.get(&path).await.is(200).json;
    for (name, value) in body.as_object().unwrap() {
        assert_eq!(&read[name], value, "{name}");
    }
    assert_eq!(read["proxyAddresses"], json!(["SMTP:Pilar@adatum.example"]));
    assert_eq!(read["onPremisesSyncEnabled"], Value::Null);
    read["jobTitle"] = Value::Null;
    read["phones"] = json!([{"number": "7", "type": "mobile"}, {"number": " ", "type": "pager"}]);
    exchange.patch(&path, &read).await.is(204);
    let changed = exchange.get(&path).await.is(200);
    assert_eq!(changed["jobTitle"], Value::Null);
    assert_eq!(changed["phones"], json!([{"number": "7", "type": "mobile"}]));
    assert_eq!(changed["surname"], "Pinilla");
}

async fn only_global_and_exchange_administrators_write_and_everybody_reads(app: TestApp) {
    let kept = app.client().await.post(PATH, &contact("Kept")).await.is(201).id();
    for (role, client) in app.everyone().await {
        let body = contact(&format!("Made by {role}"));
        let path = format!("{PATH}/{kept}");
        let made = client.post(PATH, &body).await;
        let changed = client.patch(&path, &json!({"jobTitle": role})).await;
        if ["global", "exchange"].contains(&role) {
            changed.is(204);
            client.delete(&format!("{PATH}/{}", made.is(201).id())).await.is(204);
        } else {
            for refused in [made, changed, client.delete(&path).await] {
                let refused = refused.refuses(403, "Authorization_RequestDenied");
                let why = &refused["error"]["innerError"]["authorization"];
                assert_eq!(why["permission"], "manage_contacts");
                assert_eq!(why["grantingRoles"], json!(["global", "exchange"]));
            }
        }
        assert_eq!(client.get(&path).await.is(200)["displayName"], "Kept", "{role}");
        assert_eq!(client.get(PATH).await.is(200).column("displayName"), ["Kept"], "{role}");
    }
    app.anonymous().get(PATH).await.is(401);
}

async fn a_hidden_contact_is_seen_by_administrators_only(app: TestApp) {
    let exchange = app.as_role("exchange").await;
    let mut hidden = contact("Hidden");
    hidden["hiddenFromAddressListsEnabled"] = json!(true);
    let path = format!("{PATH}/{}", exchange.post(PATH, &hidden).await.is(201).id());
    let count = format!("{PATH}/$count");
    let member = app.as_member().await;
    member.get(&path).await.refuses(404, "Request_ResourceNotFound");
    assert_eq!(member.get(&count).await.text, "0");
    let filter = [("$filter", "startswith(displayName,'Hid')")];
    assert!(member.query(PATH, &filter).await.is(200).items().is_empty());
    assert_eq!(exchange.get(&count).await.text, "1");
    exchange.get(&path).await.is(200);
    exchange.patch(&path, &json!({"hiddenFromAddressListsEnabled": false})).await.is(204);
    assert_eq!(member.query(PATH, &filter).await.is(200).column("displayName"), ["Hidden"]);
}

async fn every_offending_property_of_a_contact_is_named(app: TestApp) {
    let client = app.client().await;
    let body = json!({
        "displayName": " blank at the start", "mail": "nobody", "mailNickname": "two words",
        "mailTip": "<b>Away</b>", "webPage": "javascript:alert(1)", "shoeSize": 43,
        "addresses": [{"city": "A"}, {"city": "B"}],
        "phones": [{"number": "1", "type": "mobile"}, {"number": "2", "type": "mobile"}],
        "personalNotes": "n".repeat(1025), "proxyAddresses": ["SMTP:other@outside.example"],
    });
    let refused = client.post(PATH, &body).await.refuses(400, "Request_BadRequest");
    for named in body.as_object().unwrap().keys() {
        assert!(refused.targets().contains(&named.as_str()), "{named}: {refused}");
    }
    for (name, wrong) in [
        ("phones", json!([{"number": "1"}])),
        ("phones", json!([{"number": "1", "type": "telex"}])),
        ("phones", json!([{"number": "none", "type": "home"}])),
        ("phones", json!(["1"])),
        ("addresses", json!([{"planet": "Mars"}])),
        ("addresses", json!({"city": "A"})),
        ("mail", Value::Null),
        ("displayName", json!("")),
    ] {
        let mut body = contact("Good");
        body[name] = wrong;
        assert_eq!(client.post(PATH, &body).await.is(400).targets(), [name], "{body}");
    }
    let missing = client.post(PATH, &json!({})).await.is(400);
    assert_eq!(missing.targets(), ["displayName", "mail"]);
    assert_eq!(client.get(&format!("{PATH}/$count")).await.text, "0", "nothing is half done");
}

async fn an_address_is_held_once_and_the_refusal_names_its_holder(app: TestApp) {
    let client = app.client().await;
    app.add_domain("outside.example", true).await;
    let held = client.post(PATH, &contact("Holder")).await.is(201);
    let mut second = contact("Second");
    second["mail"] = json!("HOLDER@outside.example");
    let mut user = person("Jan Jansen");
    user["mail"] = json!("holder@Outside.example");
    for (path, body) in [(PATH, second), ("/v1.0/users", user)] {
        let refused = client.post(path, &body).await.refuses(400, "Request_BadRequest");
        assert_eq!(refused["error"]["details"][0]["code"], "ObjectConflict");
        assert_eq!(refused.targets(), ["mail"]);
        let holder = format!("contact {} 'Holder'", held.id());
        assert!(refused.message().contains(&holder), "{refused}");
    }
    let piet = app.create(&person("Piet")).await;
    let mut third = contact("Third");
    third["mail"] = piet["mail"].clone();
    let refused = client.post(PATH, &third).await.is(400);
    assert!(refused.message().contains(&format!("user {} 'Piet'", piet.id())), "{refused}");
}

async fn names_and_aliases_are_unique(app: TestApp) {
    let client = app.client().await;
    let first = client.post(PATH, &contact("Jan Smit")).await.is(201);
    assert_eq!(first["name"], "Jan Smit");
    let mut second = contact("jan SMIT");
    second["mail"] = json!("other@outside.example");
    second["mailNickname"] = first["mailNickname"].clone();
    let refused = client.post(PATH, &second).await.is(400);
    assert_eq!(refused.targets(), ["mailNickname", "name"]);
    let holder = format!("contact {} 'Jan Smit'", first.id());
    assert!(refused.text.contains(&holder), "{refused}");
    second["name"] = json!("Jan Smit (Delft)");
    second.as_object_mut().unwrap().remove("mailNickname");
    let second = client.post(PATH, &second).await.is(201);
    assert_ne!(second["mailNickname"], first["mailNickname"]);
    let long = client.post(PATH, &contact(&"x".repeat(60).repeat(2)[..64])).await.is(201);
    assert_eq!(long.text_of("name").len(), 64);
    let path = format!("{PATH}/{}", second.id());
    assert_eq!(client.patch(&path, &json!({"name": "JAN smit"})).await.is(400).targets(), ["name"]);
    client.patch(&path, &json!({"name": "jan smit (delft)"})).await.is(204);
}

async fn an_alias_is_made_of_the_name_and_stays_free_of_those_of_users(app: TestApp) {
    let client = app.client().await;
    let made = client.post(PATH, &contact("José García-López")).await.is(201);
    assert_eq!(made["mailNickname"], "Jose.Garcia-Lopez");
    let piet = app.person("Piet").await;
    let mut taken = contact("Piet of Adatum");
    taken["mailNickname"] = json!("piet");
    let refused = client.post(PATH, &taken).await.refuses(400, "Request_BadRequest");
    assert_eq!(refused.targets(), ["mailNickname"]);
    assert!(refused.message().contains(&format!("user {piet} 'Piet'")), "{refused}");
    let list = json!({
        "displayName": "Bakers", "mailNickname": "bakers", "mailEnabled": true,
        "securityEnabled": false, "mail": format!("bread@{INITIAL_DOMAIN}"),
        "owners@odata.bind": [format!("{}/v1.0/users/{piet}", app.url)],
    });
    let list = client.post("/v1.0/groups", &list).await.is(201).id();
    taken["mailNickname"] = json!("Bakers");
    let refused = client.post(PATH, &taken).await.refuses(400, "Request_BadRequest");
    assert!(refused.message().contains(&format!("group {list} 'Bakers'")), "{refused}");
    assert!(refused.message().contains("Choose another alias"), "{refused}");
    let made = client.post(PATH, &contact("Piet")).await.is(201).text_of("mailNickname");
    assert!(made.starts_with("Piet") && made.len() > 4, "{made}");
}

async fn an_address_inside_the_organisation_is_accepted_with_a_warning(app: TestApp) {
    let client = app.client().await;
    let mut body = contact("Inside");
    body["mail"] = json!(format!("inside@{INITIAL_DOMAIN}"));
    let created = client.post(PATH, &body).await.is(201);
    assert_eq!(created.warnings(), ["AddressInVerifiedDomain"]);
    let path = format!("{PATH}/{}", created.id());
    client.patch(&path, &json!({"jobTitle": "Baker"})).await.is(204);
    let moved = client.patch(&path, &json!({"mail": format!("in@{INITIAL_DOMAIN}")})).await.is(200);
    assert_eq!(moved.warnings(), ["AddressInVerifiedDomain"]);
    client.patch(&path, &json!({"mail": "out@outside.example"})).await.is(204);
}

async fn a_stale_tag_is_refused_and_changes_nothing(app: TestApp) {
    let client = app.client().await;
    let path = format!("{PATH}/{}", client.post(PATH, &contact("Tagged")).await.is(201).id());
    let changed = client.patch(&path, &json!({"jobTitle": "Baker"})).await.is(204);
    assert_eq!(changed.header("etag"), "\"v2\"");
    let stale = client.with("If-Match", "\"v1\"");
    stale.patch(&path, &json!({"jobTitle": "Smith"})).await.is(412);
    stale.delete(&path).await.is(412);
    assert_eq!(client.get(&path).await.is(200)["jobTitle"], "Baker");
    client.with("If-None-Match", "\"v2\"").get(&path).await.is(304);
}

async fn a_deleted_contact_is_gone_at_once_and_frees_its_address(app: TestApp) {
    let client = app.client().await;
    let created = client.post(PATH, &contact("Leaver")).await.is(201);
    let path = format!("{PATH}/{}", created.id());
    client.delete(&path).await.is(204);
    client.get(&path).await.refuses(404, "Request_ResourceNotFound");
    client.delete(&path).await.is(404);
    client.get(&format!("/v1.0/directory/deletedItems/{}", created.id())).await.is(404);
    let again = client.post(PATH, &contact("Leaver")).await.is(201);
    assert_eq!(again["mailNickname"], created["mailNickname"]);
}

async fn contacts_of_another_organisation_do_not_exist(app: TestApp) {
    let client = app.client().await;
    let other = app.other_tenant().await;
    let path = format!("{PATH}/{}", client.post(PATH, &contact("Ours")).await.is(201).id());
    other.get(&path).await.is(404);
    other.patch(&path, &json!({"jobTitle": "Spy"})).await.is(404);
    other.delete(&path).await.is(404);
    assert!(other.get(PATH).await.is(200).items().is_empty());
    let theirs = other.post(PATH, &contact("Ours")).await.is(201);
    assert_eq!(theirs["mail"], "Ours@outside.example", "addresses are held by organisation");
}

async fn items_of_addresses_and_phones_are_filtered_by_their_members(app: TestApp) {
    let client = app.client().await;
    for (name, city, number, kind) in [
        ("Ann", "Delft", "+31 15 1", "business"),
        ("Ben", "Gent", "+31 15 1", "mobile"),
        ("Cas", "Delft", "+31 15 2", "business"),
    ] {
        let mut body = contact(name);
        body["addresses"] = json!([{"city": city}]);
        body["phones"] = json!([{"number": number, "type": kind}]);
        client.post(PATH, &body).await.is(201);
    }
    client.post(PATH, &contact("Dan")).await.is(201);
    for (filter, found) in [
        ("addresses/any(a:a/city eq 'DELFT')", &["Ann", "Cas"][..]),
        ("phones/any(p:p/type eq 'business' and p/number eq '+31 15 1')", &["Ann"]),
        ("not phones/any(p:startswith(p/number,'+31 15'))", &["Dan"]),
        ("phones/$count eq 0", &["Dan"]),
        ("proxyAddresses/any(p:p eq 'smtp:ben@outside.example')", &["Ben"]),
        (
            "onPremisesSyncEnabled eq null and endswith(mail,'n@outside.example')",
            &["Ann", "Ben", "Dan"],
        ),
    ] {
        let options = [("$filter", filter), ("$orderby", "displayName")];
        let page = client.query(PATH, &options).await.is(200);
        assert_eq!(page.column("displayName"), found, "{filter}");
    }
}

async fn the_graph_sdks_create_a_contact_as_a_directory_object(app: TestApp) {
    let client = app.client().await;
    let mut body = contact("Typed");
    client.post("/v1.0/directoryObjects", &body).await.is(400);
    body["@odata.type"] = json!("#microsoft.graph.orgContact");
    app.as_role("user").await.post("/v1.0/directoryObjects", &body).await.is(403);
    let id = client.post("/v1.0/directoryObjects", &body).await.is(201).id();
    client.get(&format!("{PATH}/{id}")).await.is(200);
}

async fn colleagues_find_a_contact_in_the_address_book_with_the_next_request(app: TestApp) {
    let (client, member) = (app.client().await, app.as_member().await);
    let search = [("$search", "garcia jose")];
    assert!(member.query("/v1.0/addressBook", &search).await.is(200).items().is_empty());
    let made = client.post(PATH, &contact("José García")).await.is(201);
    let found = member.query("/v1.0/addressBook", &search).await.is(200);
    assert_eq!(found.column("id"), [made.id()]);
    assert_eq!(found.column("@odata.type"), ["#microsoft.graph.orgContact"]);
    let hide = json!({"hiddenFromAddressListsEnabled": true});
    client.patch(&format!("{PATH}/{}", made.id()), &hide).await.is(204);
    assert!(member.query("/v1.0/addressBook", &search).await.is(200).items().is_empty());
}
