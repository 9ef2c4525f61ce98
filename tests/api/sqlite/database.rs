//! What requests on one database have to do with one another: states, shared transactions, lost ones.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use async_graphql::Variables;
use clap::Parser;
use customer_graph::{
    config::Config,
    database::{Database, Db, Failure, Outcome},
    document::{Asked, Source},
    execute::{Answer, Graph, Progress, Terms},
};
use sea_orm::{DbBackend, Statement, StatementBuilder};
use serde_json::Value;
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

/// The answer to a request that comes without HTTP.
async fn executed(graph: &Graph, query: &str) -> Value {
    let source = Source::Text(query.to_owned());
    let asked = Asked { source, operation_name: None, variables: Variables::default() };
    let terms = Terms {
        request_id: "1".to_owned(),
        key: Ok(None),
        dry_run: false,
        reads_only: false,
        budget: graph.budget(),
        progress: Progress::default(),
    };
    match graph.execute(asked, &terms).await {
        Answer::Executed(response) => serde_json::to_value(response).unwrap(),
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
    let (open, mut opened) = oneshot::channel::<()>();
    let first = app.database.write(async move |db| {
        (&mut opened).await.unwrap();
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
    let (open, mut opened) = oneshot::channel::<()>();
    let mut runs = 0;
    let first = app.database.write(async move |db| {
        runs += 1;
        if runs == 1 {
            (&mut opened).await.unwrap();
        }
        db.execute(&ADD).await.unwrap();
        Outcome::Keep(count(&db).await)
    });
    // As SQLite does where the disk is full.
    let culprit = app.database.write(async |db| {
        db.execute(&Sql("ROLLBACK")).await.unwrap();
        Outcome::Undo("the disk is full")
    });
    let (first, culprit, ()) = tokio::join!(biased; first, culprit, async { open.send(()).unwrap() });
    assert_eq!((first.unwrap(), culprit.unwrap()), (1, "the disk is full"));
    assert_eq!(kept(&app.database).await, 1);
}

/// Many rows in one statement, which SQLite stops only together with its transaction.
const ADD_MANY: Sql = Sql("INSERT INTO customer (name)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) SELECT 'Ada' FROM n");

/// Has a short request share a transaction with one that came after it, and fails where it waits for that one.
async fn is_answered_before_the_next(long: &'static Sql, times: usize, rows: i64) {
    let app = TestApp::start().await;
    let (open, mut opened) = oneshot::channel::<()>();
    let blocking = app.database.write(async move |_| {
        (&mut opened).await.unwrap();
        Outcome::Keep(())
    });
    let has_ended = Arc::new(AtomicBool::new(false));
    let ended = has_ended.clone();
    let short = async {
        let add = app.database.write(async |db: Db| {
            db.execute(&ADD).await.unwrap();
            Outcome::Keep(())
        });
        add.await.unwrap();
        assert!(!has_ended.load(Ordering::Relaxed), "it waited for the one that came after it");
    };
    let long = app.database.write(async move |db: Db| {
        for _ in 0..times {
            if let Err(failure) = db.execute(long).await {
                return Outcome::Undo(Err(failure));
            }
        }
        ended.store(true, Ordering::Relaxed);
        Outcome::Keep(Ok(count(&db).await))
    });
    let release = async {
        // Until then the transaction of the first admits nobody.
        time::sleep(Duration::from_millis(50)).await;
        open.send(()).unwrap();
    };
    let (first, (), long, ()) = tokio::join!(biased; blocking, short, long, release);
    first.unwrap();
    assert_eq!(long.unwrap().unwrap(), rows + 1, "it was run again, and once is what is kept of it");
    assert_eq!(kept(&app.database).await, rows + 1);
}

#[tokio::test]
async fn a_short_request_does_not_wait_for_a_long_one_of_many_statements_that_came_after_it() {
    is_answered_before_the_next(&ADD, 5_000, 5_000).await;
}

#[tokio::test]
async fn a_short_request_does_not_wait_for_a_long_statement_that_came_after_it() {
    is_answered_before_the_next(&ADD_MANY, 1, 200_000).await;
}

#[tokio::test]
async fn a_request_that_has_not_begun_by_its_deadline_is_never_run() {
    let app = TestApp::start().await;
    let (open, mut opened) = oneshot::channel::<()>();
    let blocking = app.database.write(async move |_| {
        (&mut opened).await.unwrap();
        Outcome::Keep(())
    });
    let add = async |db: Db| {
        db.execute(&ADD).await.unwrap();
        Outcome::Keep(())
    };
    let late = async {
        let late = app.database.write_by(Instant::now() + Duration::from_millis(50), add).await;
        open.send(()).unwrap();
        late
    };
    let (first, late) = tokio::join!(biased; blocking, late);
    first.unwrap();
    assert!(matches!(late, Err(Failure::GivenUp)));
    app.database.write(async |_| Outcome::Keep(())).await.unwrap();
    assert_eq!(kept(&app.database).await, 0);
}

#[tokio::test]
async fn a_request_that_runs_at_its_deadline_is_undone() {
    let app = TestApp::start().await;
    let endless = async |db: Db| loop {
        if db.execute(&ADD).await.is_err() {
            return Outcome::Undo(());
        }
    };
    let stopped = app.database.write_by(Instant::now() + Duration::from_millis(100), endless).await;
    assert!(matches!(stopped, Err(Failure::GivenUp) | Ok(())));
    app.database.write(async |_| Outcome::Keep(())).await.unwrap();
    assert_eq!(kept(&app.database).await, 0);
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
