//! Black-box tests: everything through HTTP, on both databases; one module a noun.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod address_book;
mod contact_files;
mod contact_visibility;
mod contacts;
mod contract;
mod crash;
mod groups;
mod http;
mod invitations;
mod lists;
mod managers;
mod matrix;
mod nasty;
mod one_time_passwords;
mod program;
mod proof;
mod readme;
mod relations;
mod roles;
mod rooms;
mod search;
mod tenancy;
mod tidy;
mod tokens;
mod types;
mod user_views;
mod users;
