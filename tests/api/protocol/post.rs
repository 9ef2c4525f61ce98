//! POST: which bodies are requests.

use reqwest::StatusCode;
use serde_json::json;

use super::{GRAPHQL_RESPONSE, JSON, WELL_FORMED, content_type, header, refused};
use crate::app::TestApp;

#[tokio::test]
async fn a_query_is_answered_with_data_alone() {
    let app = TestApp::start().await;
    let response = app.post(WELL_FORMED, &[JSON]).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(content_type(&response), "application/json; charset=utf-8");
    assert_eq!(header(&response, "cache-control"), "no-store");
    assert_eq!(response.text().await.unwrap(), r#"{"data":{"__typename":"Query"}}"#);
}

#[tokio::test]
async fn every_method_but_get_head_and_post_is_refused() {
    let app = TestApp::start().await;
    for method in ["PUT", "PATCH", "DELETE", "OPTIONS", "QUERY"] {
        let path = "/graphql?query=%7B__typename%7D";
        let response = app.request(method, path).send().await.unwrap();
        assert_eq!(response.headers()["allow"], "GET, HEAD, POST");
        let message = refused(response, StatusCode::METHOD_NOT_ALLOWED).await;
        assert_eq!(message, format!("{method} is not supported, use GET or POST"));
    }
}

#[tokio::test]
async fn a_body_that_is_not_declared_as_json_is_refused() {
    let app = TestApp::start().await;
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "application/graphql-response+json",
        "application/jsonp",
        "text/plain; a=application/json",
        "application/json; charset=utf-16",
    ] {
        let response = app.post(WELL_FORMED, &[("content-type", content_type)]).await;
        refused(response, StatusCode::UNSUPPORTED_MEDIA_TYPE).await;
    }
    let undeclared = app.post(WELL_FORMED, &[]).await;
    refused(undeclared, StatusCode::UNSUPPORTED_MEDIA_TYPE).await;
}

#[tokio::test]
async fn json_may_be_declared_with_its_charset_and_in_any_case() {
    let app = TestApp::start().await;
    for content_type in ["application/json;charset=utf-8", "Application/JSON; Charset=\"UTF-8\""] {
        let response = app.post(WELL_FORMED, &[("content-type", content_type)]).await;
        assert_eq!(response.status(), StatusCode::OK, "{content_type}");
    }
}

#[tokio::test]
async fn a_compressed_body_is_refused_and_told_how_to_come() {
    let app = TestApp::start().await;
    for encoding in ["gzip", "br", "zstd", "identity, gzip"] {
        let response = app.post(WELL_FORMED, &[JSON, ("content-encoding", encoding)]).await;
        assert_eq!(header(&response, "accept-encoding"), "identity", "{encoding}");
        refused(response, StatusCode::UNSUPPORTED_MEDIA_TYPE).await;
    }
    let plain = app.post(WELL_FORMED, &[JSON, ("content-encoding", "identity")]).await;
    assert_eq!(plain.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused() {
    let app = TestApp::start().await;
    let padded = |length: usize| format!("{WELL_FORMED}{}", " ".repeat(length - WELL_FORMED.len()));
    assert_eq!(app.post(padded(1024 * 1024), &[JSON]).await.status(), StatusCode::OK);
    let response = app.post(padded(1024 * 1024 + 1), &[JSON]).await;
    assert_eq!(refused(response, StatusCode::PAYLOAD_TOO_LARGE).await, "the body is too large");
}

#[tokio::test]
async fn malformed_json_is_refused_with_its_place() {
    let app = TestApp::start().await;
    let deep = format!(r#"{{"query":"{{a}}","variables":{{"a":{}"#, "[".repeat(100_000));
    for (body, place) in [
        ("", "line 1 column 0"),
        ("{\n\"query\": \"{a}\",\n}", "line 3 column 1"),
        (r#"{"query":"{a}"} {}"#, "line 1 column 17"),
        (r#"{"query":"\ud83d"}"#, "column 17"),
        (r#"{"query":"{a}","variables":{"name":"\udc00"}}"#, "column 42"),
        (&deep, "recursion limit exceeded at line 1 column 158"),
    ] {
        let message = refused(app.post(body.to_owned(), &[JSON]).await, StatusCode::BAD_REQUEST).await;
        assert!(message.starts_with("the body is no GraphQL request: "), "{message}");
        assert!(message.ends_with(place), "{message}");
    }
    let latin1 = b"{\"query\":\"\xe9\"}".to_vec();
    refused(app.post(latin1, &[JSON]).await, StatusCode::BAD_REQUEST).await;
}

#[tokio::test]
async fn a_batch_is_refused() {
    let app = TestApp::start().await;
    for body in [format!("[{WELL_FORMED}]"), " [ ]".to_owned(), r#"["{ __typename }"]"#.to_owned()] {
        let message = refused(app.post(body, &[JSON]).await, StatusCode::BAD_REQUEST).await;
        assert_eq!(message, "the body is an array; requests are sent one by one");
    }
}

#[tokio::test]
async fn json_that_is_no_graphql_request_is_refused() {
    let app = TestApp::start().await;
    for body in ["{}", r#"{"query":null}"#, r#"{"qeury":"{a}"}"#] {
        let message = refused(app.post(body, &[JSON]).await, StatusCode::BAD_REQUEST).await;
        assert_eq!(message, "the request has no `query`");
    }
    for (body, reason) in [
        (r#"{"query":7}"#, "invalid type: integer `7`, expected a string at line 1 column 10"),
        (
            r#"{"query":"{a}","variables":"x"}"#,
            "invalid type: string \"x\", expected a map at line 1 column 30",
        ),
        (r#"{"query":"{a}","variables":[]}"#, "invalid type: sequence, expected a map at line 1 column 27"),
        (r#"{"query":"{a}","operationName":{}}"#, "invalid type: map, expected a string at line 1 column 31"),
        (
            r#"{"query":"{a}","extensions":1}"#,
            "invalid type: integer `1`, expected a map at line 1 column 29",
        ),
        (r#"{"query":"{a}","query":"{b}"}"#, "duplicate field `query` at line 1 column 22"),
        ("7", "invalid type: integer `7`, expected a JSON object at line 1 column 1"),
    ] {
        let message = refused(app.post(body, &[JSON]).await, StatusCode::BAD_REQUEST).await;
        assert_eq!(message, format!("the body is no GraphQL request: {reason}"));
    }
}

#[tokio::test]
async fn null_members_are_absent_and_unknown_ones_ignored() {
    let app = TestApp::start().await;
    let body = json!({
        "query": "{ __typename }", "operationName": null, "variables": null, "extensions": null, "id": [1],
    });
    let response = app.post(body.to_string(), &[JSON]).await;
    assert_eq!(response.text().await.unwrap(), r#"{"data":{"__typename":"Query"}}"#);
}

#[tokio::test]
async fn variables_reach_the_operation() {
    let app = TestApp::start().await;
    let query = "query ($name: String!) { __type(name: $name) { name } }";
    let answer = app.graphql(query, json!({ "name": "ID" })).await;
    assert_eq!(answer, json!({ "data": { "__type": { "name": "ID" } } }));
}

#[tokio::test]
async fn of_several_operations_the_named_one_runs() {
    let app = TestApp::start().await;
    let body =
        json!({ "query": "query A { a: __typename } query B { b: __typename }", "operationName": "B" });
    let response = app.post(body.to_string(), &[JSON]).await;
    assert_eq!(response.text().await.unwrap(), r#"{"data":{"b":"Query"}}"#);
}

#[tokio::test]
async fn a_refusal_is_never_labelled_as_a_graphql_response() {
    let app = TestApp::with(&["--status-codes", "edition"]).await;
    let accept = ("accept", GRAPHQL_RESPONSE);
    refused(app.post("{", &[JSON, accept]).await, StatusCode::BAD_REQUEST).await;
    refused(app.post("{}", &[JSON, accept]).await, StatusCode::UNPROCESSABLE_ENTITY).await;
    refused(app.post("{}", &[accept]).await, StatusCode::UNSUPPORTED_MEDIA_TYPE).await;
    let large = " ".repeat(1024 * 1024 + 1);
    refused(app.post(large, &[JSON, accept]).await, StatusCode::PAYLOAD_TOO_LARGE).await;
}
