//! HTTP: the paths, and what every request passes on its way in and out.

mod graphiql;
mod graphql;
mod health;
mod media;

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    extract::DefaultBodyLimit,
    http::{HeaderValue, header},
    middleware::{from_fn, map_response},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use tower_http::catch_panic::CatchPanicLayer;

use crate::{execute::Graph, telemetry};

/// Everything that is served. `sdl` is what `/schema.graphql` answers with.
pub fn router(graph: Arc<Graph>, sdl: String, max_body_bytes: usize) -> Router {
    let sdl = Bytes::from(sdl);
    Router::new()
        .route("/", get(|| async { Redirect::temporary("/graphiql") }))
        .route("/graphql", post(graphql::answer).fallback(graphql::refuse_method))
        .route("/graphiql", get(graphiql::page))
        .route("/schema.graphql", get(|| async { schema(sdl) }))
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .with_state(graph)
        .layer(DefaultBodyLimit::max(max_body_bytes))
        .layer(CatchPanicLayer::custom(graphql::refuse_after_panic))
        .layer(map_response(forbid_sniffing))
        // Outermost, so that the log knows the answer as the client gets it.
        .layer(from_fn(telemetry::observe))
}

// As plain text a browser shows it instead of saving it.
fn schema(sdl: Bytes) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], sdl)
}

async fn forbid_sniffing(mut response: Response) -> Response {
    let nosniff = HeaderValue::from_static("nosniff");
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, nosniff);
    response
}
