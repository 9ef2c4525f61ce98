//! Why no connection is to be had, asked of the server itself: the pool only says that it waited in vain.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use super::connect::Target;
use crate::database::{Failure, Url};

/// The least time between two inquiries, so that a server with too much to do is not asked by each request.
const PAUSE: Duration = Duration::from_secs(10);

/// Asks a server what the matter is, and logs it.
pub struct Inquiry {
    url: Url,
    target: Target,
    patience: Duration,
    last: Mutex<Option<Instant>>,
}

impl Inquiry {
    pub fn new(url: &Url, patience: Duration) -> Result<Self, Failure> {
        Ok(Inquiry { url: url.clone(), target: Target::new(url)?, patience, last: Mutex::default() })
    }

    /// Begins one, unless one was begun lately. Nobody waits for it.
    pub fn begin(&self) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.is_some_and(|last| last.elapsed() < PAUSE) {
            return;
        }
        *last = Some(Instant::now());
        let (url, target, patience) = (self.url.clone(), self.target.clone(), self.patience);
        tokio::spawn(async move {
            if let Err(Failure::Unavailable(cause)) = target.reach("", patience).await {
                tracing::warn!(%cause, database = %url, "no connection to the database is to be had");
            }
        });
    }
}
