//! What requests on one database have to do with one another: states, shared transactions, lost ones.

use std::time::Duration;

use async_graphql::Variables;
use clap::Parser;
use customer_graph::{
    config::Config,
    database::{Database, Db, Failure, Outcome},
    document::{Asked, Source},
    execute::{Answer, Graph, Terms},
};
use sea_orm::{DbBackend, Statement, StatementBuilder};
use serde_json::{Value, json};
use tokio::{
    sync::{broadcast, oneshot},
    task::{JoinSet, yield_now},
    time::{self, timeout},
};

use crate::app::TestApp;

/// A statement as it is written.
struct Sql(&'static str);

impl StatementBuilder for Sql {
    fn build(&self, backend: &DbBackend) -> Statement {
        Statement::from_string(*backend, self.0)
    }
}

const ADD: Sql = Sql("INSERT INTO customer (name) VALUES ('Ada')");

const CREATE: &str = r#"mutation { createCustomer(input: { name: "Grace" }) { customer { id } } }"#;

/// The answer to a request that comes without HTTP.
async fn executed(graph: &Graph, query: &str) -> Value {
    let source = Source::Text(query.to_owned());
    let asked = Asked { source, operation_name: None, variables: Variables::default() };
    let terms = Terms { request_id: "1".to_owned(), key: Ok(None), dry_run: false, reads_only: false };
    match graph.execute(asked, &terms).await {
        Answer::Executed(response) | Answer::Performed(response) => serde_json::to_value(response).unwrap(),
        _ => panic!("it was refused"),
    }
}

async fn count(db: &Db) -> i64 {
    db.rows(&Sql("SELECT count(*) FROM customer"), |row| row.long()).await.unwrap()[0]
}

async fn kept(database: &Database) -> i64 {
    database.read(async |db| count(&db).await).await.unwrap()
}

#[tokio::test]
async fn a_query_sees_one_state_from_its_first_statement_to_its_last() {
    let app = TestApp::start().await;
    let (begun, has_begun) = oneshot::channel();
    let (change, changed) = oneshot::channel::<()>();
    let query = app.database.read(async |db| {
        let before = count(&db).await;
        begun.send(()).unwrap();
        changed.await.unwrap();
        (before, count(&db).await)
    });
    let writing = async {
        has_begun.await.unwrap();
        app.customer("Ada").await;
        change.send(()).unwrap();
    };
    let (seen, ()) = tokio::join!(query, writing);
    assert_eq!(seen.unwrap(), (0, 0));
    assert_eq!(kept(&app.database).await, 1);
}

#[tokio::test]
async fn a_query_that_nobody_waits_for_any_longer_is_stopped() {
    let app = TestApp::start().await;
    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
    let (begun, has_begun) = oneshot::channel();
    let query = app.database.read(async move |db| {
        begun.send(()).unwrap();
        db.rows(&Sql(endless), |row| row.long()).await
    });
    tokio::select! {
        _ = query => panic!("an endless statement has ended"),
        begun = has_begun => begun.unwrap(),
    }
    let all_have_ended = timeout(Duration::from_secs(30), app.database.clone().close());
    all_have_ended.await.unwrap();
}

#[tokio::test]
async fn requests_that_wait_to_write_share_a_transaction_and_fail_alone() {
    let app = TestApp::start().await;
    let (open, opened) = oneshot::channel::<()>();
    let first = app.database.write(async |db| {
        opened.await.unwrap();
        db.execute(&ADD).await.unwrap();
        Outcome::Keep(count(&db).await)
    });
    let failing = app.database.write(async |db| {
        db.execute(&ADD).await.unwrap();
        Outcome::Undo(count(&db).await)
    });
    let reader = app.database.clone();
    let last = app.database.write(async move |db| {
        db.execute(&ADD).await.unwrap();
        Outcome::Keep((count(&db).await, kept(&reader).await))
    });
    let (first, failing, last, ()) = tokio::join!(biased; first, failing, last, async {
        open.send(()).unwrap();
    });
    assert_eq!((first.unwrap(), failing.unwrap()), (1, 2));
    assert_eq!(last.unwrap(), (2, 0), "what it sees itself, and what others see by then");
    assert_eq!(kept(&app.database).await, 2);
}

#[tokio::test]
async fn a_request_whose_transaction_another_one_brought_down_is_run_again() {
    let app = TestApp::start().await;
    let graph = Graph::new(app.database.clone(), &Config::parse_from(["customer-graph"])).unwrap();
    let (open, opened) = oneshot::channel::<()>();
    let first = app.database.write(async |db| {
        opened.await.unwrap();
        db.execute(&ADD).await.unwrap();
        Outcome::Keep(())
    });
    // As SQLite does where the disk is full.
    let culprit = app.database.write(async |db| {
        db.execute(&Sql("ROLLBACK")).await.unwrap();
        Outcome::Undo("the disk is full")
    });
    let (first, created, culprit, ()) = tokio::join!(biased; first, executed(&graph, CREATE), culprit, async {
        open.send(()).unwrap();
    });
    assert!(matches!(first, Err(Failure::Lost)));
    assert_eq!(culprit.unwrap(), "the disk is full");
    assert_eq!(created["data"], json!({ "createCustomer": { "customer": { "id": "Customer:1" } } }));
    assert_eq!(kept(&app.database).await, 1);
}

#[tokio::test]
async fn a_request_that_loses_again_and_again_is_told_of_the_conflict() {
    let app = TestApp::start().await;
    let graph = Graph::new(app.database.clone(), &Config::parse_from(["customer-graph"])).unwrap();
    let mut culprits = JoinSet::new();
    for _ in 0..20 {
        let database = app.database.clone();
        culprits.spawn(async move {
            loop {
                let undone = database.write(async |db| {
                    db.execute(&Sql("ROLLBACK")).await.unwrap();
                    Outcome::Undo(())
                });
                undone.await.unwrap();
            }
        });
    }
    let mut created = 0;
    let refused = loop {
        let answer = executed(&graph, CREATE).await;
        if answer["data"].is_null() {
            break answer;
        }
        created += 1;
    };
    assert_eq!(refused["errors"][0]["extensions"]["code"], "CONFLICT", "{refused}");
    culprits.shutdown().await;
    assert_eq!(kept(&app.database).await, created);
}

#[tokio::test]
async fn a_query_that_gets_no_connection_in_time_is_asked_to_come_again() {
    let app = TestApp::start().await;
    let graph = Graph::new(app.database.clone(), &Config::parse_from(["customer-graph"])).unwrap();
    let (release, _) = broadcast::channel::<()>(1);
    let mut holding = JoinSet::new();
    // As many as there can be connections at most; those that have none wait in front of the query.
    for _ in 0..16 {
        let (database, mut released) = (app.database.clone(), release.subscribe());
        holding.spawn(async move { database.read(async move |_| drop(released.recv().await)).await });
    }
    yield_now().await;
    time::pause();
    let waiting = async {
        yield_now().await;
        time::advance(Duration::from_secs(6)).await;
    };
    let (answer, ()) = tokio::join!(biased; executed(&graph, "{ customers { totalCount } }"), waiting);
    time::resume();
    assert_eq!(answer["errors"][0]["extensions"]["code"], "OVERLOADED", "{answer}");
    drop(release);
    holding.join_all().await;
    assert_eq!(kept(&app.database).await, 0);
}

#[tokio::test]
async fn a_request_that_panics_leaves_nothing_behind_and_others_go_on() {
    let app = TestApp::start().await;
    let database = app.database.clone();
    let writing = tokio::spawn(async move {
        let panicking = async |db: Db| -> Outcome<()> {
            db.execute(&ADD).await.unwrap();
            panic!("a fault of this program")
        };
        database.write(panicking).await
    });
    assert!(writing.await.unwrap_err().is_panic());
    for _ in 0..20 {
        let database = app.database.clone();
        let reading = tokio::spawn(async move {
            let panicking = async |db: Db| -> i64 { panic!("{} customers", count(&db).await) };
            database.read(panicking).await
        });
        assert!(reading.await.unwrap_err().is_panic());
    }
    assert_eq!(kept(&app.database).await, 0);
    app.customer("Ada").await;
    assert_eq!(kept(&app.database).await, 1);
}

#[tokio::test]
async fn a_request_that_has_ended_is_not_what_later_ones_are_given_up_for() {
    let app = TestApp::start().await;
    // SQLite adds up the steps of a prepared statement over all its executions.
    for _ in 0..3_000 {
        app.database.write(async |_| Outcome::Keep(())).await.unwrap();
        app.database.read(async |_| ()).await.unwrap();
    }
}
