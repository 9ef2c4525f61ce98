//! Health: whether the process lives, and whether it can answer requests.

use std::{sync::Arc, time::Duration};

use axum::{extract::State, http::StatusCode};
use tokio::time::timeout;

use crate::execute::Graph;

/// A database that takes longer than this to say that it is there counts as absent.
const PATIENCE: Duration = Duration::from_secs(2);

/// The process serves, whatever else is the matter; one that does not is to be restarted.
pub async fn live() -> &'static str {
    "alive\n"
}

/// The database answers; while it does not, requests are better sent elsewhere.
pub async fn ready(State(graph): State<Arc<Graph>>) -> (StatusCode, &'static str) {
    if timeout(PATIENCE, graph.ready()).await.unwrap_or(false) {
        return (StatusCode::OK, "ready\n");
    }
    (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
}
