//! Publishing: what a client is told of errors, and what stays in the log.

use async_graphql::{Pos, ServerError};

use super::{Code, Error, MAX_ERRORS};
use crate::{budget::OverBudget, database::Failure};

/// What a client may know of the errors of one request.
///
/// Resolvers let their errors through with `?`, which keeps the error itself as the source, so what is
/// published is decided here, by the type of the source: faults of the input in full, everything that
/// this function does not know as an internal error that names the request and nothing else.
pub fn publish(errors: Vec<ServerError>, request_id: &str) -> Vec<ServerError> {
    errors.into_iter().flat_map(|error| published(error, request_id)).take(MAX_ERRORS).collect()
}

/// Has each error of a mutation that failed as a whole say what became of it: nothing of it was kept, or nobody knows.
pub fn say_outcome(errors: &mut [ServerError], is_uncertain: bool) {
    let outcome = if is_uncertain { "UNKNOWN" } else { "ROLLED_BACK" };
    for error in errors {
        error.extensions.get_or_insert_default().set("outcome", outcome);
    }
}

fn published(error: ServerError, request_id: &str) -> Vec<ServerError> {
    if error.extensions.as_ref().is_some_and(|known| known.get("code").is_some()) {
        return vec![error];
    }
    let at = error.locations.first().copied();
    let told = match (error.source::<Error>(), &error.source) {
        (Some(cause), _) => told(cause, at),
        // Only async-graphql's own errors come without a source: an argument that its type refuses.
        (None, None) => Some(vec![Code::BadUserInput.error(&error.message, at)]),
        (None, Some(_)) => None,
    };
    let told = told.unwrap_or_else(|| {
        tracing::error!(request_id, error = %error.message, path = ?error.path, "request failed");
        vec![internal(request_id, at)]
    });
    told.into_iter().map(|one| one.with_path(error.path.clone())).collect()
}

/// What a client may know of a cause; none where that is nothing.
fn told(cause: &Error, at: Option<Pos>) -> Option<Vec<ServerError>> {
    let one = |code: Code, message: &str| Some(vec![code.error(message, at)]);
    match cause {
        Error::At(at, cause) => told(cause, Some(*at)),
        Error::Faults(faults) => Some(faults.iter().map(|fault| fault.told(at)).collect()),
        Error::Argument(refusal) => one(Code::BadUserInput, &refusal.message),
        Error::Database(Failure::Lost) => {
            tracing::warn!(%cause, "a request is answered with CONFLICT");
            one(Code::Conflict, "other requests kept changing the same data, try again")
        }
        Error::Database(Failure::OverBudget(OverBudget::Exhausted) | Failure::Exhausted) => {
            tracing::warn!(%cause, "a request is answered with OVERLOADED");
            one(Code::Overloaded, "the server is busy, try again later")
        }
        Error::Database(Failure::OverBudget(refusal)) => one(Code::QueryTooComplex, &refusal.to_string()),
        Error::Database(Failure::TooLarge(max)) => {
            let message = format!(
                "the database takes {max} bytes of a statement at most, and this request has more for one of them: \
                 ask for less, or write less at once"
            );
            one(Code::QueryTooComplex, &message)
        }
        Error::Database(Failure::GivenUp) => {
            tracing::warn!(%cause, "a request is answered with TIMEOUT");
            one(Code::Timeout, "the request took too long and was stopped")
        }
        Error::Database(Failure::Unavailable(cause)) => {
            tracing::warn!(%cause, "the database is unavailable");
            one(Code::Overloaded, "the database is unavailable, try again later")
        }
        Error::Database(Failure::Uncertain(cause)) => {
            tracing::warn!(%cause, "a request is answered with TIMEOUT, and may have been kept");
            one(Code::Timeout, "the database did not say in time whether the request was kept")
        }
        Error::Database(_) | Error::Internal(_) => None,
    }
}

/// An error that tells its request and nothing else.
pub fn internal(request_id: &str, at: Option<Pos>) -> ServerError {
    let mut error = Code::Internal.error(format!("internal server error, request {request_id}"), at);
    if let Some(extensions) = &mut error.extensions {
        extensions.set("requestId", request_id);
    }
    error
}
