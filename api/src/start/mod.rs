//! From settings to a working service: database, master key, first organisation, signing keys.

mod first;
mod keys;

pub use first::{Founded, found_first, found_further};
pub use roster_domain::Timestamp;
pub use roster_persistence::{Clock, SystemClock};

use crate::address_book::AddressBooks;
use crate::authentication::ActorCache;
use crate::config::Checked;
use crate::jobs::{self, Signal, Worker};
use crate::roster::Roster;
use crate::security::hash_pool::HashPool;
use crate::security::master_key::MasterKey;
use crate::security::passwords::Hasher;
use crate::security::sealing::Sealer;
use crate::security::tokens::{Authority, Verifier};
use roster_domain::authz::Policy;
use roster_domain::{Error, Result};
use roster_persistence::{DatabaseUrl, Options, Store};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Passwords hashed at the same time.
const HASHING: usize = 2;
/// Passwords that may wait to be hashed; about three seconds of work.
const WAITING: usize = 500;

/// The address of the database.
///
/// # Errors
/// Internal, with what is wrong with it; the settings were checked before.
pub fn database_url(settings: &Checked) -> Result<DatabaseUrl> {
    DatabaseUrl::parse(settings.database_url.expose()).map_err(Error::internal)
}

/// Opens the migrated database and everything around it; all of it goes by one clock.
///
/// # Errors
/// Unavailable, when the database cannot be reached; internal, with what is wrong.
pub async fn open(settings: &Checked, public_url: String, clock: Arc<dyn Clock>) -> Result<Roster> {
    let url = database_url(settings)?;
    let store = Store::open(Options { clock: Arc::clone(&clock), ..Options::new(url.clone()) })?;
    let is_new = !store.read(|session| any_organisation(session)).await?;
    let sealer = Arc::new(sealer(settings, &url, is_new)?);
    let ring = keys::load(&store, &sealer, clock.as_ref()).await?;
    let authority = Authority { issuer: public_url.clone(), audience: public_url.clone() };
    let hasher = Arc::new(Hasher::new(Arc::clone(&sealer))?);
    let actors = Arc::new(ActorCache::default());
    let address_books = Arc::new(AddressBooks::with_room(settings.address_book_entries));
    watch(&store, &actors, &address_books);
    Ok(Roster {
        store,
        public_url,
        password_grant: settings.password_grant,
        one_time_days: settings.one_time_password_days,
        policy: Policy { manage_recipients: settings.manage_recipients },
        sealer,
        hashes: HashPool::new(Arc::clone(&hasher), HASHING, WAITING),
        hasher,
        tokens: Verifier::new(authority, Arc::new(ring)),
        actors,
        address_books,
        clock,
        jobs: Signal::default(),
    })
}

fn any_organisation(tx: &mut dyn roster_domain::ports::ReadTx) -> Result<bool> {
    tx.any_organisation()
}

/// Keeps what is in memory true: commits of this process and of others.
fn watch(store: &Store, actors: &Arc<ActorCache>, books: &Arc<AddressBooks>) {
    let here = (Arc::clone(actors), Arc::clone(books));
    store.on_commit(Arc::new(move |changes| {
        here.0.committed(changes);
        here.1.committed(changes);
    }));
    let elsewhere = (Arc::clone(actors), Arc::clone(books));
    store.on_moved(Arc::new(move |moved| {
        for each in moved {
            elsewhere.0.moved(each.tenant);
            elsewhere.1.moved(each.tenant, each.seq);
        }
    }));
}

/// A sealer with the configured key, else with the one in the file beside the SQLite database. The
/// file is made with a new database only: a lost key must not be replaced silently.
fn sealer(settings: &Checked, url: &DatabaseUrl, is_new: bool) -> Result<Sealer> {
    if let Some(key) = &settings.master_key {
        return Ok(Sealer::new(key));
    }
    let Some(database) = url.file() else {
        return Err(Error::internal("ROSTER_MASTER_KEY is required with PostgreSQL"));
    };
    let key = MasterKey::load_or_create(&key_file(database), is_new);
    Ok(Sealer::new(&key.map_err(|error| Error::internal(error.to_string()))?))
}

/// `roster.db.key` beside `roster.db`.
fn key_file(database: &Path) -> PathBuf {
    let mut name = database.file_name().unwrap_or_default().to_owned();
    name.push(".key");
    database.with_file_name(name)
}

/// Keeps the signing keys rotating and in step with other processes.
pub fn keep_keys(roster: actix_web::web::Data<Roster>) {
    actix_web::rt::spawn(async move {
        let mut minute = tokio::time::interval(std::time::Duration::from_secs(60));
        loop {
            minute.tick().await;
            match keys::load(&roster.store, &roster.sealer, roster.clock.as_ref()).await {
                Ok(ring) if ring.names() != roster.tokens.keys().names() => {
                    roster.tokens.replace_keys(Arc::new(ring));
                }
                Ok(_) => {}
                Err(error) => tracing::warn!(error = ?error.internal, "cannot load signing keys"),
            }
        }
    });
}

/// Keeps the address books in memory in step with the changes.
pub fn keep_address_books(roster: actix_web::web::Data<Roster>) {
    actix_web::rt::spawn(async move { roster.address_books.follow(&roster).await });
}

/// Starts the thread that imports files.
///
/// # Errors
/// Internal, when the system gives no thread.
pub fn work(roster: &Roster) -> Result<jobs::Running> {
    let (store, signal) = (roster.store.clone(), roster.jobs.clone());
    let worker = Worker::new(store, roster.vault(), roster.policy, signal);
    worker
        .and_then(Worker::start)
        .map_err(|error| Error::internal(format!("the worker cannot be started: {error}")))
}
