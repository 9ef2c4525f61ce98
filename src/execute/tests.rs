//! What becomes of a request in which the program panics.

use std::sync::Arc;

use async_graphql::{
    EmptySubscription, ServerResult, Value as AnswerValue,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextResolve, ResolveInfo},
};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::Request,
};
use clap::Parser;
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

use super::*;
use crate::{
    http,
    schema::{Mutation, Query},
};

/// Panics once a field of the root is resolved: what it wrote stands in the transaction by then.
struct Panics;

impl ExtensionFactory for Panics {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Panics)
    }
}

#[async_trait::async_trait]
impl Extension for Panics {
    async fn resolve(
        &self,
        ctx: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<AnswerValue>> {
        let is_of_root = info.path_node.parent.is_none();
        let value = next.run(ctx, info).await;
        assert!(!is_of_root, "a fault of this program");
        value
    }
}

/// A server whose program panics at the end of each request, and one in order, on the same file.
async fn routers(directory: &TempDir) -> [Router; 2] {
    let url = format!("sqlite:{}", directory.path().join("test.db").display());
    let config = Config::parse_from(["customer-graph", "--database-url", &url]);
    let database = Database::open(&config.database).await.unwrap();
    database.migrate_up().await.unwrap();
    let sound = Graph::new(database.clone(), &config).unwrap();
    let panicking = Schema::build(Query::default(), Mutation::default(), EmptySubscription);
    let panicking =
        Graph { schema: panicking.extension(Panics).finish(), ..Graph::new(database, &config).unwrap() };
    [panicking, sound].map(|graph| http::router(Arc::new(graph), &config.http))
}

async fn send(router: &Router, query: &str) -> (u16, Value) {
    let request =
        Request::post("/graphql").header("host", "localhost").header("content-type", "application/json");
    let request = request.body(Body::from(json!({ "query": query }).to_string())).unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    (status, serde_json::from_slice(&to_bytes(response.into_body(), usize::MAX).await.unwrap()).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mutation_in_which_the_program_panics_says_that_nothing_was_kept() {
    let directory = TempDir::new().unwrap();
    let [panicking, sound] = routers(&directory).await;
    let create = r#"mutation { createCustomer(input: { name: "Ada" }) { customer { id } } }"#;
    let (status, answer) = send(&panicking, create).await;
    let extensions = &answer["errors"][0]["extensions"];
    assert_eq!((status, &extensions["code"]), (500, &json!("INTERNAL_SERVER_ERROR")));
    assert_eq!(extensions["outcome"], "ROLLED_BACK");
    let (_, answer) = send(&sound, "{ customers { totalCount } }").await;
    assert_eq!(answer["data"]["customers"]["totalCount"], 0);
    let (status, answer) = send(&panicking, "{ customers { totalCount } }").await;
    assert_eq!((status, answer["errors"][0]["extensions"].get("outcome")), (500, None));
}
