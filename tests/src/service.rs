//! The service inside the test process, on a thread of its own.

use actix_web::rt::System;
use actix_web::web::Data;
use roster_api::commands::serve;
use roster_api::config::{Config, SecretText};
use roster_api::roster::Roster;
use roster_api::server::Stopper;
use roster_api::start::{Clock, Founded, SystemClock, Timestamp};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use tokio::sync::oneshot;

/// Seals the secrets of every test; it protects nothing.
pub(crate) const MASTER_KEY: &str = "cm9zdGVyLXRlc3RzLW1hc3Rlci1rZXktMzItYnl0ZXM=";

/// Settings for a test: a free port, both grants, one worker.
pub(crate) fn settings(database_url: &str) -> Config {
    Config {
        listen: Some("127.0.0.1:0".to_owned()),
        database_url: Some(SecretText::new(database_url)),
        password_grant: Some("true".to_owned()),
        master_key: Some(SecretText::new(MASTER_KEY)),
        workers: Some("1".to_owned()),
        ..Config::default()
    }
}

/// A running service; it stops with its value.
pub(crate) struct Service {
    /// What its handlers share.
    pub(crate) roster: Data<Roster>,
    /// Its address, without a trailing slash.
    pub(crate) address: String,
    /// What the first start told.
    pub(crate) founded: Option<Founded>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Service {
    /// Starts it; returns once it serves.
    pub(crate) fn start(config: &Config) -> Self {
        Self::start_at(config, Arc::new(SystemClock))
    }

    /// Starts it by another clock.
    pub(crate) fn start_at(config: &Config, clock: Arc<dyn Clock>) -> Self {
        let checked = config.check().unwrap_or_else(|problems| {
            let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
            panic!("settings: {}", lines.join("\n"))
        });
        let (ready, is_ready) = mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            System::new().block_on(async move {
                let started = serve::start_at(&checked, clock).await.expect("the service starts");
                let stopper = started.running.stopper();
                let roster = started.roster.clone();
                let address = format!("http://{}", started.address);
                ready.send((started.roster, address, started.founded)).expect("the test waits");
                actix_web::rt::spawn(end(stopped, stopper));
                started.running.until_stopped().await.expect("the service ends well");
                roster.store.close();
            });
        });
        let (roster, address, founded) = is_ready.recv().expect("the service starts");
        Self { roster, address, founded, stop: Some(stop), thread: Some(thread) }
    }
}

async fn end(stopped: oneshot::Receiver<()>, stopper: Stopper) {
    // Sent or dropped: the test is over.
    let _ = stopped.await;
    stopper.stop().await;
}

impl Drop for Service {
    fn drop(&mut self) {
        drop(self.stop.take());
        let ended = self.thread.take().map(JoinHandle::join);
        if !std::thread::panicking() {
            assert!(matches!(ended, Some(Ok(()))), "the service panicked");
        }
    }
}

/// The clock of a process that runs some days ahead.
pub(crate) struct Ahead(pub(crate) i64);

impl Clock for Ahead {
    fn now(&self) -> Timestamp {
        SystemClock.now().plus_days(self.0)
    }
}
