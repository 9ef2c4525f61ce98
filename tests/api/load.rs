//! Requests that would take much time or memory: the server answers others meanwhile, and stays small.

use std::{path::Path, time::Duration};

use axum::body::Bytes;
use sea_orm::{ConnectionTrait, DatabaseConnection};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::{
    app::{TestApp, faults},
    backend::{self, TestDatabase},
    overload::codes,
    process::{Server, client, program},
    watch::{Seen, Watch},
};

const MIB: u64 = 1024 * 1024;

/// A filter below each of many objects: whoever read its arguments for each of them would do nothing else.
const FILTER_BELOW_MANY: &str = "query ($w: ProfileWhere) { profiles(first: 50) { nodes {
    customers(first: 100) { nodes { profiles(first: 1, where: { node: $w }) { pageInfo { hasNextPage } } } }
} } }";

/// A server of its own, whose answers have 10,000 objects in a few hundred bytes of a query.
struct Loaded {
    server: Server,
    _database: TestDatabase,
    _directory: TempDir,
}

impl Loaded {
    /// With 100 customers and 100 profiles, all attached to all, and the profiles' names this long.
    async fn start(name: usize, options: &[&str]) -> Self {
        let (database, directory) = (TestDatabase::create().await, TempDir::new().unwrap());
        let server = serve(directory.path(), &database, options).await;
        let connection = database.connect().await;
        seed(&connection, &"\u{1f600}".repeat(name)).await;
        connection.close().await.unwrap();
        Loaded { server, _database: database, _directory: directory }
    }

    /// Sends a request so many times at once, and returns the answers and what was seen meanwhile.
    async fn send(&self, times: usize, query: &str, variables: &Value) -> (Vec<Value>, Seen) {
        let body = Bytes::from(json!({ "query": query, "variables": variables }).to_string());
        let watch = Watch::start(&self.server);
        let mut requests = JoinSet::new();
        for _ in 0..times {
            let request = client().post(format!("{}/graphql", self.server.url)).body(body.clone());
            let request = request.header("content-type", "application/json");
            requests.spawn(async move { request.send().await.unwrap().json::<Value>().await.unwrap() });
        }
        (requests.join_all().await, watch.end().await)
    }
}

async fn serve(directory: &Path, database: &TestDatabase, options: &[&str]) -> Server {
    let url = ["--database-url", &database.url, "--listen", "127.0.0.1:0"];
    Server::of(program(directory, &[&url, options].concat(), &[])).await
}

async fn seed(connection: &DatabaseConnection, name: &str) {
    for sql in [
        format!("INSERT INTO customer (name) WITH RECURSIVE {NUMBERS} SELECT 'C' FROM numbers"),
        format!("INSERT INTO profile (name) WITH RECURSIVE {NUMBERS} SELECT '{name}' FROM numbers"),
        "INSERT INTO customer_profile (customer_id, profile_id)
         SELECT customer.id, profile.id FROM customer, profile"
            .to_owned(),
    ] {
        connection.execute_unprepared(&backend::sql(&sql)).await.unwrap();
    }
}

const NUMBERS: &str =
    "numbers AS (SELECT 1 AS number UNION ALL SELECT number + 1 FROM numbers WHERE number < 100)";

/// The names of 100 profiles below each of 100 customers, so many times.
fn names(times: usize) -> String {
    let aliases: String = (0..times).map(|n| format!("a{n}: name ")).collect();
    format!("{{ customers(first: 100) {{ nodes {{ profiles(first: 100) {{ nodes {{ {aliases} }} }} }} }} }}")
}

fn texts(number: usize) -> Vec<String> {
    (0..number).map(|number| format!("text {number}")).collect()
}

/// The code of the one error of an answer without data.
fn code(answer: &Value) -> &str {
    assert_eq!(answer["data"], Value::Null);
    let errors = answer["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 1, "{errors:?}");
    errors[0]["extensions"]["code"].as_str().unwrap()
}

fn assert_answered_others(seen: &Seen) {
    // On a machine that has much else to do; a server that is deaf takes far longer.
    assert!(seen.checks > 0 && seen.slowest < Duration::from_secs(3), "{seen:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_filter_below_many_objects_is_read_once() {
    let loaded = Loaded::start(1, &[]).await;
    let conditions = |number| vec![json!({ "name": { "in": texts(60) } }); number];
    let (answers, seen) = loaded.send(2, FILTER_BELOW_MANY, &json!({ "w": { "or": conditions(98) } })).await;
    assert_answered_others(&seen);
    for answer in answers {
        assert_eq!(answer.get("errors"), None);
        let customers = answer.pointer("/data/profiles/nodes/49/customers/nodes").unwrap();
        assert_eq!(customers.as_array().unwrap().len(), 100);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_of_too_many_bytes_is_refused_before_it_is_built() {
    let loaded = Loaded::start(255, &[]).await;
    let (answers, seen) = loaded.send(1, &names(22), &Value::Null).await;
    assert_eq!(code(&answers[0]), "QUERY_TOO_COMPLEX");
    let message = answers[0]["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains("--max-answer-bytes") && message.contains("33554432"), "{message}");
    assert_answered_others(&seen);
    assert!(seen.memory < 300 * MIB, "{seen:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_take_too_much_memory_are_refused_while_they_are_read() {
    let loaded = Loaded::start(255, &["--max-answer-bytes", "1048576"]).await;
    let query = "{ customers(first: 100) { nodes { profiles(first: 100) { nodes { version } } } } }";
    let (answers, seen) = loaded.send(1, query, &Value::Null).await;
    assert_eq!(code(&answers[0]), "QUERY_TOO_COMPLEX");
    let message = answers[0]["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains("the rows of the answer") && message.contains("4194304"), "{message}");
    assert_answered_others(&seen);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_answers_that_are_built_at_once_share_one_memory() {
    let loaded = Loaded::start(255, &["--max-answer-bytes", "4194304"]).await;
    let (answers, seen) = loaded.send(24, &names(10), &Value::Null).await;
    for answer in answers {
        assert!(["QUERY_TOO_COMPLEX", "OVERLOADED"].contains(&code(&answer)), "{}", code(&answer));
    }
    assert_answered_others(&seen);
    assert!(seen.memory < 400 * MIB, "{seen:?}");
    let (answers, _) = loaded.send(1, "{ customers { totalCount } }", &Value::Null).await;
    assert_eq!(answers[0]["data"]["customers"]["totalCount"], 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_takes_too_long_is_given_up_while_it_is_built() {
    let options =
        ["--request-seconds", "1", "--database-connections", "1", "--max-answer-bytes", "1073741824"];
    let loaded = Loaded::start(255, &options).await;
    let (answers, seen) = loaded.send(1, &names(22), &Value::Null).await;
    assert_eq!(codes(&answers[0]), ["TIMEOUT"]);
    assert_answered_others(&seen);
    let (answers, _) = loaded.send(1, "{ customers { totalCount } }", &Value::Null).await;
    assert_eq!(answers[0]["data"]["customers"]["totalCount"], 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn huge_variables_are_refused_or_answered_while_others_are_answered() {
    let loaded = Loaded::start(1, &[]).await;
    let aliases: String = (0..200).map(|n| format!("a{n}: profiles(where: $w) {{ totalCount }} ")).collect();
    let many = format!("query ($w: CustomerProfileWhere) {{ customers {{ nodes {{ {aliases} }} }} }}");
    let one = "query ($w: CustomerWhere) { customers(where: $w) { totalCount } }";
    let list = json!({ "or": vec![json!({}); 300_000] });
    let texts = json!({ "node": { "name": { "in": texts(60_000) } } });
    for (query, w) in [(one, &list), (&many, &list), (&many, &texts)] {
        let (answers, seen) = loaded.send(4, query, &json!({ "w": w })).await;
        for answer in answers {
            assert_eq!(code(&answer), "QUERY_TOO_COMPLEX");
        }
        assert_answered_others(&seen);
        assert!(seen.memory < 500 * MIB, "{seen:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_mutation_whose_answer_has_too_many_bytes_nothing_is_kept() {
    let app = TestApp::with(&["--max-answer-bytes", "2000"]).await;
    let aliases: String = (0..20).map(|n| format!("a{n}: name ")).collect();
    let create = format!(
        "mutation ($name: String!) {{ createCustomer(input: {{ name: $name }}) {{ customer {{ {aliases} }} }} }}"
    );
    let answer = app.graphql(&create, json!({ "name": "a".repeat(200) })).await;
    assert_eq!(answer["data"], Value::Null, "{answer}");
    assert_eq!(faults(&answer)[0][0], "QUERY_TOO_COMPLEX");
    assert_eq!(app.counts().await["customers"]["totalCount"], 0);
    app.data(&create, json!({ "name": "a".repeat(20) })).await;
}
