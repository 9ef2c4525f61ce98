//! Compression: of answers that are large enough to be worth it.

use axum::{http::StatusCode, response::Response};
use tower_http::compression::{
    CompressionLayer, Predicate,
    predicate::{NotForContentType, SizeAbove},
};

/// What fits into one packet arrives no sooner if it is smaller, in bytes.
const WORTHWHILE: u64 = 1024;

/// Fonts are compressed in themselves.
const FONT: NotForContentType = NotForContentType::const_new("font/woff2");

/// Brotli, gzip or zstd, as the client prefers.
pub fn layer() -> CompressionLayer<impl Predicate> {
    CompressionLayer::new().compress_when(SizeAbove::new(WORTHWHILE).and(FONT))
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
