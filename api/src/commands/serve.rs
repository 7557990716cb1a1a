//! `roster serve`

use super::{CommandError, settings};
use crate::config::{Checked, Config};
use crate::http::health::ReadyCheck;
use crate::http::log;
use crate::openapi::Register;
use crate::roster::Roster;
use crate::server::{self, Running, Service, Shell};
use crate::{graph, jobs, oauth, start};
use actix_web::rt::System;
use actix_web::web::Data;
use prometheus_client::registry::Registry;
use roster_persistence::Store;
use std::net::SocketAddr;
use std::sync::Arc;

/// Registers every handler of the service.
pub const REGISTER: Register = |services| {
    services.configure(graph::register).configure(oauth::register);
};

/// Serves until the process is told to stop. A warning about variables that nothing reads is logged.
///
/// # Errors
/// When the settings have mistakes, an address cannot be bound, or the database cannot be used.
pub fn run(config: &Config, warning: Option<String>) -> Result<(), CommandError> {
    let settings = settings(config)?;
    log::start(settings.log_format, &settings.log_filter);
    log::panics();
    if let Some(warning) = warning {
        tracing::warn!("{warning}");
    }
    System::new().block_on(async {
        let started = start(&settings).await?;
        if let Some(founded) = &started.founded {
            super::print(&founded.to_string())?;
        }
        tracing::info!(address = %started.address, "serving");
        let ended = started.running.until_signal().await;
        drop(started.jobs);
        started.roster.store.close();
        ended.map_err(|error| CommandError::Io("serve".into(), error))
    })
}

/// A service under way.
pub struct Started {
    /// What the handlers share.
    pub roster: Data<Roster>,
    /// The servers; they run once awaited.
    pub running: Running,
    /// The worker's thread.
    pub jobs: jobs::Running,
    /// Address of the service.
    pub address: SocketAddr,
    /// Credentials of a new organisation, at the first start.
    pub founded: Option<start::Founded>,
}

/// Binds, migrates, opens, founds and builds. To be called inside the runtime.
///
/// # Errors
/// When an address cannot be bound or the database cannot be used.
pub async fn start(settings: &Checked) -> Result<Started, CommandError> {
    start_at(settings, Arc::new(start::SystemClock)).await
}

/// [`start`], by another clock.
///
/// # Errors
/// As [`start`].
pub async fn start_at(
    settings: &Checked,
    clock: Arc<dyn start::Clock>,
) -> Result<Started, CommandError> {
    let io = |error| CommandError::Io("serve".into(), error);
    let sockets = server::bind(settings).map_err(io)?;
    let address = sockets.address;
    Store::migrate(&start::database_url(settings)?)?;
    let roster = Data::new(start::open(settings, settings.public_url(address), clock).await?);
    let founded = start::found_first(&roster, settings).await?;
    start::keep_keys(roster.clone());
    start::keep_address_books(roster.clone());
    let mut registry = Registry::default();
    let service =
        Service { state: roster.clone(), register: REGISTER, ready: ready(roster.clone()) };
    let shell = Shell::new(settings, address, service, &mut registry).map_err(io)?;
    let running = server::build(sockets, settings, shell, registry).map_err(io)?;
    let jobs = start::work(&roster)?;
    Ok(Started { roster, running, jobs, address, founded })
}

/// Whether the database answers.
fn ready(roster: Data<Roster>) -> ReadyCheck {
    Arc::new(move || {
        let roster = roster.clone();
        Box::pin(async move { roster.read(|tx| tx.any_organisation().map(|_| ())).await })
    })
}
