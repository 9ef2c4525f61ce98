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
        ("NaN", "line 1 column 1"),
        ("{\"query\":\"{a}\"", "EOF while parsing an object at line 1 column 14"),
        ("{\n\"query\": \"{a}\",\n}", "line 3 column 1"),
        (r#"{"query":"{a}"} {}"#, "line 1 column 17"),
        (r#"{"query":"\ud83d"}"#, "column 17"),
        (r#"{"query":"{a}","variables":{"name":"\udc00"}}"#, "column 42"),
    ] {
        let message = refused(app.post(body.to_owned(), &[JSON]).await, StatusCode::BAD_REQUEST).await;
        assert!(message.starts_with("the body is no JSON: "), "{message}");
        assert!(message.ends_with(place), "{message}");
    }
    for (body, expected) in [
        (deep.into_bytes(), "the body is nested more than 127 levels deep at line 1 column 158"),
        (b"{\"query\":\"\xe9\"}".to_vec(), "the body is not in UTF-8, from its byte 11 on"),
        (b"{\"other\":\"\xe9\"}".to_vec(), "the body is not in UTF-8, from its byte 11 on"),
        (b"".to_vec(), "the body is empty"),
        (b" \n".to_vec(), "the body is empty"),
        (b"\xef\xbb\xbf".to_vec(), "the body is empty"),
    ] {
        assert_eq!(refused(app.post(body, &[JSON]).await, StatusCode::BAD_REQUEST).await, expected);
    }
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
    for (body, expected) in [
        (r#"{"query":7}"#, "`query` has to be a string or null, not a number"),
        (r#"{"query":["{a}"]}"#, "`query` has to be a string or null, not an array"),
        (r#"{"query":"{a}","documentId":-1.5}"#, "`documentId` has to be a string or null, not a number"),
        (r#"{"query":"{a}","variables":"x"}"#, "`variables` has to be an object or null, not a string"),
        (r#"{"query":"{a}","variables":[]}"#, "`variables` has to be an object or null, not an array"),
        (
            r#"{"query":"{a}","operationName":{}}"#,
            "`operationName` has to be a string or null, not an object",
        ),
        (
            r#"{"query":"{a}","operationName":true}"#,
            "`operationName` has to be a string or null, not a boolean",
        ),
        (r#"{"query":"{a}","extensions":1}"#, "`extensions` has to be an object or null, not a number"),
        (r#"{"query":"{a}","query":null}"#, "the body is no request: `query` is there more than once"),
        (
            r#"{"query":"{a}","variables":{"a":1,"a":2}}"#,
            "the body is no request: `a` is there more than once in one object",
        ),
        (
            r#"{"query":"{a}","variables":{"i":[{"b":1,"b":1}]}}"#,
            "the body is no request: `b` is there more than once in one object",
        ),
        (
            r#"{"query":"{a}","extensions":{"i":{"c":{"d":1,"d":null}}}}"#,
            "the body is no request: `d` is there more than once in one object",
        ),
        (
            r#"{"query":"{a}","variables":{"a":1e999}}"#,
            "the body has a number that is out of range at line 1 column 37",
        ),
        (
            r#"{"query":"{a}","extensions":{"persistedQuery":[]}}"#,
            "the extension `persistedQuery` has to be an object or null, not an array",
        ),
        (
            r#"{"query":"{a}","extensions":{"persistedQuery":{}}}"#,
            "`version` of the extension `persistedQuery` has to be 1, not absent",
        ),
        (
            r#"{"query":"{a}","extensions":{"persistedQuery":{"version":2}}}"#,
            "`version` of the extension `persistedQuery` has to be 1",
        ),
        (
            r#"{"query":"{a}","extensions":{"persistedQuery":{"version":1,"sha256Hash":null}}}"#,
            "`sha256Hash` of the extension `persistedQuery` has to be a string, not null",
        ),
        (
            r#"{"query":"{a}","extensions":{"dryRun":"yes"}}"#,
            "the extension `dryRun` has to be a boolean or null, not a string",
        ),
        ("7", "the body has to be an object, not a number"),
        ("null", "the body has to be an object, not null"),
        (" true", "the body has to be an object, not a boolean"),
        (r#""{a}""#, "the body has to be an object, not a string"),
    ] {
        let message = refused(app.post(body, &[JSON]).await, StatusCode::BAD_REQUEST).await;
        assert_eq!(message, expected, "{body}");
    }
}

#[tokio::test]
async fn a_byte_order_mark_before_the_body_is_passed_over() {
    let app = TestApp::start().await;
    let response = app.post(format!("\u{feff}{WELL_FORMED}"), &[JSON]).await;
    assert_eq!(response.text().await.unwrap(), r#"{"data":{"__typename":"Query"}}"#);
}

#[tokio::test]
async fn a_number_loses_none_of_its_digits_on_the_way() {
    let app = TestApp::start().await;
    for number in ["12345678901234567890", "123456789012345678901234567890", "1.00000000000000000001"] {
        let query = "query ($id: ID!) { customer(id: $id) { id } }";
        let body = format!(r#"{{"query":"{query}","variables":{{"id":{number}}}}}"#);
        let answer: serde_json::Value = app.post(body, &[JSON]).await.json().await.unwrap();
        let error = &answer["errors"][0];
        assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{answer}");
        assert_eq!(error["extensions"]["field"], json!(["id"]), "{answer}");
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
