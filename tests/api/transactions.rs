//! Requests that write: all or nothing, one after the other, however many come at once.

use std::sync::Arc;

use serde_json::{Value, json};
use tokio::{io::AsyncWriteExt, net::TcpStream, task::JoinSet};

use crate::app::{TestApp, faults};

/// What `count` clients get that send these variables at once, each numbered in place of `#`.
async fn at_once(app: &Arc<TestApp>, count: usize, query: &'static str) -> Vec<Value> {
    let mut clients = JoinSet::new();
    for number in 0..count {
        let app = app.clone();
        clients.spawn(async move { app.data(query, json!({ "name": number.to_string() })).await });
    }
    clients.join_all().await
}

pub fn counted(customers: usize, profiles: usize) -> Value {
    json!({ "customers": { "totalCount": customers }, "profiles": { "totalCount": profiles } })
}

#[tokio::test]
async fn later_fields_see_what_earlier_ones_wrote() {
    let app = TestApp::start().await;
    let query = r#"mutation {
        first: createCustomer(input: { name: "Ada" }) { customer { id } }
        createProfile(input: { name: "Developer" }) { profile { id } }
        attachProfile(input: { customerId: "Customer:1", profileId: "Profile:1" }) { outcome }
        second: createCustomer(input: { name: "Grace", profiles: [
            { node: { findOrCreate: { name: "Developer" } } }
        ] }) { customer { profiles { nodes { id customers { nodes { name } } } } } }
        again: attachProfile(input: { customerId: "Customer:2", profileId: "Profile:1", status: "done" }) {
            outcome
        }
    }"#;
    let data = app.data(query, json!({})).await;
    let profiles =
        json!([{ "id": "Profile:1", "customers": { "nodes": [{ "name": "Ada" }, { "name": "Grace" }] } }]);
    assert_eq!(data["attachProfile"]["outcome"], "ATTACHED");
    assert_eq!(data["second"]["customer"]["profiles"]["nodes"], profiles);
    assert_eq!(data["again"]["outcome"], "UPDATED");
    assert_eq!(app.counts().await, counted(2, 1));
}

#[tokio::test]
async fn if_one_field_fails_nothing_of_the_request_is_kept() {
    let app = TestApp::start().await;
    app.customer("Grace").await;
    app.profile("Writer").await;
    let query = r#"mutation {
        createCustomer(input: { name: "Ada", profiles: [{ node: { create: { name: "Developer" } } }] }) {
            customer { id }
        }
        before: attachProfile(input: { customerId: "Customer:1", profileId: "Profile:1" }) { outcome }
        attachProfile(input: { customerId: "Customer:1", profileId: "Profile:99" }) { outcome }
        after: createProfile(input: { name: "Captain" }) { profile { id } }
    }"#;
    let answer = app.graphql(query, json!({})).await;
    assert_eq!(answer.get("data"), Some(&Value::Null));
    assert_eq!(faults(&answer), json!([["NOT_FOUND", ["input", "profileId"]]]));
    assert_eq!(answer["errors"][0]["path"], json!(["attachProfile"]));
    assert_eq!(app.counts().await, counted(1, 1));
    let edges = app.data("{ customers { nodes { profiles { totalCount } } } }", json!({})).await;
    assert_eq!(edges["customers"]["nodes"], json!([{ "profiles": { "totalCount": 0 } }]));
}

#[tokio::test]
async fn a_payload_that_cannot_be_read_undoes_what_was_written() {
    let app = TestApp::start().await;
    let query = r#"mutation {
        createCustomer(input: { name: "Ada" }) { customer { profiles(first: -1) { totalCount } } }
    }"#;
    assert_eq!(app.faults(query, json!({})).await[0][0], "BAD_USER_INPUT");
    assert_eq!(app.counts().await, counted(0, 0));
}

#[tokio::test]
async fn the_server_writes_on_after_a_request_that_failed() {
    let app = TestApp::start().await;
    for _ in 0..20 {
        let query = r#"mutation { attachProfile(input: { customerId: "Customer:1", profileId: "Profile:1" }) {
            outcome
        } }"#;
        app.faults(query, json!({})).await;
    }
    assert_eq!(app.customer("Ada").await, "Customer:1");
}

#[tokio::test]
async fn customers_that_are_created_at_once_are_all_created() {
    let app = Arc::new(TestApp::start().await);
    let create = "mutation ($name: String!) {
        createCustomer(input: { name: $name, profiles: [
            { node: { create: { name: $name } } }, { node: { findOrCreate: { name: \"shared\" } } }
        ] }) { customer { id name profiles { totalCount } } }
    }";
    let mut ids = Vec::new();
    for data in at_once(&app, 50, create).await {
        let customer = &data["createCustomer"]["customer"];
        assert_eq!(customer["profiles"]["totalCount"], 2);
        ids.push(customer["id"].to_string());
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 50);
    assert_eq!(app.counts().await, counted(50, 51));
}

#[tokio::test]
async fn a_profile_that_many_look_for_at_once_is_created_once() {
    let app = Arc::new(TestApp::start().await);
    let create = "mutation ($name: String!) {
        createCustomer(input: { name: $name, profiles: [
            { status: $name, node: { findOrCreate: { name: \"Developer\" } } }
        ] }) { customer { profiles { nodes { id } } } }
    }";
    for data in at_once(&app, 30, create).await {
        assert_eq!(data["createCustomer"]["customer"]["profiles"]["nodes"], json!([{ "id": "Profile:1" }]));
    }
    assert_eq!(app.counts().await, counted(30, 1));
}

#[tokio::test]
async fn of_many_who_attach_a_pair_at_once_one_does() {
    let app = Arc::new(TestApp::start().await);
    app.customer("Ada").await;
    app.profile("Developer").await;
    let attach = r#"mutation ($name: String!) {
        attachProfile(input: { customerId: "Customer:1", profileId: "Profile:1", status: $name }) {
            outcome customerProfileEdge { status version }
        }
    }"#;
    let mut versions = Vec::new();
    for data in at_once(&app, 20, attach).await {
        let (outcome, version) =
            (&data["attachProfile"]["outcome"], &data["attachProfile"]["customerProfileEdge"]["version"]);
        assert_eq!(*outcome, if *version == 1 { "ATTACHED" } else { "UPDATED" });
        versions.push(version.as_i64().unwrap());
    }
    versions.sort();
    assert_eq!(versions, (1..=20).collect::<Vec<_>>());
}

#[tokio::test]
async fn of_many_who_attach_a_pair_that_must_not_exist_the_others_are_told_so() {
    let app = Arc::new(TestApp::start().await);
    app.customer("Ada").await;
    app.profile("Developer").await;
    let attach = r#"mutation { attachProfile(input: {
        customerId: "Customer:1", profileId: "Profile:1", onExisting: ERROR
    }) { outcome } }"#;
    let mut clients = JoinSet::new();
    for _ in 0..10 {
        let app = app.clone();
        clients.spawn(async move { app.graphql(attach, json!({})).await });
    }
    let (attached, others): (Vec<_>, Vec<_>) =
        clients.join_all().await.into_iter().partition(|answer| answer.get("errors").is_none());
    assert_eq!(attached, [json!({ "data": { "attachProfile": { "outcome": "ATTACHED" } } })]);
    assert!(others.iter().all(|answer| faults(answer)[0][0] == "ALREADY_ATTACHED"), "{others:?}");
}

/// Sends a mutation and leaves without waiting for the answer.
pub async fn leave(app: &TestApp) {
    let host = app.url.strip_prefix("http://").unwrap();
    let query = r#"mutation { createCustomer(input: { name: "gone", profiles: [
        { node: { create: { name: "a" } } }, { node: { create: { name: "b" } } }
    ] }) { customer { id } } }"#;
    let body = json!({ "query": query }).to_string();
    let request = format!(
        "POST /graphql HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut connection = TcpStream::connect(host).await.unwrap();
    connection.write_all(request.as_bytes()).await.unwrap();
}

#[tokio::test]
async fn clients_that_leave_keep_nobody_from_writing_and_leave_nothing_halved() {
    let app = TestApp::start().await;
    for round in 0..100 {
        leave(&app).await;
        // Each is left at another point of its way.
        for _ in 0..round % 7 {
            tokio::task::yield_now().await;
        }
        if round % 10 == 0 {
            app.customer("Ada").await;
        }
    }
    let query = "{ customers(first: 100, where: { name: { eq: \"gone\" } }) {
        nodes { profiles { totalCount } }
    } }";
    let customers = app.data(query, json!({})).await["customers"]["nodes"].take();
    let whole = json!({ "profiles": { "totalCount": 2 } });
    assert!(customers.as_array().unwrap().iter().all(|customer| *customer == whole), "{customers}");
}

#[tokio::test]
async fn a_field_that_is_left_out_is_not_executed() {
    let app = TestApp::start().await;
    let query = r#"mutation ($no: Boolean = false) {
        createCustomer(input: { name: "Ada" }) @include(if: $no) { customer { id } }
        ... @skip(if: true) { other: createCustomer(input: { name: "Grace" }) { customer { id } } }
        createProfile(input: { name: "Developer" }) { profile { id } }
    }"#;
    let data = app.data(query, json!({})).await;
    assert_eq!(data, json!({ "createProfile": { "profile": { "id": "Profile:1" } } }));
    assert_eq!(app.counts().await, counted(0, 1));
}
