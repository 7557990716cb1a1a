//! Work that goes on behind the requests: one thread that imports files, one job at a time.
//!
//! Jobs are rows with leases, so whichever process is alive goes on with them. Everything that
//! counts is decided in transactions: this thread may be killed at any point.

mod chunks;
mod imports;
mod leases;
mod pace;
mod signal;
mod sweep;
mod vault;
mod worker;

pub use signal::Signal;
pub use vault::ServiceVault;
pub use worker::{Running, Worker};
