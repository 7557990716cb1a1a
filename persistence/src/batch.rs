//! One transaction of a writer: jobs in savepoints, and the change counters of their tenants.

use crate::changes::{ChangeRow, append};
use crate::connection::{AnyConnection, depth};
use crate::errors::{Trouble, describe, trouble};
use crate::job::{Ran, WriteJob};
use crate::link::Watch;
use crate::schema::tenants;
use crate::session::{Facts, Feed, Session};
use crate::types::Key;
use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::prelude::*;
use diesel::result::Error as DieselError;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use roster_domain::Error;
use roster_domain::changes::Committed;
use roster_domain::id::TenantId;
use std::collections::HashMap;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Why a transaction cannot go on. Holds the text for the log.
#[derive(Debug)]
pub(crate) enum Broken {
    /// It lost a race and may run again.
    Race(String),
    /// It could not even begin: the connection was dead already.
    Stale(String),
    /// The database or the connection failed.
    Lost(String),
}

impl Broken {
    fn by(error: &DieselError) -> Self {
        Self::from_trouble(trouble(error), describe(error))
    }

    fn from_trouble(trouble: Trouble, text: String) -> Self {
        match trouble {
            Trouble::Race => Self::Race(text),
            Trouble::Statement | Trouble::Lost => Self::Lost(text),
        }
    }
}

/// What a transaction appends to the feed of one tenant.
#[derive(Debug)]
pub(crate) struct Span {
    pub(crate) tenant: TenantId,
    /// The counter when the tenant was locked.
    pub(crate) start: i64,
    /// The counter after the transaction.
    pub(crate) end: i64,
    pub(crate) changes: Vec<Committed>,
    /// Identifier of the last change.
    pub(crate) last_id: Option<Uuid>,
}

impl Span {
    fn of(feed: &Feed) -> Self {
        Self {
            tenant: feed.tenant,
            start: feed.start,
            end: feed.seq(),
            changes: feed.rows.iter().map(|row| row.committed(feed.tenant)).collect(),
            last_id: feed.rows.last().map(ChangeRow::id),
        }
    }
}

/// A transaction under way.
pub(crate) struct Batch<'l> {
    connection: &'l mut AnyConnection,
    watch: &'l Watch,
    /// What is appended to the feeds of the tenants that are locked.
    feeds: HashMap<TenantId, Feed>,
    facts: Facts,
    /// When it had the lock that it needs first.
    since: Instant,
}

impl<'l> Batch<'l> {
    /// Begins: SQLite takes its write lock at once, PostgreSQL reads what is committed.
    pub(crate) fn begin(
        (connection, watch): (&'l mut AnyConnection, &'l Watch),
    ) -> Result<Self, Broken> {
        watch.take();
        let begun = match connection {
            AnyConnection::Sqlite(connection) => {
                AnsiTransactionManager::begin_transaction_sql(connection, "BEGIN IMMEDIATE")
            }
            AnyConnection::Postgres(connection) => AnsiTransactionManager::begin_transaction_sql(
                connection,
                "BEGIN ISOLATION LEVEL READ COMMITTED",
            ),
        };
        match begun {
            Ok(()) => Ok(Self {
                connection,
                watch,
                feeds: HashMap::new(),
                facts: Facts::default(),
                since: Instant::now(),
            }),
            Err(error) => Err(match Broken::by(&error) {
                Broken::Lost(text) => Broken::Stale(text),
                other => other,
            }),
        }
    }

    /// For how long it has kept others waiting.
    pub(crate) fn age(&self) -> Duration {
        self.since.elapsed()
    }

    /// Runs a job in a savepoint of its own, unless nobody waits for it any more. A refused job
    /// leaves no trace in the transaction; on the last try also a job that lost a race counts as
    /// refused.
    pub(crate) fn run(&mut self, job: &mut WriteJob, last_try: bool) -> Result<(), Broken> {
        if job.abandoned() {
            return Ok(());
        }
        if job.tenant.is_none() {
            // Without a lock nothing stays as it was.
            self.facts = Facts::default();
        }
        let feed = match job.tenant.map(|tenant| (tenant, self.lock(tenant))) {
            None => None,
            Some((tenant, locked)) => match locked? {
                Some(seq) => Some(Feed::new(tenant, seq)),
                None => {
                    job.refuse(Error::not_found(&tenant.to_string()));
                    return Ok(());
                }
            },
        };
        AnyConnection::begin_transaction(self.connection).map_err(|error| Broken::by(&error))?;
        let mut rng = ChaCha20Rng::from_seed(job.inputs.seed);
        let connection = (&mut *self.connection, self.watch);
        let facts = &mut self.facts;
        let mut session = Session::new(connection, job.inputs.now, &mut rng, feed, facts);
        let ran = job.run(&mut session);
        if ran == Ran::Done {
            // The watch has seen it if this fails.
            let _seen = session.insert_later();
        }
        let feed = session.into_feed();
        match (self.watch.take(), ran) {
            (None, Ran::Done) => self.keep(feed),
            (Some((Trouble::Statement, text)), Ran::Done) => {
                let text = format!("the work went on after a failed statement: {text}");
                job.refuse(Error::internal(text));
                self.undo()
            }
            (None | Some((Trouble::Statement, _)), Ran::Refused) => self.undo(),
            (Some((Trouble::Lost, text)), _) => Err(Broken::Lost(text)),
            (seen, _) => {
                let text = seen.map_or_else(|| "a job asked for it".to_owned(), |(_, text)| text);
                if !last_try {
                    return Err(Broken::Race(text));
                }
                job.refuse(Error::retry(text));
                self.undo()
            }
        }
    }

    /// The counter of a tenant, locking its row when it is first met. None if there is no such
    /// tenant. On SQLite the transaction holds the one write lock already.
    fn lock(&mut self, tenant: TenantId) -> Result<Option<i64>, Broken> {
        if let Some(feed) = self.feeds.get(&tenant) {
            return Ok(Some(feed.seq()));
        }
        let row = tenants::table.find(Key::from(tenant)).select(tenants::seq);
        let start: Option<i64> = match self.connection {
            AnyConnection::Sqlite(connection) => row.get_result(connection).optional(),
            AnyConnection::Postgres(connection) => {
                row.for_update().get_result(connection).optional()
            }
        }
        .map_err(|error| Broken::by(&error))?;
        if self.feeds.is_empty() {
            self.since = Instant::now();
        }
        if let Some(start) = start {
            self.feeds.insert(tenant, Feed::new(tenant, start));
        }
        Ok(start)
    }

    fn keep(&mut self, feed: Option<Feed>) -> Result<(), Broken> {
        AnyConnection::commit_transaction(self.connection).map_err(|error| Broken::by(&error))?;
        if let Some(feed) = feed
            && let Some(whole) = self.feeds.get_mut(&feed.tenant)
        {
            whole.rows.extend(feed.rows);
        }
        Ok(())
    }

    /// Rolls back to the savepoint of the job, out of whatever depth it was left in.
    fn undo(&mut self) -> Result<(), Broken> {
        self.facts = Facts::default();
        while depth(self.connection) > 1 {
            AnyConnection::rollback_transaction(self.connection)
                .map_err(|error| Broken::by(&error))?;
        }
        Ok(())
    }

    /// Writes what was recorded, and the change counters. What is left to do is the COMMIT.
    pub(crate) fn finish(self) -> Result<Vec<Span>, Broken> {
        let moved = self.feeds.into_values().filter(|feed| !feed.rows.is_empty());
        let mut spans = Vec::new();
        for feed in moved {
            let span = Span::of(&feed);
            append(self.connection, feed.rows)
                .and_then(|()| {
                    diesel::update(tenants::table.find(Key::from(span.tenant)))
                        .set(tenants::seq.eq(span.end))
                        .execute(self.connection)
                })
                .map_err(|error| Broken::by(&error))?;
            spans.push(span);
        }
        Ok(spans)
    }
}
