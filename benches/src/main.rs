//! Development tasks: `cargo xtask bench`.

mod anchor;
mod bench;
mod directory;
mod disk;
mod http;
mod import;
mod load;
mod machine;
mod process;
mod report;
mod rounds;
mod statistics;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

// That of the service, so that the anchor is measured under the same conditions.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What a step of a task returns.
type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Measures the release build of the service; benches/RESULTS.md explains the figures
    Bench(bench::Options),
    /// Serves the static answer that the benchmark compares with
    #[command(hide = true)]
    Anchor {
        /// Where to listen
        address: std::net::SocketAddr,
    },
}

fn main() -> ExitCode {
    let done = match Cli::parse().task {
        Task::Bench(options) => bench::run(&options),
        Task::Anchor { address } => anchor::serve(address),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("failed: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// Tells the person at the terminal; what is measured does not depend on it.
fn say(text: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "{text}");
}
