//! Requests that lose to others are run again, a few times and for a while.

use std::{
    array,
    time::{Duration, Instant},
};

use async_graphql::Response;

use super::perform::has_lost;

/// A transaction that lost to another one is run again after a pause of up to one of these, in turn.
const PAUSES: [Duration; 5] = [
    Duration::from_millis(5),
    Duration::from_millis(20),
    Duration::from_millis(80),
    Duration::from_millis(160),
    Duration::from_millis(320),
];

/// How often, and until when, a request that loses to others is run again.
pub struct Retries {
    pauses: array::IntoIter<Duration, 5>,
    until: Instant,
}

impl Retries {
    pub fn new(until: Instant) -> Self {
        Retries { pauses: PAUSES.into_iter(), until }
    }

    /// How long to wait before the request that was answered so is run again; nothing if it is not to be.
    pub fn pause_after(&mut self, response: &Response) -> Option<Duration> {
        if !has_lost(response) {
            return None;
        }
        let pause = self.pauses.next()?.mul_f64(fastrand::f64());
        if Instant::now() + pause >= self.until {
            return None;
        }
        tracing::warn!("a transaction lost to another one, running the request again");
        Some(pause)
    }
}
