//! Requests with an Idempotency-Key, and requests that are only tried.

use std::time::Duration;

use async_graphql::Variables;
use clap::Parser;
use customer_graph::{
    config::Config,
    database::Outcome,
    document::{Asked, Source},
    execute::{Answer, Graph, Progress, Terms},
    idempotency::Key,
};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    sync::oneshot,
    time::{sleep, timeout},
};

use crate::{
    app::TestApp,
    backend::backend,
    process::{Server, client},
};

const CREATE: &str =
    "mutation ($name: String!) { createCustomer(input: { name: $name }) { customer { id name } } }";

/// Sends a request to create a customer, under a key, and returns the status and the answer.
async fn create(app: &TestApp, name: &str, key: &str) -> (u16, Value) {
    let body = json!({ "query": CREATE, "variables": { "name": name } }).to_string();
    let headers = [("content-type", "application/json"), ("idempotency-key", key)];
    let response = app.post(body, &headers).await;
    (response.status().as_u16(), response.json().await.unwrap())
}

async fn customers(app: &TestApp) -> Value {
    app.data("{ customers { totalCount } }", json!({})).await["customers"]["totalCount"].take()
}

/// Sends one request four times at once, under one key, and sees them answered alike.
async fn create_four_times_at_once(app: &TestApp) {
    let create = || create(app, "Ada", "one");
    let (a, b, c, d) = tokio::join!(create(), create(), create(), create());
    assert_eq!([&b, &c, &d], [&a, &a, &a]);
}

#[tokio::test]
async fn a_repeated_request_is_performed_once_and_answered_alike() {
    let app = TestApp::start().await;
    let first = create(&app, "Ada", "\"one\"").await;
    assert_eq!(first.1["data"]["createCustomer"]["customer"]["id"], "Customer:1");
    assert_eq!(create(&app, "Ada", "\"one\"").await, first);
    assert_eq!(create(&app, "Ada", "one").await, first);
    assert_eq!(customers(&app).await, 1);
}

#[tokio::test]
async fn another_key_is_another_request() {
    let app = TestApp::start().await;
    create(&app, "Ada", "one").await;
    create(&app, "Ada", "two").await;
    assert_eq!(customers(&app).await, 2);
}

#[tokio::test]
async fn a_key_is_refused_for_another_request() {
    let app = TestApp::start().await;
    create(&app, "Ada", "one").await;
    let (_, refused) = create(&app, "Grace", "one").await;
    assert_eq!(
        refused,
        json!({ "errors": [{
            "message": "the Idempotency-Key was sent before with another request",
            "extensions": { "code": "BAD_USER_INPUT" }
        }] })
    );
    assert_eq!(customers(&app).await, 1);
}

#[tokio::test]
async fn a_mutation_has_one_key_at_most_and_one_that_can_be_read() {
    let app = TestApp::start().await;
    let body = json!({ "query": CREATE, "variables": { "name": "Ada" } }).to_string();
    let long = "a".repeat(256);
    let malformed = "an Idempotency-Key is 1 to 255 printable characters of ASCII";
    let repeated = "a request has one Idempotency-Key header at most";
    for (keys, message) in [
        (&[""][..], malformed),
        (&["\"one"], malformed),
        (&[&long], malformed),
        (&["one", "one"], repeated),
        (&["one", "two"], repeated),
    ] {
        let key = keys.iter().map(|key| ("idempotency-key", *key));
        let headers: Vec<_> = [("content-type", "application/json")].into_iter().chain(key).collect();
        let response = app.post(body.clone(), &headers).await;
        assert_eq!(response.status(), 400, "{keys:?}");
        let error = json!({ "message": message, "extensions": { "code": "BAD_USER_INPUT" } });
        assert_eq!(response.json::<Value>().await.unwrap(), json!({ "errors": [error] }));
    }
    assert_eq!(customers(&app).await, 0);
}

#[tokio::test]
async fn a_request_that_failed_leaves_no_key() {
    let app = TestApp::start().await;
    let (_, failed) = create(&app, " ", "one").await;
    assert_eq!(failed["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
    let (_, created) = create(&app, "Ada", "one").await;
    assert_eq!(created["data"]["createCustomer"]["customer"]["name"], "Ada");
}

#[tokio::test]
async fn repetitions_at_once_are_performed_once() {
    let app = TestApp::start().await;
    create_four_times_at_once(&app).await;
    assert_eq!(customers(&app).await, 1);
}

#[tokio::test]
async fn a_repetition_while_the_first_still_waits_is_answered_like_it() {
    let app = TestApp::start().await;
    let graph = Graph::new(app.database.clone(), &Config::parse_from(["customer-graph"])).unwrap();
    let (open, mut opened) = oneshot::channel::<()>();
    let before = app.database.write(async move |_| {
        (&mut opened).await.unwrap();
        Outcome::Keep(())
    });
    let create = async || {
        let variables = Variables::from_json(json!({ "name": "Ada" }));
        let asked = Asked { source: Source::Text(CREATE.to_owned()), operation_name: None, variables };
        let terms = Terms {
            request_id: String::new(),
            key: Ok(Key::parse("one")),
            dry_run: false,
            reads_only: false,
            budget: graph.budget(),
            progress: Progress::default(),
        };
        match graph.execute(asked, &terms).await {
            Answer::Executed(response) => serde_json::to_value(response).unwrap(),
            _ => panic!("it was refused"),
        }
    };
    // On SQLite both wait for the same transaction, in which the second finds the key that the first has left. On a
    // server one of them loses, and finds it when it is run again.
    let (_, first, second, ()) =
        tokio::join!(biased; before, create(), create(), async { open.send(()).unwrap() });
    assert!(first["data"]["createCustomer"]["customer"]["id"].is_string(), "{first}");
    assert_eq!(second, first);
    assert_eq!(customers(&app).await, 1);
}

#[tokio::test]
async fn a_key_outlives_the_process() {
    let directory = TempDir::new().unwrap();
    let create = async |server: &Server| -> Value {
        let body = json!({ "query": CREATE, "variables": { "name": "Ada" } });
        let request = client().post(format!("{}/graphql", server.url)).header("idempotency-key", "one");
        request.json(&body).send().await.unwrap().json().await.unwrap()
    };
    let mut server = Server::start(directory.path()).await;
    let first = create(&server).await;
    assert_eq!(first["data"]["createCustomer"]["customer"]["id"], "Customer:1");
    server.kill().await;

    let server = Server::start(directory.path()).await;
    assert_eq!(create(&server).await, first);
    let data = server.data("{ customers { totalCount } }", json!({})).await;
    assert_eq!(data, json!({ "customers": { "totalCount": 1 } }));
}

#[tokio::test]
async fn a_key_is_forgotten_after_its_time() {
    let app = TestApp::start().await;
    create(&app, "Ada", "one").await;
    app.sql("UPDATE idempotency_key SET created_at = '2020-01-01 00:00:00.000000+00:00'").await;
    create(&app, "Ada", "one").await;
    assert_eq!(customers(&app).await, 2);
}

/// The keys that are in the table.
async fn keys(app: &TestApp) -> Vec<String> {
    let connection = app.connect().await;
    let key = if backend() == DbBackend::MySql { "`key`" } else { "key" };
    let select = format!("SELECT {key} FROM idempotency_key ORDER BY 1");
    let statement = Statement::from_string(connection.get_database_backend(), select);
    let rows = connection.query_all_raw(statement).await.unwrap();
    connection.close().await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

const AGE: &str = "UPDATE idempotency_key SET created_at = '2020-01-01 00:00:00.000000+00:00'";

#[tokio::test]
async fn a_request_forgets_no_other_key_than_its_own() {
    let app = TestApp::start().await;
    for key in ["one", "two", "three"] {
        create(&app, "Ada", key).await;
    }
    app.sql(AGE).await;
    create(&app, "Grace", "two").await;
    create(&app, "Grace", "four").await;
    assert_eq!(keys(&app).await, ["four", "one", "three", "two"]);
    let repeated = create(&app, "Grace", "two").await;
    assert_eq!(repeated.1["data"]["createCustomer"]["customer"]["id"], "Customer:4");
    assert_eq!(customers(&app).await, 5);
}

#[tokio::test]
async fn an_expired_key_that_many_send_at_once_is_performed_once() {
    let app = TestApp::start().await;
    create(&app, "Ada", "one").await;
    app.sql(AGE).await;
    create_four_times_at_once(&app).await;
    assert_eq!(customers(&app).await, 2);
}

#[tokio::test]
async fn expired_keys_are_forgotten_although_nobody_sends_a_request() {
    let app = TestApp::with(&["--idempotency-seconds", "5"]).await;
    let key = if backend() == DbBackend::MySql { "`key`" } else { "key" };
    app.sql(
        &format!(
            "INSERT INTO idempotency_key ({key}, fingerprint, answer, created_at)
         WITH RECURSIVE numbers AS (
             SELECT 1 AS number UNION ALL SELECT number + 1 FROM numbers WHERE number < 600
         ) SELECT CONCAT('key ', number), 'f', 'a', '2020-01-01 00:00:00.000000+00:00' FROM numbers"
        )
        .replace("'2020-01-01 00:00:00.000000+00:00'", moment()),
    )
    .await;
    assert_eq!(keys(&app).await.len(), 600);
    let all_are_gone = async {
        while !keys(&app).await.is_empty() {
            sleep(Duration::from_millis(50)).await;
        }
    };
    let before = app.database.statement_count();
    timeout(Duration::from_secs(60), all_are_gone).await.unwrap();
    assert_eq!(app.database.statement_count(), before, "no request has done it");
}

/// A moment long ago as the database reads it where no column says that it is one.
fn moment() -> &'static str {
    match backend() {
        DbBackend::Postgres => "'2020-01-01 00:00:00+00'::timestamptz",
        _ => "'2020-01-01 00:00:00.000000+00:00'",
    }
}

#[tokio::test]
async fn variables_in_another_order_are_the_same_request() {
    let app = TestApp::start().await;
    let query =
        "mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { customer { id } } }";
    let send = async |variables: &str| -> Value {
        let body = format!(r#"{{ "query": "{query}", "variables": {{ "input": {variables} }} }}"#);
        let headers = [("content-type", "application/json"), ("idempotency-key", "one")];
        app.post(body, &headers).await.json().await.unwrap()
    };
    let first = send(r#"{ "name": "Ada", "phoneNumber": "1" }"#).await;
    assert_eq!(first["data"]["createCustomer"]["customer"]["id"], "Customer:1");
    assert_eq!(send(r#"{ "phoneNumber": "1", "name": "Ada" }"#).await, first);
    assert_eq!(
        send(r#"{ "phoneNumber": "2", "name": "Ada" }"#).await["errors"][0]["extensions"]["code"],
        "BAD_USER_INPUT"
    );
    assert_eq!(customers(&app).await, 1);
}

#[tokio::test]
async fn what_is_no_key_is_refused() {
    let app = TestApp::start().await;
    for key in ["", "\"", "a\"b", &"a".repeat(256)] {
        let (status, refused) = create(&app, "Ada", key).await;
        assert_eq!(
            (status, &refused["errors"][0]["extensions"]["code"]),
            (400, &json!("BAD_USER_INPUT")),
            "{key}"
        );
    }
    assert_eq!(customers(&app).await, 0);
}

/// Sends a request with these extensions.
async fn extended(app: &TestApp, query: &str, extensions: Value) -> (u16, Value) {
    let body = json!({ "query": query, "extensions": extensions }).to_string();
    let response = app.post(body, &[("content-type", "application/json")]).await;
    (response.status().as_u16(), response.json().await.unwrap())
}

#[tokio::test]
async fn a_dry_run_answers_as_it_would_have_and_keeps_nothing() {
    let app = TestApp::start().await;
    let query = "mutation {
        createCustomer(input: { name: \"Ada\", profiles: [{ node: { create: { name: \"Developer\" } } }] }) {
            customer { name profiles { nodes { name } } }
        }
    }";
    let (status, answer) = extended(&app, query, json!({ "dryRun": true })).await;
    let profiles = json!({ "nodes": [{ "name": "Developer" }] });
    let data = json!({ "createCustomer": { "customer": { "name": "Ada", "profiles": profiles } } });
    assert_eq!((status, &answer), (200, &json!({ "data": data, "extensions": { "dryRun": true } })));
    assert_eq!(customers(&app).await, 0);

    let (_, kept) = extended(&app, query, json!({ "dryRun": false })).await;
    assert_eq!(kept, json!({ "data": data }));
    assert_eq!(customers(&app).await, 1);
}

#[tokio::test]
async fn a_dry_run_that_fails_says_so() {
    let app = TestApp::start().await;
    let query = "mutation { createCustomer(input: { name: \" \" }) { customer { id } } }";
    let (_, answer) = extended(&app, query, json!({ "dryRun": true })).await;
    assert_eq!(answer["data"], Value::Null);
    assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
    assert_eq!(answer["extensions"], json!({ "dryRun": true }));
}

#[tokio::test]
async fn whether_a_run_is_dry_is_a_boolean() {
    let app = TestApp::start().await;
    let (status, refused) = extended(&app, "{ __typename }", json!({ "dryRun": "yes" })).await;
    assert_eq!((status, &refused["errors"][0]["extensions"]["code"]), (400, &json!("BAD_USER_INPUT")));
}
