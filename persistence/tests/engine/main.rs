//! The engine against real databases: every test runs on SQLite and, where one answers, on
//! PostgreSQL in a schema of its own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::as_conversions,
    clippy::print_stderr
)]

mod batches;
mod capabilities;
mod commits;
mod explained;
mod founding;
mod groups;
mod members;
mod migrations;
mod processes;
mod queries;
mod races;
mod reads;
mod roles;
mod sqlite;
mod support;
mod tenants;
mod trouble;
mod types;
mod writes;
