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

/// A client's name for one request, with what tells that request from others.
#[derive(Clone, Debug)]
pub struct Key {
    key: String,
    fingerprint: String,
    /// What the fingerprint was before the order of members ceased to matter, where that differs: keys of that time
    /// have it.
    former: Option<String>,
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
        fits.then(|| {
            let ordered = Variables::from_value(ordered(&asked.variables));
            let (fingerprint, former) = (fingerprint(asked, &ordered), fingerprint(asked, &asked.variables));
            let former = Some(former).filter(|former| *former != fingerprint);
            Key { key: key.to_owned(), fingerprint, former }
        })
    }

    /// What is known of the key, for as long as keys are kept.
    pub async fn known(&self, db: &Db, kept: Duration) -> Result<Known, Error> {
        let oldest = DateTime::before_now(kept);
        match store::find(db, &self.key).await? {
            None => Ok(Known::New),
            Some(Kept { created_at, .. }) if created_at < oldest => {
                store::forget(db, &self.key, oldest).await?;
                Ok(Known::New)
            }
            Some(Kept { fingerprint, .. }) if !self.is_of(&fingerprint) => Ok(Known::OfAnother),
            Some(Kept { answer, .. }) => match serde_json::from_str(&answer) {
                Ok(response) => Ok(Known::Performed(Box::new(response))),
                Err(_) => Err(Error::Internal("a stored answer cannot be read")),
            },
        }
    }

    fn is_of(&self, fingerprint: &str) -> bool {
        self.fingerprint == fingerprint || self.former.as_deref() == Some(fingerprint)
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

fn fingerprint(asked: &Asked, variables: &Variables) -> String {
    let parts = (asked.source.name(), &asked.operation_name, variables);
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

    fn of(variables: serde_json::Value) -> Key {
        Key::of("one", &asked(variables)).unwrap()
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

    #[test]
    fn keys_of_the_time_when_the_order_of_members_mattered_are_those_of_the_same_request() {
        let asked = asked(serde_json::from_str(r#"{ "input": { "b": 1, "a": 2 } }"#).unwrap());
        let key = Key::of("one", &asked).unwrap();
        assert!(key.is_of(&fingerprint(&asked, &asked.variables)) && key.is_of(&key.fingerprint));
        assert!(!key.is_of("another"));
    }
}
