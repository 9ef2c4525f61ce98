//! Health: whether the process lives, and whether it can answer requests.

use std::time::Duration;

use axum::{Extension, extract::State, http::StatusCode};

use super::{graphql::Endpoint, serve::Stopping};
use crate::database::Answers;

/// A database that takes longer than this to say that it is there counts as absent.
const PATIENCE: Duration = Duration::from_secs(2);

/// The process serves, whatever else is the matter; one that does not is to be restarted.
pub async fn live() -> &'static str {
    "alive\n"
}

/// Every database answers and the server is not about to stop; otherwise requests are better sent elsewhere.
pub async fn ready(
    State(endpoint): State<Endpoint>,
    stopping: Option<Extension<Stopping>>,
) -> (StatusCode, &'static str) {
    if stopping.is_some_and(|Extension(stopping)| stopping.is_declared()) {
        return (StatusCode::SERVICE_UNAVAILABLE, "the server is stopping\n");
    }
    match endpoint.graph.ready(PATIENCE).await {
        Answers { reads: true, writes: true } => (StatusCode::OK, "ready\n"),
        Answers { writes: false, .. } => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n"),
        Answers { reads: false, .. } => {
            (StatusCode::SERVICE_UNAVAILABLE, "the database to read from does not answer\n")
        }
    }
}
