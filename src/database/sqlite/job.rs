//! A request in the writer's queue, which it can be taken out of until its turn has come.

use std::{
    panic::{self, AssertUnwindSafe},
    sync::{Arc, Mutex, PoisonError, atomic::AtomicU64},
    thread,
    time::Instant,
};

use tokio::{runtime::Handle, sync::oneshot::Sender};
use tracing::Span;

use super::Sqlite;
use crate::database::{
    Db, Failure, Outcome,
    handle::{Awaited, Connection, GivenUp},
};

/// What a request is answered with: what came of it, or the panic that it ended with, or why nothing did.
pub type Answer<T> = Result<thread::Result<Outcome<T>>, Failure>;

/// How a request ended, before its transaction does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// What it wrote is to be kept.
    Kept,
    /// Nothing of it is to be kept.
    Undone,
    /// It took longer than its limit: it is to be undone, and run again.
    TooLate,
}

/// A request in the queue, whatever its answer is.
pub trait Job: Send {
    /// Until when it waits for its turn.
    fn turn(&self) -> Instant;

    /// Whether anyone waits for it.
    fn is_awaited(&self) -> bool;

    /// Runs it, until this limit if there is one.
    fn perform(&mut self, connection: &Sqlite, limit: Option<Instant>) -> Result<Ended, Failure>;

    /// Answers it, now that its transaction has ended so.
    fn answer(self: Box<Self>, ended: Result<(), Failure>);
}

/// What is to be run, for as long as it waits for that: whoever takes it out decides what becomes of it.
type Slot<W> = Arc<Mutex<Option<W>>>;

fn take<W>(slot: &Slot<W>) -> Option<W> {
    slot.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// Kept by whoever waits for a request. When it is dropped, one that has not begun never will, and one that runs is
/// given up.
pub struct Waiting<W> {
    slot: Slot<W>,
    awaited: Awaited,
}

impl<W> Waiting<W> {
    pub fn new(write: W) -> Self {
        Waiting { slot: Arc::new(Mutex::new(Some(write))), awaited: Awaited::default() }
    }

    /// Takes the request out of the queue, if its turn has not come.
    pub fn withdraw(&self) -> bool {
        take(&self.slot).is_some()
    }

    /// Gives the request up, whether it runs or not, unless it is to be kept by now. Returns whether it is given up.
    pub fn give_up(&self) -> bool {
        self.withdraw() || self.awaited.given_up().set()
    }
}

impl<W> Drop for Waiting<W> {
    fn drop(&mut self) {
        self.withdraw();
    }
}

/// What the writer has of a request.
pub struct Request<W, T> {
    turn: Instant,
    deadline: Instant,
    slot: Slot<W>,
    /// What is run, once its turn has come. It may be run again.
    write: Option<W>,
    outcome: Option<thread::Result<Outcome<T>>>,
    given_up: GivenUp,
    statements: Arc<AtomicU64>,
    runtime: Handle,
    span: Span,
    client: Sender<Answer<T>>,
}

impl<W, T> Request<W, T> {
    pub fn new(
        waiting: &Waiting<W>,
        client: Sender<Answer<T>>,
        statements: &Arc<AtomicU64>,
        turn: Instant,
        deadline: Instant,
    ) -> Self {
        Request {
            turn,
            deadline,
            slot: waiting.slot.clone(),
            write: None,
            outcome: None,
            given_up: waiting.awaited.given_up(),
            statements: statements.clone(),
            runtime: Handle::current(),
            span: Span::current(),
            client,
        }
    }
}

impl<W, T> Job for Request<W, T>
where
    W: AsyncFnMut(Db) -> Outcome<T> + Send,
    T: Send,
{
    fn turn(&self) -> Instant {
        self.turn
    }

    fn is_awaited(&self) -> bool {
        !self.given_up.is_set() && !self.client.is_closed()
    }

    fn perform(&mut self, connection: &Sqlite, limit: Option<Instant>) -> Result<Ended, Failure> {
        if self.write.is_none() {
            self.write = take(&self.slot);
        }
        let Some(write) = &mut self.write else { return Ok(Ended::Undone) };
        let given_up = self.given_up.at(limit.map_or(self.deadline, |limit| limit.min(self.deadline)));
        let db = Db::new(Connection::Sqlite(connection.clone()), &given_up, &self.statements);
        connection.watch(&given_up)?;
        let run = || self.span.in_scope(|| self.runtime.block_on(write(db)));
        let outcome = panic::catch_unwind(AssertUnwindSafe(run));
        connection.watch_no_longer()?;
        let ended = match &outcome {
            Ok(Outcome::Keep(_)) if self.given_up.settle() => Ended::Kept,
            Ok(Outcome::Undo(_)) if limit.is_some_and(|limit| Instant::now() >= limit) => Ended::TooLate,
            _ => Ended::Undone,
        };
        self.outcome = Some(outcome);
        Ok(ended)
    }

    fn answer(self: Box<Self>, ended: Result<(), Failure>) {
        let Request { outcome, client, .. } = *self;
        // Whoever has given up does not hear it.
        let _ = client.send(ended.and_then(|()| outcome.ok_or(Failure::GivenUp)));
    }
}
