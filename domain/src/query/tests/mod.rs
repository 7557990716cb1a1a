//! Tests of queries, on a small entity and three people.

mod laws;
mod limits;
mod meaning;
mod options;
mod person;
mod refusals;
mod search;

use super::{Filter, LIST, Query, parse};
use crate::{Error, Timestamp};
use person::{Field, Person};
use uuid::Uuid;

fn query(pairs: &[(&str, &str)]) -> Result<Query<Field>, Error> {
    parse::<Person>(LIST, pairs.iter().copied(), &|_| Ok(()))
}

fn filter(text: &str) -> Result<Filter<Field>, Error> {
    Ok(query(&[("$filter", text)])?.filter.expect("a filter was given"))
}

/// Ann has everything, Bob has no mail and is disabled, Céline is mostly null.
fn people() -> [Person; 3] {
    let time = |text| Timestamp::parse(text);
    let some = |text: &str| Some(text.to_owned());
    [
        Person {
            id: Uuid::from_u128(0xA1),
            display_name: "Ann Smit".into(),
            mail: some("Ann@contoso.com"),
            nick_name: some("annie"),
            user_type: some("Member"),
            enabled: Some(true),
            created: time("2026-01-01T10:00:00Z"),
            manager: Some(Uuid::from_u128(0xB0)),
            aliases: vec!["smtp:ann@x.nl".into(), "sip:ann".into()],
            addresses: vec![(some("Delft"), true), (some("Leiden"), false)],
            note: None,
        },
        Person {
            id: Uuid::from_u128(0xB0),
            display_name: "Bob O'Neil".into(),
            user_type: some("Guest"),
            enabled: Some(false),
            created: time("2026-02-01"),
            addresses: vec![(some("Leiden"), true)],
            ..Person::default()
        },
        Person {
            id: Uuid::from_u128(0xC0),
            display_name: "CÉLINE".into(),
            mail: some("celine@fabrikam.com"),
            aliases: vec!["smtp:c@x.nl".into()],
            addresses: vec![(None, false)],
            ..Person::default()
        },
    ]
}
