//! Inputs that statements have to carry: more than once, or more than a server takes.

use sea_orm::DbBackend;
use serde_json::{Value, json};

use crate::{
    app::{TestApp, faults},
    backend::backend,
};

const KIB: usize = 1024;

/// A list of 250 texts of so many bytes altogether, the first of them a name that there is.
fn names(bytes: usize) -> Vec<String> {
    let long = |number| format!("{number}{}", "x".repeat(bytes / 250));
    ["P7".to_owned()].into_iter().chain((1..250).map(long)).collect()
}

/// Whether the server was asked for more than MariaDB takes, and told so. The others take it.
fn assert_too_large_for_mariadb(answer: &Value, outcome: Option<&str>) {
    if backend() != DbBackend::MySql {
        assert_eq!(answer.get("errors"), None, "{answer}");
        return;
    }
    assert_eq!(faults(answer)[0][0], "QUERY_TOO_COMPLEX", "{answer}");
    let error = &answer["errors"][0];
    assert!(error["message"].as_str().unwrap().contains("16777216"), "{error}");
    assert_eq!(error["extensions"]["outcome"].as_str(), outcome);
}

#[tokio::test]
async fn a_large_filter_below_many_customers_is_answered() {
    let app = TestApp::start().await;
    app.seed(100, 10).await;
    let query = "query ($names: [String!]!) { customers(first: 100) { nodes {
        profiles(where: { node: { name: { in: $names } } }) { totalCount nodes { name } }
    } } }";
    for size in [20, 600] {
        let data = app.data(query, json!({ "names": names(size * KIB) })).await;
        let customers = data["customers"]["nodes"].as_array().unwrap();
        assert_eq!(customers.len(), 100);
        for customer in customers {
            assert_eq!(customer["profiles"], json!({ "totalCount": 1, "nodes": [{ "name": "P7" }] }));
        }
    }
}

#[tokio::test]
async fn a_filter_that_is_larger_than_a_statement_can_be_is_refused_as_such() {
    let app = TestApp::with(&["--max-body-bytes", "4194304"]).await;
    app.seed(1, 10).await;
    let conditions = "{ name: { in: $names } } ".repeat(30);
    let query = format!(
        "query ($names: [String!]!) {{ profiles(where: {{ or: [{conditions}] }}) {{ totalCount }} }}"
    );
    let answer = app.graphql(&query, json!({ "names": names(700 * KIB) })).await;
    assert_too_large_for_mariadb(&answer, None);
    assert_eq!(app.counts().await["profiles"]["totalCount"], 10);
}

#[tokio::test]
async fn a_text_that_is_written_for_each_of_many_pairs_is_written() {
    let app = TestApp::with(&["--request-seconds", "600"]).await;
    app.seed(0, 250).await;
    let customers = r#"{ name: "Ada", profiles: $profiles } "#.repeat(70);
    let create = format!(
        "mutation ($profiles: [CustomerProfileInput!]) {{
            createCustomers(input: {{ customers: [{customers}] }}) {{ customers {{ id }} }}
        }}"
    );
    let status = "\u{1f600}".repeat(255);
    let profiles =
        (1..=250).map(|key| json!({ "status": status, "node": { "id": format!("Profile:{key}") } }));
    app.data(&create, json!({ "profiles": profiles.collect::<Vec<_>>() })).await;
    let query = r#"{ profile(id: "Profile:250") { customers { totalCount statusCounts { status } } } }"#;
    let data = app.data(query, Value::Null).await;
    let customers = json!({ "totalCount": 70, "statusCounts": [{ "status": status }] });
    assert_eq!(data["profile"]["customers"], customers);
}

#[tokio::test]
async fn more_rows_than_one_statement_has_values_for_are_written() {
    let app = TestApp::with(&["--max-writes", "100000", "--request-seconds", "600"]).await;
    let customers = r#"{ name: "Ada", profiles: $profiles } "#.repeat(140);
    let create = format!(
        "mutation ($profiles: [CustomerProfileInput!]) {{
            createCustomers(input: {{ customers: [{customers}] }}) {{ customers {{ id }} }}
        }}"
    );
    let profile = json!({ "node": { "create": { "name": "Developer" } } });
    app.data(&create, json!({ "profiles": vec![profile; 250] })).await;
    let counts = json!({ "customers": { "totalCount": 140 }, "profiles": { "totalCount": 140 * 250 } });
    assert_eq!(app.counts().await, counts);
}

#[tokio::test]
async fn an_answer_that_is_too_large_to_be_kept_under_a_key_is_not_given_under_one() {
    let app = TestApp::start().await;
    let aliases: String = (0..110).map(|n| format!("a{n}: name ")).collect();
    let create = format!(
        "mutation ($customers: [CreateCustomerInput!]!) {{
            createCustomers(input: {{ customers: $customers }}) {{ customers {{ {aliases} }} }}
        }}"
    );
    let customer = json!({ "name": "\u{1f600}".repeat(255) });
    let variables = json!({ "customers": vec![customer; 160] });
    let body = json!({ "query": create, "variables": variables }).to_string();
    let headers = [("content-type", "application/json"), ("idempotency-key", "one")];
    let answer: Value = app.post(body, &headers).await.json().await.unwrap();
    assert_too_large_for_mariadb(&answer, Some("ROLLED_BACK"));
    let kept = if backend() == DbBackend::MySql { 0 } else { 160 };
    assert_eq!(app.counts().await["customers"]["totalCount"], kept);
}
