//! Hashes: the names that texts have by what stands in them.

use std::fmt;

use sha2::{Digest, Sha256};

/// The SHA-256 of a text: nobody can make two texts that have the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TextHash([u8; 32]);

impl TextHash {
    pub fn of(text: &str) -> Self {
        TextHash(Sha256::digest(text).into())
    }
}

impl fmt::Display for TextHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
