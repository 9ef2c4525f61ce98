//! What a point query costs stage by stage, with its document known and its rows in the page cache.
//!
//! `BENCH_SECONDS=1 cargo bench --bench stages` takes a second.

#![expect(clippy::expect_used, reason = "a benchmark that fails has nothing to say")]

use std::{
    error::Error,
    sync::Arc,
    time::{Duration, Instant},
};

use async_graphql::{Request, Variables};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{self, header},
};
use clap::Parser;
use customer_graph::{
    config::{self, Config},
    database::Database,
    document::{Asked, Documents, Source},
    execute::{Answer, Graph, Progress, Terms},
    schema,
};
use rusqlite::Connection;
use serde_json::json;
use tempfile::TempDir;
use tower::ServiceExt;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const QUERY: &str = "query Customer($id: ID!) { customer(id: $id) { id name phoneNumber version } }";

#[derive(Parser)]
struct Options {
    /// How long is measured, in seconds.
    #[arg(long, env = "BENCH_SECONDS", default_value_t = 5.0)]
    seconds: f64,

    /// What cargo says to every benchmark.
    #[arg(long, hide = true)]
    bench: bool,
}

/// What one query took, in microseconds.
struct Sample {
    document: f64,
    variables: f64,
    execution: f64,
    graph: f64,
    http: f64,
}

/// Everything that takes part in answering.
struct Server {
    documents: Documents,
    schema: schema::Schema,
    database: Database,
    graph: Arc<Graph>,
    router: Router,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    let directory = TempDir::new()?;
    let server = open(&directory).await?;
    for _ in 0..1_000 {
        server.sample().await;
    }
    let (start, mut samples) = (Instant::now(), Vec::new());
    while start.elapsed() < Duration::from_secs_f64(options.seconds) {
        samples.push(server.sample().await);
    }
    report(&samples);
    Ok(())
}

async fn open(directory: &TempDir) -> Result<Server, Box<dyn Error>> {
    let file = directory.path().join("stages.db");
    let database = Database::open(&config::Database::at(format!("sqlite:{}", file.display()))).await?;
    database.migrate_up().await?;
    Connection::open(&file)?.execute_batch(
        "WITH RECURSIVE keys(key) AS (SELECT 1 UNION ALL SELECT key + 1 FROM keys LIMIT 1000)
         INSERT INTO customer (name) SELECT 'Customer ' || key FROM keys",
    )?;
    let config = Config::parse_from(["customer-graph"]);
    let documents = Graph::documents(&config)?;
    let graph = Arc::new(Graph::new(database.clone(), &config)?);
    let router = customer_graph::app(graph.clone(), &config.http);
    Ok(Server { documents, schema: schema::build(), database, graph, router })
}

impl Server {
    /// One query, taken to pieces and then as a whole, so that what else the machine does meets all alike.
    async fn sample(&self) -> Sample {
        let (start, asked) = (Instant::now(), asked());
        let chosen = self.documents.choose(&asked).expect("the document is valid");
        let document = micros(start);

        let start = Instant::now();
        let prepared = self.documents.prepare(&chosen, asked.variables).expect("the variables fit");
        let variables = micros(start);

        let (start, schema) = (Instant::now(), self.schema.clone());
        let query = async move |db| {
            schema.execute(Request::from(prepared).data::<customer_graph::database::Db>(db)).await
        };
        let response = self.database.read(query).await.expect("the database answers");
        let execution = micros(start);
        assert!(response.is_ok(), "{:?}", response.errors);

        let terms = Terms {
            request_id: String::new(),
            key: Ok(None),
            dry_run: false,
            reads_only: false,
            budget: self.graph.budget(),
            progress: Progress::default(),
        };
        let start = Instant::now();
        let answer = self.graph.execute(self::asked(), &terms).await;
        let graph = micros(start);
        assert!(matches!(answer, Answer::Executed(response) if response.is_ok()));

        let body = json!({ "query": QUERY, "variables": { "id": "Customer:500" } }).to_string();
        let request = http::Request::post("/graphql").header(header::HOST, "localhost");
        let request = request.header(header::CONTENT_TYPE, "application/json");
        let request = request.body(Body::from(body)).expect("the request is well formed");
        let start = Instant::now();
        let response = self.router.clone().oneshot(request).await.expect("a router does not fail");
        let body = to_bytes(response.into_body(), usize::MAX).await.expect("the answer has an end");
        let http = micros(start);
        assert!(body.starts_with(b"{\"data\":{\"customer\":{"));
        Sample { document, variables, execution, graph, http }
    }
}

fn asked() -> Asked {
    let variables = Variables::from_json(json!({ "id": "Customer:500" }));
    Asked { source: Source::Text(QUERY.to_owned()), operation_name: None, variables }
}

fn micros(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e6
}

fn report(samples: &[Sample]) {
    let median = |part: fn(&Sample) -> f64| {
        let mut times: Vec<f64> = samples.iter().map(part).collect();
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    let document = median(|sample| sample.document);
    let variables = median(|sample| sample.variables);
    let execution = median(|sample| sample.execution);
    let (graph, http) = (median(|sample| sample.graph), median(|sample| sample.http));
    println!("medians of {} point queries, in µs", samples.len());
    for (stage, time) in [
        ("the document, known by its hash", document),
        ("its variables and its price", variables),
        ("execution, rows in the page cache", execution),
        ("all of these, as the graph does it", graph),
        ("reading and writing HTTP around it", http - graph),
    ] {
        println!("{stage:<36}{time:>8.1}");
    }
    let (before, relation) =
        (document + variables, if document + variables < execution { "less" } else { "more" });
    println!("what comes before execution costs {relation} than execution: {before:.1} and {execution:.1}");
}
