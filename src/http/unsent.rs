//! Answers that are not sent yet: the large ones share a bounded memory.

use std::sync::Arc;

use axum::body::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many answers of the largest size there is memory for.
const LARGEST_AT_ONCE: usize = 16;

/// Up to this size an answer needs none of it, in bytes: the number of connections bounds those.
const SMALL: usize = 64 * 1024;

const KIB: usize = 1024;

/// The memory of answers that clients have not taken.
pub struct Unsent {
    /// A permit for each KiB.
    memory: Arc<Semaphore>,
}

/// An answer, with its part of the memory.
struct Held {
    bytes: Vec<u8>,
    _memory: OwnedSemaphorePermit,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Unsent {
    /// Of answers of at most so many bytes.
    pub fn new(max_bytes: usize) -> Self {
        let memory = max_bytes.div_ceil(KIB).saturating_mul(LARGEST_AT_ONCE).min(Semaphore::MAX_PERMITS);
        Unsent { memory: Arc::new(Semaphore::new(memory)) }
    }

    /// The answer, which has its part of the memory until the last of it has left; nothing if there is none left.
    pub fn hold(&self, mut bytes: Vec<u8>) -> Option<Bytes> {
        if bytes.len() <= SMALL {
            return Some(Bytes::from(bytes));
        }
        // It has grown by doubling.
        bytes.shrink_to_fit();
        let size = u32::try_from(bytes.capacity().div_ceil(KIB)).ok()?;
        let memory = self.memory.clone().try_acquire_many_owned(size).ok()?;
        Some(Bytes::from_owner(Held { bytes, _memory: memory }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_answers_share_the_memory_until_the_last_part_of_them_is_gone() {
        let unsent = Unsent::new(100 * KIB);
        let mut held: Vec<Bytes> = (0..16).map(|_| unsent.hold(vec![b'a'; 100 * KIB]).unwrap()).collect();
        assert!(unsent.hold(vec![b'a'; SMALL + 1]).is_none());
        assert!(unsent.hold(vec![b'a'; SMALL]).is_some());
        let mut last = held.pop().unwrap();
        let part = last.split_off(99 * KIB);
        drop(last);
        assert!(unsent.hold(vec![b'a'; SMALL + 1]).is_none());
        drop(part);
        assert!(unsent.hold(vec![b'a'; SMALL + 1]).is_some());
    }
}
