//! Attacks: each is answered as what it is, and the server answers an ordinary request right after.

use async_compression::tokio::bufread::GzipEncoder;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::io::AsyncReadExt;

use crate::{app::TestApp, protocol::raw::Raw};

const JSON: (&str, &str) = ("content-type", "application/json");

/// The code with which GraphQL refuses a document.
async fn code(app: &TestApp, query: &str) -> String {
    let answer = app.graphql(query, Value::Null).await;
    assert_eq!(answer.get("data"), None, "{answer}");
    let errors = answer["errors"].as_array().unwrap();
    assert!((1..=20).contains(&errors.len()));
    answers_on(app).await;
    errors[0]["extensions"]["code"].as_str().unwrap().to_owned()
}

/// The status of the answer to a body.
async fn status(app: &TestApp, body: impl Into<reqwest::Body>, headers: &[(&str, &str)]) -> StatusCode {
    let response = app.post(body, headers).await;
    let status = response.status();
    let answer: Value = response.json().await.unwrap();
    assert!(answer["errors"][0]["message"].is_string(), "{answer}");
    answers_on(app).await;
    status
}

async fn answers_on(app: &TestApp) {
    assert_eq!(app.counts().await["customers"]["totalCount"], 0);
}

#[tokio::test]
async fn documents_that_ask_for_the_same_again_and_again_are_refused() {
    let app = TestApp::start().await;
    let aliases: String = (0..1_000).map(|n| format!("a{n}: customers {{ totalCount }} ")).collect();
    let nested: String = (0..1_000).map(|n| format!("a{n}: totalCount ")).collect();
    let circle =
        "{ ...A } fragment A on Query { ...B } fragment B on Query { ...C } fragment C on Query { ...A }";
    for (document, expected) in [
        (format!("{{ {aliases} }}"), "QUERY_TOO_COMPLEX"),
        (format!("{{ customers {{ {nested} }} }}"), "QUERY_TOO_COMPLEX"),
        (format!("{{ {} }}", "customers { totalCount } ".repeat(500)), "QUERY_TOO_COMPLEX"),
        (format!("{{ __typename {} }}", "@skip(if: false) ".repeat(3_000)), "QUERY_TOO_COMPLEX"),
        (format!("{{ __typename {} }}", "@a".repeat(6_000)), "QUERY_TOO_COMPLEX"),
        (format!("{{ {} }}", "... @include(if: true) { __typename } ".repeat(1_000)), "QUERY_TOO_COMPLEX"),
        (circle.to_owned(), "GRAPHQL_VALIDATION_FAILED"),
        ("{ ...A } fragment A on Query { ...A ...A }".to_owned(), "GRAPHQL_VALIDATION_FAILED"),
        (format!("query ({}) {{ __typename }}", "$a: Int ".repeat(2_000)), "GRAPHQL_VALIDATION_FAILED"),
        (
            format!("{{ customers({}) {{ totalCount }} }}", "first: 1 ".repeat(2_000)),
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (format!("{{ nodes(ids: [{}]) {{ id }} }}", "true ".repeat(9_000)), "GRAPHQL_VALIDATION_FAILED"),
        ("query A { __typename } ".repeat(1_000), "QUERY_TOO_COMPLEX"),
    ] {
        assert_eq!(code(&app, &document).await, expected, "{}", &document[..40]);
    }
    for same in ["totalCount ", "nodes { profiles { nodes { name } } } totalCount "] {
        let document = format!("{{ customers {{ {} }} }}", same.repeat(500));
        assert_eq!(app.data(&document, Value::Null).await["customers"]["totalCount"], 0);
    }
}

#[tokio::test]
async fn numbers_of_ten_thousand_digits_are_refused() {
    let app = TestApp::start().await;
    let digits = "9".repeat(10_000);
    for document in [
        format!("{{ customers(first: {digits}) {{ totalCount }} }}"),
        format!("{{ customers(first: {digits}.{digits}) {{ totalCount }} }}"),
        format!("{{ customer(id: {digits}) {{ name }} }}"),
        format!("{{ customers(where: {{ createdAt: {{ eq: {digits} }} }}) {{ totalCount }} }}"),
        format!("{{ customers(where: {{ createdAt: {{ eq: 1e{digits} }} }}) {{ totalCount }} }}"),
        format!("query ($a: Int = -{digits}) {{ customers(first: $a) {{ totalCount }} }}"),
    ] {
        assert_eq!(code(&app, &document).await, "GRAPHQL_VALIDATION_FAILED", "{}", &document[..40]);
    }
    for number in
        [digits.clone(), format!("-{digits}"), format!("1e{digits}"), format!("0.{digits}e{digits}")]
    {
        let query = "query ($a: Int) { customers(first: $a) { totalCount } }";
        let body = format!(r#"{{"query":"{query}","variables":{{"a":{number}}}}}"#);
        assert_eq!(status(&app, body, &[JSON]).await, StatusCode::BAD_REQUEST);
    }
}

#[tokio::test]
async fn bodies_that_are_larger_than_they_look_are_refused() {
    let app = TestApp::start().await;
    let mut bomb = Vec::new();
    let zeros = vec![b' '; 10 * 1024 * 1024];
    GzipEncoder::new(zeros.as_slice()).read_to_end(&mut bomb).await.unwrap();
    assert!(bomb.len() < 20_000);
    let packed = [JSON, ("content-encoding", "gzip")];
    assert_eq!(status(&app, bomb.clone(), &packed).await, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(status(&app, bomb, &[JSON]).await, StatusCode::BAD_REQUEST);

    let mut raw = Raw::connect(&app.url).await;
    let length = format!("content-length: {}", zeros.len());
    raw.begin("POST /graphql HTTP/1.1", &["content-type: application/json", &length, "\r\n"]).await;
    assert_eq!(raw.line().await, "HTTP/1.1 413 Payload Too Large\r\n");
    answers_on(&app).await;
}

#[tokio::test]
async fn bodies_that_are_no_text_or_nest_endlessly_are_refused() {
    let app = TestApp::start().await;
    let surrounded = |bytes: &[u8]| [br#"{"query":"{ a("#, bytes, br#") }"}"#].concat();
    for bytes in [&b"\xff"[..], b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\0"] {
        assert_eq!(status(&app, surrounded(bytes), &[JSON]).await, StatusCode::BAD_REQUEST, "{bytes:?}");
    }
    for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
        for member in ["variables", "extensions", "query", "other"] {
            let nest = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
            let body = format!(r#"{{"{member}":{{"a":{nest}}}}}"#);
            assert_eq!(status(&app, body, &[JSON]).await, StatusCode::BAD_REQUEST, "{open} in {member}");
        }
    }
}

#[tokio::test]
async fn large_arguments_that_many_fields_read_are_refused_for_all_of_them_together() {
    let app = TestApp::start().await;
    let texts: Vec<_> = (0..60_000).map(|number| format!("text {number}")).collect();
    let ids: Vec<_> = (0..50_000).map(|number| format!("Customer:{number}")).collect();
    let names = json!({ "name": { "in": texts } });
    let deep = (0..29).fold(names.clone(), |inner, _| json!({ "not": inner }));
    let orders = vec![json!({ "status": "ASC" }); 50_000];
    let aliases =
        |number: usize, field: &str| -> String { (0..number).map(|n| format!("a{n}: {field} ")).collect() };
    let edges = "profiles(where: { node: $w }) { totalCount }";
    let levels =
        format!("{}{edges}{}", "profiles { nodes { customers { nodes { ".repeat(5), "} } } }".repeat(5));
    let mutation = "createCustomer(input: { name: \"Ada\" }) { customer";
    for (declared, fields, variables) in [
        (
            "query ($w: ProfileWhere)",
            aliases(50, "profiles(where: $w) { totalCount }"),
            json!({ "w": names }),
        ),
        (
            "query ($w: ProfileWhere)",
            format!("customers {{ nodes {{ {} }} }}", aliases(200, edges)),
            json!({ "w": names }),
        ),
        (
            "query ($w: ProfileWhere)",
            format!("customers {{ nodes {{ {} }} }}", aliases(30, &levels)),
            json!({ "w": names }),
        ),
        (
            "fragment F on Customer { profiles(where: { node: $w }) { totalCount } } query ($w: ProfileWhere)",
            aliases(50, "customers { nodes { ...F } }"),
            json!({ "w": names }),
        ),
        ("query ($w: ProfileWhere)", "profiles(where: $w) { totalCount }".to_owned(), json!({ "w": deep })),
        (
            "query ($o: [CustomerProfileOrder!])",
            format!("customers {{ nodes {{ {} }} }}", aliases(100, "profiles(orderBy: $o) { totalCount }")),
            json!({ "o": orders }),
        ),
        ("query ($ids: [ID!]!)", aliases(50, "nodes(ids: $ids) { id }"), json!({ "ids": ids })),
        (
            "query ($id: ID!)",
            format!("customers {{ nodes {{ {} }} }}", aliases(200, "profile(id: $id) { id }")),
            json!({ "id": "Profile:1".repeat(60_000) }),
        ),
        (
            "mutation ($w: ProfileWhere)",
            format!("{mutation} {{ {} }} }}", aliases(200, edges)),
            json!({ "w": names }),
        ),
    ] {
        let answer = app.graphql(&format!("{declared} {{ {fields} }}"), variables).await;
        assert_eq!(answer.get("data"), None, "{fields:.80}");
        assert_eq!(answer["errors"][0]["extensions"]["code"], "QUERY_TOO_COMPLEX", "{fields:.80}");
        let message = answer["errors"][0]["message"].as_str().unwrap();
        assert!(message.contains("the arguments of all fields") && message.contains("67108864"), "{message}");
        answers_on(&app).await;
    }
}

#[tokio::test]
async fn one_large_text_that_many_rows_would_be_given_is_refused_before_it_is_copied() {
    let app = TestApp::start().await;
    let create = |declared: &str, items: &str| {
        format!(
            "mutation ({declared}) {{
                createCustomers(input: {{ customers: [{items}] }}) {{ customers {{ id }} }}
            }}"
        )
    };
    let text = format!("a{}", " ".repeat(900_000));
    let profile = json!({ "node": { "create": { "name": text } } });
    for (declared, item, variables) in [
        ("$name: String!", "{ name: $name } ", json!({ "name": text })),
        (
            "$name: String!",
            r#"{ name: "Ada", profiles: [{ node: { create: { name: $name } } }] } "#,
            json!({ "name": text }),
        ),
        (
            "$profiles: [CustomerProfileInput!]",
            r#"{ name: "Ada", profiles: $profiles } "#,
            json!({ "profiles": [profile] }),
        ),
    ] {
        let answer = app.graphql(&create(declared, &item.repeat(250)), variables).await;
        let error = &answer["errors"][0];
        assert_eq!(error["extensions"]["code"], "QUERY_TOO_COMPLEX", "{error}");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("the texts in the input") && message.contains("33554432"), "{message}");
    }
    answers_on(&app).await;
    // A few copies are nobody's harm.
    let few = create("$name: String!", &"{ name: $name } ".repeat(20));
    let data = app.data(&few, json!({ "name": text })).await;
    assert_eq!(data["createCustomers"]["customers"].as_array().unwrap().len(), 20);
}

#[tokio::test]
async fn a_filter_of_all_the_conditions_and_values_that_are_allowed_is_answered() {
    let app = TestApp::start().await;
    let texts: Vec<_> = (0..250).map(|number| format!("text {number}")).collect();
    let full = json!({ "or": vec![json!({ "name": { "in": texts } }); 98] });
    let query = "query ($w: ProfileWhere) { profiles(where: $w) { totalCount } customers { nodes {
        profiles(where: { node: $w }) { totalCount }
    } } }";
    assert_eq!(app.data(query, json!({ "w": full })).await["profiles"]["totalCount"], 0);
}
