//! Imports against real databases: every test runs on SQLite and, where one answers, on
//! PostgreSQL. Each batch is worked on as if the process had been killed after the one before.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::as_conversions,
    clippy::print_stderr
)]

mod leases;
mod organisation;
mod results;
mod rights;
mod rows;
#[path = "../engine/support.rs"]
#[allow(dead_code, unused_imports, reason = "the tests of the engine use the rest")]
mod support;
