//! What a request asks for, before any of it is looked at.

use async_graphql::{Value, Variables};

use super::hash::TextHash;

/// What is larger takes longer to read than others should wait, in bytes of its text and its variables.
const LARGE: usize = 16 * 1024;

/// A request: a document, which of its operations, and values for the variables of that.
pub struct Asked {
    pub source: Source,
    pub operation_name: Option<String>,
    pub variables: Variables,
}

impl Asked {
    /// Whether it takes long to read.
    pub fn is_large(&self) -> bool {
        let text = match &self.source {
            Source::Text(text) => text.len(),
            Source::Id(_) => 0,
        };
        let mut left = LARGE.saturating_sub(text);
        left == 0 || !self.variables.values().all(|value| fits(value, &mut left))
    }
}

/// Whether a value takes no more than is left, by estimate. It looks no further than that.
fn fits(value: &Value, left: &mut usize) -> bool {
    let size = match value {
        Value::String(text) => text.len(),
        _ => 0,
    };
    *left = left.saturating_sub(size + 8);
    *left > 0
        && match value {
            Value::List(items) => items.iter().all(|item| fits(item, left)),
            Value::Object(fields) => fields.values().all(|field| fits(field, left)),
            _ => true,
        }
}

/// How a request says which document it means.
pub enum Source {
    /// By its text.
    Text(String),
    /// By an ID: that of the manifest, or the SHA-256 of the text in hexadecimal digits.
    Id(String),
}

/// The hash that a request names is not that of its text.
#[derive(Debug, thiserror::Error)]
#[error("the hash is not that of the `query`")]
pub struct OtherHash;

impl Source {
    /// A text that comes with what its sender takes for its hash: the server is to know it by that from now
    /// on, so it has to be right.
    pub fn hashed(text: String, hash: &str) -> Result<Self, OtherHash> {
        if TextHash::parse(hash) == Some(TextHash::of(&text)) {
            Ok(Source::Text(text))
        } else {
            Err(OtherHash)
        }
    }

    /// The same for requests that mean the same document, by its text or by its hash.
    pub fn name(&self) -> String {
        match self {
            Source::Text(text) => TextHash::of(text).to_string(),
            Source::Id(id) => hash_of_id(id).map_or_else(|| id.clone(), |hash| hash.to_string()),
        }
    }
}

/// The hash that an ID is, with or without the prefix that says so.
pub fn hash_of_id(id: &str) -> Option<TextHash> {
    TextHash::parse(id.strip_prefix("sha256:").unwrap_or(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "ecf4edb46db40b5132295c0291d62fb65d6759a9eedfa4d5d612dd5ec54a6b38";

    #[test]
    fn a_text_is_known_by_its_hash_in_any_case_and_by_no_other() {
        let text = || "{__typename}".to_owned();
        assert!(Source::hashed(text(), HASH).is_ok());
        assert!(Source::hashed(text(), &HASH.to_uppercase()).is_ok());
        for other in ["", "ecf4", &HASH.replace('e', "f"), &format!("{HASH}00"), &HASH.replace('e', "é")] {
            assert!(Source::hashed(text(), other).is_err(), "{other}");
        }
    }

    #[test]
    fn a_text_and_its_hash_have_the_same_name() {
        let id = |id: &str| Source::Id(id.to_owned()).name();
        assert_eq!(Source::Text("{__typename}".to_owned()).name(), HASH);
        assert_eq!(id(&HASH.to_uppercase()), HASH);
        assert_eq!(id(&format!("sha256:{HASH}")), HASH);
        assert_eq!(id("customers-1"), "customers-1");
    }
}
