//! The handle to the database threads.

use crate::clock::{Clock, Inputs, SystemClock, random_seed};
use crate::faults::Faults;
use crate::feed::{CommitHook, MovedHook, News};
use crate::job::{Answer, ReadJob, WriteJob, read_job};
use crate::link::{Link, Role};
use crate::migrations::{self, Direction};
use crate::poll;
use crate::queue::{Lane, Queue, Rejected};
use crate::readers::Reader;
use crate::session::Session;
use crate::url::DatabaseUrl;
use crate::writers::{Limits, Writer};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use roster_domain::id::TenantId;
use roster_domain::{Error, Result};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

/// How a store is opened.
#[derive(Clone)]
pub struct Options {
    /// The database.
    pub url: DatabaseUrl,
    /// Reader threads, each with a connection.
    pub readers: usize,
    /// Writer threads, each with a connection. SQLite has one, whatever is said here.
    pub writers: usize,
    /// Most jobs that wait for the readers, and in each lane of a writer.
    pub queue: usize,
    /// Pause between two looks at what other processes have changed.
    pub poll: Duration,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Faults for tests.
    pub faults: Option<Arc<dyn Faults>>,
}

impl Options {
    /// What suits the database and the machine.
    pub fn new(url: DatabaseUrl) -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        // A thread of PostgreSQL waits for the server most of the time, one of SQLite never.
        let (readers, writers) = if url.is_postgres() { (4 * cores, 4) } else { (cores.max(2), 1) };
        Self {
            url,
            readers,
            writers,
            queue: 4_096,
            poll: Duration::from_millis(500),
            clock: Arc::new(SystemClock),
            faults: None,
        }
    }
}

/// A database with its threads. Clones share them.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    reads: Arc<Queue<ReadJob>>,
    writes: Vec<Arc<Queue<WriteJob>>>,
    news: Arc<News>,
    clock: Arc<dyn Clock>,
    threads: Mutex<Threads>,
}

#[derive(Default)]
struct Threads {
    readers: Vec<JoinHandle<()>>,
    writers: Vec<JoinHandle<()>>,
    /// Dropped to stop the poller.
    poller: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Store {
    /// Brings the schema of a database up to date and returns the versions that were run. Safe
    /// when several processes start at once.
    ///
    /// # Errors
    /// Unavailable, if the database cannot be reached; internal, if a migration fails or the
    /// schema is newer than this program.
    pub fn migrate(url: &DatabaseUrl) -> Result<Vec<String>> {
        migrations::run(url, Direction::Up)
    }

    /// Reverts all migrations, **with all data**, and returns the versions that were reverted.
    ///
    /// # Errors
    /// As [`Store::migrate`].
    pub fn revert(url: &DatabaseUrl) -> Result<Vec<String>> {
        migrations::run(url, Direction::Down)
    }

    /// Connects to a migrated database and starts its threads.
    ///
    /// # Errors
    /// Unavailable, if the database cannot be reached; internal, if it was never migrated.
    pub fn open(options: Options) -> Result<Self> {
        let mut polling = Link::open(&options.url, Role::Reader)?;
        let polled = Instant::now();
        let counters = poll::counters(polling.get()?.0).map_err(|error| Error {
            internal: error.internal.map(|text| format!("{text}; was it migrated?").into()),
            ..error
        })?;
        let news = Arc::new(News::new(polled, counters));
        let mut threads = Threads::default();

        let reads = Arc::new(Queue::new(options.queue));
        for number in 0..options.readers.max(1) {
            let reader = Reader {
                link: Link::open(&options.url, Role::Reader)?,
                queue: Arc::clone(&reads),
                clock: Arc::clone(&options.clock),
                rng: ChaCha20Rng::from_seed(random_seed()?),
            };
            threads.readers.push(spawn(format!("reader-{number}"), || reader.run())?);
        }

        let postgres = options.url.is_postgres();
        let limits = Limits {
            // More than 64 subtransactions slow a whole PostgreSQL server.
            jobs: if postgres { 50 } else { 256 },
            time: Duration::from_millis(20),
            one_tenant: postgres,
        };
        let mut writes = Vec::new();
        for number in 0..if postgres { options.writers.max(1) } else { 1 } {
            let queue = Arc::new(Queue::new(options.queue));
            let writer = Writer {
                link: Link::open(&options.url, Role::Writer)?,
                queue: Arc::clone(&queue),
                limits,
                news: Arc::clone(&news),
                faults: options.faults.clone(),
                rng: ChaCha20Rng::from_seed(random_seed()?),
            };
            writes.push(queue);
            threads.writers.push(spawn(format!("writer-{number}"), || writer.run())?);
        }

        let (stop, stopped) = channel();
        let told = Arc::clone(&news);
        let poller = move || poll::run(polling, &told, options.poll, &stopped);
        threads.poller = Some((stop, spawn("poller".to_owned(), poller)?));

        Ok(Self(Arc::new(Inner {
            reads,
            writes,
            news,
            clock: options.clock,
            threads: Mutex::new(threads),
        })))
    }

    /// Runs a read on a reader thread. Each statement sees what is committed when it starts.
    ///
    /// # Errors
    /// Those of the work; unavailable, if too many wait or the database is away.
    pub async fn read<T, F>(&self, work: F) -> Result<T>
    where
        F: FnOnce(&mut Session<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let (job, answer) = read_job(work);
        accepted(self.0.reads.push(Lane::Interactive, job))?;
        answered(answer).await
    }

    /// Runs a write while it holds the tenant's lock, and answers after its COMMIT. The work may
    /// run several times; it must depend on nothing but the session.
    ///
    /// # Errors
    /// Those of the work, which is then undone; not found, if there is no such tenant;
    /// unavailable, if too many wait or nothing could be committed.
    pub async fn write<T, F>(
        &self,
        lane: Lane,
        tenant: TenantId,
        inputs: Inputs,
        work: F,
    ) -> Result<T>
    where
        F: FnMut(&mut Session<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let (job, answer) = WriteJob::new(Some(tenant), inputs, work);
        // The last bytes of a UUIDv7 are random.
        let (_, random) = tenant.uuid().as_u64_pair();
        self.submit(usize::try_from(random).unwrap_or_default(), lane, job)?;
        answered(answer).await
    }

    /// Runs a write that holds no tenant's lock and appends to no change feed: an event, a
    /// throttle counter, a signing key, a lease, the creation of a tenant.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub async fn unlocked<T, F>(&self, inputs: Inputs, work: F) -> Result<T>
    where
        F: FnMut(&mut Session<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let (job, answer) = WriteJob::new(None, inputs, work);
        // All to one writer: batches that touch the same counters would lock each other out.
        self.submit(0, Lane::Interactive, job)?;
        answered(answer).await
    }

    /// Inputs of a write: the store's time and a seed from the operating system.
    ///
    /// # Errors
    /// Internal, if the operating system has no randomness.
    pub fn inputs(&self) -> Result<Inputs> {
        Inputs::draw(&*self.0.clock)
    }

    /// Adds a hook that writers call with the changes of a batch, after its COMMIT and before any
    /// job of it is answered. It must be quick.
    pub fn on_commit(&self, hook: CommitHook) {
        self.0.news.on_commit(hook);
    }

    /// Adds a hook that is called with the tenants whose feed another process has moved.
    pub fn on_moved(&self, hook: MovedHook) {
        self.0.news.on_moved(hook);
    }

    /// How old the last look at other processes' changes is. What is cached of them counts only
    /// while this is short.
    pub fn last_poll_age(&self) -> Duration {
        self.0.news.poll_age()
    }

    /// Serves what waits, takes no more, ends the threads and folds SQLite's write-ahead log into
    /// the database. Blocks; not to be called by work on the store itself.
    pub fn close(&self) {
        let mut threads = self.0.threads.lock().unwrap_or_else(PoisonError::into_inner);
        let Threads { readers, writers, poller } = std::mem::take(&mut *threads);
        drop(threads);
        if let Some((stop, poller)) = poller {
            drop(stop);
            join(poller);
        }
        self.0.reads.close();
        readers.into_iter().for_each(join);
        self.0.writes.iter().for_each(|queue| queue.close());
        writers.into_iter().for_each(join);
    }

    /// Hands a write to one of the writers; equal numbers meet the same one.
    fn submit(&self, number: usize, lane: Lane, job: WriteJob) -> Result<()> {
        let writers = &self.0.writes;
        let queue = number.checked_rem(writers.len()).and_then(|index| writers.get(index));
        accepted(queue.map_or(Err(Rejected::Closed), |queue| queue.push(lane, job)))
    }
}

impl Drop for Inner {
    /// The threads end by themselves once nothing waits any more.
    fn drop(&mut self) {
        self.reads.close();
        self.writes.iter().for_each(|queue| queue.close());
    }
}

fn spawn(name: String, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    let refused = |error| Error::internal(format!("cannot start a database thread: {error}"));
    Builder::new().name(name).spawn(work).map_err(refused)
}

fn join(thread: JoinHandle<()>) {
    if thread.join().is_err() {
        tracing::error!("a database thread panicked");
    }
}

fn accepted(pushed: Result<(), Rejected>) -> Result<()> {
    pushed.map_err(|rejected| match rejected {
        Rejected::Full => Error::unavailable("too many jobs wait for the database"),
        Rejected::Closed => Error::unavailable("the store is closed"),
    })
}

async fn answered<T>(answer: Answer<T>) -> Result<T> {
    let lost = |_| Err(Error::unavailable("the store was closed before the work was done"));
    answer.await.unwrap_or_else(lost)
}
