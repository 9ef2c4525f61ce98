//! GET: parameters in the path, and nothing but reading.

use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

use super::{GRAPHQL_RESPONSE, content_type, refused};
use crate::app::TestApp;

const CREATE: &str = "mutation { createCustomer(input: { name: \"Ada\" }) { customer { id } } }";

/// Sends these parameters, encoded as browsers encode them.
async fn get(app: &TestApp, parameters: &[(&str, &str)]) -> Response {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    app.get(&format!("/graphql?{query}")).await
}

async fn answer(app: &TestApp, parameters: &[(&str, &str)]) -> Value {
    let response = get(app, parameters).await;
    assert_eq!(response.status(), StatusCode::OK);
    response.json().await.unwrap()
}

#[tokio::test]
async fn a_query_may_come_as_parameters() {
    let app = TestApp::start().await;
    let query = "query A($name: String!) { __type(name: $name) { name } } query B { __typename }";
    let parameters = [("query", query), ("operationName", "A"), ("variables", r#"{"name":"ID"}"#)];
    assert_eq!(answer(&app, &parameters).await, json!({ "data": { "__type": { "name": "ID" } } }));
    let dry = [("query", "{ __typename }"), ("extensions", r#"{"dryRun":true}"#)];
    assert_eq!(answer(&app, &dry).await["extensions"], json!({ "dryRun": true }));
}

#[tokio::test]
async fn a_plus_is_a_space_and_what_is_percent_encoded_is_decoded() {
    let app = TestApp::start().await;
    app.customer("Søren + Co").await;
    for query in [
        "%7B+customers%28where%3A%7Bname%3A%7Beq%3A%22S%C3%B8ren+%2B+Co%22%7D%7D%29%7BtotalCount%7D%7D",
        "{%20customers(where:{name:{eq:%22S%C3%B8ren%20%2B%20Co%22}}){totalCount}}",
    ] {
        let found: Value = app.get(&format!("/graphql?query={query}")).await.json().await.unwrap();
        assert_eq!(found["data"]["customers"]["totalCount"], 1, "{found}");
    }
}

#[tokio::test]
async fn empty_parameters_are_absent_and_unknown_ones_ignored() {
    let app = TestApp::start().await;
    let empty = [
        ("query", "{ __typename }"),
        ("operationName", ""),
        ("variables", ""),
        ("extensions", ""),
        ("id", "1"),
        ("id", "2"),
    ];
    assert_eq!(answer(&app, &empty).await, json!({ "data": { "__typename": "Query" } }));
    let null = [("query", "{ __typename }"), ("variables", "null"), ("extensions", "null")];
    assert_eq!(answer(&app, &null).await, json!({ "data": { "__typename": "Query" } }));
    let named_null = [("query", "query null { __typename }"), ("operationName", "null")];
    assert_eq!(answer(&app, &named_null).await, json!({ "data": { "__typename": "Query" } }));
}

#[tokio::test]
async fn parameters_that_are_no_graphql_request_are_refused() {
    let app = TestApp::start().await;
    for (parameters, message) in [
        (&[][..], "the request has no `query`"),
        (&[("query", "")], "the request has no `query`"),
        (&[("query", "{a}"), ("query", "{b}")], "the parameter `query` is there more than once"),
        (
            &[("query", "{a}"), ("variables", "{}"), ("variables", "{}")],
            "the parameter `variables` is there more than once",
        ),
        (&[("query", "{a}"), ("variables", "[7]")], "`variables` has to be an object or null, not an array"),
        (
            &[("query", "{a}"), ("extensions", "{")],
            "the parameter `extensions` is no JSON: EOF while parsing an object at line 1 column 1",
        ),
        (
            &[("query", "{a}"), ("variables", "{}{}")],
            "the parameter `variables` is no JSON: trailing characters at line 1 column 3",
        ),
        (
            &[("query", "{a}"), ("extensions", r#"{"dryRun":1}"#)],
            "the extension `dryRun` has to be a boolean or null, not a number",
        ),
    ] {
        let told = refused(get(&app, parameters).await, StatusCode::BAD_REQUEST).await;
        assert_eq!(told, message);
    }
}

#[tokio::test]
async fn a_mutation_by_get_is_refused_and_not_executed() {
    let app = TestApp::start().await;
    let input = r#"{"input":{"name":"Ada"}}"#;
    let with_variables = "mutation A($input: CreateCustomerInput!) { createCustomer(input: $input) { customer { id } } } query B { __typename }";
    for parameters in [
        &[("query", CREATE)][..],
        &[("query", "mutation { __typename }")],
        &[("query", CREATE), ("extensions", r#"{"dryRun":true}"#)],
        &[("query", with_variables), ("operationName", "A"), ("variables", input)],
        &[("query", with_variables), ("operationName", "A"), ("variables", r#"{"input":7}"#)],
    ] {
        let response = get(&app, parameters).await;
        assert_eq!(response.headers()["allow"], "POST");
        let message = refused(response, StatusCode::METHOD_NOT_ALLOWED).await;
        assert_eq!(message, "a mutation takes a POST");
    }
    assert_eq!(app.counts().await["customers"]["totalCount"], 0);
}

#[tokio::test]
async fn a_document_that_also_has_a_mutation_may_be_read_from() {
    let app = TestApp::start().await;
    let both = format!("{CREATE} query B {{ __typename }}").replace("mutation {", "mutation A {");
    let parameters = [("query", both.as_str()), ("operationName", "B")];
    assert_eq!(answer(&app, &parameters).await, json!({ "data": { "__typename": "Query" } }));
    assert_eq!(app.counts().await["customers"]["totalCount"], 0);
}

#[tokio::test]
async fn a_key_for_repeating_means_nothing_to_a_query() {
    let app = TestApp::start().await;
    let long = "a".repeat(256);
    for keys in [&["\"one\""][..], &["\"one\""], &[""], &[&long], &["\"a"], &["one", "two"]] {
        let get = app.request("GET", "/graphql?query=%7B__typename%7D");
        let post = app.request("POST", "/graphql").header("content-type", "application/json");
        for request in [get, post.body(r#"{"query":"{ __typename }"}"#)] {
            let request = keys.iter().fold(request, |request, key| request.header("idempotency-key", *key));
            assert_eq!(request.send().await.unwrap().status(), StatusCode::OK, "{keys:?}");
        }
    }
}

#[tokio::test]
async fn errors_of_a_get_are_those_of_a_post() {
    let app = TestApp::start().await;
    for (query, code) in [("{", "GRAPHQL_PARSE_FAILED"), ("{ nothing }", "GRAPHQL_VALIDATION_FAILED")] {
        let told = answer(&app, &[("query", query)]).await;
        assert_eq!(told["errors"][0]["extensions"]["code"], code);
        assert_eq!(told.get("data"), None);
    }
}

#[tokio::test]
async fn a_head_is_a_get_without_a_body() {
    let app = TestApp::start().await;
    let request = app.request("HEAD", "/graphql?query=%7B__typename%7D");
    let response = request.header("accept", GRAPHQL_RESPONSE).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert!(content_type(&response).starts_with(GRAPHQL_RESPONSE));
    assert!(response.headers().contains_key("etag"));
    assert_eq!(response.text().await.unwrap(), "");
}
