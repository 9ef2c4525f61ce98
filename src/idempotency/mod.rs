//! Requests that may be repeated: each key is performed once, and answered alike from then on.
//!
//! The header is that of <https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/>.

mod forget;
mod store;

use std::time::Duration;

use async_graphql::{Response, ServerError, Value, Variables};
use sea_orm::DbErr;
use sha2::{Digest, Sha256};

use self::store::Kept;
use crate::{
    database::{Db, Failure},
    datetime::DateTime,
    document::Asked,
    error::{Code, Error},
};

pub use forget::forget;

/// The longest key, in characters.
const MAX_LENGTH: usize = 255;

/// A client's name for one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key(String);

/// A request that writes, under its key, with what tells it from others.
#[derive(Clone, Debug)]
pub struct KeyedRequest {
    key: Key,
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
    /// The key that the header's value names. It is 1 to 255 printable characters of ASCII, in quotation marks or
    /// without them.
    pub fn parse(value: &str) -> Option<Self> {
        let quoted = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let key = quoted.unwrap_or(value);
        let fits = (1..=MAX_LENGTH).contains(&key.len())
            && key.bytes().all(|byte| (b' '..=b'~').contains(&byte) && byte != b'"');
        fits.then(|| Key(key.to_owned()))
    }

    /// This request under the key. It reads all variables, which takes long where there are many.
    pub fn of(self, asked: &Asked) -> KeyedRequest {
        KeyedRequest { key: self, fingerprint: fingerprint(asked) }
    }
}

impl KeyedRequest {
    /// What is known of the key, for as long as keys are kept.
    pub async fn known(&self, db: &Db, kept: Duration) -> Result<Known, Error> {
        let oldest = DateTime::before_now(kept);
        match store::find(db, &self.key.0).await? {
            None => Ok(Known::New),
            Some(Kept { created_at, .. }) if created_at < oldest => {
                store::forget(db, &self.key.0, oldest).await?;
                Ok(Known::New)
            }
            Some(Kept { fingerprint, .. }) if fingerprint != self.fingerprint => Ok(Known::OfAnother),
            Some(Kept { answer, .. }) => match serde_json::from_str(&answer) {
                Ok(response) => Ok(Known::Performed(Box::new(response))),
                Err(_) => Err(Error::Internal("a stored answer cannot be read")),
            },
        }
    }

    /// Keeps the answer, in the transaction of what was written.
    pub async fn keep(&self, db: &Db, response: &Response) -> Result<(), Failure> {
        let answer = serde_json::to_string(response).map_err(|error| DbErr::Json(error.to_string()))?;
        store::keep(db, &self.key.0, &self.fingerprint, &answer).await
    }
}

/// The refusal of a key that another request has.
pub fn used_by_another() -> Vec<ServerError> {
    vec![Code::BadUserInput.error("the Idempotency-Key was sent before with another request", None)]
}

fn fingerprint(asked: &Asked) -> String {
    let parts = (asked.source.name(), &asked.operation_name, ordered(&asked.variables));
    let digest = Sha256::digest(serde_json::to_vec(&parts).unwrap_or_default());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The variables with the members of their objects in the order of their names: the order in which a client writes
/// them says nothing. That of a list's items does.
fn ordered(variables: &Variables) -> Value {
    let members = variables.iter().map(|(name, value)| (name.clone(), ordered_value(value)));
    Value::Object(members.collect())
}

fn ordered_value(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> =
                members.iter().map(|(name, value)| (name.clone(), ordered_value(value))).collect();
            members.sort_by(|(one, _), (other, _)| one.cmp(other));
            Value::Object(members.into_iter().collect())
        }
        Value::List(items) => Value::List(items.iter().map(ordered_value).collect()),
        other => other.clone(),
    }
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
        Key::parse(value).map(|key| key.0)
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

    fn of(variables: serde_json::Value) -> KeyedRequest {
        Key::parse("one").unwrap().of(&asked(variables))
    }

    #[test]
    fn requests_that_differ_in_a_variable_have_different_fingerprints() {
        let request = |name: &str| of(serde_json::json!({ "name": name })).fingerprint;
        assert_eq!(request("a"), request("a"));
        assert_ne!(request("a"), request("b"));
    }

    #[test]
    fn the_order_of_members_makes_no_other_request_and_that_of_items_does() {
        let variables = |text: &str| of(serde_json::from_str(text).unwrap()).fingerprint;
        let one = variables(r#"{ "list": [{ "a": 1, "b": { "c": 2, "d": 3 } }, 4], "name": null }"#);
        assert_eq!(one, variables(r#"{ "name": null, "list": [{ "b": { "d": 3, "c": 2 }, "a": 1 }, 4] }"#));
        for other in [
            r#"{ "list": [4, { "a": 1, "b": { "c": 2, "d": 3 } }], "name": null }"#,
            r#"{ "list": [{ "a": 1, "b": { "c": 3, "d": 2 } }, 4], "name": null }"#,
            r#"{ "list": [{ "a": 1, "b": { "c": 2, "d": 3 } }, 4] }"#,
        ] {
            assert_ne!(one, variables(other), "{other}");
        }
    }
}
