//! Work on its way to a database thread, with the place where its answer is awaited.

use crate::clock::Inputs;
use crate::errors::without_retry;
use crate::session::Session;
use roster_domain::id::TenantId;
use roster_domain::{Error, Kind, Result};
use std::panic::{AssertUnwindSafe, catch_unwind};
use tokio::sync::oneshot;

/// A read; called with the session, or with the error why there is none.
pub(crate) type ReadJob = Box<dyn FnOnce(Result<&mut Session<'_>>) + Send>;

/// Where a caller awaits the answer.
pub(crate) type Answer<T> = oneshot::Receiver<Result<T>>;

/// Wraps a read.
pub(crate) fn read_job<T, F>(work: F) -> (ReadJob, Answer<T>)
where
    F: FnOnce(&mut Session<'_>) -> Result<T> + Send + 'static,
    T: Send + 'static,
{
    let (reply, answer) = oneshot::channel();
    let job = move |session: Result<&mut Session<'_>>| {
        if reply.is_closed() {
            return;
        }
        let result = session.and_then(|session| guarded(|| work(session)));
        // The caller may have gone away; then nobody misses the answer.
        let _gone = reply.send(result.map_err(without_retry));
    };
    (Box::new(job), answer)
}

/// A write.
pub(crate) struct WriteJob {
    /// The tenant to lock; none for unlocked writes.
    pub(crate) tenant: Option<TenantId>,
    pub(crate) inputs: Inputs,
    work: Box<dyn Work>,
}

/// How a run of a job ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ran {
    Done,
    Refused,
    /// It asks for another transaction.
    Again,
}

trait Work: Send {
    fn run(&mut self, session: &mut Session<'_>) -> Ran;
    fn refuse(&mut self, error: Error);
    fn answer(self: Box<Self>);
    fn abandoned(&self) -> bool;
}

struct Pending<F, T> {
    work: F,
    result: Option<Result<T>>,
    reply: oneshot::Sender<Result<T>>,
}

impl WriteJob {
    pub(crate) fn new<T, F>(tenant: Option<TenantId>, inputs: Inputs, work: F) -> (Self, Answer<T>)
    where
        F: FnMut(&mut Session<'_>) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let work = Box::new(Pending { work, result: None, reply });
        (Self { tenant, inputs, work }, answer)
    }

    /// Runs it and keeps its result until [`WriteJob::answer`].
    pub(crate) fn run(&mut self, session: &mut Session<'_>) -> Ran {
        self.work.run(session)
    }

    /// Puts an error in the place of its result.
    pub(crate) fn refuse(&mut self, error: Error) {
        self.work.refuse(error);
    }

    /// Sends the result.
    pub(crate) fn answer(self) {
        self.work.answer();
    }

    /// Whether its caller has gone away.
    pub(crate) fn abandoned(&self) -> bool {
        self.work.abandoned()
    }
}

impl<F, T> Work for Pending<F, T>
where
    F: FnMut(&mut Session<'_>) -> Result<T> + Send,
    T: Send,
{
    fn run(&mut self, session: &mut Session<'_>) -> Ran {
        let result = guarded(|| (self.work)(session));
        let ran = match &result {
            Ok(_) => Ran::Done,
            Err(error) if error.kind == Kind::Retry => Ran::Again,
            Err(_) => Ran::Refused,
        };
        self.result = Some(result);
        ran
    }

    fn refuse(&mut self, error: Error) {
        self.result = Some(Err(error));
    }

    fn answer(self: Box<Self>) {
        let Self { result, reply, .. } = *self;
        let never_run = || Err(Error::internal("a write was answered before it ran"));
        let result = result.unwrap_or_else(never_run);
        // The caller may have gone away; then nobody misses the answer.
        let _gone = reply.send(result.map_err(without_retry));
    }

    fn abandoned(&self) -> bool {
        self.reply.is_closed()
    }
}

/// A panic of the work is its own error and no end of the thread.
fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(Error::internal("the work on the database panicked")))
}
