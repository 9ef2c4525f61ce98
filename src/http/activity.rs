//! What goes on on a connection, as its stream and its requests tell each other.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::Instant,
};

use tokio::sync::Notify;

/// What all connections of a server share.
pub struct Crowd {
    start: Instant,
    /// Whether a new connection waits until another one is closed.
    is_waiting: AtomicBool,
}

impl Crowd {
    pub fn new() -> Self {
        Crowd { start: Instant::now(), is_waiting: AtomicBool::new(false) }
    }

    pub fn set_waiting(&self, is_waiting: bool) {
        self.is_waiting.store(is_waiting, Relaxed);
    }

    /// In milliseconds.
    fn now(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// What goes on on one connection. Its flags are set and read in the connection's own task, which orders them;
/// only [`Activity::idle_since`] is for others, to choose by.
pub struct Activity {
    crowd: Arc<Crowd>,
    /// Whether bytes have come that are no part of a request that has come to its end.
    has_unread: AtomicBool,
    /// Whether the connection has to end after this answer, because its request will not be read to its end.
    ends: AtomicBool,
    /// Whether a request is worked on, or its answer is not written.
    is_busy: AtomicBool,
    /// Whether nothing has been written of the answer.
    is_new_answer: AtomicBool,
    /// Whether the client takes nothing of what is written.
    is_blocked: AtomicBool,
    idle_since: AtomicU64,
    leave: Notify,
}

impl Activity {
    pub fn new(crowd: Arc<Crowd>) -> Self {
        let idle_since = AtomicU64::new(crowd.now());
        let no = || AtomicBool::new(false);
        let (has_unread, ends, is_busy, is_new_answer, is_blocked) = (no(), no(), no(), no(), no());
        let leave = Notify::new();
        Activity { crowd, has_unread, ends, is_busy, is_new_answer, is_blocked, idle_since, leave }
    }

    /// A request has come, with or without a body.
    pub fn start_request(&self, has_body: bool) {
        self.is_busy.store(true, Relaxed);
        self.is_new_answer.store(true, Relaxed);
        self.ends.store(false, Relaxed);
        self.has_unread.store(has_body, Relaxed);
    }

    /// Its answer has been handed over to be written.
    pub fn end_answer(&self) {
        self.idle_since.store(self.crowd.now(), Relaxed);
        self.is_busy.store(false, Relaxed);
    }

    /// Bytes have come.
    pub fn receives(&self) {
        self.has_unread.store(true, Relaxed);
    }

    /// The body of the request has come to its end.
    pub fn has_received(&self) {
        self.has_unread.store(false, Relaxed);
    }

    pub fn has_unread(&self) -> bool {
        self.has_unread.load(Relaxed)
    }

    /// The rest of the request is not read.
    pub fn gives_up_reading(&self) {
        self.ends.store(true, Relaxed);
    }

    /// Whether the connection ends after this answer: because of its request, or to make room for another one.
    pub fn ends(&self) -> bool {
        self.ends.load(Relaxed) || self.crowd.is_waiting.load(Relaxed)
    }

    /// Whether this is the first that is written of an answer.
    pub fn is_new_answer(&self) -> bool {
        self.is_new_answer.swap(false, Relaxed)
    }

    pub fn set_blocked(&self, is_blocked: bool) {
        self.is_blocked.store(is_blocked, Relaxed);
    }

    /// Since when the connection has waited for the next request, if it does.
    pub fn idle_since(&self) -> Option<u64> {
        let is_idle = !self.is_busy.load(Relaxed) && !self.is_blocked.load(Relaxed);
        is_idle.then(|| self.idle_since.load(Relaxed))
    }

    /// Asks the connection to make room, if it is still idle.
    pub fn ask_to_leave(&self) {
        self.leave.notify_one();
    }

    /// Ends when the connection was asked to leave and is idle.
    pub async fn leaves(&self) {
        loop {
            self.leave.notified().await;
            if self.idle_since().is_some() {
                return;
            }
        }
    }
}
