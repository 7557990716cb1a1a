//! What a piece of work sees of the database.

use crate::bind::{Bind, bound};
use crate::changes::ChangeRow;
use crate::connection::{AnyConnection, MultiBackend, depth};
use crate::errors::{Trouble, map};
use crate::later::Later;
use crate::link::Watch;
use diesel::connection::TransactionManager;
use diesel::pg::PgConnection;
use diesel::query_dsl::methods::{ExecuteDsl, LoadQuery};
use diesel::sqlite::SqliteConnection;
use diesel::{OptionalExtension as _, QueryableByName, RunQueryDsl};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::Rng;
use roster_domain::addresses::Holder;
use roster_domain::authz::PrincipalState;
use roster_domain::changes::Change;
use roster_domain::domains::Domain;
use roster_domain::id::TenantId;
use roster_domain::{Error, Result, Timestamp};
use std::collections::HashMap;
use uuid::Uuid;

/// One piece of work on one connection: statements, the time and randomness, and in writes the
/// change feed of the locked tenant.
///
/// A failed statement ends the work: return the error. What is meant to survive a violated
/// constraint goes through [`Session::attempt`].
pub struct Session<'c> {
    connection: &'c mut AnyConnection,
    watch: &'c Watch,
    now: Timestamp,
    rng: &'c mut ChaCha20Rng,
    feed: Option<Feed>,
    pub(crate) facts: &'c mut Facts,
    later: Later,
}

/// What a transaction, or one job of it, appends to a tenant's change feed.
#[derive(Debug)]
pub(crate) struct Feed {
    pub(crate) tenant: TenantId,
    /// The last sequence number before the rows.
    pub(crate) start: i64,
    pub(crate) rows: Vec<ChangeRow>,
}

impl Feed {
    /// Appends nothing yet.
    pub(crate) fn new(tenant: TenantId, start: i64) -> Self {
        Self { tenant, start, rows: Vec::new() }
    }

    /// The last sequence number that was given out.
    pub(crate) fn seq(&self) -> i64 {
        self.rows.last().map_or(self.start, |row| row.seq)
    }
}

/// What jobs of a batch need again and again: it holds as long as the transaction has the
/// tenant's lock, since nobody else can change it meanwhile.
#[derive(Default)]
pub(crate) struct Facts {
    /// The domains of an organisation: every address of a batch asks for them.
    pub(crate) domains: Option<(TenantId, Vec<Domain>)>,
    /// The states of actors: every job confirms its own. A recorded change of one forgets it.
    pub(crate) principals: HashMap<(TenantId, Uuid), Option<PrincipalState>>,
    /// Who holds an address, where it was looked up with many or is new.
    pub(crate) holders: HashMap<(TenantId, String), Option<Holder>>,
}

impl<'c> Session<'c> {
    pub(crate) fn new(
        (connection, watch): (&'c mut AnyConnection, &'c Watch),
        now: Timestamp,
        rng: &'c mut ChaCha20Rng,
        feed: Option<Feed>,
        facts: &'c mut Facts,
    ) -> Self {
        Self { connection, watch, now, rng, feed, facts, later: Later::default() }
    }

    /// The time at which the work happens; stands still while it runs.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// A new identifier: a UUIDv7 of [`Session::now`] and the work's randomness.
    pub fn new_uuid(&mut self) -> Uuid {
        let mut random = [0; 10];
        self.rng.fill_bytes(&mut random);
        let millis = u64::try_from(self.now.micros().div_euclid(1_000)).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }

    /// Fills a buffer with the work's randomness, fit for secrets.
    pub fn random(&mut self, buffer: &mut [u8]) {
        self.rng.fill_bytes(buffer);
    }

    /// How many statements the connection has been sent, since it was opened: what a piece of work
    /// costs is the difference.
    pub fn statements(&self) -> u64 {
        self.watch.statements()
    }

    /// The tenant whose write lock is held; none in reads and in unlocked writes.
    pub fn tenant(&self) -> Option<TenantId> {
        self.feed.as_ref().map(|feed| feed.tenant)
    }

    /// Appends a change to the feed of the locked tenant. It is written with those of the other
    /// jobs, before the COMMIT.
    ///
    /// # Errors
    /// Internal, outside a locked write.
    pub fn record(&mut self, change: Change) -> Result<()> {
        let id = self.new_uuid();
        let Some(feed) = &mut self.feed else {
            return Err(Error::internal("a change was recorded outside a locked write"));
        };
        self.facts.principals.remove(&(feed.tenant, change.target));
        let place = (feed.tenant, feed.seq() + 1);
        feed.rows.push(ChangeRow::new(place, id, self.now, change));
        Ok(())
    }

    /// Runs a part of a write that may fail without ending the whole: its statements are undone
    /// if it returns an error. The way to survive a violated constraint.
    ///
    /// # Errors
    /// Those of the part; internal, in a read.
    pub fn attempt<T>(&mut self, part: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if depth(self.connection) == 0 {
            return Err(Error::internal("a part of a write was attempted outside of one"));
        }
        if self.watch.peek().is_some() {
            return Err(Error::internal("the work went on after a failed statement"));
        }
        let before = self.feed.as_ref().map(|feed| feed.rows.len());
        AnyConnection::begin_transaction(self.conn()).map_err(map)?;
        let result = part(self);
        if result.is_ok() && self.watch.peek().is_none() {
            AnyConnection::commit_transaction(self.connection).map_err(map)?;
            return result;
        }
        AnyConnection::rollback_transaction(self.connection).map_err(map)?;
        if self.watch.peek() == Some(Trouble::Statement) {
            self.watch.take();
        }
        *self.facts = Facts::default();
        if let (Some(feed), Some(before)) = (&mut self.feed, before) {
            feed.rows.truncate(before);
        }
        result.and_then(|_| Err(Error::internal("the work went on after a failed statement")))
    }

    /// Rows of an SQL text with placeholders `$1`, `$2`, …, read by column name. The text is
    /// prepared anew each time, so texts may vary without end.
    ///
    /// # Errors
    /// What the database reports.
    pub fn query<R>(&mut self, sql: &str, binds: Vec<Bind>) -> Result<Vec<R>>
    where
        R: QueryableByName<MultiBackend> + 'static,
    {
        bound(sql, binds).load::<R>(self.conn()).map_err(map)
    }

    /// Executes an SQL text with placeholders `$1`, `$2`, … and counts the affected rows.
    ///
    /// # Errors
    /// What the database reports.
    pub fn execute(&mut self, sql: &str, binds: Vec<Bind>) -> Result<usize> {
        bound(sql, binds).execute(self.conn()).map_err(map)
    }

    /// Executes an insert on the database's own arm of the connection. There Diesel knows the
    /// prepared statement by its type; through the enum it writes the SQL anew each time to find
    /// it, which costs an insert of a user a quarter.
    pub(crate) fn insert<S>(&mut self, statement: S) -> Result<()>
    where
        S: ExecuteDsl<SqliteConnection> + ExecuteDsl<PgConnection>,
    {
        let inserted = match self.conn() {
            AnyConnection::Sqlite(connection) => {
                <S as ExecuteDsl<SqliteConnection>>::execute(statement, connection)
            }
            AnyConnection::Postgres(connection) => {
                <S as ExecuteDsl<PgConnection>>::execute(statement, connection)
            }
        };
        inserted.map(drop).map_err(map)
    }

    /// The row that a query finds, if there is one; on the database's own arm of the connection,
    /// like [`Session::insert`].
    pub(crate) fn one<Q, R>(&mut self, query: Q) -> Result<Option<R>>
    where
        Q: for<'q> LoadQuery<'q, SqliteConnection, R> + for<'q> LoadQuery<'q, PgConnection, R>,
    {
        let found = match self.conn() {
            AnyConnection::Sqlite(connection) => query.get_result(connection),
            AnyConnection::Postgres(connection) => query.get_result(connection),
        };
        found.optional().map_err(map)
    }

    /// The connection, for typed statements. What was to be inserted later is there now.
    pub(crate) fn conn(&mut self) -> &mut AnyConnection {
        if !self.later.is_empty() {
            // The watch has seen it if this fails, and lets nothing of the job stand.
            let _seen = self.insert_later();
        }
        self.connection
    }

    /// Where rows wait for others; none where nothing is won by it.
    pub(crate) fn later(&mut self) -> Option<&mut Later> {
        matches!(self.connection, AnyConnection::Postgres(_)).then_some(&mut self.later)
    }

    /// Inserts the rows that have waited.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn insert_later(&mut self) -> Result<()> {
        let later = std::mem::take(&mut self.later);
        match self.connection {
            AnyConnection::Postgres(connection) => later.insert(connection).map_err(map),
            AnyConnection::Sqlite(_) => Ok(()),
        }
    }

    pub(crate) fn into_feed(self) -> Option<Feed> {
        self.feed
    }
}
