//! The connection that writes, on a thread of its own. Requests that wait for it at the same time share a
//! transaction, because what takes long is its way to the disk; savepoints keep them apart.

use std::{
    panic,
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
    sync::oneshot,
    task,
    time::{timeout, timeout_at},
};

use super::{
    Sqlite,
    job::{Answer, Ended, Job, Request, Waiting},
};
use crate::database::{Db, Failure, GRACE, Outcome};

/// How many requests may wait.
const QUEUE: usize = 1_024;

/// How many requests share a transaction at most.
const GROUP: usize = 64;

/// How long after it has begun a transaction admits further requests, and how long one that was admitted may take:
/// those before it wait for no more than that. What takes longer is undone and run again alone.
const SHARE: Duration = Duration::from_millis(10);

/// The way to the connection.
pub struct Writer {
    open: Mutex<Option<Open>>,
    /// How long a request waits for its turn.
    patience: Duration,
}

struct Open {
    queue: SyncSender<Box<dyn Job>>,
    thread: JoinHandle<()>,
}

impl Writer {
    /// Creates the file where there is none. `patience` is how long a request waits for its turn.
    pub fn open(file: &Path, patience: Duration) -> Result<Self, Failure> {
        let connection = Sqlite::writer(file, patience)?;
        let (queue, jobs) = mpsc::sync_channel::<Box<dyn Job>>(QUEUE);
        let thread = thread::spawn(move || {
            let mut alone = None;
            while let Some(first) = alone.take().or_else(|| jobs.recv().ok()) {
                alone = write_together(&connection, first, &jobs);
            }
        });
        Ok(Writer { open: Mutex::new(Some(Open { queue, thread })), patience })
    }

    /// Runs `write` in a transaction: all of it is kept, or nothing is. Once this returns what was to be
    /// kept, it is on the disk.
    ///
    /// A request whose turn does not come in time is never run. One that runs until the deadline is stopped, and
    /// undone. One whose transaction is about to end by then is waited for a little longer.
    pub async fn run<T: Send + 'static>(
        &self,
        statements: &Arc<AtomicU64>,
        deadline: Instant,
        write: impl AsyncFnMut(Db) -> Outcome<T> + Send + 'static,
    ) -> Result<T, Failure> {
        let turn = deadline.min(Instant::now() + self.patience);
        let (waiting, (client, mut answer)) = (Waiting::new(write), oneshot::channel());
        self.enqueue(Box::new(Request::new(&waiting, client, statements, turn, deadline)))?;
        let ended = match timeout_at(turn.into(), &mut answer).await {
            Ok(ended) => ended,
            Err(_) if waiting.withdraw() => {
                return Err(if turn == deadline { Failure::GivenUp } else { Failure::Exhausted });
            }
            Err(_) => match timeout_at(deadline.into(), &mut answer).await {
                Ok(ended) => ended,
                Err(_) if waiting.give_up() => return Err(Failure::GivenUp),
                Err(_) => timeout(GRACE, &mut answer).await.map_err(|_| unknown())?,
            },
        };
        let ended: Answer<T> = match ended {
            Ok(ended) => ended,
            // The writer is closed.
            Err(_) if waiting.give_up() => Err(Failure::Exhausted),
            Err(_) => Err(unknown()),
        };
        match ended? {
            Ok(Outcome::Keep(answer) | Outcome::Undo(answer)) => Ok(answer),
            Err(cause) => panic::resume_unwind(cause),
        }
    }

    fn enqueue(&self, job: Box<dyn Job>) -> Result<(), Failure> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let queue = open.as_ref().map(|open| &open.queue).ok_or(Failure::Exhausted)?;
        queue.try_send(job).map_err(|_| Failure::Exhausted)
    }

    /// Waits for the requests in the queue, and closes the connection.
    pub async fn close(&self) {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Open { queue, thread }) = open {
            drop(queue);
            let _ = task::spawn_blocking(|| thread.join()).await;
        }
    }
}

fn unknown() -> Failure {
    Failure::Uncertain("the file's disk did not answer in time".to_owned())
}

/// Performs a request, and those that are waiting by then, in one transaction. Returns the one that took too long to
/// share it.
fn write_together(
    connection: &Sqlite,
    first: Box<dyn Job>,
    waiting: &Receiver<Box<dyn Job>>,
) -> Option<Box<dyn Job>> {
    if !first.is_awaited() {
        return None;
    }
    if let Err(failure) = begin(connection) {
        first.answer(Err(failure));
        return None;
    }
    let closes = first.turn().min(Instant::now() + SHARE);
    let (mut group, mut alone) = (Vec::new(), None);
    let mut next = Some(first);
    while let Some(mut job) = next.take() {
        let limit = (!group.is_empty()).then(|| Instant::now() + SHARE);
        match apart(connection, job.as_mut(), limit) {
            Ok(Ended::TooLate) => alone = Some(job),
            Ok(Ended::Kept | Ended::Undone) if connection.in_transaction() => {
                group.push(job);
                let is_open = group.len() < GROUP && Instant::now() < closes;
                next = if is_open { waiting.try_recv().ok() } else { None };
            }
            ended => {
                let is_stuck = connection.in_transaction();
                job.answer(ended.map(|_| ()));
                if is_stuck {
                    // The next transaction begins with another try to undo this one.
                    answer_all(group, &Err(Failure::Lost));
                    return None;
                }
            }
        }
    }
    if connection.in_transaction() {
        answer_all(group, &commit(connection));
    } else {
        perform_again(connection, group);
    }
    alone
}

/// Performs requests whose transaction another one has brought down, as SQLite does with one that it stops while it
/// writes, or that finds no room.
fn perform_again(connection: &Sqlite, mut group: Vec<Box<dyn Job>>) {
    if group.is_empty() {
        return;
    }
    if let Err(failure) = begin(connection) {
        return answer_all(group, &Err(failure));
    }
    for job in &mut group {
        if apart(connection, job.as_mut(), None).is_err() || !connection.in_transaction() {
            let undone = connection.rollback().and(Err(Failure::Lost));
            return answer_all(group, &undone);
        }
    }
    answer_all(group, &commit(connection));
}

/// A transaction that may write from its first statement on. One that began as a reader would fail when it
/// writes after another process has, whatever the timeout.
///
/// Where another process keeps the lock all that time, it fails as if there were no connection: trying
/// again at once would only wait once more.
fn begin(connection: &Sqlite) -> Result<(), Failure> {
    connection.rollback()?;
    connection.control("BEGIN IMMEDIATE").map_err(|failure| match failure {
        Failure::Lost => Failure::Exhausted,
        other => other,
    })
}

/// Performs a request so that it can be undone alone. If no transaction is open after it, the whole was
/// undone; a full disk does that, for instance.
fn apart(connection: &Sqlite, job: &mut dyn Job, limit: Option<Instant>) -> Result<Ended, Failure> {
    let ended = perform(connection, job, limit);
    if ended.is_err() {
        connection.rollback()?;
    }
    ended
}

fn perform(connection: &Sqlite, job: &mut dyn Job, limit: Option<Instant>) -> Result<Ended, Failure> {
    connection.control("SAVEPOINT request")?;
    let ended = job.perform(connection, limit)?;
    match (ended, connection.in_transaction()) {
        (Ended::Kept, true) => {}
        (Ended::Kept, false) => return Err(Failure::Lost),
        (_, true) => connection.control("ROLLBACK TO request")?,
        (_, false) => return Ok(ended),
    }
    connection.control("RELEASE request")?;
    Ok(ended)
}

/// Ends the transaction. Where that fails and SQLite has ended it all the same, what was to be kept may be on the disk:
/// it says that there is no room before it has written the last of it, and anything else maybe after.
fn commit(connection: &Sqlite) -> Result<(), Failure> {
    let Err(failure) = connection.control("COMMIT") else { return Ok(()) };
    if connection.in_transaction() {
        connection.rollback()?;
        return Err(failure);
    }
    Err(match failure {
        Failure::Unavailable(_) => failure,
        other => other.at_commit(),
    })
}

fn answer_all(group: Vec<Box<dyn Job>>, ended: &Result<(), Failure>) {
    group.into_iter().for_each(|job| job.answer(ended.clone()));
}
