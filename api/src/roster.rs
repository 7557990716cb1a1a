//! The composition root: everything the handlers share.

use crate::address_book::AddressBooks;
use crate::authentication::ActorCache;
use crate::jobs::{ServiceVault, Signal};
use crate::security::hash_pool::HashPool;
use crate::security::passwords::Hasher;
use crate::security::sealing::Sealer;
use crate::security::tokens::Verifier;
use roster_domain::authz::{Actor, Policy, Principal, PrincipalState, Proof};
use roster_domain::credentials::{CredentialReads as _, Fingerprint, Throttle};
use roster_domain::events::Event;
use roster_domain::id::TenantId;
use roster_domain::ports::{ReadTx, WriteTx};
use roster_domain::{Error, Kind, Result, Timestamp};
pub use roster_persistence::Lane;
use roster_persistence::{Clock, Session, Store};
use std::sync::Arc;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

/// The service behind its HTTP surface.
pub struct Roster {
    /// The database.
    pub store: Store,
    /// Start of every link, without a trailing slash.
    pub public_url: String,
    /// Whether the token endpoint takes user names and passwords.
    pub password_grant: bool,
    /// Days in which a one-time password must be changed (S28).
    pub one_time_days: i64,
    /// Settings that shape rights.
    pub policy: Policy,
    /// Seals what only the service may read.
    pub sealer: Arc<Sealer>,
    /// Hashes one-time passwords at once.
    pub hasher: Arc<Hasher>,
    /// Hashes and verifies chosen passwords, a few at a time.
    pub hashes: HashPool,
    /// Verifies access tokens.
    pub tokens: Verifier,
    /// What is known of the callers.
    pub actors: Arc<ActorCache>,
    /// The address books in memory.
    pub address_books: Arc<AddressBooks>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Wakes the worker.
    pub jobs: Signal,
}

/// How a password that was tried counts for the throttle.
#[derive(Clone, Copy, Debug)]
pub enum Tried {
    /// Wrong.
    Wrong(Fingerprint),
    /// Right: forgets the wrong ones.
    Right,
    /// Neither: there is no such account, or it was locked.
    Uncounted,
}

impl Roster {
    /// The time now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The secrets of imports.
    pub fn vault(&self) -> ServiceVault {
        ServiceVault { hasher: Arc::clone(&self.hasher), sealer: Arc::clone(&self.sealer) }
    }

    /// Reads.
    ///
    /// # Errors
    /// What the work refuses; 503 when the database is unavailable or too busy.
    pub async fn read<T, F>(&self, work: F) -> Result<T>
    where
        F: FnOnce(&mut dyn ReadTx) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        self.store.read(move |session| work(session)).await
    }

    /// Reads for a thread that may block, to be made on one that may not.
    pub fn blocking_reads(&self) -> BlockingReads {
        BlockingReads { store: self.store.clone(), runtime: Handle::current() }
    }

    /// Writes with a right, which is proved again inside the transaction.
    ///
    /// # Errors
    /// What the work refuses; 401 or 403 when the right was lost meanwhile; 503 when the database
    /// is unavailable or too busy.
    pub async fn write<G, T, F>(&self, grant: G, work: F) -> Result<T>
    where
        G: Proof + Send + 'static,
        F: FnMut(&mut dyn WriteTx, &G) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        self.write_in(Lane::Interactive, grant, work).await
    }

    /// Writes with a right, in a lane.
    ///
    /// # Errors
    /// As [`Roster::write`].
    pub async fn write_in<G, T, F>(&self, lane: Lane, grant: G, mut work: F) -> Result<T>
    where
        G: Proof + Send + 'static,
        F: FnMut(&mut dyn WriteTx, &G) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let actor = *grant.actor();
        let job = move |session: &mut Session<'_>| {
            let grant = grant.confirm(session)?;
            work(session, &grant)
        };
        let result = self.store.write(lane, actor.tenant(), self.store.inputs()?, job).await;
        if let Err(error) = &result {
            self.note_refusal(&actor, error);
        }
        result
    }

    /// Writes for somebody who proved themselves without a token: by a password or a ticket.
    ///
    /// # Errors
    /// As [`Roster::write`].
    pub async fn write_without_grant<T, F>(&self, tenant: TenantId, mut work: F) -> Result<T>
    where
        F: FnMut(&mut dyn WriteTx) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let job = move |session: &mut Session<'_>| work(session);
        self.store.write(Lane::Interactive, tenant, self.store.inputs()?, job).await
    }

    /// Records that a password was tried at an account, and counts it. False when the account was
    /// locked meanwhile: whoever tries many passwords at once learns nothing more.
    ///
    /// # Errors
    /// 503 when the database is unavailable or too busy.
    pub async fn record_attempt(
        &self,
        event: Event,
        account: String,
        tried: Tried,
    ) -> Result<bool> {
        let job = move |session: &mut Session<'_>| {
            session.append_event(&event)?;
            let now = session.now();
            if let Tried::Uncounted = tried {
                return Ok(session.throttle(&account)?.check(now).is_ok());
            }
            let mut throttle = session.lock_throttle(&account)?;
            if throttle.check(now).is_err() {
                return Ok(false);
            }
            match tried {
                Tried::Wrong(password) => throttle.failed(now, password),
                Tried::Right | Tried::Uncounted => throttle.succeeded(),
            }
            session.put_throttle(&account, &throttle)?;
            Ok(true)
        };
        self.store.unlocked(self.store.inputs()?, job).await
    }

    /// Forgets the wrong tries at an account.
    ///
    /// # Errors
    /// 503 when the database is unavailable or too busy.
    pub async fn forget_attempts(&self, account: String) -> Result<()> {
        let job =
            move |session: &mut Session<'_>| session.put_throttle(&account, &Throttle::default());
        self.store.unlocked(self.store.inputs()?, job).await
    }

    /// The state of a principal, from memory where that is fresh enough.
    ///
    /// # Errors
    /// 503 when the database is unavailable.
    pub async fn principal_state(
        &self,
        claims: roster_domain::authz::Claims,
    ) -> Result<Option<PrincipalState>> {
        let principal: Principal = claims.principal;
        let fresh = self.store.last_poll_age() < ActorCache::FRESH;
        if fresh && let Some(state) = self.actors.get(claims.tenant, principal.uuid()) {
            return Ok(Some(state));
        }
        let generation = self.actors.generation();
        let state = self.read(move |tx| tx.principal_state(claims.tenant, principal)).await?;
        if let Some(state) = state {
            self.actors.put(generation, claims.tenant, principal.uuid(), state);
        }
        Ok(state)
    }

    /// Keeps a refused request in the events, as far as the database takes it; refusals must not
    /// become a way to overload it.
    pub fn note_refusal(&self, actor: &Actor, error: &Error) {
        if error.kind != Kind::Forbidden {
            return;
        }
        let event = Event::refused(actor, error);
        self.note(event);
    }

    /// Appends an event, without waiting for it.
    pub fn note(&self, event: Event) {
        let Ok(inputs) = self.store.inputs() else { return };
        let store = self.store.clone();
        tokio::spawn(async move {
            let job = move |session: &mut Session<'_>| session.append_event(&event);
            if let Err(error) = store.unlocked(inputs, job).await {
                tracing::warn!(error = ?error.internal, "an event was not stored");
            }
        });
    }
}

/// Reads for a thread that may block.
pub struct BlockingReads {
    store: Store,
    runtime: Handle,
}

impl BlockingReads {
    /// Starts a read.
    pub fn start<T, F>(&self, work: F) -> JoinHandle<Result<T>>
    where
        F: FnOnce(&mut dyn ReadTx) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let store = self.store.clone();
        self.runtime.spawn(async move { store.read(move |session| work(session)).await })
    }

    /// Waits for what was read.
    ///
    /// # Errors
    /// As [`Roster::read`]; 503 when the service stops.
    pub fn wait<T>(&self, reading: JoinHandle<Result<T>>) -> Result<T> {
        let stopped = |_| Error::unavailable("the service stops");
        self.runtime.block_on(reading).map_err(stopped)?
    }
}
