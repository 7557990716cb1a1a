//! `cargo xtask bench`: from the build to the report.

use crate::directory::Setup;
use crate::import;
use crate::load::Load;
use crate::machine::Machine;
use crate::process::{self, Process};
use crate::report::{self, Measured};
use crate::rounds::{self, Scenario};
use crate::{Outcome, http, say};
use clap::Args;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

/// Where the report is kept.
const REPORT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/RESULTS.md");
/// The workspace.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
/// Connections of the load generator.
const CONNECTIONS: u32 = 32;

/// What is measured, and how long.
#[derive(Args)]
pub(crate) struct Options {
    /// Measures PostgreSQL too, in this database, which must not hold an organisation yet
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// Rounds; the report tells medians
    #[arg(long, default_value_t = 5)]
    rounds: u32,
    /// Percent of the usual number of requests
    #[arg(long, default_value_t = 100)]
    size: u32,
    /// Measures this build of the service instead of the present state, to compare two
    #[arg(long, value_name = "FILE", conflicts_with = "write")]
    binary: Option<PathBuf>,
    /// Replaces benches/RESULTS.md
    #[arg(long)]
    write: bool,
}

impl Options {
    fn sized(&self, requests: u32) -> u32 {
        (requests.saturating_mul(self.size) / 100).max(10)
    }
}

/// Builds, measures, reports.
pub(crate) fn run(options: &Options) -> Outcome<()> {
    let binary = match &options.binary {
        Some(binary) => binary.canonicalize()?,
        None => build()?,
    };
    // Beside the build, because the folder for temporary files is often in memory.
    let folder = tempfile::tempdir_in(binary.parent().ok_or("the build has no folder")?)?;
    let machine = Machine::look(folder.path())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let measured = runtime.block_on(measure_all(options, &binary, folder.path()))?;
    let report = report::render(&machine, options.rounds, &measured);
    say(&report);
    if options.write {
        std::fs::write(REPORT, report)?;
    }
    Ok(())
}

/// Builds the service as it is shipped and returns its path.
fn build() -> Outcome<PathBuf> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--release", "--package", "roster-api"]).current_dir(ROOT);
    if !cargo.status()?.success() {
        return Err("the build failed".into());
    }
    let own = std::env::current_exe()?;
    Ok(own.parent().ok_or("this program has no folder")?.join("roster"))
}

async fn measure_all(options: &Options, binary: &Path, folder: &Path) -> Outcome<Vec<Measured>> {
    let mut measured = Vec::new();
    for (name, database) in [("SQLite", None), ("PostgreSQL", options.database.clone())] {
        if name == "PostgreSQL" && database.is_none() {
            continue;
        }
        say(&format!("{name}:"));
        let folder = folder.join(name);
        std::fs::create_dir(&folder)?;
        let setup = Setup { binary: binary.to_owned(), folder, database };
        measured.push(measure(options, name, &setup).await?);
    }
    Ok(measured)
}

async fn measure(options: &Options, name: &'static str, setup: &Setup) -> Outcome<Measured> {
    let first = setup.start().await?;
    let imported = import::run(&first, options.sized(100_000)).await?;
    if imported.is_none() {
        first.creates(CONNECTIONS, options.sized(4_000)).run().await?;
    }
    let first_start = first.start;
    first.process.stop()?;
    let directory = setup.start().await?;
    let anchor = anchor().await?;
    let scenario = |name, load| Scenario { name, process: &directory.process, load };
    let fixed = Load {
        address: anchor.address,
        connections: CONNECTIONS,
        requests: options.sized(100_000),
        status: 200,
        make: Arc::new(|_| http::get("/static", None)),
    };
    let mut scenarios = vec![
        Scenario { name: report::ANCHOR, process: &anchor, load: fixed },
        scenario(report::READ, directory.reads(CONNECTIONS, options.sized(40_000)).await?),
        scenario(report::LIST, directory.lists(CONNECTIONS, options.sized(2_000)).await?),
        scenario(report::CREATE, directory.creates(CONNECTIONS, options.sized(8_000))),
        scenario(report::CREATE_ALONE, directory.creates(1, options.sized(1_000))),
    ];
    if let Some(book) = directory.book(CONNECTIONS, options.sized(20_000)).await? {
        scenarios.push(scenario(report::BOOK, book));
        let people = imported.as_ref().map_or(0, |imported| imported.rows);
        let typed = directory.typed(CONNECTIONS, options.sized(20_000), people).await?;
        scenarios.push(scenario(report::TYPED, typed));
    }
    let figures = rounds::run(&scenarios, options.rounds).await?;
    let starts = (first_start, directory.start);
    let memory = directory.process.memory()?;
    Ok(Measured { database: name, imported, figures, starts, memory })
}

/// Starts the anchor: this program again, in a process of its own.
async fn anchor() -> Outcome<Process> {
    let address = process::free_address()?;
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("anchor").arg(address.to_string()).stdout(Stdio::null());
    Ok(Process::start(&mut command, address).await?.0)
}
