//! The connection that writes, on a thread of its own. Requests that wait for it at the same time share a
//! transaction, because what takes long is its way to the disk; savepoints keep them apart.

use std::{
    panic::{self, AssertUnwindSafe},
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::AtomicU64,
        mpsc::{self, Receiver, SyncSender},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use tokio::{
    runtime::Handle,
    sync::oneshot::{self, Sender},
    task,
};
use tracing::Span;

use super::Sqlite;
use crate::database::{
    Db, Failure, Outcome,
    handle::{Awaited, Connection, GivenUp},
};

/// How many requests may wait.
const QUEUE: usize = 1_024;

/// How many requests share a transaction at most, so that the first of them does not wait for long.
const GROUP: usize = 64;

/// The way to the connection.
pub struct Writer(Mutex<Option<Open>>);

struct Open {
    queue: SyncSender<Box<dyn Job>>,
    thread: JoinHandle<()>,
}

impl Writer {
    /// Creates the file where there is none. `patience` is how long a request waits for its turn.
    pub fn open(file: &Path, patience: Duration) -> Result<Self, Failure> {
        let connection = Sqlite::writer(file, patience)?;
        let (queue, jobs) = mpsc::sync_channel(QUEUE);
        let thread = thread::spawn(move || {
            while let Ok(first) = jobs.recv() {
                write_together(&connection, first, &jobs, patience);
            }
        });
        Ok(Writer(Mutex::new(Some(Open { queue, thread }))))
    }

    /// Runs `write` in a transaction: all of it is kept, or nothing is. Once this returns what was to be
    /// kept, it is on the disk. If the request is given up, its statements fail.
    pub async fn run<T: Send + 'static>(
        &self,
        statements: &Arc<AtomicU64>,
        write: impl AsyncFnOnce(Db) -> Outcome<T> + Send + 'static,
    ) -> Result<T, Failure> {
        let awaited = Awaited::default();
        let (client, answer) = oneshot::channel();
        self.enqueue(Box::new(Request {
            arrived: Instant::now(),
            write: Some(write),
            given_up: awaited.given_up(),
            statements: statements.clone(),
            runtime: Handle::current(),
            span: Span::current(),
            outcome: None,
            client,
        }))?;
        match answer.await.unwrap_or(Err(Failure::Exhausted))? {
            Ok(Outcome::Keep(answer) | Outcome::Undo(answer)) => Ok(answer),
            Err(cause) => panic::resume_unwind(cause),
        }
    }

    fn enqueue(&self, job: Box<dyn Job>) -> Result<(), Failure> {
        let open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let queue = open.as_ref().map(|open| &open.queue).ok_or(Failure::Exhausted)?;
        queue.try_send(job).map_err(|_| Failure::Exhausted)
    }

    /// Waits for the requests in the queue, and closes the connection.
    pub async fn close(&self) {
        let open = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Open { queue, thread }) = open {
            drop(queue);
            let _ = task::spawn_blocking(|| thread.join()).await;
        }
    }
}

/// Performs a request, and those that are waiting by then, in one transaction.
fn write_together(
    connection: &Sqlite,
    first: Box<dyn Job>,
    waiting: &Receiver<Box<dyn Job>>,
    patience: Duration,
) {
    if first.arrived().elapsed() > patience {
        return first.answer(Err(Failure::Exhausted));
    }
    if let Err(failure) = begin(connection) {
        return first.answer(Err(failure));
    }
    let mut performed: Vec<Box<dyn Job>> = Vec::new();
    let mut next = Some(first);
    while let Some(mut job) = next {
        let ended = apart(connection, job.as_mut()).or_else(|failure| undo(connection, failure));
        if !connection.in_transaction() {
            job.answer(ended);
            return answer_all(performed, &Err(Failure::Lost));
        }
        performed.push(job);
        next = if performed.len() < GROUP { waiting.try_recv().ok() } else { None };
    }
    answer_all(performed, &commit(connection));
}

/// A transaction that may write from its first statement on. One that began as a reader would fail when it
/// writes after another process has, whatever the timeout.
///
/// Where another process keeps the lock all that time, it fails as if there were no connection: trying
/// again at once would only wait once more.
fn begin(connection: &Sqlite) -> Result<(), Failure> {
    connection.control("BEGIN IMMEDIATE").map_err(|failure| match failure {
        Failure::Lost => Failure::Exhausted,
        other => other,
    })
}

/// Performs a request so that it can be undone alone. If no transaction is open after it, the whole was
/// undone; a full disk does that, for instance.
fn apart(connection: &Sqlite, job: &mut dyn Job) -> Result<(), Failure> {
    connection.control("SAVEPOINT request")?;
    match (job.perform(connection)?, connection.in_transaction()) {
        (true, true) => {}
        (false, true) => connection.control("ROLLBACK TO request")?,
        (true, false) => return Err(Failure::Lost),
        (false, false) => return Ok(()),
    }
    connection.control("RELEASE request")
}

fn commit(connection: &Sqlite) -> Result<(), Failure> {
    connection.control("COMMIT").or_else(|failure| undo(connection, failure))
}

/// Undoes the whole transaction after a failure, if that has not done it.
fn undo(connection: &Sqlite, failure: Failure) -> Result<(), Failure> {
    connection.rollback()?;
    Err(failure)
}

fn answer_all(performed: Vec<Box<dyn Job>>, ended: &Result<(), Failure>) {
    performed.into_iter().for_each(|job| job.answer(ended.clone()));
}

/// A request in the queue, whatever its answer is.
trait Job: Send {
    /// When it came.
    fn arrived(&self) -> Instant;

    /// Runs it, and returns whether what it wrote is to be kept.
    fn perform(&mut self, connection: &Sqlite) -> Result<bool, Failure>;

    /// Answers it, now that its transaction has ended so.
    fn answer(self: Box<Self>, ended: Result<(), Failure>);
}

struct Request<W, T> {
    arrived: Instant,
    /// What is to be run, until it is.
    write: Option<W>,
    /// What came of it, or the panic that it ended with.
    outcome: Option<thread::Result<Outcome<T>>>,
    given_up: GivenUp,
    statements: Arc<AtomicU64>,
    runtime: Handle,
    span: Span,
    client: Sender<Result<thread::Result<Outcome<T>>, Failure>>,
}

impl<W, T> Job for Request<W, T>
where
    W: AsyncFnOnce(Db) -> Outcome<T> + Send,
    T: Send,
{
    fn arrived(&self) -> Instant {
        self.arrived
    }

    fn perform(&mut self, connection: &Sqlite) -> Result<bool, Failure> {
        let Some(write) = self.write.take() else { return Ok(false) };
        let db = Db::new(Connection::Sqlite(connection.clone()), &self.given_up, &self.statements);
        connection.watch(&self.given_up)?;
        let run = || self.span.in_scope(|| self.runtime.block_on(write(db)));
        let outcome = panic::catch_unwind(AssertUnwindSafe(run));
        connection.watch_no_longer()?;
        let is_kept = matches!(outcome, Ok(Outcome::Keep(_)));
        self.outcome = Some(outcome);
        Ok(is_kept)
    }

    fn answer(self: Box<Self>, ended: Result<(), Failure>) {
        let Request { outcome, client, .. } = *self;
        // Whoever has given up does not hear it.
        let _ = client.send(ended.and_then(|()| outcome.ok_or(Failure::GivenUp)));
    }
}
