//! Answers that are not sent yet keep their part of the memory until the last of them has left.

use axum::body::Bytes;

use crate::budget::Budget;

/// An answer, with its part of the memory.
struct Held {
    bytes: Vec<u8>,
    _budget: Budget,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

/// The answer as it is sent. What its budget had for rows and values is given back; what it has for these bytes, when
/// the last part of them is dropped.
pub fn hold(mut bytes: Vec<u8>, budget: Budget) -> Bytes {
    // It has grown by doubling.
    bytes.shrink_to_fit();
    budget.settle(bytes.len());
    Bytes::from_owner(Held { bytes, _budget: budget })
}
