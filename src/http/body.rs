//! Request bodies: read within limits on the size and the time of each, and on the memory of all.

use std::{future::poll_fn, pin::pin, time::Duration};

use axum::{
    body::{Body, Bytes, HttpBody},
    http::{StatusCode, header},
};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};

use super::answer::Refusal;

/// How many bodies of the largest size there is memory for.
const LARGEST_AT_ONCE: usize = 256;

/// The bodies that are being read.
pub struct Bodies {
    max_bytes: usize,
    time: Duration,
    /// A permit for each byte.
    memory: Semaphore,
}

/// A body, with its part of the memory.
pub struct Received<'a> {
    pub bytes: Vec<u8>,
    memory: Option<SemaphorePermit<'a>>,
}

impl Bodies {
    /// Of at most so many bytes each, which have to arrive in this time.
    pub fn new(max_bytes: usize, time: Duration) -> Self {
        let memory = max_bytes.saturating_mul(LARGEST_AT_ONCE).min(Semaphore::MAX_PERMITS);
        Bodies { max_bytes, time, memory: Semaphore::new(memory) }
    }

    /// The whole body, if it is small enough and comes in time.
    pub async fn receive(&self, body: Body) -> Result<Received<'_>, Refusal> {
        let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
        if announced > self.max_bytes {
            return Err(too_large());
        }
        timeout(self.time, self.collect(body)).await.unwrap_or_else(|_| {
            let refusal = Refusal::new(StatusCode::REQUEST_TIMEOUT, "the body did not arrive in time");
            Err(refusal.with(header::CONNECTION, "close"))
        })
    }

    /// Takes memory for what has arrived and not for what is announced, which costs its sender nothing.
    async fn collect(&self, body: Body) -> Result<Received<'_>, Refusal> {
        let mut body = pin!(body);
        let mut received = Received { bytes: Vec::new(), memory: None };
        while let Some(frame) = poll_fn(|context| body.as_mut().poll_frame(context)).await {
            let frame = frame.map_err(|_| Refusal::new(StatusCode::BAD_REQUEST, "the body ended early"))?;
            if let Ok(part) = frame.into_data() {
                self.add(&mut received, &part)?;
            }
        }
        Ok(received)
    }

    fn add<'a>(&'a self, received: &mut Received<'a>, part: &Bytes) -> Result<(), Refusal> {
        if received.bytes.len() + part.len() > self.max_bytes {
            return Err(too_large());
        }
        let size = u32::try_from(part.len()).map_err(|_| too_large())?;
        let memory = self.memory.try_acquire_many(size).map_err(|_| Refusal::overloaded())?;
        match &mut received.memory {
            Some(taken) => taken.merge(memory),
            none => *none = Some(memory),
        }
        received.bytes.extend_from_slice(part);
        Ok(())
    }
}

fn too_large() -> Refusal {
    Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large")
}
