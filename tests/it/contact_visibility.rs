//! All contacts at once out of the address lists, and back (R46).

use super::contact_files::{HEADINGS, import};
use roster_tests::{TestApp, on_both};
use serde_json::json;

on_both! {
    all_contacts_are_hidden_at_once_and_shown_again,
    a_hidden_contact_stays_a_member_and_keeps_its_address,
    hundreds_of_contacts_are_hidden_in_one_request,
    only_who_manages_contacts_hides_them,
}

const PATH: &str = "/v1.0/contacts/bulkHide";

async fn all_contacts_are_hidden_at_once_and_shown_again(app: TestApp) {
    let (exchange, member) = (app.as_role("exchange").await, app.as_member().await);
    let ann = app.contact("Ann").await;
    app.contact("Ben").await;
    app.hidden_contact("Cas").await;
    let path = format!("/v1.0/contacts/{ann}");
    let before = exchange.get(&path).await.is(200);
    let hide = json!({"hiddenFromAddressListsEnabled": true});
    let done = exchange.post(PATH, &hide).await.is(200);
    assert_eq!((&done["changed"], &done["remaining"]), (&json!(2), &json!(0)), "one was hidden");
    assert!(member.get("/v1.0/contacts").await.is(200).items().is_empty());
    let found = member.get("/v1.0/addressBook?$search=ann").await.is(200);
    assert!(found.items().is_empty(), "{found}");
    let after = exchange.get(&path).await.is(200);
    assert_eq!(after["hiddenFromAddressListsEnabled"], true);
    assert_ne!(after.header("etag"), before.header("etag"), "it is a change of the contact");
    assert_eq!(exchange.post(PATH, &hide).await.is(200)["changed"], 0);
    assert_eq!(exchange.get(&path).await.header("etag"), after.header("etag"));
    // Who is made later is as its maker wants it.
    app.contact("Dan").await;
    assert_eq!(member.get("/v1.0/contacts").await.is(200).column("displayName"), ["Dan"]);
    let show = json!({"hiddenFromAddressListsEnabled": false});
    assert_eq!(exchange.post(PATH, &show).await.is(200)["changed"], 3);
    assert_eq!(member.get("/v1.0/contacts/$count").await.is(200).text, "4");
}

async fn a_hidden_contact_stays_a_member_and_keeps_its_address(app: TestApp) {
    let client = app.client().await;
    let (ann, jan) = (app.contact("Ann").await, app.person("Jan").await);
    let to = |id: &str| json!([format!("{}/v1.0/directoryObjects/{id}", app.url)]);
    let news = json!({
        "displayName": "News", "mailNickname": "news", "mailEnabled": true,
        "securityEnabled": false, "members@odata.bind": to(&ann), "owners@odata.bind": to(&jan),
    });
    let news = client.post("/v1.0/groups", &news).await.is(201).id();
    // Another organisation's contacts are its own matter.
    let other = app.other_tenant().await;
    let theirs = json!({"displayName": "Theirs", "mail": "ann@outside.example"});
    other.post("/v1.0/contacts", &theirs).await.is(201);
    client.post(PATH, &json!({"hiddenFromAddressListsEnabled": true})).await.is(200);
    let members = client.get(&format!("/v1.0/groups/{news}/members")).await.is(200);
    assert_eq!(members.column("id"), [ann]);
    let again = json!({"displayName": "Ann too", "mail": "Ann@outside.example"});
    assert_eq!(client.post("/v1.0/contacts", &again).await.is(400).targets(), ["mail"]);
    let listed = other.get("/v1.0/contacts").await.is(200);
    assert_eq!(listed.items()[0]["hiddenFromAddressListsEnabled"], false);
}

async fn hundreds_of_contacts_are_hidden_in_one_request(app: TestApp) {
    let exchange = app.as_role("exchange").await;
    let rows = (0..260).map(|n| format!("{n}@outside.example,C{n}{}\r\n", ",".repeat(20)));
    import(&exchange, &format!("{HEADINGS}\r\n{}", rows.collect::<String>())).await;
    let hide = json!({"hiddenFromAddressListsEnabled": true});
    let done = exchange.post(PATH, &hide).await.is(200);
    assert_eq!((&done["changed"], &done["remaining"]), (&json!(260), &json!(0)));
    let member = app.as_member().await;
    assert_eq!(member.get("/v1.0/contacts/$count").await.is(200).text, "0");
}

async fn only_who_manages_contacts_hides_them(app: TestApp) {
    app.contact("Ann").await;
    let show = json!({"hiddenFromAddressListsEnabled": false});
    for (name, client) in app.everyone().await {
        let may = ["global", "exchange"].contains(&name);
        let answer = client.post(PATH, &show).await;
        assert_eq!(answer.status, if may { 200 } else { 403 }, "{name}: {answer}");
    }
    let client = app.client().await;
    for (body, targets) in [
        (json!({}), vec!["hiddenFromAddressListsEnabled"]),
        (json!({"hiddenFromAddressListsEnabled": "true"}), vec!["hiddenFromAddressListsEnabled"]),
        (json!({"hiddenFromAddressListsEnabled": true, "ids": []}), vec!["ids"]),
    ] {
        let refused = client.post(PATH, &body).await.refuses(400, "Request_BadRequest");
        assert_eq!(refused.targets(), targets, "{refused}");
    }
    assert_eq!(app.as_member().await.get("/v1.0/contacts/$count").await.text, "1");
}
