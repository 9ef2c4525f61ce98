//! How many writes a second the server acknowledges, beside a bare loop that writes the same rows with
//! prepared statements, a transaction each.
//!
//! On a disk what counts is how quickly it confirms that data is safe; in memory (`/dev/shm`) what the
//! server itself does. `BENCH_SECONDS=1 cargo bench --bench writing` takes a minute.

#![expect(clippy::expect_used, reason = "a benchmark that fails has nothing to say")]

use std::{
    error::Error,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, header},
};
use clap::Parser;
use customer_graph::{
    config::{self, Config},
    database::Database,
    execute::Graph,
};
use rusqlite::Connection;
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How often each thing is measured, in turn with the others.
const ROUNDS: usize = 5;

/// How many clients there are when there are many.
const MANY: u64 = 32;

#[derive(Parser)]
struct Options {
    /// How long a thing is measured in a round, in seconds.
    #[arg(long, env = "BENCH_SECONDS", default_value_t = 2.0)]
    seconds: f64,

    /// What cargo says to every benchmark.
    #[arg(long, hide = true)]
    bench: bool,
}

/// A kind of write: as a request, and as the bare statements that write the same rows.
struct Write {
    name: &'static str,
    /// The request with this number, which no other one has.
    request: fn(u64) -> Value,
    bare: fn(&Connection, u64) -> rusqlite::Result<()>,
}

const WRITES: [Write; 2] = [
    Write { name: "createCustomer with three profiles", request: create_request, bare: create_bare },
    Write { name: "attachProfile to an existing pair", request: attach_request, bare: attach_bare },
];

fn create_request(number: u64) -> Value {
    let query = "mutation ($name: String!, $profiles: [CustomerProfileInput!]!) {
        createCustomer(input: { name: $name, profiles: $profiles }) { customer { id } }
    }";
    let profiles = ["a", "b", "c"]
        .map(|letter| json!({ "node": { "create": { "name": format!("{number}{letter}") } } }));
    json!({ "query": query, "variables": { "name": format!("Customer {number}"), "profiles": profiles } })
}

fn create_bare(connection: &Connection, number: u64) -> rusqlite::Result<()> {
    let customer = connection
        .prepare_cached("INSERT INTO customer (name) VALUES (?)")?
        .insert([format!("Customer {number}")])?;
    for letter in ["a", "b", "c"] {
        let profile = connection
            .prepare_cached("INSERT INTO profile (name) VALUES (?)")?
            .insert([format!("{number}{letter}")])?;
        connection
            .prepare_cached(
                "INSERT INTO customer_profile (customer_id, profile_id, status) VALUES (?, ?, 'active')",
            )?
            .execute([customer, profile])?;
    }
    Ok(())
}

/// Another status each time, so that there is something to write.
fn attach_request(number: u64) -> Value {
    let query = "mutation ($status: String!) {
        attachProfile(input: { customerId: \"Customer:1\", profileId: \"Profile:1\", status: $status }) { outcome }
    }";
    json!({ "query": query, "variables": { "status": number.to_string() } })
}

fn attach_bare(connection: &Connection, number: u64) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO customer_profile (customer_id, profile_id, status) VALUES (1, 1, ?)
             ON CONFLICT DO UPDATE SET status = excluded.status, version = version + 1",
        )?
        .execute([number.to_string()])
        .map(|_| ())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    println!(
        "{:<36} {:<8} {:>9} {:>9} {:>9} {:>8} {:>8}",
        "", "", "bare/s", "1/s", "32/s", "1:bare", "32:bare"
    );
    for (medium, folder) in [("disk", target), ("memory", PathBuf::from("/dev/shm"))] {
        for write in &WRITES {
            let [bare, one, many] = measure(write, &folder, Duration::from_secs_f64(options.seconds)).await?;
            println!(
                "{:<36} {medium:<8} {bare:>9.0} {one:>9.0} {many:>9.0} {:>8.2} {:>8.2}",
                write.name,
                one / bare,
                many / bare
            );
        }
    }
    Ok(())
}

/// The medians of writes a second: by the bare loop, by one client and by many.
async fn measure(write: &Write, folder: &Path, time: Duration) -> Result<[f64; 3], Box<dyn Error>> {
    let (bare, served) = (TempDir::new_in(folder)?, TempDir::new_in(folder)?);
    let bare = connection(bare.path()).await?;
    let router = router(served.path()).await?;
    let (mut samples, mut next) = ([const { Vec::new() }; 3], 0);
    for _ in 0..ROUNDS {
        samples[0].push(run_bare(&bare, write, time, &mut next)?);
        samples[1].push(run_served(&router, write, time, 1, &mut next).await?);
        samples[2].push(run_served(&router, write, time, MANY, &mut next).await?);
    }
    Ok(samples.map(|mut samples| {
        samples.sort_by(f64::total_cmp);
        samples[ROUNDS / 2]
    }))
}

/// A database with the customer and the profile that are attached, opened as the server opens its own.
async fn connection(folder: &Path) -> Result<Connection, Box<dyn Error>> {
    let file = folder.join("bare.db");
    migrated(&file).await?.close().await;
    let connection = Connection::open(file)?;
    connection
        .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON")?;
    Ok(connection)
}

async fn router(folder: &Path) -> Result<Router, Box<dyn Error>> {
    let database = migrated(&folder.join("served.db")).await?;
    let config = Config::parse_from(["customer-graph"]);
    Ok(customer_graph::app(Arc::new(Graph::new(database, &config)?), &config.http))
}

async fn migrated(file: &Path) -> Result<Database, Box<dyn Error>> {
    let database = Database::open(&config::Database::at(format!("sqlite:{}", file.display()))).await?;
    database.migrate_up().await?;
    let connection = Connection::open(file)?;
    connection.execute_batch(
        "INSERT INTO customer (name) VALUES ('Ada'); INSERT INTO profile (name) VALUES ('Developer')",
    )?;
    Ok(database)
}

fn run_bare(connection: &Connection, write: &Write, time: Duration, next: &mut u64) -> rusqlite::Result<f64> {
    let (start, first) = (Instant::now(), *next);
    while start.elapsed() < time {
        connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        (write.bare)(connection, *next)?;
        connection.prepare_cached("COMMIT")?.execute([])?;
        *next += 1;
    }
    Ok((*next - first) as f64 / start.elapsed().as_secs_f64())
}

/// Writes of clients each of which waits for its answer before it sends the next request.
async fn run_served(
    router: &Router,
    write: &Write,
    time: Duration,
    clients: u64,
    next: &mut u64,
) -> Result<f64, Box<dyn Error>> {
    let (start, request) = (Instant::now(), write.request);
    let clients: Vec<_> = (0..clients)
        .map(|client| {
            let (router, mut number, mut written) = (router.clone(), *next + client, 0_u64);
            tokio::spawn(async move {
                while start.elapsed() < time {
                    ask(&router, request(number)).await;
                    number += clients;
                    written += 1;
                }
                (number, written)
            })
        })
        .collect();
    let mut all = 0;
    for client in clients {
        let (number, written) = client.await?;
        *next = number.max(*next);
        all += written;
    }
    Ok(all as f64 / start.elapsed().as_secs_f64())
}

async fn ask(router: &Router, body: Value) {
    let request = Request::post("/graphql")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_string()))
        .expect("the request is well formed");
    let response = router.clone().oneshot(request).await.expect("a router does not fail");
    let body = to_bytes(response.into_body(), usize::MAX).await.expect("the answer has an end");
    assert!(body.starts_with(b"{\"data\":{"), "{}", String::from_utf8_lossy(&body));
}
