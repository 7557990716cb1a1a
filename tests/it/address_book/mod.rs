//! The address book: what its entries show, what they are found by, its lists and pages.

mod freshness;

use roster_tests::{Client, TestApp, on_both, person, upn};
use serde_json::{Value, json};

on_both! {
    an_entry_shows_telephones_and_address,
    a_telephone_number_is_found_in_the_spellings_people_type,
    digits_are_a_number_or_words_of_a_name,
    a_compound_name_is_found_however_its_parts_are_joined,
    aliases_and_further_addresses_find_their_holder_and_are_not_shown,
    each_kind_of_group_stands_in_its_list,
    entries_are_counted_and_their_properties_chosen,
    pages_keep_the_options_and_their_place_while_entries_come_and_go,
    everything_wrong_with_a_request_is_named,
}

const BOOK: &str = "/v1.0/addressBook";

/// The names that a text finds, in their order.
async fn found(client: &Client, typed: &str) -> Vec<String> {
    client.query(BOOK, &[("$search", typed)]).await.is(200).column("displayName")
}

async fn listed(client: &Client, list: &str) -> Vec<String> {
    client.query(BOOK, &[("list", list)]).await.is(200).column("displayName")
}

/// Makes a contact with a telephone number.
async fn number(client: &Client, name: &str, number: &str) {
    let phones = json!([{"number": number, "type": "business"}]);
    let mail = format!("{}@outside.example", name.to_lowercase().replace(' ', ""));
    let contact = json!({"displayName": name, "mail": mail, "phones": phones});
    client.post("/v1.0/contacts", &contact).await.is(201);
}

async fn an_entry_shows_telephones_and_address(app: TestApp) {
    let (client, member) = (app.client().await, app.as_member().await);
    let mut user = person("Jan Smit");
    let properties = json!({
        "businessPhones": ["+31 20 555 0100"], "mobilePhone": "+31 6 1234 5678",
        "faxNumber": "+31 20 555 0199", "streetAddress": "Dam 1", "city": "Amsterdam",
        "state": "Noord-Holland", "postalCode": "1012 JS", "country": "Nederland",
        "department": "Sales", "jobTitle": "Buyer", "officeLocation": "B2",
    });
    user.as_object_mut().unwrap().extend(properties.as_object().unwrap().clone());
    client.post("/v1.0/users", &user).await.is(201);
    let contact = json!({
        "displayName": "Eva Bos", "mail": "eva@outside.example",
        "phones": [
            {"number": "+31 20 555 0300", "type": "business"},
            {"number": "+31 6 8765 4321", "type": "mobile"},
            {"number": "+31 20 555 0399", "type": "businessFax"},
            {"number": "+31 20 555 0388", "type": "home"},
        ],
        "addresses": [{"street": "Dam 2", "city": "Delft", "postalCode": "2611", "countryOrRegion": "NL"}],
    });
    client.post("/v1.0/contacts", &contact).await.is(201);
    let entry = |answer: roster_tests::Answer| answer.is(200)["value"][0].clone();
    let jan = entry(member.query(BOOK, &[("$search", "jan smit")]).await);
    for (name, value) in properties.as_object().unwrap() {
        assert_eq!(&jan[name], value, "{name}: {jan}");
    }
    let eva = entry(member.query(BOOK, &[("$search", "eva bos")]).await);
    let shown = json!({
        "businessPhones": ["+31 20 555 0300"], "mobilePhone": "+31 6 8765 4321",
        "faxNumber": "+31 20 555 0399", "streetAddress": "Dam 2", "city": "Delft", "state": null,
        "postalCode": "2611", "country": "Netherlands", "userPurpose": null,
    });
    for (name, value) in shown.as_object().unwrap() {
        assert_eq!(&eva[name], value, "{name}: {eva}");
    }
    for (typed, name) in [
        ("020 555 0199", "Jan Smit"),
        ("5678", "Jan Smit"),
        ("b2 sales", "Jan Smit"),
        ("0399", "Eva Bos"),
        ("0388 eva", "Eva Bos"),
    ] {
        assert_eq!(found(&member, typed).await, [name], "{typed}");
    }
}

async fn a_telephone_number_is_found_in_the_spellings_people_type(app: TestApp) {
    let (client, member) = (app.client().await, app.as_member().await);
    for (name, kept) in [
        ("Abroad", "+31 20 555 0100"),
        ("Bracketed", "+31 (0)20 555 0100"),
        ("Dialled", "0031205550100"),
        ("Home", "020-555 01 00"),
    ] {
        number(&client, name, kept).await;
    }
    number(&client, "Smit", "+32 2 555 77 00").await;
    let all = ["Abroad", "Bracketed", "Dialled", "Home"];
    for typed in [
        "+31 20 555 0100",
        "0031205550100",
        "+31205550100",
        "020 555 0100",
        "020-5550100",
        "(020) 555 01 00",
        "+31 (0)20 555 0100",
        "020/555 0100",
        "0100",
        "50100",
        "020 555",
    ] {
        assert_eq!(found(&member, typed).await, all, "{typed}");
    }
    assert_eq!(found(&member, "smit 7700").await, ["Smit"]);
    assert_eq!(found(&member, "7700 smi").await, ["Smit"]);
    // That one may be of any country.
    assert_eq!(found(&member, "+33 20 555 0100").await, ["Home"]);
    for typed in ["smit 0100", "+33 20 555 0101", "555 0101"] {
        assert_eq!(found(&member, typed).await, Vec::<String>::new(), "{typed}");
    }
}

async fn digits_are_a_number_or_words_of_a_name(app: TestApp) {
    let (client, member) = (app.client().await, app.as_member().await);
    let mut room = person("Room 4 12 100");
    room["userPurpose"] = json!("room");
    client.post("/v1.0/users", &room).await.is(201);
    number(&client, "Desk", "412100").await;
    assert_eq!(found(&member, "4 12 100").await, ["Desk", "Room 4 12 100"]);
    assert_eq!(found(&member, "room 4 12").await, ["Room 4 12 100"]);
    // The address of the room has these digits, too.
    assert_eq!(found(&member, "412100").await, ["Desk", "Room 4 12 100"]);
    assert_eq!(found(&member, "2100").await, ["Desk"]);
}

async fn a_compound_name_is_found_however_its_parts_are_joined(app: TestApp) {
    let (client, member) = (app.client().await, app.as_member().await);
    for (name, mail) in [("Jeanluc Petit", "a"), ("Jean-Luc Picard", "b"), ("Tom Obrien", "c")] {
        let contact = json!({"displayName": name, "mail": format!("{mail}@outside.example")});
        client.post("/v1.0/contacts", &contact).await.is(201);
    }
    for typed in ["jean-luc", "jeanluc", "jean-l"] {
        assert_eq!(found(&member, typed).await, ["Jean-Luc Picard", "Jeanluc Petit"], "{typed}");
    }
    assert_eq!(found(&member, "o'brien").await, ["Tom Obrien"]);
}

async fn aliases_and_further_addresses_find_their_holder_and_are_not_shown(app: TestApp) {
    let (client, member) = (app.client().await, app.as_member().await);
    let mut user = person("Jan Smit");
    user["mailNickname"] = json!("jsm");
    user["proxyAddresses"] =
        json!([format!("SMTP:{}", upn("Jan Smit")), format!("smtp:{}", upn("Jan Bakker"))]);
    let user = client.post("/v1.0/users", &user).await.is(201);
    let contact =
        json!({"displayName": "Eva", "mail": "eva@outside.example", "mailNickname": "ext.eva"});
    client.post("/v1.0/contacts", &contact).await.is(201);
    group(&client, "Staff", json!({"mailNickname": "everybody"})).await;
    for (typed, name) in [
        ("jsm", "Jan Smit"),
        ("janbak", "Jan Smit"),
        ("janbakker@", "Jan Smit"),
        ("ext.eva", "Eva"),
        ("everyb", "Staff"),
    ] {
        let answer = member.query(BOOK, &[("$search", typed)]).await.is(200);
        assert_eq!(answer.column("displayName"), [name], "{typed}");
        assert!(!answer.text.contains("janbakker") && !answer.text.contains("jsm"), "{answer}");
    }
    let path = format!("/v1.0/users/{}", user.id());
    client.patch(&path, &json!({"mailNickname": "other"})).await.is(204);
    assert_eq!(found(&member, "jsm").await, Vec::<String>::new());
}

/// Makes a group; a distribution group unless said otherwise.
async fn group(client: &Client, name: &str, properties: Value) -> String {
    let mut body = json!({
        "displayName": name, "mailNickname": name.to_lowercase().replace(' ', ""),
        "mailEnabled": true, "securityEnabled": false,
    });
    body.as_object_mut().unwrap().extend(properties.as_object().unwrap().clone());
    let people = client.get("/v1.0/users?$top=1").await.is(200);
    let owner = people.items()[0]["id"].as_str().unwrap().to_owned();
    body["owners@odata.bind"] = json!([format!("https://any.example/v1.0/users/{owner}")]);
    client.post("/v1.0/groups", &body).await.is(201).id()
}

async fn each_kind_of_group_stands_in_its_list(app: TestApp) {
    let (client, member) = (app.client().await, app.as_member().await);
    group(&client, "List", json!({})).await;
    group(&client, "Rights with mail", json!({"securityEnabled": true})).await;
    group(&client, "Rights", json!({"mailEnabled": false, "securityEnabled": true})).await;
    let team = group(&client, "Team", json!({"groupTypes": ["Unified"]})).await;
    assert_eq!(listed(&member, "distributionLists").await, ["List", "Rights with mail"]);
    assert_eq!(listed(&member, "microsoft365Groups").await, ["Team"]);
    let all = listed(&member, "all").await;
    for name in ["List", "Rights with mail", "Team"] {
        assert!(all.iter().any(|listed| listed == name), "{name} in {all:?}");
    }
    assert!(!all.iter().any(|listed| listed == "Rights"), "{all:?}");
    let hide = json!({"hideFromAddressLists": true});
    client.patch(&format!("/v1.0/groups/{team}"), &hide).await.is(204);
    assert_eq!(listed(&member, "microsoft365Groups").await, Vec::<String>::new());
}

async fn entries_are_counted_and_their_properties_chosen(app: TestApp) {
    let (client, member) = (app.client().await, app.as_member().await);
    for name in ["Ann", "Anna", "Bob"] {
        number(&client, name, "+31 20 555 0100").await;
    }
    let options = [
        ("list", "contacts"),
        ("$search", "an"),
        ("$count", "true"),
        ("$top", "1"),
        ("$select", "mail,DISPLAYNAME"),
    ];
    let page = member.query(BOOK, &options).await.is(200);
    assert_eq!(page["@odata.count"], 2);
    let expected = json!({
        "@odata.type": "#microsoft.graph.orgContact",
        "mail": "ann@outside.example", "displayName": "Ann",
    });
    assert_eq!(page["value"], json!([expected]));
    let count = format!("{BOOK}/$count");
    assert_eq!(member.query(&count, &options[..2]).await.is(200).text, "2");
    assert_eq!(member.query(&count, &options[..1]).await.is(200).text, "3");
    let all: usize = member.get(&count).await.is(200).text.parse().unwrap();
    assert_eq!(all, member.get(BOOK).await.is(200).items().len());
    app.anonymous().get(&count).await.is(401);
}

async fn pages_keep_the_options_and_their_place_while_entries_come_and_go(app: TestApp) {
    let (client, member) = (app.client().await, app.as_member().await);
    let make = async |name: &str, mail: &str| {
        let contact = json!({
            "displayName": name, "name": mail, "mail": format!("{mail}@outside.example"),
        });
        client.post("/v1.0/contacts", &contact).await.is(201).id()
    };
    for (name, mail) in
        [("Eva Bos", "1"), ("éva bos", "2"), ("Eva Bos", "3"), ("Ева", "4"), ("惠", "5")]
    {
        make(name, mail).await;
    }
    let gone = make("Eva Dekker", "6").await;
    let options =
        [("list", "contacts"), ("$top", "2"), ("$select", "mail,displayName"), ("$count", "true")];
    let mut page = member.query(BOOK, &options).await.is(200);
    assert_eq!(page["@odata.count"], 6);
    make("Eva Aarts", "7").await;
    make("Eva Zee", "8").await;
    client.delete(&format!("/v1.0/contacts/{gone}")).await.is(204);
    let mut mails = page.column("mail");
    while let Some(link) = page["@odata.nextLink"].as_str().map(str::to_owned) {
        for option in ["list=contacts", "$top=2", "$select=mail,displayName", "$count=true"] {
            assert!(link.contains(option), "{option} in {link}");
        }
        page = member.get(&link).await.is(200);
        assert_eq!(page.json.get("@odata.count"), None);
        assert!(page.items().iter().all(|entry| entry.get("id").is_none()), "{page}");
        mails.extend(page.column("mail"));
    }
    let local: Vec<_> = mails.iter().map(|mail| mail.split('@').next().unwrap()).collect();
    assert_eq!(local, ["1", "2", "3", "8", "4", "5"], "names alike by age, scripts in one order");
}

async fn everything_wrong_with_a_request_is_named(app: TestApp) {
    let member = app.as_member().await;
    let long = "x".repeat(257);
    let options = [
        ("list", "castles"),
        ("$search", long.as_str()),
        ("$select", "shoeSize,mailNickname"),
        ("$count", "perhaps"),
        ("$filter", "mail eq 'x'"),
    ];
    let refused = member.query(BOOK, &options).await.is(400).enveloped();
    let mut targets = refused.targets();
    targets.sort_unstable();
    assert_eq!(
        targets,
        ["$count", "$filter", "$search", "list", "mailNickname", "shoeSize"],
        "{refused}"
    );
    let refused = member.query(&format!("{BOOK}/$count"), &[("$top", "1")]).await.is(400);
    assert!(refused.message().contains("$search"), "{refused}");
}
