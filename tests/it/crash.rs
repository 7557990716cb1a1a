//! What was acknowledged outlives `kill -9` (F1, F3).

use futures_util::future::join_all;
use roster_tests::{
    Client, Database, Place, Process, Ran, block_on, chance, free_port, person, record, skip,
};
use serde_json::json;
use std::collections::HashMap;
use std::time::Duration;

/// Kills per database; `ROSTER_TEST_KILLS` asks for more.
const KILLS: usize = 4;
/// Clients that write at the same time.
const WRITERS: usize = 6;

#[test]
fn no_acknowledged_write_is_lost_on_sqlite() {
    survives(Database::Sqlite);
}

#[test]
fn no_acknowledged_write_is_lost_on_postgresql() {
    survives(Database::Postgresql);
}

fn survives(database: Database) {
    let Some(place) = Place::new(database) else { return skip(database) };
    record(Ran::On(database));
    let asked = std::env::var("ROSTER_TEST_KILLS").ok().and_then(|kills| kills.parse().ok());
    block_on(async {
        let port = free_port();
        let mut acknowledged = HashMap::new();
        for round in 0..asked.unwrap_or(KILLS) {
            let process = Process::start(&place, port).await;
            let client = process.client().await;
            check(&client, &acknowledged).await;
            let writers = join_all((0..WRITERS).map(|writer| write(&client, round, writer)));
            let kill = async {
                tokio::time::sleep(Duration::from_millis(100 + chance(400))).await;
                process.kill();
            };
            let (written, ()) = futures_util::future::join(writers, kill).await;
            acknowledged.extend(written.into_iter().flatten());
        }
        let process = Process::start(&place, port).await;
        check(&process.client().await, &acknowledged).await;
        assert!(!acknowledged.is_empty(), "something was written");
    });
}

/// Creates and changes people until the service is gone; returns what was acknowledged: ids with
/// the job titles that were acknowledged last.
async fn write(client: &Client, round: usize, writer: usize) -> Vec<(String, Option<String>)> {
    let mut acknowledged = Vec::new();
    for number in 0.. {
        let body = person(&format!("Person {round} {writer} {number}"));
        let request = client.request("POST", "/v1.0/users").json(&body);
        let Ok(made) = client.try_send(request).await else { break };
        let id = made.is(201).id();
        acknowledged.push((id.clone(), None));
        let title = format!("Title {number}");
        let request = client.request("PATCH", &format!("/v1.0/users/{id}"));
        let changed = client.try_send(request.json(&json!({"jobTitle": title}))).await;
        let Ok(changed) = changed else { break };
        changed.is(204);
        if let Some((_, last)) = acknowledged.last_mut() {
            *last = Some(title);
        }
    }
    acknowledged
}

/// Everything that was acknowledged is there, whole.
async fn check(client: &Client, acknowledged: &HashMap<String, Option<String>>) {
    let select = "$select=id,jobTitle,userPrincipalName,proxyAddresses";
    let users = client.all(&format!("/v1.0/users?$top=999&{select}")).await;
    let found: HashMap<&str, &serde_json::Value> =
        users.iter().filter_map(|user| Some((user["id"].as_str()?, user))).collect();
    for (id, title) in acknowledged {
        let user = found.get(id.as_str()).unwrap_or_else(|| panic!("{id} is lost"));
        if let Some(title) = title {
            assert_eq!(user["jobTitle"], json!(title), "a change is lost");
        }
    }
    for user in users {
        let address = format!("SMTP:{}", user["userPrincipalName"].as_str().unwrap_or_default());
        assert_eq!(user["proxyAddresses"], json!([address]), "a user with half its addresses");
    }
}
