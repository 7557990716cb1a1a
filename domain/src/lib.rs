//! Nouns, rules and use cases of the Roster directory.
//!
//! Everything here is synchronous and free of HTTP, SQL, clocks and randomness. A use case is a
//! plain function over a transaction (see [`ports`]) that takes its permission as a
//! [`authz::Grant`]. Rules carry the number they have in the rule book (`R103`, `A21`).
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::as_conversions
    )
)]

pub mod address_book;
pub mod addresses;
pub mod authz;
pub mod changes;
pub mod clients;
pub mod contacts;
pub mod countries;
pub mod credentials;
pub mod domains;
pub mod error;
pub mod events;
pub mod groups;
pub mod id;
pub mod imports;
pub mod invitations;
pub mod join_requests;
pub mod language;
pub mod limits;
pub mod managers;
pub mod members;
pub mod objects;
pub mod organisations;
pub mod paging;
pub mod passwords;
pub mod phones;
pub mod ports;
pub mod properties;
pub mod query;
pub mod roles;
pub mod text;
pub mod time;
pub mod user_views;
pub mod users;
pub mod value;
pub mod warning;

pub use changes::{Change, Committed};
pub use error::{Error, Kind, Result, Violation};
pub use id::Id;
pub use time::Timestamp;
pub use value::Value;
