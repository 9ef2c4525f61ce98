//! Pages of other origins: which of them may send requests, and what they may send and read.

use std::time::Duration;

use axum::http::{HeaderName, Method, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::{config::Origins, telemetry::REQUEST_ID};

/// How long a browser need not ask again; none keeps it longer.
const MAX_AGE: Duration = Duration::from_secs(2 * 60 * 60);

/// What GraphQL clients send besides what every page may.
const SENT: [&str; 12] = [
    "content-type",
    "authorization",
    "if-none-match",
    "idempotency-key",
    "apollo-require-preflight",
    "apollographql-client-name",
    "apollographql-client-version",
    "graphql-client-name",
    "graphql-client-version",
    "graphql-require-preflight",
    "traceparent",
    "tracestate",
];

/// Lets pages of these origins in; none where there is no origin. Only those that are named may send what
/// the browser knows of the user.
pub fn layer(origins: &Origins) -> Option<CorsLayer> {
    let layer = CorsLayer::new()
        .allow_methods([Method::GET, Method::HEAD, Method::POST])
        .allow_headers(SENT.map(HeaderName::from_static))
        .expose_headers([REQUEST_ID, header::RETRY_AFTER, header::ETAG])
        .max_age(MAX_AGE);
    match origins {
        Origins::Any => Some(layer.allow_origin(AllowOrigin::any())),
        Origins::These(these) if these.is_empty() => None,
        Origins::These(these) => {
            Some(layer.allow_origin(AllowOrigin::list(these.clone())).allow_credentials(true))
        }
    }
}
