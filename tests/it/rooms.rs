//! Rooms, equipment and shared mailboxes (R137).

use roster_tests::{Client, PASSWORD, TestApp, on_both, person};
use serde_json::{Value, json};

on_both! {
    rooms_and_equipment_have_a_list_of_their_own_in_the_address_book,
    nobody_signs_in_as_a_room_unless_the_account_is_enabled,
    a_purpose_is_one_of_four_words,
}

/// A mailbox for a purpose.
async fn mailbox(app: &TestApp, name: &str, purpose: &str) -> String {
    let mut body = person(name);
    body["userPurpose"] = json!(purpose);
    app.create(&body).await.id()
}

async fn book(client: &Client, options: &str) -> Vec<String> {
    let entries = client.all(&format!("/v1.0/addressBook?{options}")).await;
    entries.iter().map(|entry| entry["displayName"].as_str().unwrap().to_owned()).collect()
}

async fn rooms_and_equipment_have_a_list_of_their_own_in_the_address_book(app: TestApp) {
    let (client, member) = (app.client().await, app.as_member().await);
    app.person("Anna").await;
    mailbox(&app, "Beamer", "equipment").await;
    let canteen = mailbox(&app, "Canteen", "room").await;
    mailbox(&app, "Info", "shared").await;
    assert_eq!(book(&member, "list=rooms").await, ["Beamer", "Canteen"]);
    assert_eq!(book(&member, "list=rooms&$top=1").await, ["Beamer", "Canteen"], "page by page");
    assert_eq!(book(&member, "list=rooms&$search=cant").await, ["Canteen"]);
    let users = book(&member, "list=users").await;
    assert!(
        ["Anna", "Beamer", "Canteen", "Info"].iter().all(|name| users.contains(&(*name).into()))
    );
    let entries = member.get("/v1.0/addressBook?list=rooms").await.is(200);
    assert_eq!(entries.column("userPurpose"), ["equipment", "room"]);
    let rooms = [("$filter", "userPurpose eq 'room'"), ("$select", "displayName,userPurpose")];
    let found = member.query("/v1.0/users", &rooms).await.is(200);
    assert_eq!(found.column("displayName"), ["Canteen"]);
    // The list follows every change.
    let path = format!("/v1.0/users/{canteen}");
    client.patch(&path, &json!({"userPurpose": "user"})).await.is(204);
    assert_eq!(book(&member, "list=rooms").await, ["Beamer"]);
    client.patch(&path, &json!({"userPurpose": "room", "showInAddressList": false})).await.is(204);
    assert_eq!(book(&member, "list=rooms").await, ["Beamer"], "hidden ones are left out");
    client.patch(&path, &json!({"showInAddressList": true})).await.is(204);
    assert_eq!(book(&member, "list=rooms").await, ["Beamer", "Canteen"]);
    client.delete(&path).await.is(204);
    assert_eq!(book(&member, "list=rooms").await, ["Beamer"]);
    let refused = member.get("/v1.0/addressBook?list=castles").await.is(400);
    assert_eq!(refused.targets(), ["list"]);
    assert!(refused.message().contains("rooms"), "{refused}");
}

async fn nobody_signs_in_as_a_room_unless_the_account_is_enabled(app: TestApp) {
    let client = app.client().await;
    let mut room = person("Canteen");
    room["userPurpose"] = json!("room");
    room["passwordProfile"] = json!({"password": PASSWORD, "forceChangePasswordNextSignIn": false});
    let room = client.post("/v1.0/users", &room).await.is(201);
    let name = room.text_of("userPrincipalName");
    app.password_grant(&name, PASSWORD).await.is(400);
    let path = format!("/v1.0/users/{}", room.id());
    client.patch(&path, &json!({"accountEnabled": true})).await;
    app.password_grant(&name, PASSWORD).await.is(200);
    let mut open = person("Lab");
    open["userPurpose"] = json!("room");
    open["accountEnabled"] = json!(true);
    let open = client.post("/v1.0/users", &open).await.is(201).id();
    let read = client.get(&format!("/v1.0/users/{open}?$select=accountEnabled")).await.is(200);
    assert_eq!(read["accountEnabled"], true);
}

async fn a_purpose_is_one_of_four_words(app: TestApp) {
    let client = app.client().await;
    let jan = app.person("Jan").await;
    let path = format!("/v1.0/users/{jan}");
    let read = client.get(&format!("{path}?$select=userPurpose,accountEnabled")).await.is(200);
    assert_eq!((&read["userPurpose"], &read["accountEnabled"]), (&json!("user"), &json!(true)));
    for wrong in [json!("castle"), json!(1), Value::Null] {
        let refused = client.patch(&path, &json!({"userPurpose": wrong})).await.is(400);
        assert_eq!(refused.targets(), ["userPurpose"]);
    }
    let people = [("$filter", "userPurpose eq 'user'")];
    let found = client.query("/v1.0/users/$count", &people).await.is(200);
    assert_eq!(found.text, client.get("/v1.0/users/$count").await.is(200).text);
}
