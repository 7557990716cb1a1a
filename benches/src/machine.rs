//! Facts without which the figures mean nothing.

use crate::{Outcome, disk};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// The machine and the build.
pub(crate) struct Machine {
    /// Model of the processor.
    pub(crate) processor: String,
    /// Cores that the system lets us use.
    pub(crate) cores: usize,
    /// Memory in GiB.
    pub(crate) memory: f64,
    /// Version of Linux.
    pub(crate) kernel: String,
    /// Version of the compiler.
    pub(crate) compiler: String,
    /// The commit that was measured.
    pub(crate) commit: String,
    /// Day of the measurement, UTC.
    pub(crate) date: String,
    /// Load average at the start: above 0, others were at work too.
    pub(crate) busy: String,
    /// Time of one small durable write in the folder of the database.
    pub(crate) sync: Duration,
}

impl Machine {
    /// Looks around.
    pub(crate) fn look(folder: &Path) -> Outcome<Self> {
        let memory = value_of("/proc/meminfo", "MemTotal")?;
        let memory: f64 = memory.trim_end_matches(" kB").parse()?;
        let load = fs::read_to_string("/proc/loadavg")?;
        Ok(Self {
            processor: value_of("/proc/cpuinfo", "model name")?,
            cores: std::thread::available_parallelism()?.get(),
            memory: memory / 1_048_576.0,
            kernel: fs::read_to_string("/proc/sys/kernel/osrelease")?.trim().to_owned(),
            compiler: output("rustc", &["--version"])?,
            commit: output("git", &["describe", "--always", "--dirty"])?,
            date: output("date", &["-u", "+%Y-%m-%d"])?,
            busy: load.split(' ').next().unwrap_or_default().to_owned(),
            sync: disk::sync_time(folder)?,
        })
    }
}

/// The value of a line `key : value`.
fn value_of(file: &str, key: &str) -> Outcome<String> {
    let text = fs::read_to_string(file)?;
    let mut lines = text.lines().filter_map(|line| line.split_once(':'));
    let found = lines.find(|(name, _)| name.trim() == key);
    Ok(found.map_or_else(|| "unknown".to_owned(), |(_, value)| value.trim().to_owned()))
}

fn output(program: &str, arguments: &[&str]) -> Outcome<String> {
    let output = Command::new(program).args(arguments).output()?;
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
