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

    /// The hash that these 64 hexadecimal digits are.
    pub fn parse(digits: &str) -> Option<Self> {
        let digits: Option<Vec<u8>> =
            digits.chars().map(|digit| u8::try_from(digit.to_digit(16)?).ok()).collect();
        let bytes: Vec<u8> =
            digits?.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect();
        bytes.try_into().ok().map(TextHash)
    }
}

impl fmt::Display for TextHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
