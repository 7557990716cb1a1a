//! The HTTP service and command line of the Roster directory.
//!
//! [`config`] reads the settings, [`server`] builds the listeners, [`http`] carries bytes to the
//! handlers and every refusal back in one envelope, [`openapi`] makes the document out of the
//! routes, [`security`] holds the cryptography, [`cli`] is the command line.
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
pub mod authentication;
pub mod cli;
pub mod commands;
pub mod config;
pub mod graph;
pub mod http;
pub mod jobs;
pub mod oauth;
pub mod openapi;
pub mod passwords;
pub mod roster;
pub mod security;
pub mod server;
pub mod start;
