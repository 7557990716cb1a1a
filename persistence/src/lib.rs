//! Schema, SQL and database threads of the Roster directory.
//!
//! A [`Store`] owns a few threads with one connection each. Work reaches them as plain closures
//! over a [`Session`]: reads run on reader threads, writes in batches on writer threads. SQLite
//! and PostgreSQL are equal citizens behind one connection type.
#![recursion_limit = "512"]
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

// Linked for their build settings only: they make libpq, OpenSSL and SQLite part of the binary.
use libsqlite3_sys as _;
use openssl_sys as _;
use pq_src as _;
use pq_sys as _;

mod address_book;
mod addresses;
mod batch;
mod bind;
mod changes;
mod clients;
mod clock;
mod commit;
mod connection;
mod contacts;
mod credentials;
mod deleted;
mod domains;
mod errors;
mod events;
mod faults;
mod feed;
mod founding;
mod groups;
mod imports;
mod job;
mod join_requests;
mod later;
mod link;
mod managers;
mod migrations;
mod objects;
mod organisations;
mod poll;
mod query;
mod queue;
mod readers;
mod roles;
pub mod schema;
mod session;
mod signing_keys;
mod statistics;
mod store;
mod tx;
pub mod types;
mod url;
mod user_views;
mod users;
mod writers;

pub use bind::Bind;
pub use clock::{Clock, Inputs, SystemClock};
pub use connection::AnyConnection;
pub use errors::Constraint;
pub use faults::{CommitFault, Faults};
pub use feed::{CommitHook, Moved, MovedHook};
pub use imports::Sighting;
pub use queue::Lane;
pub use session::Session;
pub use signing_keys::SealedKey;
pub use store::{Options, Store};
pub use types::Json;
pub use url::DatabaseUrl;
