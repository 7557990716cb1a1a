//! Users.

mod bulk_restore;
mod change;
mod create;
mod delete;
mod deleted;
mod list;
mod members;
mod profile;
