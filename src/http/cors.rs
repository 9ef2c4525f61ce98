//! Pages of other origins: which of them may send requests, and what they may send and read.

use std::time::Duration;

use axum::http::{HeaderName, Method, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::{
    config::{HeaderNames, Origins},
    telemetry::REQUEST_ID,
};

/// How long a browser need not ask again; none keeps it longer.
const MAX_AGE: Duration = Duration::from_secs(2 * 60 * 60);

/// What GraphQL clients send besides what every page may, and what tracing and error reporting add to it.
const SENT: [&str; 58] = [
    // Every client. What every page may send is listed too, because it may only if it is short and plain.
    "accept",
    "accept-language",
    "authorization",
    "cache-control",
    "content-language",
    "content-type",
    "if-none-match",
    "last-event-id",
    "x-request-id",
    "x-correlation-id",
    "x-requested-with",
    // GraphQL clients.
    "idempotency-key",
    "apollo-require-preflight",
    "apollographql-client-name",
    "apollographql-client-version",
    "graphql-client-name",
    "graphql-client-version",
    "graphql-preflight",
    "graphql-require-preflight",
    "x-apollo-operation-id",
    "x-apollo-operation-name",
    "x-apollo-operation-type",
    "x-graphql-client-name",
    "x-graphql-client-version",
    // W3C Trace Context and Baggage, as OpenTelemetry, Sentry, Grafana Faro, Bugsnag and others send them.
    "baggage",
    "traceparent",
    "tracestate",
    "sentry-trace",
    // Zipkin.
    "b3",
    "x-b3-flags",
    "x-b3-parentspanid",
    "x-b3-sampled",
    "x-b3-spanid",
    "x-b3-traceid",
    // Jaeger, SkyWalking, Honeycomb, Highlight.
    "uber-trace-id",
    "sw8",
    "x-honeycomb-trace",
    "x-highlight-request",
    // Datadog.
    "x-datadog-origin",
    "x-datadog-parent-id",
    "x-datadog-sampling-priority",
    "x-datadog-tags",
    "x-datadog-trace-id",
    // New Relic, Elastic, Instana, Dynatrace, AppDynamics.
    "newrelic",
    "elastic-apm-traceparent",
    "x-instana-l",
    "x-instana-s",
    "x-instana-t",
    "x-dtc",
    "x-dtpc",
    "x-dtreferer",
    "adrum",
    // Amazon, Google, Microsoft.
    "x-amzn-trace-id",
    "x-cloud-trace-context",
    "request-context",
    "request-id",
    "x-ms-request-id",
    "x-ms-request-root-id",
];

/// Lets pages of these origins in; none where there is no origin. Only those that are named may send what
/// the browser knows of the user. All of them may also send these headers.
pub fn layer(origins: &Origins, headers: &HeaderNames) -> Option<CorsLayer> {
    let known = SENT.map(HeaderName::from_static);
    let layer = CorsLayer::new()
        .allow_methods([Method::GET, Method::HEAD, Method::POST])
        .allow_headers(known.iter().chain(&headers.0).cloned().collect::<Vec<_>>())
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
