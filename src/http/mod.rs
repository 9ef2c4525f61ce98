//! HTTP: the paths, and what every request passes on its way in and out.

mod answer;
mod body;
mod cache;
mod compression;
mod cors;
mod graphiql;
mod graphql;
mod health;
mod landing;
mod media;
mod request;
mod security;
pub mod serve;

use std::sync::Arc;

use axum::{
    Router,
    middleware::{from_fn, map_response},
    routing::get,
};
use tower_http::catch_panic::CatchPanicLayer;

use self::{body::Bodies, cache::Fixed, graphql::Endpoint};
use crate::{config::Http, execute::Graph, schema, telemetry};

/// Everything that is served.
pub fn router(graph: Arc<Graph>, config: &Http) -> Router {
    let bodies = Arc::new(Bodies::new(config.max_body_bytes, config.body_time()));
    let endpoint = Endpoint { graph, status_codes: config.status_codes, bodies };
    let router = paths(config)
        .with_state(endpoint)
        .layer(CatchPanicLayer::custom(answer::refuse_after_panic))
        .layer(from_fn(cache::revalidate))
        .layer(map_response(compression::remember))
        .layer(compression::layer())
        .layer(map_response(compression::restore));
    let router = match cors::layer(&config.cors_origins) {
        Some(cors) => router.layer(cors),
        None => router,
    };
    // The log is outermost, so that it knows the answer as the client gets it.
    router.layer(map_response(security::protect)).layer(from_fn(telemetry::observe))
}

fn paths(config: &Http) -> Router<Endpoint> {
    let mut paths = Router::new()
        .route("/graphql", get(graphql::answer).post(graphql::answer).fallback(graphql::refuse_method))
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .merge(landing::paths(config));
    if config.shows_schema() {
        // As plain text a browser shows it instead of saving it.
        let schema = Fixed::new(schema::sdl(), "text/plain; charset=utf-8", []);
        paths = paths.route("/schema.graphql", get(|| async { schema }));
    }
    if config.shows_graphiql() {
        paths = paths.merge(graphiql::paths());
    }
    paths
}
