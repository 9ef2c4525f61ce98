//! The paths besides `/graphql`, and the switches that some of them have.

use reqwest::{Response, StatusCode};
use serde_json::json;
use tempfile::TempDir;

use super::content_type;
use crate::{
    app::TestApp,
    process::{Server, client, program},
};

#[tokio::test]
async fn the_root_is_a_page_for_those_who_want_one_and_text_for_others() {
    let app = TestApp::start().await;
    let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    for (accept, kind) in [
        (Some(browser), "text/html; charset=utf-8"),
        (Some("text/plain, text/html;q=0.5"), "text/plain; charset=utf-8"),
        (Some("*/*"), "text/plain; charset=utf-8"),
        (None, "text/plain; charset=utf-8"),
    ] {
        let response = root(&app, accept).await;
        assert_eq!(response.status(), StatusCode::OK, "{accept:?}");
        assert_eq!(content_type(&response), kind, "{accept:?}");
        assert_eq!(response.headers()["vary"], "accept, accept-encoding");
        let text = response.text().await.unwrap();
        for path in ["graphiql", "graphql", "schema.graphql", "healthz", "readyz"] {
            assert!(text.contains(&format!("/{path}")), "{accept:?} {path}");
        }
    }
}

#[tokio::test]
async fn the_root_leads_to_nothing_that_is_switched_off() {
    let app = TestApp::with(&["--graphiql", "off", "--introspection", "off"]).await;
    for accept in ["text/html", "text/plain"] {
        let text = root(&app, Some(accept)).await.text().await.unwrap();
        assert!(text.contains("/graphql") && text.contains("/healthz"), "{text}");
        assert!(!text.contains("graphiql") && !text.contains("schema.graphql"), "{text}");
    }
}

async fn root(app: &TestApp, accept: Option<&str>) -> Response {
    let request = app.request("GET", "/");
    let request = accept.into_iter().fold(request, |request, accept| request.header("accept", accept));
    request.send().await.unwrap()
}

#[tokio::test]
async fn graphiql_has_the_first_step_of_the_guide() {
    let app = TestApp::start().await;
    let page = app.get("/graphiql").await;
    assert_eq!(content_type(&page), "text/html; charset=utf-8");
    assert!(page.text().await.unwrap().contains("GraphiQL"));
    let step = include_str!("../../../playground/steps/create-customer.graphql");
    let variables = include_str!("../../../playground/steps/create-customer.json");
    let data = app.data(step, serde_json::from_str(variables).unwrap()).await;
    assert_eq!(data["createCustomer"]["customer"]["id"], "Customer:1");
}

#[tokio::test]
async fn without_graphiql_nothing_is_in_its_place() {
    let app = TestApp::with(&["--graphiql", "off"]).await;
    assert_eq!(app.get("/graphiql").await.status(), StatusCode::NOT_FOUND);
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
