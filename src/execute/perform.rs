//! What runs of a request on the database: its fields, within its budget, and once for its key.

use std::{sync::Arc, time::Duration};

use async_graphql::{Request, Response, ServerError};

use super::Answer;
use crate::{
    budget::Budget,
    database::{Db, Failure},
    error::Error,
    idempotency::{self, KeyedRequest, Known},
    schema::Schema,
};

/// Runs a request that writes, unless it has a key that is known. Such a key is kept for that time.
pub async fn perform(
    schema: &Schema,
    request: Request,
    key: Option<(&KeyedRequest, Duration)>,
    db: Db,
) -> Result<Answer, Error> {
    let Some((key, kept)) = key else {
        return Ok(Answer::Executed(run(schema, request, &db).await));
    };
    match key.known(&db, kept).await? {
        Known::New => {}
        Known::Performed(response) => return Ok(Answer::Executed(*response)),
        Known::OfAnother => return Ok(Answer::Refused(idempotency::used_by_another())),
    }
    let response = run(schema, request, &db).await;
    if response.is_ok() {
        key.keep(&db, &response).await?;
    }
    Ok(Answer::Executed(response))
}

/// Nothing is kept of a request that failed, and nothing is pretended.
async fn run(schema: &Schema, request: Request, db: &Db) -> Response {
    let response = execute(schema, request, db).await;
    if let Some(Err(refusal)) = db.budget().map(|budget| budget.allow(&response.data)) {
        return failed(Failure::from(refusal).into());
    }
    if response.is_err() { Response::from_errors(response.errors) } else { response }
}

/// Executes the request, unless it spends more than it may.
pub async fn execute(schema: &Schema, request: Request, db: &Db) -> Response {
    let response = schema.execute(request.data(db.clone())).await;
    match db.budget().and_then(Budget::refusal) {
        Some(refusal) => failed(Failure::from(refusal).into()),
        None => response,
    }
}

/// Whether another transaction got in the way.
pub fn has_lost(response: &Response) -> bool {
    let lost = |error: &ServerError| matches!(error.source::<Error>(), Some(Error::Database(Failure::Lost)));
    response.errors.iter().any(lost)
}

/// Whether something of the request that failed so may have been kept.
pub fn is_uncertain(error: &ServerError) -> bool {
    matches!(error.source::<Error>(), Some(Error::Database(failure)) if failure.is_uncertain())
}

/// The answer to a request that failed as a whole.
pub fn failed(error: Error) -> Response {
    let message = error.to_string();
    Response::from_errors(vec![ServerError {
        source: Some(Arc::new(error)),
        ..ServerError::new(message, None)
    }])
}
