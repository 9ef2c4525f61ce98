//! What clients keep: entity tags and 304.

use reqwest::{Response, StatusCode};

use super::{GRAPHQL_RESPONSE, JSON, WELL_FORMED, header};
use crate::app::TestApp;

const NAMES: &str = "/graphql?query=%7Bcustomers%7Bnodes%7Bname%7D%7D%7D";

async fn get(app: &TestApp, path: &str, headers: &[(&str, &str)]) -> Response {
    let request = app.request("GET", path);
    headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).send().await.unwrap()
}

/// The tag of what is answered.
async fn tag(app: &TestApp, path: &str, headers: &[(&str, &str)]) -> String {
    let response = get(app, path, headers).await;
    assert_eq!(response.status(), StatusCode::OK);
    header(&response, "etag").to_owned()
}

#[tokio::test]
async fn a_query_by_get_may_be_kept_and_is_asked_for_again() {
    let app = TestApp::start().await;
    let response = get(&app, NAMES, &[]).await;
    assert_eq!(header(&response, "cache-control"), "private, no-cache");
    assert_eq!(header(&response, "vary"), "accept, accept-encoding");
    assert!(header(&response, "etag").starts_with("W/\""), "{response:?}");
}

#[tokio::test]
async fn the_tag_changes_with_the_answer_and_with_its_type() {
    let app = TestApp::start().await;
    let empty = tag(&app, NAMES, &[]).await;
    assert_eq!(tag(&app, NAMES, &[]).await, empty);
    assert_ne!(tag(&app, NAMES, &[("accept", GRAPHQL_RESPONSE)]).await, empty);
    app.customer("Ada").await;
    assert_ne!(tag(&app, NAMES, &[]).await, empty);
}

#[tokio::test]
async fn what_a_client_has_already_is_not_sent_again() {
    let app = TestApp::start().await;
    for path in [NAMES, "/", "/schema.graphql", "/graphiql"] {
        let tag = tag(&app, path, &[]).await;
        let strong = tag.trim_start_matches("W/");
        for kept in [&tag, strong, &format!("\"a\", W/\"b,c\",{tag}"), "*"] {
            let response = get(&app, path, &[("if-none-match", kept)]).await;
            assert_eq!(response.status(), StatusCode::NOT_MODIFIED, "{path} {kept}");
            assert_eq!(header(&response, "etag"), tag);
            for name in ["cache-control", "vary", "x-request-id"] {
                assert_ne!(header(&response, name), "", "{path} {name}");
            }
            assert_eq!(header(&response, "content-type"), "");
            assert_eq!(response.text().await.unwrap(), "");
        }
        for other in ["\"other\"", "", "W/", "\"*\""] {
            let response = get(&app, path, &[("if-none-match", other)]).await;
            assert_eq!(response.status(), StatusCode::OK, "{path} {other}");
        }
    }
}

#[tokio::test]
async fn what_changed_is_sent_again() {
    let app = TestApp::start().await;
    let before = tag(&app, NAMES, &[]).await;
    app.customer("Ada").await;
    let response = get(&app, NAMES, &[("if-none-match", &before)]).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert!(response.text().await.unwrap().contains("Ada"));
}

#[tokio::test]
async fn an_answer_with_errors_is_not_kept() {
    let app = TestApp::start().await;
    for path in [
        "/graphql?query=%7B",
        "/graphql?query=%7Bnothing%7D",
        "/graphql?query=%7Bcustomer(id:%22x%22)%7Bname%7D%7D",
        "/graphql?query=mutation%7B__typename%7D",
        "/graphql",
    ] {
        let response = get(&app, path, &[("if-none-match", "*")]).await;
        assert_ne!(response.status(), StatusCode::NOT_MODIFIED, "{path}");
        assert_eq!(header(&response, "cache-control"), "no-store", "{path}");
        assert_eq!(header(&response, "etag"), "", "{path}");
    }
}

#[tokio::test]
async fn an_answer_to_a_post_is_not_kept() {
    let app = TestApp::start().await;
    let response = app.post(WELL_FORMED, &[JSON, ("if-none-match", "*")]).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(header(&response, "cache-control"), "no-store");
    assert_eq!(header(&response, "etag"), "");
}
