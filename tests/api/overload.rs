//! Requests that take too long, and too many of them.

use std::sync::Arc;

use customer_graph::database::Outcome;
use serde_json::{Value, json};
use tokio::{sync::oneshot, task::JoinHandle};

use crate::app::TestApp;

const CREATE: &str = r#"mutation { createCustomer(input: { name: "Ada" }) { customer { id } } }"#;

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

pub fn codes(answer: &Value) -> Vec<&str> {
    let errors = answer["errors"].as_array().unwrap();
    errors.iter().map(|error| error["extensions"]["code"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn of_a_mutation_that_takes_too_long_nothing_is_kept() {
    let app = TestApp::with(&["--request-seconds", "1", "--database-connections", "1"]).await;
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
    let app = Arc::new(TestApp::with(&["--max-requests", "1", "--database-connections", "1"]).await);
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
    assert_eq!(refusal.status(), 503);
    assert_eq!(refusal.headers()["retry-after"], "1");
    assert_eq!(codes(&refusal.json().await.unwrap()), ["OVERLOADED"]);
    release.send(()).unwrap();
    holding.await.unwrap();
    assert_eq!(writing.await.unwrap()["createCustomer"]["customer"]["id"], "Customer:1");
    assert_eq!(app.counts().await["customers"]["totalCount"], 1);
}
