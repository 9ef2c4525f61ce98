//! Status codes: by the type of the answer, and by the edition that the server follows.

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{GRAPHQL_RESPONSE, JSON, content_type, raw::Raw};
use crate::app::TestApp;

const TWO: &str = "query A { __typename } query B { __typename }";
const PARTIAL: &str = r#"{ customer(id: "nonsense") { name } profiles { totalCount } }"#;
const FAILED: &str = "mutation { deleteCustomer(input: { id: \"Customer:1\" }) { __typename } }";

/// Sends bodies to a server that follows the drafts and to one that follows the edition; each with the status
/// that it has as JSON, as a GraphQL response of the drafts, and as one of the edition.
async fn compare(cases: &[(String, [u16; 3])]) {
    let draft = TestApp::start().await;
    let edition = TestApp::with(&["--status-codes", "edition"]).await;
    for (body, [as_json, as_draft, as_edition]) in cases {
        for (app, accept, status) in [
            (&draft, "application/json", as_json),
            (&edition, "application/json", as_json),
            (&draft, GRAPHQL_RESPONSE, as_draft),
            (&edition, GRAPHQL_RESPONSE, as_edition),
        ] {
            let response = app.post(body.clone(), &[JSON, ("accept", accept)]).await;
            assert_eq!(response.status().as_u16(), *status, "{accept}: {body}");
        }
    }
}

fn query(document: &str) -> String {
    json!({ "query": document }).to_string()
}

#[tokio::test]
async fn what_is_no_json_is_400() {
    let cases = ["", "NONSENSE", r#"{"query":"#, r#"{"query":7,"#, "[{]"];
    compare(&cases.map(|body| (body.to_owned(), [400, 400, 400]))).await;
}

#[tokio::test]
async fn json_that_is_no_request_is_422_in_the_edition() {
    let cases = [
        "{}",
        "7",
        "[]",
        r#"[{"query":"{ __typename }"}]"#,
        r#"{"qeury":"{ __typename }"}"#,
        r#"{"query":[]}"#,
        r#"{"query":"{ __typename }","operationName":1}"#,
        r#"{"query":"{ __typename }","variables":[7]}"#,
        r#"{"query":"{ __typename }","extensions":"x"}"#,
        r#"{"query":"{ __typename }","extensions":{"dryRun":"yes"}}"#,
    ];
    compare(&cases.map(|body| (body.to_owned(), [400, 400, 422]))).await;
}

#[tokio::test]
async fn a_document_that_cannot_be_parsed_is_400() {
    compare(&["{", "query", "\"", "{ a: }"].map(|document| (query(document), [200, 400, 400]))).await;
}

#[tokio::test]
async fn a_document_that_does_not_validate_is_422_in_the_edition() {
    let deep = format!("{{ {} }}", "a { ".repeat(40));
    compare(&["{ nothing }", &deep].map(|document| (query(document), [200, 400, 422]))).await;
}

#[tokio::test]
async fn an_operation_that_cannot_be_determined_is_422_in_the_edition() {
    let named = json!({ "query": TWO, "operationName": "C" }).to_string();
    compare(&[(query(TWO), [200, 400, 422]), (named, [200, 400, 422])]).await;
}

#[tokio::test]
async fn variables_that_cannot_be_coerced_are_422_in_the_edition() {
    let document = "query ($id: ID!) { customer(id: $id) { name } }";
    let cases = [json!({ "id": null }), json!({})];
    let body = |variables| json!({ "query": document, "variables": variables }).to_string();
    compare(&cases.map(|variables| (body(variables), [200, 400, 422]))).await;
}

#[tokio::test]
async fn data_with_errors_is_294_in_the_edition_even_if_it_is_null() {
    compare(&[PARTIAL, FAILED].map(|document| (query(document), [200, 200, 294]))).await;
}

#[tokio::test]
async fn data_without_errors_is_200() {
    compare(&[(query("{ customers { totalCount } }"), [200, 200, 200])]).await;
}

#[tokio::test]
async fn a_request_error_is_a_graphql_response_without_data() {
    for edition in ["draft", "edition"] {
        let app = TestApp::with(&["--status-codes", edition]).await;
        for document in ["{", "{ nothing }", ""] {
            for accept in ["application/json", GRAPHQL_RESPONSE] {
                let response = app.post(query(document), &[JSON, ("accept", accept)]).await;
                assert!(content_type(&response).starts_with(accept), "{document}");
                let answer: Value = response.json().await.unwrap();
                assert!(answer.get("data").is_none() && answer["errors"].is_array(), "{answer}");
            }
        }
    }
}

#[tokio::test]
async fn partial_success_says_its_name() {
    let app = TestApp::with(&["--status-codes", "edition"]).await;
    let mut connection = Raw::connect(&app.url).await;
    let path = "/graphql?query=%7Bcustomer(id:%22x%22)%7Bname%7D%7D";
    let headers = ["accept: application/graphql-response+json", "connection: close", ""];
    connection.begin(&format!("GET {path} HTTP/1.1"), &headers).await;
    assert_eq!(connection.line().await, "HTTP/1.1 294 Partial Success\r\n");
}

#[tokio::test]
async fn a_key_of_another_request_is_422_in_the_edition() {
    let app = TestApp::with(&["--status-codes", "edition"]).await;
    let create = |name| {
        query(&format!(
            "mutation {{ createCustomer(input: {{ name: \"{name}\" }}) {{ customer {{ id }} }} }}"
        ))
    };
    let headers = [JSON, ("accept", GRAPHQL_RESPONSE), ("idempotency-key", "\"one\"")];
    assert_eq!(app.post(create("Ada"), &headers).await.status(), StatusCode::OK);
    assert_eq!(app.post(create("Bob"), &headers).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
}
