//! Accept: which of the two types an answer has.

use reqwest::StatusCode;

use super::{GRAPHQL_RESPONSE, JSON, WELL_FORMED, content_type, header, refused};
use crate::app::TestApp;

#[tokio::test]
async fn json_is_answered_where_nothing_else_is_asked_for() {
    let app = TestApp::start().await;
    let silent = app.post(WELL_FORMED, &[JSON]).await;
    assert_eq!(content_type(&silent), "application/json; charset=utf-8");
    for accept in ["*/*", "application/*", "application/json", "text/html, application/json;q=0.5"] {
        let response = app.post(WELL_FORMED, &[JSON, ("accept", accept)]).await;
        assert_eq!(response.status(), StatusCode::OK, "{accept}");
        assert_eq!(content_type(&response), "application/json; charset=utf-8", "{accept}");
    }
}

#[tokio::test]
async fn a_graphql_response_is_answered_where_it_is_preferred_and_says_its_charset() {
    let app = TestApp::start().await;
    for accept in [
        GRAPHQL_RESPONSE,
        "application/graphql-response+json;charset=utf-8, application/json;charset=utf-8",
        "application/graphql-response+json,application/json;q=0.9",
        "application/json;q=0.9, application/graphql-response+json",
        "application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed",
    ] {
        let response = app.post(WELL_FORMED, &[JSON, ("accept", accept)]).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(content_type(&response), "application/graphql-response+json; charset=utf-8", "{accept}");
    }
}

#[tokio::test]
async fn the_type_of_higher_quality_is_answered_with() {
    let app = TestApp::start().await;
    for (accept, expected) in [
        ("application/graphql-response+json;q=0.1, application/json;q=0.2", "application/json"),
        ("application/graphql-response+json;q=0.2, application/json;q=0.1", GRAPHQL_RESPONSE),
        ("application/json;q=0, */*", GRAPHQL_RESPONSE),
    ] {
        let response = app.post(WELL_FORMED, &[JSON, ("accept", accept)]).await;
        assert!(content_type(&response).starts_with(expected), "{accept}");
    }
}

#[tokio::test]
async fn a_client_that_takes_neither_type_is_refused_and_nothing_is_executed() {
    let app = TestApp::start().await;
    let create = r#"{"query":"mutation { createCustomer(input: { name: \"Ada\" }) { customer { id } } }"}"#;
    for accept in ["text/html", "application/json;q=0", "multipart/mixed, text/event-stream"] {
        refused(app.post(create, &[JSON, ("accept", accept)]).await, StatusCode::NOT_ACCEPTABLE).await;
    }
    assert_eq!(app.counts().await["customers"]["totalCount"], 0);
}

#[tokio::test]
async fn what_was_chosen_by_accept_says_so() {
    let app = TestApp::start().await;
    for accept in ["application/json", GRAPHQL_RESPONSE, "text/html"] {
        let response = app.post(WELL_FORMED, &[JSON, ("accept", accept)]).await;
        assert_eq!(header(&response, "vary"), "accept, accept-encoding", "{accept}");
    }
}
