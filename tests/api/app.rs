//! A server of its own for each test, on a database of its own.

use std::sync::Arc;

use clap::Parser;
use customer_graph::{config::Config, database::Database, execute::Graph};
use reqwest::{Client, RequestBuilder, Response};
use sea_orm::{ConnectionTrait, DatabaseConnection};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

use crate::backend::{self, TestDatabase};

/// The server under test. It stops when it is dropped, and its database goes with it.
pub struct TestApp {
    /// Where it listens, as in `http://127.0.0.1:4242`.
    pub url: String,
    /// The database it serves.
    pub database: Database,
    own: TestDatabase,
    client: Client,
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
}

impl TestApp {
    pub async fn start() -> Self {
        TestApp::with(&[]).await
    }

    /// With these options of the command line.
    pub async fn with(options: &[&str]) -> Self {
        let own = TestDatabase::create().await;
        let arguments = ["customer-graph", "--database-url", &own.url];
        let mut config = Config::parse_from(arguments.iter().chain(options));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        config.http = config.http.listening_on(address);
        let database = Database::open(&config.database).await.unwrap();
        database.migrate_up().await.unwrap();
        let graph = Graph::new(database.clone(), &config).unwrap();
        let app = customer_graph::app(Arc::new(graph), &config.http);

        let url = format!("http://{address}");
        let (stop, stopped) = oneshot::channel();
        let stopped = async move { drop(stopped.await) };
        let server = tokio::spawn(customer_graph::serve(listener, app, config.http, stopped));
        let client =
            Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        TestApp { url, database, own, client, stop, server }
    }

    /// Adds the customers `C1`, `C2` and so on and the profiles `P1`, `P2` and so on, with keys from 1,
    /// and attaches all to all. The status of an edge names both keys, as in `3-7`.
    pub async fn seed(&self, customers: u32, profiles: u32) {
        for (table, letter, number) in [("customer", 'C', customers), ("profile", 'P', profiles)] {
            self.sql(&format!(
                "INSERT INTO {table} (name)
                 WITH RECURSIVE numbers AS (
                     SELECT 1 AS number UNION ALL SELECT number + 1 FROM numbers WHERE number < {number}
                 ) SELECT CONCAT('{letter}', number) FROM numbers WHERE number <= {number}"
            ))
            .await;
        }
        self.sql(
            "INSERT INTO customer_profile (customer_id, profile_id, status)
             SELECT customer.id, profile.id, CONCAT(customer.id, '-', profile.id) FROM customer, profile",
        )
        .await;
    }

    /// Runs SQL on a connection of its own, as another application would.
    pub async fn sql(&self, sql: &str) {
        let connection = self.connect().await;
        connection.execute_unprepared(&backend::sql(sql)).await.unwrap();
        connection.close().await.unwrap();
    }

    /// The data of an answer that has no errors.
    pub async fn data(&self, query: &str, variables: Value) -> Value {
        let mut answer = self.graphql(query, variables).await;
        assert_eq!(answer.get("errors"), None);
        answer["data"].take()
    }

    /// As [`TestApp::data`], with the number of statements that the request ran.
    pub async fn counted(&self, query: &str, variables: Value) -> (Value, u64) {
        let before = self.database.statement_count();
        let data = self.data(query, variables).await;
        (data, self.database.statement_count() - before)
    }

    /// The errors of an answer that has some, each without its places in the document.
    pub async fn errors(&self, query: &str, variables: Value) -> Value {
        let mut errors = self.graphql(query, variables).await["errors"].take();
        for error in errors.as_array_mut().unwrap() {
            error.as_object_mut().unwrap().remove("locations").unwrap();
        }
        errors
    }

    /// What GraphQL answers, whatever it is.
    pub async fn graphql(&self, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let response = self.post(body, &[("content-type", "application/json")]).await;
        response.json().await.unwrap()
    }

    /// What is wrong with a request that failed as a whole: of each error the code and the field.
    pub async fn faults(&self, query: &str, variables: Value) -> Value {
        let answer = self.graphql(query, variables).await;
        assert_eq!(answer["data"], Value::Null, "{answer}");
        faults(&answer)
    }

    /// The ID of a new customer of that name.
    pub async fn customer(&self, name: &str) -> String {
        let create =
            "mutation ($name: String!) { createCustomer(input: { name: $name }) { customer { id } } }";
        let data = self.data(create, json!({ "name": name })).await;
        data["createCustomer"]["customer"]["id"].as_str().unwrap().to_owned()
    }

    /// The ID of a new profile of that name.
    pub async fn profile(&self, name: &str) -> String {
        let create = "mutation ($name: String!) { createProfile(input: { name: $name }) { profile { id } } }";
        let data = self.data(create, json!({ "name": name })).await;
        data["createProfile"]["profile"]["id"].as_str().unwrap().to_owned()
    }

    /// The numbers of customers and of profiles.
    pub async fn counts(&self) -> Value {
        self.data("{ customers { totalCount } profiles { totalCount } }", json!({})).await
    }

    /// The database as another application opens it.
    pub async fn connect(&self) -> DatabaseConnection {
        self.own.connect().await
    }

    /// The URL of the database, for a program of its own.
    pub fn database_url(&self) -> &str {
        &self.own.url
    }

    /// The file of the database, where it is SQLite.
    pub fn database_file(&self) -> &str {
        self.own.url.strip_prefix("sqlite:").unwrap()
    }

    /// Sends a body to `/graphql` with these headers and no others.
    pub async fn post(&self, body: impl Into<reqwest::Body>, headers: &[(&str, &str)]) -> Response {
        let request = self.client.post(format!("{}/graphql", self.url)).body(body);
        headers
            .iter()
            .fold(request, |request, (name, value)| request.header(*name, *value))
            .send()
            .await
            .unwrap()
    }

    pub async fn get(&self, path: &str) -> Response {
        self.request("GET", path).send().await.unwrap()
    }

    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        self.client.request(method.parse().unwrap(), format!("{}{path}", self.url))
    }

    /// Tells the server to stop; the handle ends when it has stopped.
    pub fn stop(self) -> JoinHandle<()> {
        self.stop.send(()).unwrap();
        self.server
    }
}

/// Of each error of an answer its code and the field at fault.
pub fn faults(answer: &Value) -> Value {
    let errors = answer["errors"].as_array().unwrap();
    let fault = |error: &Value| json!([error["extensions"]["code"], error["extensions"]["field"]]);
    errors.iter().map(fault).collect()
}
