//! Compression: of answers that are large enough to be worth it, as long as there is memory for what it takes.

use std::sync::Arc;

use axum::{
    body::{Body, HttpBody},
    extract::{Request, State},
    http::{Extensions, HeaderMap, HeaderValue, StatusCode, Version, header},
    middleware::Next,
    response::Response,
};
use futures_util::StreamExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower_http::compression::{
    CompressionLayer, Predicate,
    predicate::{NotForContentType, SizeAbove},
};

/// What fits into one packet arrives no sooner if it is smaller, in bytes.
const WORTHWHILE: u64 = 1024;

/// Fonts are compressed in themselves.
const FONT: NotForContentType = NotForContentType::const_new("font/woff2");

/// How many mebibytes the encoders of all answers may take. Each goes on until the client has taken the last of its
/// answer.
const ENCODERS: usize = 128;

/// How many mebibytes one encoder takes, as measured: 14 of Brotli's, 2 of zstd's, half of one of gzip's.
fn memory_of(coding: &[u8]) -> usize {
    match coding {
        b"br" => 16,
        b"zstd" => 3,
        _ => 1,
    }
}

/// The memory that there is for encoders.
pub fn encoders() -> Arc<Semaphore> {
    Arc::new(Semaphore::new(ENCODERS))
}

/// Brotli, gzip or zstd, as the client prefers.
pub fn layer() -> CompressionLayer<impl Predicate> {
    let is_affordable = |_: StatusCode, _: Version, _: &HeaderMap, extensions: &Extensions| {
        extensions.get::<Answered>().is_none_or(|answered| answered.encoder.is_some())
    };
    CompressionLayer::new().compress_when(SizeAbove::new(WORTHWHILE).and(FONT).and(is_affordable))
}

/// What is known of an answer below the layer.
#[derive(Clone)]
struct Answered {
    status: StatusCode,
    /// The memory for its encoder, if there is enough of it.
    encoder: Option<Arc<OwnedSemaphorePermit>>,
}

/// Remembers below the layer the status of the answer, and takes memory for the encoder that it may need.
pub async fn remember(State(encoders): State<Arc<Semaphore>>, request: Request, next: Next) -> Response {
    let most = most_memory(request.headers());
    let mut response = next.run(request).await;
    let is_small = response.body().size_hint().upper().is_some_and(|size| size <= WORTHWHILE);
    let is_plain = !response.headers().contains_key(header::CONTENT_ENCODING);
    let encoder = match most {
        Some(most) if is_plain && !is_small => {
            encoders.try_acquire_many_owned(most as u32).ok().map(Arc::new)
        }
        _ => None,
    };
    let status = response.status();
    response.extensions_mut().insert(Answered { status, encoder });
    response
}

/// The memory for the encoder of any coding that these headers may mean.
fn most_memory(headers: &HeaderMap) -> Option<usize> {
    let accepted = headers.get_all(header::ACCEPT_ENCODING);
    let names = |coding: &str| {
        let names = |value: &HeaderValue| {
            value.to_str().is_ok_and(|text| text.contains('*') || text.contains(coding))
        };
        accepted.iter().any(names)
    };
    ["br", "zstd", "gzip"].into_iter().find(|coding| names(coding)).map(|coding| memory_of(coding.as_bytes()))
}

/// Restores the status above the layer, which puts 406 in its place if the client excludes every coding. By
/// then the request was executed, and whoever reads 406 would send it again. What the encoder takes is free for others
/// once the answer has been sent.
pub async fn restore(mut response: Response) -> Response {
    let Some(Answered { status, encoder }) = response.extensions_mut().remove() else { return response };
    *response.status_mut() = status;
    let (Some(mut memory), Some(coding)) =
        (encoder.and_then(Arc::into_inner), response.headers().get(header::CONTENT_ENCODING))
    else {
        return response;
    };
    let surplus = memory.num_permits().saturating_sub(memory_of(coding.as_bytes()));
    drop(memory.split(surplus));
    response.map(|body| Body::from_stream(body.into_data_stream().inspect(move |_| _ = &memory)))
}
