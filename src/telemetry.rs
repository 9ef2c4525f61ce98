//! Telemetry: the log, and what it knows of every HTTP request.

use std::{fmt, io, io::IsTerminal, sync::Arc, time::Instant};

use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderValue, header::HeaderName},
    middleware::Next,
    response::Response,
};
use tracing::Instrument;
use tracing_subscriber::EnvFilter;

/// The response header that names the request.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Starts logging to standard error what `filter` lets through.
///
/// Fails if the filter cannot be read, or if something logs already.
pub fn start(filter: &str) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::try_new(filter)?)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .try_init()
}

/// Names one request, in the log, in its response and in internal errors.
#[derive(Clone)]
pub struct RequestId(Arc<str>);

impl RequestId {
    fn random() -> Self {
        RequestId(format!("{:016x}", fastrand::u64(..)).into())
    }

    /// 16 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Gives the request its id and its span, and logs how it was answered.
pub async fn observe(mut request: Request, next: Next) -> Response {
    let id = RequestId::random();
    let path = request.extensions().get::<MatchedPath>().cloned();
    // The route and not the path that was asked for, so that the log has few different values.
    let path = path.as_ref().map_or("unmatched", MatchedPath::as_str);
    let span = tracing::info_span!("request", method = %request.method(), path, request_id = %id);

    request.extensions_mut().insert(id.clone());
    let answered = async {
        let start = Instant::now();
        let response = next.run(request).await;
        log(path, &response, start);
        response
    };
    let mut response = answered.instrument(span).await;
    if let Ok(id) = HeaderValue::from_str(id.as_str()) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

fn log(path: &str, response: &Response, start: Instant) {
    let (status, duration) = (response.status().as_u16(), start.elapsed());
    // Probes ask every few seconds and would bury the rest.
    if matches!(path, "/healthz" | "/readyz") {
        tracing::debug!(status, ?duration, "answered");
        return;
    }
    tracing::info!(status, ?duration, "answered");
}
