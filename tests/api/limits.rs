//! Limits: documents and variables that would cost more than any honest one.

use serde_json::{Value, json};

use crate::{app::TestApp, errors::refused};

#[tokio::test]
async fn documents_that_nest_too_deep_are_refused_unread() {
    let app = TestApp::start().await;
    for bytes in [3_000, 60_000] {
        for (open, close) in [("[", "]"), ("{a:", "}")] {
            let levels = bytes / (open.len() + close.len());
            let value = format!("{}1{}", open.repeat(levels), close.repeat(levels));
            for document in [
                format!("{{ customers(first: {value}) {{ totalCount }} }}"),
                format!("{{ customers(first: {}", open.repeat(bytes / open.len())),
                format!("query ($a: Int = {value}) {{ customers(first: $a) {{ totalCount }} }}"),
                format!("query ($a: {}Int{}) {{ a }}", "[".repeat(bytes / 2), "]".repeat(bytes / 2)),
                format!("{{ customers @skip(if: {value}) {{ totalCount }} }}"),
            ] {
                assert_too_complex(&app, &document).await;
            }
        }
        for (open, close) in [("{a", "}"), ("{...{a", "}}"), ("{...on Query{a", "}}")] {
            let levels = bytes / (open.len() + close.len());
            assert_too_complex(&app, &format!("{}{}", open.repeat(levels), close.repeat(levels))).await;
        }
    }
}

async fn assert_too_complex(app: &TestApp, document: &str) {
    let answer = refused(app, &json!({ "query": document })).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "QUERY_TOO_COMPLEX", "{answer}");
}

#[tokio::test]
async fn a_fragment_bomb_is_refused_before_it_bursts() {
    let app = TestApp::start().await;
    let level =
        |n: usize| format!("fragment F{n} on Query {{ a: __typename ...F{0} b: __typename ...F{0} }}", n + 1);
    let levels: String = (0..28).map(level).collect();
    assert_too_complex(&app, &format!("{{ ...F0 }} {levels} fragment F28 on Query {{ __typename }}")).await;
}

#[tokio::test]
async fn too_many_selections_or_tokens_are_refused() {
    let app = TestApp::start().await;
    let below = "__typename ".repeat(101);
    let selections = format!("{{ customers {{ nodes {{ {} }} }} }}", "...F ".repeat(50));
    let selections = format!("{selections} fragment F on Customer {{ {below} }}");
    for document in [selections, format!("{{ {} }}", "a ".repeat(30_000)), "#".repeat(70_000)] {
        assert_too_complex(&app, &document).await;
    }
}

#[tokio::test]
async fn a_document_has_up_to_250_operations() {
    let app = TestApp::start().await;
    let operations = |n: usize| (0..n).map(|n| format!("query Q{n} {{ __typename }}\n")).collect::<String>();
    let asked = |n: usize| json!({ "query": operations(n), "operationName": "Q7" });
    let answer = app.post(asked(250).to_string(), &[("content-type", "application/json")]).await;
    assert_eq!(answer.json::<Value>().await.unwrap(), json!({ "data": { "__typename": "Query" } }));
    let error = json!({
        "message": "the document has more than 250 operations",
        "locations": [{ "line": 251, "column": 1 }],
        "extensions": { "code": "QUERY_TOO_COMPLEX" },
    });
    assert_eq!(refused(&app, &asked(251)).await["errors"], json!([error]));
}

#[tokio::test]
async fn each_limit_of_a_document_is_told_with_its_place() {
    let app = TestApp::start().await;
    let aliases = |n: usize| (0..n).map(|n| format!("a{n}: name ")).collect::<String>();
    let fragment = |n: usize| format!("fragment F on Customer {{ {} }}", aliases(n));
    let directives = |n: usize| format!("{{ customers {{ {} }} }}", "totalCount @skip(if: true) ".repeat(n));
    for (allowed, beyond, message, column) in [
        (
            format!("{{ customers {{ nodes {{ {} }} }} }}", aliases(200)),
            format!("{{ customers {{ nodes {{ {} }} }} }}", aliases(201)),
            "the operation has more than 200 aliases once fragments are spread",
            23 + aliases(200).len(),
        ),
        (
            format!("{{ customers {{ nodes {{ ...F b: name {} }} }} }} {}", aliases(99), fragment(100)),
            format!(
                "{{ customers {{ nodes {{ ...F ... on Customer {{ ...F }} b: name }} }} }} {}",
                fragment(100)
            ),
            "the operation has more than 200 aliases once fragments are spread",
            53,
        ),
        (
            format!("{{ {} }}", "__typename ".repeat(50)),
            format!("{{ {} ...F }} fragment F on Query {{ __typename }}", "__typename ".repeat(50)),
            "the operation has more than 50 root fields",
            1,
        ),
        (directives(500), directives(501), "the document has more than 500 directives", 26 + 27 * 500),
        (
            "query ($a: Boolean = true) { __typename @skip(if: false) @include(if: $a) }".to_owned(),
            format!("{{ __typename {} }}", "@skip(if: true) ".repeat(9)),
            "more than 8 directives stand in one place",
            14 + 16 * 8,
        ),
    ] {
        app.data(&allowed, json!({})).await;
        let answer = refused(&app, &json!({ "query": beyond })).await;
        let error = json!({
            "message": message,
            "locations": [{ "line": 1, "column": column }],
            "extensions": { "code": "QUERY_TOO_COMPLEX" },
        });
        assert_eq!(answer["errors"], json!([error]));
    }
}

#[tokio::test]
async fn a_deep_variable_is_refused() {
    let app = TestApp::start().await;
    let deep = (0..100).fold(json!(1), |inner, _| json!([inner]));
    let query = "query ($a: Int) { customers(first: $a) { totalCount } }";
    let request = json!({ "query": query, "variables": { "a": deep } });
    assert_eq!(refused(&app, &request).await["errors"][0]["extensions"]["code"], "QUERY_TOO_COMPLEX");
}

#[tokio::test]
async fn no_more_than_20_errors_are_told() {
    let app = TestApp::start().await;
    let unknown: String = (0..100).map(|n| format!("unknown{n} ")).collect();
    let document = format!("{{ customers {{ {unknown} }} }}");
    let answer = refused(&app, &json!({ "query": document })).await;
    assert_eq!(answer["errors"].as_array().unwrap().len(), 20);
}

#[tokio::test]
async fn a_payload_counts_as_many_objects_as_its_input_lists() {
    let app = TestApp::start().await;
    let below = "profiles(first: 100) { nodes { customers(first: 10) { nodes { name } } } }";
    let create = format!(
        "mutation ($input: CreateCustomersInput!) {{ createCustomers(input: $input) {{ customers {{ {below} }} }} }}"
    );
    let attach = format!(
        "mutation ($input: AttachCustomersInput!) {{
            attachCustomers(input: $input) {{ attached {{ edge {{ node {{ {below} }} }} }} }}
        }}"
    );
    let new = |count: usize| json!(vec![json!({ "name": "a" }); count]);
    let edges = json!(vec![json!({ "node": { "create": { "name": "a" } } }); 250]);
    let listed = create.replace("CreateCustomersInput!", "[CreateCustomerInput!]!");
    let listed = listed.replace("input: $input", "input: { customers: $input }");
    for (query, input) in [
        (&create, json!({ "customers": new(250) })),
        (&listed, new(250)),
        (&attach, json!({ "profileId": "Profile:1", "customers": edges })),
    ] {
        let answer = refused(&app, &json!({ "query": query, "variables": { "input": input } })).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "QUERY_TOO_COMPLEX", "{answer}");
    }
    let literal = format!("{{ customers: [{}] }}", "{ name: \"a\" } ".repeat(250));
    let literal = create.replace("($input: CreateCustomersInput!) ", "").replace("$input", &literal);
    assert_too_complex(&app, &literal).await;
    app.data(&create, json!({ "input": { "customers": new(2) } })).await;
}
