//! How many writes a second the server acknowledges, beside a bare loop that writes the same rows with
//! prepared statements, a transaction each.
//!
//! On a disk what counts is how quickly it confirms that data is safe; in memory (`/dev/shm`) what the
//! server itself does. `BENCH_SECONDS=1 cargo bench --bench writing` takes a minute. On SQLite, and where
//! `BENCH_POSTGRES_URL` or `BENCH_MARIADB_URL` names a server, there too: on databases that are made there and
//! dropped.

#![expect(clippy::expect_used, reason = "a benchmark that fails has nothing to say")]

mod bare;

use std::{
    error::Error,
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
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, DbErr};
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

use crate::bare::Bare;

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

    /// A PostgreSQL server, by the URL of any database there.
    #[arg(long, env = "BENCH_POSTGRES_URL")]
    postgres_url: Option<String>,

    /// A MariaDB server, in the same way.
    #[arg(long, env = "BENCH_MARIADB_URL")]
    mariadb_url: Option<String>,

    /// What cargo says to every benchmark.
    #[arg(long, hide = true)]
    bench: bool,
}

/// A kind of write.
#[derive(Clone, Copy, PartialEq)]
enum Write {
    Create,
    Attach,
}

impl Write {
    fn name(self) -> &'static str {
        match self {
            Write::Create => "createCustomer with three profiles",
            Write::Attach => "attachProfile to an existing pair",
        }
    }

    /// The request with this number, which no other one has.
    fn request(self, number: u64) -> Value {
        match self {
            Write::Create => create_request(number),
            Write::Attach => attach_request(number),
        }
    }
}

fn create_request(number: u64) -> Value {
    let query = "mutation ($name: String!, $profiles: [CustomerProfileInput!]!) {
        createCustomer(input: { name: $name, profiles: $profiles }) { customer { id } }
    }";
    let profiles = ["a", "b", "c"]
        .map(|letter| json!({ "node": { "create": { "name": format!("{number}{letter}") } } }));
    json!({ "query": query, "variables": { "name": format!("Customer {number}"), "profiles": profiles } })
}

/// Another status each time, so that there is something to write.
fn attach_request(number: u64) -> Value {
    let query = "mutation ($status: String!) {
        attachProfile(input: { customerId: \"Customer:1\", profileId: \"Profile:1\", status: $status }) { outcome }
    }";
    json!({ "query": query, "variables": { "status": number.to_string() } })
}

/// Where databases are.
enum Medium {
    Folder(&'static str),
    Server(String),
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    let mut media =
        vec![("disk", Medium::Folder(env!("CARGO_TARGET_TMPDIR"))), ("memory", Medium::Folder("/dev/shm"))];
    media.extend(options.postgres_url.map(|url| ("PostgreSQL", Medium::Server(url))));
    media.extend(options.mariadb_url.map(|url| ("MariaDB", Medium::Server(url))));
    println!(
        "{:<36} {:<10} {:>9} {:>9} {:>9} {:>8} {:>8}",
        "", "", "bare/s", "1/s", "32/s", "1:bare", "32:bare"
    );
    for (name, medium) in media {
        for write in [Write::Create, Write::Attach] {
            let [bare, one, many] = measure(write, &medium, Duration::from_secs_f64(options.seconds)).await?;
            println!(
                "{:<36} {name:<10} {bare:>9.0} {one:>9.0} {many:>9.0} {:>8.2} {:>8.2}",
                write.name(),
                one / bare,
                many / bare
            );
        }
    }
    Ok(())
}

/// The medians of writes a second: by the bare loop, by one client and by many.
async fn measure(write: Write, medium: &Medium, time: Duration) -> Result<[f64; 3], Box<dyn Error>> {
    match medium {
        Medium::Folder(folder) => {
            let folder = TempDir::new_in(folder)?;
            let [bare, served] =
                ["bare", "served"].map(|name| folder.path().join(name).display().to_string());
            let served = migrated(&format!("sqlite:{served}")).await?;
            migrated(&format!("sqlite:{bare}")).await?.close().await;
            in_turn(write, Bare::file(&bare)?, served, time).await
        }
        Medium::Server(url) => {
            let (server, _) = url.rsplit_once('/').ok_or("a server's URL names a database")?;
            let names = ["customer_graph_bench_bare", "customer_graph_bench_served"];
            let admin = connect(url).await?;
            for name in names {
                admin.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name}")).await?;
                admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await?;
            }
            let [bare, served] = names.map(|name| format!("{server}/{name}"));
            migrated(&bare).await?.close().await;
            let bare = Bare::Server(connect(&bare).await?);
            let medians = in_turn(write, bare, migrated(&served).await?, time).await;
            // The connections of what was measured may be about to close.
            let force = if url.starts_with("postgres") { " WITH (FORCE)" } else { "" };
            for name in names {
                admin.execute_unprepared(&format!("DROP DATABASE {name}{force}")).await?;
            }
            medians
        }
    }
}

/// Each for a while, round after round.
async fn in_turn(
    write: Write,
    bare: Bare,
    served: Database,
    time: Duration,
) -> Result<[f64; 3], Box<dyn Error>> {
    let config = Config::parse_from(["customer-graph"]);
    let router = customer_graph::app(Arc::new(Graph::new(served, &config)?), &config.http);
    let (mut samples, mut next) = ([const { Vec::new() }; 3], 0);
    for _ in 0..ROUNDS {
        samples[0].push(bare.run(write, time, &mut next).await?);
        samples[1].push(run_served(&router, write, time, 1, &mut next).await?);
        samples[2].push(run_served(&router, write, time, MANY, &mut next).await?);
    }
    Ok(samples.map(|mut samples| {
        samples.sort_by(f64::total_cmp);
        samples[ROUNDS / 2]
    }))
}

/// A database with the customer and the profile that are attached.
async fn migrated(url: &str) -> Result<Database, Box<dyn Error>> {
    let database = Database::open(&config::Database::at(url)).await?;
    database.migrate_up().await?;
    let connection = connect(url).await?;
    connection.execute_unprepared("INSERT INTO customer (name) VALUES ('Ada')").await?;
    connection.execute_unprepared("INSERT INTO profile (name) VALUES ('Developer')").await?;
    connection.close().await?;
    Ok(database)
}

/// A connection past the server.
async fn connect(url: &str) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url.replacen("mariadb:", "mysql:", 1));
    options.max_connections(1).sqlx_logging(false);
    sea_orm::Database::connect(options).await
}

/// Writes of clients each of which waits for its answer before it sends the next request.
async fn run_served(
    router: &Router,
    write: Write,
    time: Duration,
    clients: u64,
    next: &mut u64,
) -> Result<f64, Box<dyn Error>> {
    let start = Instant::now();
    let clients: Vec<_> = (0..clients)
        .map(|client| {
            let (router, mut number, mut written) = (router.clone(), *next + client, 0_u64);
            tokio::spawn(async move {
                while start.elapsed() < time {
                    ask(&router, write.request(number)).await;
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
        .header(header::HOST, "localhost")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_string()))
        .expect("the request is well formed");
    let response = router.clone().oneshot(request).await.expect("a router does not fail");
    let body = to_bytes(response.into_body(), usize::MAX).await.expect("the answer has an end");
    assert!(body.starts_with(b"{\"data\":{"), "{}", String::from_utf8_lossy(&body));
}
