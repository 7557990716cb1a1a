//! Counts how many tests ran on which database, over all test processes of one run.

use crate::Database;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::PathBuf;

/// What became of a test on a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ran {
    /// It ran.
    On(Database),
    /// The machine has no such database.
    Skipped(Database),
}

/// What the processes of one run have in common: the runner that started them.
pub(crate) fn run_id() -> String {
    let runner = std::env::var("NEXTEST_RUN_ID");
    runner.unwrap_or_else(|_| std::os::unix::process::parent_id().to_string())
}

fn file() -> PathBuf {
    std::env::temp_dir().join(format!("roster-tests-{}.ran", run_id()))
}

/// Notes what became of a test.
pub fn record(ran: Ran) {
    let noted = OpenOptions::new().create(true).append(true).open(file());
    let line = match ran {
        Ran::On(database) => format!("ran {database}\n"),
        Ran::Skipped(database) => format!("skipped {database}\n"),
    };
    noted.and_then(|mut file| file.write_all(line.as_bytes())).expect("a temporary file");
}

/// What was noted in this run, and forgets it.
pub fn summary() -> String {
    let noted = fs::read_to_string(file()).unwrap_or_default();
    let _ = fs::remove_file(file());
    let count = |line: String| noted.lines().filter(|noted| **noted == line).count();
    let of = |database: Database| {
        let (ran, skipped) =
            (count(format!("ran {database}")), count(format!("skipped {database}")));
        let left_out = if skipped > 0 { format!(" ({skipped} skipped)") } else { String::new() };
        format!("{ran} on {database}{left_out}")
    };
    let (sqlite, postgresql) = (of(Database::Sqlite), of(Database::Postgresql));
    format!("black-box tests that ran: {sqlite}, {postgresql}")
}
