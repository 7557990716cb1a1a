//! The `roster` program.

use clap::Parser as _;
use roster_api::cli::{self, Cli};
use std::process::ExitCode;

// Requests allocate many small things on several threads, which the system allocator does slowly.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::run(Cli::parse())
}
