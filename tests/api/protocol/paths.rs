//! The paths besides `/graphql`, and the switches that some of them have.

use reqwest::StatusCode;
use serde_json::json;
use tempfile::TempDir;

use super::content_type;
use crate::{
    app::TestApp,
    process::{Server, client, program},
};

#[tokio::test]
async fn the_root_leads_to_graphiql() {
    let app = TestApp::start().await;
    let response = app.get("/").await;
    assert!(response.status().is_redirection());
    assert_eq!(response.headers()["location"], "/graphiql");
    let page = app.get("/graphiql").await;
    assert_eq!(content_type(&page), "text/html; charset=utf-8");
    assert!(page.text().await.unwrap().contains("createCustomer"));
}

#[tokio::test]
async fn without_graphiql_nothing_leads_to_it() {
    let app = TestApp::with(&["--graphiql", "off"]).await;
    for path in ["/graphiql", "/"] {
        assert_eq!(app.get(path).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(app.get("/schema.graphql").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn the_server_says_that_it_is_alive_and_ready() {
    let app = TestApp::start().await;
    for path in ["/healthz", "/readyz"] {
        assert_eq!(app.get(path).await.status(), StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn the_schema_is_served_as_text() {
    let app = TestApp::start().await;
    let response = app.get("/schema.graphql").await;
    assert_eq!(content_type(&response), "text/plain; charset=utf-8");
    assert_eq!(response.text().await.unwrap(), customer_graph::schema::sdl());
}

#[tokio::test]
async fn without_introspection_nobody_learns_the_schema() {
    let app = TestApp::with(&["--introspection", "off"]).await;
    assert_eq!(app.get("/schema.graphql").await.status(), StatusCode::NOT_FOUND);
    for (document, field) in [
        ("{ __schema { types { name } } }", "__schema"),
        ("{ a: __type(name: \"ID\") { name } }", "__type"),
        ("{ ... { ... on Query { __schema { __typename } } } }", "__schema"),
        ("{ ...F } fragment F on Query { __type(name: \"ID\") { name } }", "__type"),
        ("query A { __schema { __typename } } query B { __typename }", "__schema"),
    ] {
        let answer = app.graphql(document, json!({})).await;
        assert_eq!(answer.get("data"), None, "{answer}");
        let error = &answer["errors"][0];
        assert_eq!(error["message"], format!("introspection is switched off, `{field}` is not served"));
        assert_eq!(error["extensions"], json!({ "code": "GRAPHQL_VALIDATION_FAILED" }));
        assert!(error["locations"][0]["line"].is_u64(), "{answer}");
    }
    let data = app.data("{ __typename customers { __typename } }", json!({})).await;
    assert_eq!(data, json!({ "__typename": "Query", "customers": { "__typename": "CustomerConnection" } }));
}

#[tokio::test]
async fn a_server_that_others_can_reach_shows_its_schema_only_if_it_is_told_to() {
    let everywhere = ("LISTEN", "0.0.0.0:0");
    for (environment, status) in [
        (&[everywhere][..], StatusCode::NOT_FOUND),
        (&[everywhere, ("INTROSPECTION", "on"), ("GRAPHIQL", "on")], StatusCode::OK),
        (&[("LISTEN", "127.0.0.1:0")], StatusCode::OK),
        (&[("LISTEN", "127.0.0.1:0"), ("INTROSPECTION", "off"), ("GRAPHIQL", "off")], StatusCode::NOT_FOUND),
    ] {
        let directory = TempDir::new().unwrap();
        let server = Server::of(program(directory.path(), &[], environment)).await;
        assert_eq!(server.lines[1] == "GraphiQL: off", status == StatusCode::NOT_FOUND);
        for path in ["/graphiql", "/schema.graphql"] {
            let response = client().get(format!("{}{path}", server.url)).send().await.unwrap();
            assert_eq!(response.status(), status, "{environment:?} {path}");
        }
    }
}

#[tokio::test]
async fn every_answer_has_an_id_of_its_own() {
    let app = TestApp::start().await;
    let mut ids = Vec::new();
    for path in ["/healthz", "/graphql", "/graphiql", "/nowhere"] {
        ids.push(app.get(path).await.headers()["x-request-id"].to_str().unwrap().to_owned());
    }
    assert!(ids.iter().all(|id| id.len() == 16 && id.chars().all(|digit| digit.is_ascii_hexdigit())));
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 4);
}
