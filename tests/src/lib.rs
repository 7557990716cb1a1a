//! The harness of the black-box tests: starts the service on either database and talks to it over
//! HTTP as one principal or another.
//!
//! A test is an `async fn` that takes a [`TestApp`]; [`on_both!`] makes of it one test on SQLite
//! and one on PostgreSQL:
//!
//! ```ignore
//! on_both! { a_user_is_created }
//!
//! async fn a_user_is_created(app: TestApp) {
//!     let global = app.as_global().await;
//!     global.post("/v1.0/users", &person("Jan Jansen")).await.is(201);
//! }
//! ```
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod answer;
mod app;
mod client;
mod cluster;
mod database;
mod fixtures;
mod process;
mod ran;
mod service;

pub use answer::Answer;
pub use app::{INITIAL_DOMAIN, Neighbour, OTHER_DOMAIN, TestApp};
pub use client::Client;
pub use database::{Database, Place};
pub use fixtures::{PASSWORD, outsider, person, upn};
pub use process::{Process, chance, free_port, program};
pub use ran::{Ran, record, summary};

use std::io::Write as _;
use std::time::Duration;

/// Administrator roles, by key, in the order of the matrix columns, with their template ids.
pub const ROLES: [(&str, &str); 8] = [
    ("billing", "b0f54661-2d74-4c50-afa3-1ec803f12efe"),
    ("global", "62e90394-69f5-4237-9190-012177145e10"),
    ("password", "966707d0-3269-4727-9be2-8c3a10f19b9d"),
    ("service", "f023fd81-a637-4b56-95fd-791ac0226033"),
    ("user", "fe930be7-5e62-47db-91af-98c3a49a38b1"),
    ("exchange", "29232cdf-9323-42fd-ade2-1d097af3e4de"),
    ("sharepoint", "f28a1f50-f6e7-4571-818b-6a12f2af6b6c"),
    ("skype", "75941009-915a-4869-abe7-691bff18279e"),
];

/// The template id of a role.
pub fn template_id(role: &str) -> &'static str {
    ROLES.iter().find(|(key, _)| *key == role).expect("a role of the matrix").1
}

/// A test that runs longer has hung.
const LONGEST_TEST: Duration = Duration::from_secs(900);

/// Makes of each named `async fn(TestApp)` one test on SQLite and one on PostgreSQL.
#[macro_export]
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test] fn $name() { $crate::run($crate::Database::Sqlite, super::$name) })+
        }
        mod postgresql {
            $(#[test] fn $name() { $crate::run($crate::Database::Postgresql, super::$name) })+
        }
    };
}

/// Runs a test on a database of its own; says aloud when that is not to be had.
pub fn run<T, F>(database: Database, test: T)
where
    T: FnOnce(TestApp) -> F,
    F: Future<Output = ()>,
{
    block_on(async {
        match TestApp::spawn(database).await {
            Some(app) => {
                record(Ran::On(database));
                test(app).await;
            }
            None => skip(database),
        }
    });
}

/// Runs a test that starts what it needs itself.
pub fn block_on(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let ended = runtime.block_on(async { tokio::time::timeout(LONGEST_TEST, test).await });
    ended.expect("the test takes too long");
}

/// Says aloud that a test could not run on a database.
pub fn skip(database: Database) {
    record(Ran::Skipped(database));
    say(&format!("skipped: no {database} was found; {}", cluster::REMEDY));
}

/// Writes a line past the capture of the test runner.
pub fn say(line: &str) {
    // Nobody is left to tell when standard error itself is closed.
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}
