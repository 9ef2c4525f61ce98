//! HTTP: the paths, and what every request passes on its way in and out.

mod activity;
mod answer;
mod body;
mod cache;
mod compression;
mod cors;
mod exchange;
mod extensions;
mod graphiql;
mod graphql;
mod health;
mod host;
mod landing;
mod media;
mod members;
mod request;
mod security;
pub mod serve;
mod stream;
mod unsent;

use std::sync::Arc;

use axum::{
    Router,
    middleware::{from_fn, from_fn_with_state, map_response},
    routing::get,
};
use tower_http::catch_panic::CatchPanicLayer;

use self::{body::Bodies, cache::Fixed, graphql::Endpoint};
use crate::{config::Http, execute::Graph, schema, telemetry};

/// Everything that is served.
pub fn router(graph: Arc<Graph>, config: &Http) -> Router {
    let bodies = Arc::new(Bodies::new(config.max_body_bytes, config.body_time()));
    let endpoint = Endpoint { graph, status_codes: config.status_codes, bodies };
    layers(paths(config).with_state(endpoint), config)
}

/// What every request passes before it reaches its path, and every answer after it.
fn layers(paths: Router, config: &Http) -> Router {
    let router = paths
        .layer(CatchPanicLayer::custom(answer::log_panic))
        .layer(from_fn(answer::answer_panics))
        .layer(from_fn(cache::revalidate))
        .layer(from_fn_with_state(compression::encoders(), compression::remember))
        .layer(compression::layer())
        .layer(map_response(compression::restore));
    let router = match cors::layer(&config.cors_origins, &config.cors_headers) {
        Some(cors) => router.layer(cors),
        None => router,
    };
    // The log is outermost, so that it knows the answer as the client gets it.
    router
        .layer(from_fn_with_state(Arc::new(config.hosts.clone()), host::check))
        .layer(map_response(security::protect))
        .layer(from_fn(telemetry::observe))
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

#[cfg(test)]
mod tests {
    use axum::{
        Extension,
        body::{Body, to_bytes},
        http::{Request, StatusCode},
    };
    use clap::Parser;
    use serde_json::{Value, json};
    use tower::ServiceExt;

    use super::*;
    use crate::{config::Config, execute::Progress};

    async fn panics() -> &'static str {
        panic!("a secret")
    }

    #[tokio::test]
    async fn a_panic_is_answered_as_an_internal_error_that_names_its_request() {
        let config = Config::parse_from(["customer-graph"]).http;
        let router = layers(Router::new().route("/", get(panics)), &config);
        let request = Request::get("/").header("host", "localhost").body(Body::empty()).unwrap();
        let response = router.oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(response.headers()["content-type"], "application/json; charset=utf-8");
        assert_eq!(response.headers()["cache-control"], "no-store");
        let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let error = json!({
            "message": format!("internal server error, request {id}"),
            "extensions": { "code": "INTERNAL_SERVER_ERROR", "requestId": id },
        });
        assert_eq!(serde_json::from_slice::<Value>(&body).unwrap(), json!({ "errors": [error] }));
    }

    #[tokio::test]
    async fn a_mutation_that_may_have_been_kept_before_the_program_panicked_says_so() {
        let panics = |Extension(progress): Extension<Progress>| async move {
            progress.may_write(true);
            progress.run();
            progress.keep();
            panics().await
        };
        let config = Config::parse_from(["customer-graph"]).http;
        let router = layers(Router::new().route("/", get(panics)), &config);
        let request = Request::get("/").header("host", "localhost").body(Body::empty()).unwrap();
        let response = router.oneshot(request).await.unwrap();
        let answer = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let answer: Value = serde_json::from_slice(&answer).unwrap();
        assert_eq!(answer["errors"][0]["extensions"]["outcome"], "UNKNOWN");
    }
}
