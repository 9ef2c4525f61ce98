//! Errors: what each kind of bad request is told, and that the server goes on after it.

use reqwest::StatusCode;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::app::{TestApp, faults};

const TYPES: [(&str, StatusCode); 2] =
    [("application/json", StatusCode::OK), ("application/graphql-response+json", StatusCode::BAD_REQUEST)];
const CREATE: &str =
    "mutation ($name: String!) { createCustomer(input: { name: $name }) { customer { name } } }";

/// The answer to a request that must not be executed, which is the same for both media types.
pub async fn refused(app: &TestApp, request: &Value) -> Value {
    let mut answers = Vec::new();
    for (accept, status) in TYPES {
        let headers = [("content-type", "application/json"), ("accept", accept)];
        let response = app.post(request.to_string(), &headers).await;
        assert_eq!(response.status(), status, "{request}");
        let answer: Value = response.json().await.unwrap();
        assert_eq!(answer.get("data"), None, "{answer}");
        answers.push(answer);
    }
    assert_eq!(answers[0], answers[1]);
    assert_alive(app).await;
    answers.swap_remove(0)
}

/// Asserts that each of these documents is refused with that code, and says where.
async fn refused_with(code: &str, documents: &[&str]) {
    let app = TestApp::start().await;
    for document in documents {
        let answer = refused(&app, &json!({ "query": document })).await;
        for error in answer["errors"].as_array().unwrap() {
            assert_eq!(error["extensions"]["code"], code, "{document}: {answer}");
            assert!(error["locations"][0]["line"].is_u64(), "{document}: {answer}");
        }
    }
}

async fn assert_alive(app: &TestApp) {
    let data = app.data("{ customers { totalCount } }", json!({})).await;
    assert_eq!(data, json!({ "customers": { "totalCount": 0 } }));
}

#[tokio::test]
async fn a_document_that_is_no_graphql_fails_to_parse() {
    let documents = [
        "{",
        "}",
        "query",
        "{ customers(first: ) { totalCount } }",
        "{ customers { totalCount }",
        "{ }",
        "{ customers { } }",
        "SELECT 1",
        "{ node(id: \"1) { id } }",
        "{ a: }",
        "fragment on Customer { id } { a }",
        "{ customers { totalCount } } \u{0}",
        "\u{202e}{ a }",
        "{ customers @ { totalCount } }",
        "{ ...on }",
    ];
    refused_with("GRAPHQL_PARSE_FAILED", &documents).await;
}

#[tokio::test]
async fn a_document_without_an_operation_is_refused() {
    let app = TestApp::start().await;
    for document in ["", " ", "# nothing", "fragment F on Customer { id }"] {
        let answer = refused(&app, &json!({ "query": document })).await;
        let code = answer["errors"][0]["extensions"]["code"].as_str().unwrap();
        assert!(
            ["GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED"].contains(&code),
            "{document}: {answer}"
        );
    }
}

#[tokio::test]
async fn a_syntax_error_says_where_it_is() {
    let app = TestApp::start().await;
    let answer =
        refused(&app, &json!({ "query": "{\n  customers(first: 1 {\n    totalCount\n  }\n}" })).await;
    assert_eq!(answer["errors"].as_array().unwrap().len(), 1, "{answer}");
    assert_eq!(answer["errors"][0]["locations"], json!([{ "line": 2, "column": 22 }]));
}

#[tokio::test]
async fn a_document_that_does_not_fit_the_schema_fails_to_validate() {
    let documents = [
        "{ nothing }",
        "{ customers }",
        "{ customers { totalCount { a } } }",
        "{ customers(nothing: 1) { totalCount } }",
        "{ customers(first: \"1\") { totalCount } }",
        "{ customers(first: 99999999999) { totalCount } }",
        "{ customers(first: 1, first: 2) { totalCount } }",
        "{ customer { name } }",
        "{ customer(id: null) { name } }",
        "{ customer(id: [\"Customer:1\"]) { name } }",
        "{ customers { ...Missing } }",
        "{ customers { ... on Profile { name } } }",
        "{ customers { totalCount @nothing } }",
        "{ customers { totalCount @skip } }",
        "{ a: customers { totalCount } a: profiles { totalCount } }",
        "query ($id: ID) { customer(id: $id) { name } }",
        "query ($id: Nothing) { customer(id: $id) { name } }",
        "query ($unused: Int) { customers { totalCount } }",
        "{ customer(id: $undeclared) { name } }",
        "query A { customers { totalCount } } query A { profiles { totalCount } }",
        "fragment F on Customer { name } { customers { totalCount } }",
        "mutation { createCustomer(input: {}) { customer { id } } }",
        "mutation { createCustomer(input: { name: 1 }) { customer { id } } }",
        "mutation { createCustomer(input: { name: Ada }) { customer { id } } }",
        "mutation { createCustomer(input: { name: \"a\", age: 1 }) { customer { id } } }",
        "mutation { createCustomer(input: { name: \"a\", name: \"b\" }) { customer { id } } }",
        "mutation { createCustomer(input: { name: \"a\", profiles: [{ node: {} }] }) { customer { id } } }",
        "mutation { attachProfile(input: { customerId: \"a\", profileId: \"b\", onExisting: LATER }) { outcome } }",
        "subscription { customers { totalCount } }",
        "type Query { a: Int }",
    ];
    refused_with("GRAPHQL_VALIDATION_FAILED", &documents).await;
}

#[tokio::test]
async fn an_unknown_field_is_named_with_its_place() {
    let app = TestApp::start().await;
    let answer = refused(&app, &json!({ "query": "{\n  customers { totalCount nothing }\n}" })).await;
    assert_eq!(answer["errors"].as_array().unwrap().len(), 1);
    assert_eq!(answer["errors"][0]["locations"], json!([{ "line": 2, "column": 26 }]));
    assert!(answer["errors"][0]["message"].as_str().unwrap().contains("nothing"), "{answer}");
}

#[tokio::test]
async fn an_operation_has_to_be_named_where_there_are_several() {
    let app = TestApp::start().await;
    let two = "query A { customers { totalCount } } query B { profiles { totalCount } }";
    for name in [Value::Null, json!("C"), json!("")] {
        let answer = refused(&app, &json!({ "query": two, "operationName": name })).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED", "{name}");
    }
}

#[tokio::test]
async fn fragments_in_a_circle_are_refused() {
    let documents = [
        "{ ...F } fragment F on Query { ...F }",
        "{ ...A } fragment A on Query { ...B } fragment B on Query { __typename ...A }",
        "{ customers { nodes { ...C } } }
         fragment C on Customer { profiles { nodes { ...P } } }
         fragment P on Profile { customers { nodes { ...C } } }",
    ];
    refused_with("GRAPHQL_VALIDATION_FAILED", &documents).await;
}

#[tokio::test]
async fn variables_of_the_wrong_type_are_named_with_their_place() {
    let app = TestApp::start().await;
    let query =
        "mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { customer { id } } }";
    let profiles = |item: Value| json!({ "input": { "name": "a", "profiles": [item] } });
    for (variables, place) in [
        (json!({}), json!(["input"])),
        (json!({ "input": null }), json!(["input"])),
        (json!({ "input": "a" }), json!(["input"])),
        (json!({ "input": {} }), json!(["input", "name"])),
        (json!({ "input": { "name": null } }), json!(["input", "name"])),
        (json!({ "input": { "name": 1 } }), json!(["input", "name"])),
        (json!({ "input": { "name": ["a"] } }), json!(["input", "name"])),
        (json!({ "input": { "name": "a", "age": 1 } }), json!(["input", "age"])),
        (json!({ "input": { "name": "a", "profiles": null } }), json!(["input", "profiles"])),
        (profiles(Value::Null), json!(["input", "profiles", 0])),
        (profiles(json!({ "node": { "id": 1.5 } })), json!(["input", "profiles", 0, "node", "id"])),
        (
            profiles(json!({ "node": { "create": {} } })),
            json!(["input", "profiles", 0, "node", "create", "name"]),
        ),
    ] {
        let answer = refused(&app, &json!({ "query": query, "variables": variables })).await;
        assert_eq!(faults(&answer), json!([["BAD_USER_INPUT", place]]), "{variables}");
    }
}

#[tokio::test]
async fn texts_that_no_name_may_have_are_refused() {
    let app = TestApp::start().await;
    for name in [
        "",
        " \t\u{2003}",
        "a\u{0}b",
        "\u{0}",
        "a\nb",
        "a\u{1b}[2Jb",
        "a\u{7f}",
        "a\u{9f}b",
        &"é".repeat(256),
    ] {
        let literal = serde_json::to_string(name).unwrap().replace('\u{7f}', "\\u007f");
        let inline =
            format!("mutation {{ createCustomer(input: {{ name: {literal} }}) {{ customer {{ name }} }} }}");
        for (query, variables) in [(CREATE, json!({ "name": name })), (inline.as_str(), json!({}))] {
            let faults = app.faults(query, variables).await;
            assert_eq!(faults, json!([["BAD_USER_INPUT", ["input", "name"]]]), "{query} {name:?}");
        }
    }
    assert_alive(&app).await;
}

#[tokio::test]
async fn half_a_surrogate_pair_is_no_text() {
    let app = TestApp::start().await;
    for escape in [r"\ud83d", r"\ude00", r"\ude00\ud83d", r"\ud83d\ud83d", r"\ud83dx"] {
        for (accept, _) in TYPES {
            let body = format!(r#"{{"query":"{CREATE}","variables":{{"name":"{escape}"}}}}"#);
            let headers = [("content-type", "application/json"), ("accept", accept)];
            let response = app.post(body, &headers).await;
            assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{escape}");
            let answer: Value = response.json().await.unwrap();
            assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{answer}");
        }
    }
    let literals =
        [r"\ud83d", r"\ude00\ud83d", r"\ud83dx", r"\u{d83d}", r"\u{110000}", r"\u{}", r"\u00", r"\x"];
    for literal in literals {
        let document = format!("{{ customer(id: \"{literal}\") {{ name }} }}");
        let answer = refused(&app, &json!({ "query": document })).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "GRAPHQL_PARSE_FAILED", "{literal}: {answer}");
    }
}

#[tokio::test]
async fn every_way_to_write_a_character_is_read_alike() {
    let app = TestApp::start().await;
    for literal in ["😀", r"\ud83d\ude00", r"\u{1F600}"] {
        let query = format!(
            "mutation {{ createCustomer(input: {{ name: \"{literal}\" }}) {{ customer {{ name }} }} }}"
        );
        let data = app.data(&query, json!({})).await;
        assert_eq!(data["createCustomer"]["customer"]["name"], "😀", "{literal}");
    }
}

#[tokio::test]
async fn a_text_that_is_no_id_is_bad_input() {
    let app = TestApp::start().await;
    for id in ["", "1", "Customer:", "Customer:0", "Customer:x", "Order:1", "Profile:1", "\u{0}"] {
        let answer =
            app.graphql("query ($id: ID!) { customer(id: $id) { name } }", json!({ "id": id })).await;
        assert_eq!(answer["data"], json!({ "customer": null }), "{answer}");
        assert_eq!(faults(&answer), json!([["BAD_USER_INPUT", ["id"]]]), "{id}");
    }
}

#[tokio::test]
async fn a_database_that_fails_is_nobodys_business() {
    let app = TestApp::start().await;
    app.customer("Ada").await;
    app.connect().await.execute_unprepared("ALTER TABLE customer RENAME TO gone").await.unwrap();
    for query in [
        "{ customers { nodes { name } } }",
        "mutation { createCustomer(input: { name: \"a\" }) { customer { id } } }",
    ] {
        for (accept, _) in TYPES {
            let headers = [("content-type", "application/json"), ("accept", accept)];
            let response = app.post(json!({ "query": query }).to_string(), &headers).await;
            assert_eq!(response.status(), StatusCode::OK);
            let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
            let answer: Value = response.json().await.unwrap();
            assert_eq!(answer["data"], Value::Null);
            assert_eq!(answer["errors"].as_array().unwrap().len(), 1);
            let error = &answer["errors"][0];
            assert_eq!(error["message"], format!("internal server error, request {id}"));
            let mut extensions = json!({ "code": "INTERNAL_SERVER_ERROR", "requestId": id });
            if query.starts_with("mutation") {
                extensions["outcome"] = json!("ROLLED_BACK");
            }
            assert_eq!(error["extensions"], extensions);
        }
    }
    assert_eq!(app.get("/readyz").await.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(app.get("/healthz").await.status(), StatusCode::OK);
    assert_eq!(app.data("{ profiles { totalCount } }", json!({})).await["profiles"]["totalCount"], 0);
}

#[tokio::test]
async fn null_is_refused_where_a_variable_has_a_default_but_null_no_place() {
    let app = TestApp::start().await;
    let condition = "query ($y: Boolean = true) { __typename @include(if: $y) }";
    let argument = "query ($id: ID = \"Customer:1\") { customer(id: $id) { name } }";
    let field =
        "query ($y: Boolean = true) { customers(where: { name: { ignoreCase: $y } }) { totalCount } }";
    for (query, variables) in
        [(condition, json!({ "y": null })), (argument, json!({ "id": null })), (field, json!({ "y": null }))]
    {
        app.data(query, json!({})).await;
        let errors = app.errors(query, variables).await;
        assert_eq!(errors[0]["extensions"]["code"], "BAD_USER_INPUT", "{errors}");
    }
}

#[tokio::test]
async fn descriptions_in_a_document_are_read_over() {
    let app = TestApp::start().await;
    let query = "\"about\" query A(\"\"\"which\"\"\" $first: Int) { customers(first: $first) { ...F } }
        \"what\" fragment F on CustomerConnection { totalCount }";
    assert_eq!(app.data(query, json!({})).await, json!({ "customers": { "totalCount": 0 } }));
}

#[tokio::test]
async fn escapes_of_a_text_may_name_any_character() {
    let app = TestApp::start().await;
    app.customer("😀 é").await;
    for name in ["\\u{1F600} \\u{e9}", "\\uD83D\\uDE00 \\u00e9", "\\u{01F600}\\u0020\\u{00E9}"] {
        let query = format!("{{ customers(where: {{ name: {{ eq: \"{name}\" }} }}) {{ totalCount }} }}");
        assert_eq!(app.data(&query, json!({})).await["customers"]["totalCount"], 1, "{name}");
    }
}
