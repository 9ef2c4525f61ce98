//! Requests that wait for the file, for another process's lock or for the end of a long walk.

use std::{sync::Arc, time::Duration};

use sea_orm::{
    Database, DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{task::JoinHandle, time::timeout};

use crate::{
    app::TestApp,
    overload::codes,
    process::{Server, client, post, program},
    transactions::{counted, leave},
};

/// Every step from customers to profiles or back multiplies the work by the number of edges.
const ENDLESS: &str = r#"{ customers(where: { profiles: { every: { node: { customers: { every: { node: {
    profiles: { every: { node: { customers: { every: { status: { contains: "-" } } } } } } } } } } } } }) {
    totalCount
} }"#;

/// What another process holds while it writes.
async fn lock(other: &DatabaseConnection) -> DatabaseTransaction {
    let sqlite_transaction_mode = Some(SqliteTransactionMode::Immediate);
    let options = TransactionOptions { sqlite_transaction_mode, ..Default::default() };
    other.begin_with_options(options).await.unwrap()
}

#[tokio::test]
async fn a_request_waits_for_another_process_that_writes() {
    let app = Arc::new(TestApp::start().await);
    let other = app.connect().await;
    let lock = lock(&other).await;

    let writer = app.clone();
    let write = tokio::spawn(async move { writer.customer("Ada").await });
    for _ in 0..20 {
        assert_eq!(app.counts().await, counted(0, 0));
    }
    assert!(!write.is_finished());
    lock.commit().await.unwrap();
    assert_eq!(write.await.unwrap(), "Customer:1");
}

#[tokio::test]
async fn clients_that_leave_while_they_wait_keep_nobody_from_writing() {
    let app = TestApp::start().await;
    let other = app.connect().await;
    let lock = lock(&other).await;
    for _ in 0..10 {
        leave(&app).await;
        app.counts().await;
    }
    lock.commit().await.unwrap();
    app.customer("Ada").await;
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

/// A server whose writer waits for another process's lock for as long as that is held, and a client who waits for it.
async fn stuck(directory: &TempDir) -> (Server, DatabaseTransaction, JoinHandle<reqwest::Result<Value>>) {
    let arguments = ["--acquire-seconds", "600", "--stop-seconds", "1"];
    let server = Server::of(program(directory.path(), &arguments, &[("LISTEN", "127.0.0.1:0")])).await;
    let file = directory.path().join("customer-graph.db");
    let other = Database::connect(format!("sqlite:{}", file.display())).await.unwrap();
    let lock = lock(&other).await;
    let url = server.url.clone();
    let create = r#"mutation { createCustomer(input: { name: "Ada" }) { customer { id } } }"#;
    let asking = tokio::spawn(async move { post(&client(), &url, create, json!({})).await });
    // The request has arrived once the server serves another that came after it.
    for _ in 0..5 {
        server.data("{ customers { totalCount } }", json!({})).await;
    }
    (server, lock, asking)
}

#[tokio::test]
async fn a_server_whose_writer_is_stuck_ends_after_the_deadline() {
    let directory = TempDir::new().unwrap();
    let (server, lock, asking) = stuck(&directory).await;
    server.signal("TERM").await;
    let (code, log) = timeout(Duration::from_secs(20), server.end()).await.expect("it ends");
    assert_eq!(code, Some(0), "{log}");
    assert!(asking.await.unwrap().is_err());
    lock.commit().await.unwrap();
}

#[tokio::test]
async fn a_second_signal_ends_a_server_whose_writer_is_stuck() {
    let directory = TempDir::new().unwrap();
    let (server, lock, asking) = stuck(&directory).await;
    server.signal("INT").await;
    server.signal("TERM").await;
    let (code, log) = timeout(Duration::from_secs(20), server.end()).await.expect("it ends");
    assert!([Some(130), Some(143)].contains(&code), "{code:?}: {log}");
    assert!(asking.await.unwrap().is_err());
    lock.commit().await.unwrap();
}
