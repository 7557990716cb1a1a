//! How soon the address book knows what was written, and what it keeps in memory.

use super::{BOOK, found};
use roster_tests::{Client, Database, TestApp, block_on, on_both, skip, upn};
use serde_json::json;
use std::time::{Duration, Instant};

on_both! {
    what_was_written_is_in_the_next_answer,
    another_process_knows_it_within_two_seconds,
    an_import_is_in_the_book_once_it_is_done,
}

async fn what_was_written_is_in_the_next_answer(app: TestApp) {
    let (client, member) = (app.client().await, app.as_member().await);
    let before = member.get(BOOK).await.is(200).items().len();
    for number in 0..40 {
        let contact = json!({
            "displayName": format!("Later {number}"),
            "mail": format!("later{number}@outside.example"),
        });
        let id = client.post("/v1.0/contacts", &contact).await.is(201).id();
        let name = format!("later {number}");
        assert_eq!(found(&member, &name).await.len(), 1, "{name}");
        if number % 2 == 0 {
            client.delete(&format!("/v1.0/contacts/{id}")).await.is(204);
            assert!(found(&member, &name).await.is_empty(), "{name}");
        }
    }
    assert_eq!(member.get(BOOK).await.is(200).items().len(), before + 20);
}

async fn another_process_knows_it_within_two_seconds(app: TestApp) {
    let client = app.client().await;
    let neighbour = (app.database == Database::Postgresql).then(|| app.neighbour());
    let elsewhere = neighbour.as_ref().map_or(client.clone(), |other| client.at(other.url()));
    assert!(found(&elsewhere, "zadkine").await.is_empty(), "the book is in its memory");
    for round in 0..3 {
        let contact = json!({
            "displayName": format!("Ossip Zadkine {round}"),
            "mail": format!("ossip{round}@outside.example"),
        });
        client.post("/v1.0/contacts", &contact).await.is(201);
        let written = Instant::now();
        while found(&elsewhere, "zadkine").await.len() <= round {
            assert!(written.elapsed() < Duration::from_secs(2), "round {round}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// More than are caught up with at a time.
const ROWS: usize = 1_200;

async fn an_import_is_in_the_book_once_it_is_done(app: TestApp) {
    let (client, member) = (app.client().await, app.as_member().await);
    let before = entries(&member).await;
    let head = "User Name,First Name,Last Name,Display Name,Job Title,Department,Office Number,\
                Office Phone,Mobile Phone,Fax,Address,City,State or Province,ZIP or Postal Code,\
                Country or Region";
    let row = |number| {
        let name = format!("Imported {number}");
        format!("{},,,{name},,,,,,,,,,,\n", upn(&name))
    };
    let file = format!("{head}\n{}", (0..ROWS).map(row).collect::<String>());
    let upload = client.request("POST", "/v1.0/imports").header("content-type", "text/csv");
    let job = format!("/v1.0/imports/{}", client.send(upload.body(file)).await.is(202).id());
    loop {
        let status = client.get(&job).await.is(200).text_of("status");
        if status == "completed" {
            break;
        }
        assert_ne!(status, "failed");
        // Whoever looks meanwhile finds some of them.
        assert!(entries(&member).await >= before);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(entries(&member).await, before + ROWS);
    assert_eq!(found(&member, "imported 1199").await, ["Imported 1199"]);
}

async fn entries(client: &Client) -> usize {
    client.get(&format!("{BOOK}/$count")).await.is(200).text.parse().unwrap()
}

#[test]
fn books_without_room_are_filled_anew() {
    block_on(async {
        let little = TestApp::spawn_with(Database::Sqlite, |config| {
            config.address_book_entries = Some("1".to_owned());
        });
        match little.await {
            Some(app) => each_organisation_finds_its_own_at_once(app).await,
            None => skip(Database::Sqlite),
        }
    });
}

async fn each_organisation_finds_its_own_at_once(app: TestApp) {
    let (ours, theirs) = (app.client().await, app.other_tenant().await);
    for round in 0..5 {
        for (client, name) in [(&ours, "Ours"), (&theirs, "Theirs")] {
            let contact = json!({
                "displayName": format!("{name} {round}"),
                "mail": format!("{name}{round}@outside.example"),
            });
            client.post("/v1.0/contacts", &contact).await.is(201);
            assert_eq!(found(client, name).await.len(), round + 1, "{name}, round {round}");
        }
    }
}
