//! Requests that take too long, and too many of them.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use customer_graph::database::Outcome;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    sync::oneshot,
    task::{JoinHandle, JoinSet},
};

use crate::{
    app::TestApp,
    backend::TestDatabase,
    process::{Server, client, post, program},
    watch::Watch,
};

const CREATE: &str = r#"mutation { createCustomer(input: { name: "Ada" }) { customer { id } } }"#;

/// Has nobody write until the sender is used.
fn hold_the_writer(app: &TestApp) -> (oneshot::Sender<()>, JoinHandle<()>) {
    let (release, released) = oneshot::channel::<()>();
    let database = app.database.clone();
    let holding = tokio::spawn(async move {
        let mut released = released;
        let held = async move |_| {
            (&mut released).await.unwrap();
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

/// Of each error of an answer what became of the mutation.
fn outcomes(answer: &Value) -> Vec<&str> {
    let errors = answer["errors"].as_array().unwrap();
    errors.iter().map(|error| error["extensions"]["outcome"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn of_a_mutation_that_takes_too_long_nothing_is_kept() {
    let app = TestApp::with(&["--request-seconds", "1", "--database-connections", "1"]).await;
    let (release, holding) = hold_the_writer(&app);
    let answer = app.graphql(CREATE, json!({})).await;
    assert_eq!((&answer["data"], codes(&answer)), (&Value::Null, vec!["TIMEOUT"]));
    assert_eq!(outcomes(&answer), ["ROLLED_BACK"]);
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
    let answer: Value = refusal.json().await.unwrap();
    assert_eq!(codes(&answer), ["OVERLOADED"]);
    assert_eq!(answer["errors"][0]["extensions"].get("outcome"), None, "a query has none: {answer}");
    let refused = app.graphql(CREATE, json!({})).await;
    assert_eq!((codes(&refused), outcomes(&refused)), (vec!["OVERLOADED"], vec!["ROLLED_BACK"]));
    release.send(()).unwrap();
    holding.await.unwrap();
    assert_eq!(writing.await.unwrap()["createCustomer"]["customer"]["id"], "Customer:1");
    assert_eq!(app.counts().await["customers"]["totalCount"], 1);
}

#[tokio::test]
async fn a_mutation_whose_turn_does_not_come_in_time_is_never_run() {
    let app = TestApp::with(&["--acquire-seconds", "1", "--database-connections", "1"]).await;
    let (release, holding) = hold_the_writer(&app);
    let refused = app.graphql(CREATE, json!({})).await;
    assert_eq!((codes(&refused), outcomes(&refused)), (vec!["OVERLOADED"], vec!["ROLLED_BACK"]));
    release.send(()).unwrap();
    holding.await.unwrap();
    assert_eq!(app.customer("Grace").await, "Customer:1");
}

#[tokio::test]
async fn a_database_that_is_busy_is_ready() {
    let app = TestApp::with(&["--database-connections", "1"]).await;
    let (release, holding) = hold_the_writer(&app);
    let (held, is_held) = oneshot::channel();
    let (done, is_done) = oneshot::channel::<()>();
    let reading = app.database.read(async move |_| {
        held.send(()).unwrap();
        is_done.await.unwrap();
    });
    let asking = async {
        is_held.await.unwrap();
        for _ in 0..3 {
            assert_eq!(app.get("/readyz").await.status(), 200);
        }
        done.send(()).unwrap();
    };
    let (read, ()) = tokio::join!(reading, asking);
    read.unwrap();
    release.send(()).unwrap();
    holding.await.unwrap();
}

/// How many customers one of the long mutations creates.
const CUSTOMERS: usize = 250;

/// A mutation that creates customers of that name, each with so many profiles.
async fn create_many(url: &str, name: &str, profiles: usize) -> Value {
    let query = "mutation ($customers: [CreateCustomerInput!]!) {
        createCustomers(input: { customers: $customers }) { customers { id } }
    }";
    let profile = json!({ "node": { "create": { "name": name } } });
    let customer = json!({ "name": name, "profiles": vec![profile; profiles] });
    let variables = json!({ "customers": vec![customer; CUSTOMERS] });
    post(&client(), url, query, variables).await.unwrap()
}

/// The number of profiles that has one mutation take about 0.2 seconds.
async fn calibrate(url: &str) -> usize {
    for profiles in 0.. {
        let begun = Instant::now();
        let answer = create_many(url, "calibration", profiles).await;
        assert_eq!(answer.get("errors"), None, "{answer}");
        if begun.elapsed() > Duration::from_millis(150) {
            return profiles;
        }
    }
    unreachable!()
}

/// How many customers there are of each name.
async fn kept(database: &TestDatabase) -> BTreeMap<String, usize> {
    let connection = database.connect().await;
    let statement = Statement::from_string(connection.get_database_backend(), "SELECT name FROM customer");
    let mut kept = BTreeMap::new();
    for row in connection.query_all_raw(statement).await.unwrap() {
        *kept.entry(row.try_get_by_index(0).unwrap()).or_default() += 1;
    }
    connection.close().await.unwrap();
    kept
}

/// Sends forty long mutations at once, and compares what each is told with what is kept of it. Returns how many were
/// acknowledged, undone and unknown.
async fn send_forty(url: &str, database: &TestDatabase, round: usize, profiles: usize) -> [usize; 3] {
    let mut sending = JoinSet::new();
    for number in 0..40 {
        let (url, name) = (url.to_owned(), format!("{round}/{number}"));
        sending.spawn(async move { (create_many(&url, &name, profiles).await, name) });
    }
    let told = sending.join_all().await;
    let kept = kept(database).await;
    let mut counts = [0; 3];
    for (answer, name) in told {
        let kept = kept.get(&name).copied().unwrap_or_default();
        if answer.get("errors").is_none() {
            assert_eq!(kept, CUSTOMERS, "{name} was acknowledged");
            counts[0] += 1;
        } else if outcomes(&answer) == ["ROLLED_BACK"] {
            assert_eq!(kept, 0, "{name} was undone: {answer}");
            counts[1] += 1;
        } else {
            assert_eq!((outcomes(&answer), codes(&answer)), (vec!["UNKNOWN"], vec!["TIMEOUT"]));
            assert!([0, CUSTOMERS].contains(&kept), "{name} was halved");
            counts[2] += 1;
        }
    }
    counts
}

async fn of_forty_long_mutations(rounds: usize) {
    let (directory, database) = (TempDir::new().unwrap(), TestDatabase::create().await);
    let environment = [("LISTEN", "127.0.0.1:0"), ("DATABASE_URL", &*database.url), ("LOG", "error")];
    let server = Server::of(program(directory.path(), &["--request-seconds", "2"], &environment)).await;
    let profiles = calibrate(&server.url).await;
    let watch = Watch::start(&server);
    let mut sums = [0; 3];
    for round in 0..rounds {
        let counts = send_forty(&server.url, &database, round, profiles).await;
        for (sum, count) in sums.iter_mut().zip(counts) {
            *sum += count;
        }
    }
    let seen = watch.end().await;
    println!("{rounds} rounds with {profiles} profiles: acknowledged, undone, unknown {sums:?}; {seen:?}");
    assert!(sums[0] > 0, "those that fit are kept");
    assert!(seen.slowest < Duration::from_secs(2), "{seen:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn forty_mutations_that_take_long_are_each_told_what_became_of_them() {
    of_forty_long_mutations(2).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "it takes minutes"]
async fn four_thousand_mutations_that_take_long_are_each_told_what_became_of_them() {
    of_forty_long_mutations(100).await;
}
