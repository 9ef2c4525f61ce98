//! Compression: of answers that are large enough to be worth it.

use axum::{http::StatusCode, response::Response};
use tower_http::compression::{CompressionLayer, predicate::SizeAbove};

/// What fits into one packet arrives no sooner if it is smaller, in bytes.
const WORTHWHILE: u64 = 1024;

/// Brotli, gzip or zstd, as the client prefers.
pub fn layer() -> CompressionLayer<SizeAbove> {
    CompressionLayer::new().compress_when(SizeAbove::new(WORTHWHILE))
}

/// The status with which a request was answered.
#[derive(Clone, Copy)]
struct Answered(StatusCode);

/// Remembers the status below the layer.
pub async fn remember(mut response: Response) -> Response {
    let status = response.status();
    response.extensions_mut().insert(Answered(status));
    response
}

/// Restores the status above the layer, which puts 406 in its place if the client excludes every coding. By
/// then the request was executed, and whoever reads 406 would send it again.
pub async fn restore(mut response: Response) -> Response {
    if let Some(Answered(status)) = response.extensions().get().copied() {
        *response.status_mut() = status;
    }
    response
}
