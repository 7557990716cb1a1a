//! A server under measurement, seen from outside.

use crate::Outcome;
use crate::http::Connection;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

/// Linux counts CPU time towards programs in hundredths of a second on every usual machine.
const TICKS_PER_SECOND: f64 = 100.0;

/// A server process; killed when dropped.
pub(crate) struct Process {
    child: Child,
    /// Where it serves.
    pub(crate) address: SocketAddr,
}

/// A free address of this machine.
pub(crate) fn free_address() -> Outcome<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

impl Process {
    /// Starts a server that is told to serve at `address`, and returns it with the time until its
    /// first answer.
    pub(crate) async fn start(
        command: &mut Command,
        address: SocketAddr,
    ) -> Outcome<(Self, Duration)> {
        let started = Instant::now();
        let mut process = Self { child: command.spawn()?, address };
        while !answers(address).await {
            if let Some(status) = process.child.try_wait()? {
                return Err(format!("the server at {address} ended at once: {status}").into());
            }
            if started.elapsed() > Duration::from_secs(30) {
                return Err(format!("the server at {address} does not answer").into());
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok((process, started.elapsed()))
    }

    /// CPU time so far, of all threads, in user mode and in the kernel.
    pub(crate) fn cpu(&self) -> Outcome<Duration> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // The name of the program stands in parentheses and may hold blanks.
        let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
        let ticks = fields.split_whitespace().skip(11).take(2).map(str::parse::<f64>);
        let ticks: f64 = ticks.sum::<Result<_, _>>()?;
        Ok(Duration::from_secs_f64(ticks / TICKS_PER_SECOND))
    }

    /// Memory of its own in MiB: without the pages of files, which the kernel may take back.
    pub(crate) fn memory(&self) -> Outcome<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
        let size = line.and_then(|line| line.split_whitespace().next());
        Ok(size.ok_or("no RssAnon")?.parse::<f64>()? / 1_024.0)
    }

    /// Asks it to stop and waits until it has.
    pub(crate) fn stop(mut self) -> Outcome<()> {
        Command::new("kill").arg(self.child.id().to_string()).status()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail only where it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn answers(address: SocketAddr) -> bool {
    let Ok(mut connection) = Connection::open(address).await else { return false };
    connection.exchange(&crate::http::get("/healthz", None)).await.is_ok()
}
