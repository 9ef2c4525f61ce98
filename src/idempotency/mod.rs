//! Requests that may be repeated: each key is performed once, and answered alike from then on.
//!
//! The header is that of <https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/>.

mod store;

use std::time::Duration;

use async_graphql::{Response, ServerError};
use sea_orm::DbErr;
use sha2::{Digest, Sha256};

use crate::{
    database::{Db, Failure},
    datetime::DateTime,
    document::Asked,
    error::{Code, Error},
};

/// The longest key, in characters.
const MAX_LENGTH: usize = 255;

/// A client's name for one request, with what tells that request from others.
#[derive(Clone, Debug)]
pub struct Key {
    key: String,
    fingerprint: String,
}

/// Why a request that writes has no key that it could be known by.
#[derive(Clone, Copy, Debug, thiserror::Error)]
pub enum KeyError {
    #[error("an Idempotency-Key is 1 to 255 printable characters of ASCII")]
    Malformed,
    #[error("a request has one Idempotency-Key header at most")]
    Repeated,
}

/// What is known of a key.
pub enum Known {
    /// Nothing: the request is to be performed.
    New,
    /// The request was performed, and this was answered.
    Performed(Box<Response>),
    /// Another request was performed under this key.
    OfAnother,
}

impl Key {
    /// The key that the header's value names, for this request. It is 1 to 255 printable characters of
    /// ASCII, in quotation marks or without them.
    pub fn of(value: &str, asked: &Asked) -> Option<Self> {
        let quoted = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let key = quoted.unwrap_or(value);
        let fits = (1..=MAX_LENGTH).contains(&key.len())
            && key.bytes().all(|byte| (b' '..=b'~').contains(&byte) && byte != b'"');
        fits.then(|| Key { key: key.to_owned(), fingerprint: fingerprint(asked) })
    }

    /// What is known of the key, for as long as keys are kept.
    pub async fn known(&self, db: &Db, kept: Duration) -> Result<Known, Error> {
        store::forget(db, DateTime::before_now(kept)).await?;
        match store::find(db, &self.key).await? {
            None => Ok(Known::New),
            Some((fingerprint, _)) if fingerprint != self.fingerprint => Ok(Known::OfAnother),
            Some((_, answer)) => match serde_json::from_str(&answer) {
                Ok(response) => Ok(Known::Performed(Box::new(response))),
                Err(_) => Err(Error::Internal("a stored answer cannot be read")),
            },
        }
    }

    /// Keeps the answer, in the transaction of what was written.
    pub async fn keep(&self, db: &Db, response: &Response) -> Result<(), Failure> {
        let answer = serde_json::to_string(response).map_err(|error| DbErr::Json(error.to_string()))?;
        store::keep(db, &self.key, &self.fingerprint, &answer).await
    }
}

/// The refusal of a key that another request has.
pub fn used_by_another() -> Vec<ServerError> {
    vec![Code::BadUserInput.error("the Idempotency-Key was sent before with another request", None)]
}

fn fingerprint(asked: &Asked) -> String {
    let parts = (asked.source.name(), &asked.operation_name, &asked.variables);
    let digest = Sha256::digest(serde_json::to_vec(&parts).unwrap_or_default());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use async_graphql::Variables;

    use super::*;
    use crate::document::Source;

    fn asked(variables: serde_json::Value) -> Asked {
        let source = Source::Text("query ($name: String) { __typename }".to_owned());
        Asked { source, operation_name: None, variables: Variables::from_json(variables) }
    }

    fn key(value: &str) -> Option<String> {
        Key::of(value, &asked(serde_json::json!({}))).map(|key| key.key)
    }

    #[test]
    fn a_key_may_stand_in_quotation_marks() {
        assert_eq!(key("\"8e03978e-40d5\"").as_deref(), Some("8e03978e-40d5"));
        assert_eq!(key("8e03978e-40d5").as_deref(), Some("8e03978e-40d5"));
    }

    #[test]
    fn what_is_empty_too_long_or_not_printable_is_no_key() {
        for value in ["", "\"\"", "\"a", "a\"b", "a\tb", "ä", &"a".repeat(256)] {
            assert_eq!(key(value), None, "{value}");
        }
    }

    #[test]
    fn requests_that_differ_in_a_variable_have_different_fingerprints() {
        let request = |name: &str| asked(serde_json::json!({ "name": name }));
        assert_eq!(fingerprint(&request("a")), fingerprint(&request("a")));
        assert_ne!(fingerprint(&request("a")), fingerprint(&request("b")));
    }
}
