//! The extensions of a request that mean something here.

use async_graphql::{Extensions, Value};

use super::{answer::Refusal, members::kind};

/// The hash that the sender has for its document.
pub fn persisted_query(extensions: &Extensions) -> Result<Option<String>, Refusal> {
    let members = match extensions.get("persistedQuery") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Object(members)) => members,
        other => {
            let message =
                format!("the extension `persistedQuery` has to be an object or null, not {}", kind(other));
            return Err(Refusal::malformed(message));
        }
    };
    match members.get("version") {
        Some(Value::Number(version)) if version.as_u64() == Some(1) => {}
        Some(Value::Number(_)) => {
            return Err(Refusal::malformed("`version` of the extension `persistedQuery` has to be 1"));
        }
        other => {
            let message =
                format!("`version` of the extension `persistedQuery` has to be 1, not {}", kind(other));
            return Err(Refusal::malformed(message));
        }
    }
    match members.get("sha256Hash") {
        Some(Value::String(hash)) => Ok(Some(hash.clone())),
        other => {
            let kind = kind(other);
            let message =
                format!("`sha256Hash` of the extension `persistedQuery` has to be a string, not {kind}");
            Err(Refusal::malformed(message))
        }
    }
}

/// Whether nothing is to be kept of the request.
pub fn is_dry_run(extensions: &Option<Extensions>) -> Result<bool, Refusal> {
    match extensions.as_ref().and_then(|extensions| extensions.get("dryRun")) {
        None | Some(Value::Null | Value::Boolean(false)) => Ok(false),
        Some(Value::Boolean(true)) => Ok(true),
        other => {
            let message = format!("the extension `dryRun` has to be a boolean or null, not {}", kind(other));
            Err(Refusal::malformed(message))
        }
    }
}
