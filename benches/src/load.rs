//! The load generator: a bounded number of requests over a number of kept connections.

use crate::Outcome;
use crate::http::{Answer, Connection};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// Makes the bytes of a request from its number.
pub(crate) type Maker = Arc<dyn Fn(u32) -> Vec<u8> + Send + Sync>;

/// A number of equal requests.
#[derive(Clone)]
pub(crate) struct Load {
    /// Whom to ask.
    pub(crate) address: SocketAddr,
    /// Connections, each with one request under way.
    pub(crate) connections: u32,
    /// Requests in all.
    pub(crate) requests: u32,
    /// The status of every answer; another ends the benchmark.
    pub(crate) status: u16,
    /// The requests.
    pub(crate) make: Maker,
}

/// How long it took.
pub(crate) struct Taken {
    /// From the first request to the last answer.
    pub(crate) wall: Duration,
    /// Of each request, in order of size.
    pub(crate) latencies: Vec<Duration>,
}

impl Load {
    /// Runs it.
    pub(crate) async fn run(&self) -> Outcome<Taken> {
        let next = Arc::new(AtomicU32::new(0));
        let mut connections = Vec::new();
        for _ in 0..self.connections {
            connections.push(Connection::open(self.address).await?);
        }
        let started = Instant::now();
        let mut tasks = JoinSet::new();
        for connection in connections {
            tasks.spawn(self.clone().work(connection, Arc::clone(&next)));
        }
        let mut latencies = Vec::new();
        while let Some(done) = tasks.join_next().await {
            latencies.extend(done??);
        }
        let wall = started.elapsed();
        latencies.sort_unstable();
        Ok(Taken { wall, latencies })
    }

    async fn work(
        self,
        mut connection: Connection,
        next: Arc<AtomicU32>,
    ) -> Outcome<Vec<Duration>> {
        let mut latencies = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= self.requests {
                return Ok(latencies);
            }
            let request = (self.make)(number);
            let sent = Instant::now();
            let answer = connection.exchange(&request).await?;
            latencies.push(sent.elapsed());
            answer.expect(self.status)?;
        }
    }
}

impl Answer {
    /// The body, if the status is the expected one.
    pub(crate) fn expect(self, status: u16) -> Outcome<Vec<u8>> {
        if self.status == status {
            return Ok(self.body);
        }
        let body = String::from_utf8_lossy(&self.body);
        Err(format!("status {} instead of {status}: {body}", self.status).into())
    }
}
