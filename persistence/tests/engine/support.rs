//! Databases for tests, and small pieces of work.

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::sql_types::BigInt;
use diesel::{Connection, QueryableByName};
use roster_domain::changes::Change;
use roster_domain::id::TenantId;
use roster_domain::{Result, Value};
use roster_persistence::types::Guid;
use roster_persistence::{Bind, DatabaseUrl, Inputs, Lane, Options, Session, Store};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Once;
use std::sync::mpsc::{Sender, channel};
use tokio::task::JoinHandle;
use uuid::Uuid;

/// A migrated database that vanishes with this value.
pub(crate) struct Database {
    pub(crate) url: DatabaseUrl,
    /// The URL as text.
    pub(crate) text: String,
    /// Server and schema, on PostgreSQL.
    schema: Option<(String, String)>,
    _folder: Option<tempfile::TempDir>,
}

impl Database {
    /// A fresh SQLite file.
    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data/roster.db");
        let text = format!("sqlite://{}", path.display());
        let url = DatabaseUrl::parse(&text).unwrap();
        Store::migrate(&url).unwrap();
        Self { url, text, schema: None, _folder: Some(folder) }
    }

    /// A fresh schema of the PostgreSQL at `TEST_DATABASE_URL` or on this machine; none, said
    /// aloud, if none answers.
    pub(crate) fn postgres() -> Option<Self> {
        let given = std::env::var("TEST_DATABASE_URL").ok();
        let server = given.clone().unwrap_or_else(|| {
            "postgres://postgres@127.0.0.1:5432/postgres?connect_timeout=2".to_owned()
        });
        let mut admin = match PgConnection::establish(&server) {
            Ok(connection) => connection,
            Err(error) => {
                assert!(given.is_none(), "TEST_DATABASE_URL does not answer: {error}");
                static SAID: Once = Once::new();
                SAID.call_once(|| eprintln!("SKIPPED ON POSTGRESQL: none answers here"));
                return None;
            }
        };
        let schema = format!("test_{}", Uuid::now_v7().simple());
        admin.batch_execute(&format!("CREATE SCHEMA {schema}")).unwrap();
        let separator = if server.contains('?') { '&' } else { '?' };
        let text = format!("{server}{separator}options=-csearch_path%3D{schema}");
        let url = DatabaseUrl::parse(&text).unwrap();
        let database = Self { url, text, schema: Some((server, schema)), _folder: None };
        Store::migrate(&database.url).unwrap();
        Some(database)
    }

    /// Options with the defaults.
    pub(crate) fn options(&self) -> Options {
        Options { readers: 2, writers: 2, ..Options::new(self.url.clone()) }
    }

    /// A store on this database.
    pub(crate) fn open(&self) -> Store {
        Store::open(self.options()).unwrap()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some((server, schema)) = &self.schema
            && let Ok(mut admin) = PgConnection::establish(server)
        {
            let _gone = admin.batch_execute(&format!("DROP SCHEMA {schema} CASCADE"));
        }
    }
}

/// Runs a test on each database.
pub(crate) fn on_each_database<F>(test: impl Fn(Database) -> F)
where
    F: Future<Output = ()>,
{
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(test(Database::sqlite()));
    if let Some(database) = Database::postgres() {
        runtime.block_on(test(database));
    }
}

/// Inputs with a seed that tells jobs apart.
pub(crate) fn inputs(seed: u8) -> Inputs {
    Inputs { now: roster_domain::Timestamp::from_micros(1_700_000_000_123_456), seed: [seed; 32] }
}

/// A new tenant.
pub(crate) async fn tenant(store: &Store) -> TenantId {
    let inputs = store.inputs().unwrap();
    let create = |session: &mut Session<'_>| {
        let id = session.new_uuid();
        let binds = vec![Bind::Guid(id), Bind::Instant(session.now())];
        session.execute(
            "INSERT INTO tenants (id, seq, created_at, doc) VALUES ($1, 0, $2, '{}')",
            binds,
        )?;
        Ok(TenantId::new(id))
    };
    store.unlocked(inputs, create).await.unwrap()
}

/// Keeps the tenant's writer busy, so that what is written next waits and then shares a batch.
/// Dropping the sender, or sending, lets it go on.
pub(crate) async fn hold(store: &Store, tenant: TenantId) -> (Sender<()>, JoinHandle<Result<()>>) {
    let (release, released) = channel();
    let (started, mut running) = tokio::sync::mpsc::unbounded_channel();
    let store = store.clone();
    let job = tokio::spawn(async move {
        let hold = move |_: &mut Session<'_>| {
            let _told = started.send(());
            let _released = released.recv();
            Ok(())
        };
        store.write(Lane::Interactive, tenant, inputs(0), hold).await
    });
    running.recv().await.unwrap();
    (release, job)
}

/// Starts a write and returns as soon as it stands in its queue.
pub(crate) async fn start<T, F>(
    store: &Store,
    lane: Lane,
    tenant: TenantId,
    seed: u8,
    work: F,
) -> JoinHandle<Result<T>>
where
    F: FnMut(&mut Session<'_>) -> Result<T> + Send + 'static,
    T: Send + 'static,
{
    let store = store.clone();
    let (queued, is_queued) = tokio::sync::oneshot::channel();
    let job = tokio::spawn(async move {
        let mut write = pin!(store.write(lane, tenant, inputs(seed), work));
        let mut queued = Some(queued);
        poll_fn(|context| {
            let answer = write.as_mut().poll(context);
            if let Some(queued) = queued.take() {
                queued.send(()).unwrap();
            }
            answer
        })
        .await
    });
    is_queued.await.unwrap();
    job
}

/// A write that records one change of a new object and returns it.
pub(crate) fn create(session: &mut Session<'_>) -> Result<Uuid> {
    let id = session.new_uuid();
    session.record(change(id))?;
    Ok(id)
}

/// An attempt to record a change and then to violate a unique key.
pub(crate) fn violate(session: &mut Session<'_>) -> Result<usize> {
    session.attempt(|session| {
        create(session)?;
        session.execute("INSERT INTO tenants SELECT * FROM tenants", vec![])
    })
}

/// The change counter of a tenant.
pub(crate) async fn last_seq(store: &Store, tenant: TenantId) -> i64 {
    let read = move |session: &mut Session<'_>| {
        let sql = "SELECT seq AS n FROM tenants WHERE id = $1";
        number(session, sql, vec![Bind::Guid(tenant.uuid())])
    };
    store.read(read).await.unwrap()
}

/// The objects in a tenant's change feed, in its order.
pub(crate) async fn recorded(store: &Store, tenant: TenantId) -> Vec<Uuid> {
    let read = move |session: &mut Session<'_>| {
        let sql = "SELECT target_id FROM changes WHERE tenant_id = $1 ORDER BY seq";
        session.query::<Target>(sql, vec![Bind::Guid(tenant.uuid())])
    };
    store.read(read).await.unwrap().into_iter().map(|row| row.target_id).collect()
}

#[derive(QueryableByName)]
struct Target {
    #[diesel(sql_type = Guid)]
    target_id: Uuid,
}

/// A change of some object.
pub(crate) fn change(target: Uuid) -> Change {
    Change {
        operation: "users.create",
        target_kind: "user",
        target,
        actor: None,
        actor_kind: "system",
        request_id: None,
        details: Value::Object(vec![("displayName".into(), Value::text("Ada"))]),
    }
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// The one number of `SELECT … AS n`.
pub(crate) fn number(session: &mut Session<'_>, sql: &str, binds: Vec<Bind>) -> Result<i64> {
    Ok(session.query::<Number>(sql, binds)?.first().map_or(0, |row| row.n))
}
