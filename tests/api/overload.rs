//! Requests that take too long, and too many of them.

use std::sync::Arc;

use customer_graph::database::Outcome;
use serde_json::{Value, json};
use tokio::{sync::oneshot, task::JoinHandle};

use crate::app::TestApp;

const CREATE: &str = r#"mutation { createCustomer(input: { name: "Ada" }) { customer { id } } }"#;

/// Every step from customers to profiles or back multiplies the work by the number of edges.
const ENDLESS: &str = r#"{ customers(where: { profiles: { every: { node: { customers: { every: { node: {
    profiles: { every: { node: { customers: { every: { status: { contains: "-" } } } } } } } } } } } } }) {
    totalCount
} }"#;

/// Has nobody write until the sender is used.
fn hold_the_writer(app: &TestApp) -> (oneshot::Sender<()>, JoinHandle<()>) {
    let (release, released) = oneshot::channel::<()>();
    let database = app.database.clone();
    let holding = tokio::spawn(async move {
        let held = async |_| {
            released.await.unwrap();
            Outcome::Keep(())
        };
        database.write(held).await.unwrap();
    });
    (release, holding)
}

fn codes(answer: &Value) -> Vec<&str> {
    let errors = answer["errors"].as_array().unwrap();
    errors.iter().map(|error| error["extensions"]["code"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn queries_that_take_too_long_are_stopped_and_leave_their_connections_to_others() {
    let app = TestApp::with(&["--request-seconds", "1"]).await;
    app.seed(100, 100).await;
    // More of them than there are connections.
    let asked = tokio::join!(
        app.graphql(ENDLESS, json!({})),
        app.graphql(ENDLESS, json!({})),
        app.graphql(ENDLESS, json!({})),
        app.graphql(ENDLESS, json!({})),
        app.graphql(ENDLESS, json!({})),
    );
    for answer in [asked.0, asked.1, asked.2, asked.3, asked.4] {
        assert_eq!((&answer["data"], codes(&answer)), (&Value::Null, vec!["TIMEOUT"]));
    }
    assert_eq!(app.counts().await["customers"]["totalCount"], 100);
}

#[tokio::test]
async fn of_a_mutation_that_takes_too_long_nothing_is_kept() {
    let app = TestApp::with(&["--request-seconds", "1"]).await;
    let (release, holding) = hold_the_writer(&app);
    let answer = app.graphql(CREATE, json!({})).await;
    assert_eq!((&answer["data"], codes(&answer)), (&Value::Null, vec!["TIMEOUT"]));
    release.send(()).unwrap();
    holding.await.unwrap();
    assert_eq!(app.customer("Grace").await, "Customer:1");
    assert_eq!(app.counts().await["customers"]["totalCount"], 1);
}

#[tokio::test]
async fn requests_beyond_the_bound_are_asked_to_come_again() {
    let app = Arc::new(TestApp::with(&["--max-requests", "1"]).await);
    let (release, holding) = hold_the_writer(&app);
    let writing = tokio::spawn({
        let app = app.clone();
        async move { app.data(CREATE, json!({})).await }
    });
    let body = json!({ "query": "{ customers { totalCount } }" }).to_string();
    let refusal = loop {
        let response = app.post(body.clone(), &[("content-type", "application/json")]).await;
        if response.status() != 200 {
            break response;
        }
    };
    assert_eq!((refusal.status().as_u16(), refusal.headers()["retry-after"].as_bytes()), (503, &b"1"[..]));
    assert_eq!(codes(&refusal.json().await.unwrap()), ["OVERLOADED"]);
    release.send(()).unwrap();
    holding.await.unwrap();
    assert_eq!(writing.await.unwrap()["createCustomer"]["customer"]["id"], "Customer:1");
    assert_eq!(app.counts().await["customers"]["totalCount"], 1);
}
