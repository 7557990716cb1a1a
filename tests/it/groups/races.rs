//! Many hands on one group at the same time: what was acknowledged is what stands (F17).

use super::support::{add, addresses, group, group_with, ids, members, remove};
use futures_util::future::join_all;
use roster_tests::{Client, Database, TestApp, on_both};
use serde_json::json;
use std::collections::BTreeSet;

on_both! {
    concurrent_changes_of_members_end_in_exactly_the_acknowledged_set,
    of_two_nestings_that_make_a_cycle_together_one_is_refused,
    the_last_owner_stays_however_many_leave_at_once,
}

const CLIENTS: usize = 32;
/// 5,024 changes in all.
const ROUNDS: usize = 157;

/// Two processes on PostgreSQL, where there can be more than one.
fn everywhere(app: &TestApp, client: &Client) -> (Vec<Client>, Option<roster_tests::Neighbour>) {
    let neighbour = (app.database == Database::Postgresql).then(|| app.neighbour());
    let elsewhere = neighbour.as_ref().map_or(client.clone(), |other| client.at(other.url()));
    (vec![client.clone(), elsewhere], neighbour)
}

/// Each client adds and removes people of its own and of everybody; returns the changes that were
/// acknowledged as (person, added), in the order of its own requests.
async fn change(
    (number, client): (usize, Client),
    id: &str,
    own: &str,
    shared: &str,
) -> Vec<(String, bool)> {
    let mut acknowledged = Vec::new();
    for round in 0..ROUNDS {
        let person = if round % 3 == 2 { shared } else { own };
        // Half of the clients end with their own person in the group.
        let adding = (round + number) % 2 == 0;
        let answer = match adding {
            true => add(&client, id, "members", person).await,
            false => remove(&client, id, "members", person).await,
        };
        let refusal = if adding { 400 } else { 404 };
        assert!([204, refusal].contains(&answer.status), "{answer}");
        if answer.status == 204 {
            acknowledged.push((person.to_owned(), adding));
        }
    }
    acknowledged
}

async fn concurrent_changes_of_members_end_in_exactly_the_acknowledged_set(app: TestApp) {
    let client = app.client().await;
    let (processes, _neighbour) = everywhere(&app, &client);
    let shared = app.person("Shared").await;
    let mut people = Vec::new();
    for number in 0..CLIENTS {
        people.push(app.person(&format!("Person {number}")).await);
    }
    let id = group(&app, "security", "Crowd").await;
    let work = people.iter().enumerate().map(|(number, own)| {
        change((number, processes[number % processes.len()].clone()), &id, own, &shared)
    });
    let acknowledged = join_all(work).await;
    let total: usize = acknowledged.iter().map(Vec::len).sum();
    assert!(total >= CLIENTS * ROUNDS / 3, "{total} changes were acknowledged");
    let mut expected = BTreeSet::new();
    for (own, changes) in people.iter().zip(&acknowledged) {
        let last = changes.iter().rev().find(|(person, _)| person == own);
        if last.is_some_and(|(_, added)| *added) {
            expected.insert(own.clone());
        }
    }
    let all = acknowledged.iter().flatten().filter(|(person, _)| *person == shared);
    let (added, removed) = all.fold((0, 0), |(a, r), (_, adding)| match adding {
        true => (a + 1, r),
        false => (a, r + 1),
    });
    assert!(added == removed || added == removed + 1, "{added} added, {removed} removed");
    if added > removed {
        expected.insert(shared);
    }
    let found: BTreeSet<String> = members(&client, &id).await.into_iter().collect();
    assert_eq!(found, expected);
    let count = client.get(&format!("/v1.0/groups/{id}/members/$count")).await.is(200);
    assert_eq!(count.text, expected.len().to_string());
}

async fn of_two_nestings_that_make_a_cycle_together_one_is_refused(app: TestApp) {
    let client = app.client().await;
    let (processes, _neighbour) = everywhere(&app, &client);
    for round in 0..8 {
        let a = group(&app, "security", &format!("A {round}")).await;
        let b = group(&app, "security", &format!("B {round}")).await;
        let nestings = [(&processes[0], &a, &b), (&processes[1], &b, &a)];
        let both = nestings.map(|(client, outer, inner)| add(client, outer, "members", inner));
        let answers = join_all(both).await;
        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [204, 400], "{} and {}", answers[0], answers[1]);
    }
}

async fn the_last_owner_stays_however_many_leave_at_once(app: TestApp) {
    let client = app.client().await;
    let (processes, _neighbour) = everywhere(&app, &client);
    let mut owners = Vec::new();
    for number in 0..8 {
        owners.push(app.person(&format!("Owner {number}")).await);
    }
    let all: Vec<&str> = owners.iter().map(String::as_str).collect();
    let with = json!({"owners@odata.bind": addresses(&all)});
    let id = group_with(&app, "distribution", "Crowd", with).await;
    let leaving = owners.iter().enumerate().map(|(number, owner)| {
        let client = processes[number % processes.len()].clone();
        let id = id.clone();
        async move { remove(&client, &id, "owners", owner).await.status }
    });
    let statuses = join_all(leaving).await;
    assert_eq!(statuses.iter().filter(|status| **status == 204).count(), 7, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 400).count(), 1, "{statuses:?}");
    assert_eq!(ids(&client, &format!("groups/{id}/owners")).await.len(), 1);
}
