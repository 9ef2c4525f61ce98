//! What reading costs, how it grows with the number of customers, and how it compares with a bare handler.
//!
//! `BENCH_SIZES=1000,100000 cargo bench --bench reading` takes seconds once its databases are made. On SQLite, and
//! where `BENCH_POSTGRES_URL` or `BENCH_MARIADB_URL` names a server, there too: on databases that are made there
//! and stay. A server's own CPU time is in no figure but the wall time.

#![expect(clippy::expect_used, reason = "a benchmark that fails has nothing to say")]

mod bare;
mod cases;
mod data;
mod measure;
mod server;

use std::{
    error::Error,
    sync::Arc,
    time::{Duration, Instant},
};

use clap::Parser;
use sea_orm::DatabaseConnection;
use serde_json::{Value, json};

use crate::{
    cases::{Asked, CASES, Case},
    measure::{Cost, Subject},
    server::Server,
};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
struct Options {
    /// Only the cases whose name contains this.
    #[arg(default_value = "")]
    filter: String,

    /// The numbers of customers.
    #[arg(long, env = "BENCH_SIZES", value_delimiter = ',', default_value = "1000,100000,1000000")]
    sizes: Vec<u32>,

    /// How long a case is measured, in seconds; it is measured five times at least.
    #[arg(long, env = "BENCH_SECONDS", default_value_t = 5.0)]
    seconds: f64,

    /// A PostgreSQL server, by the URL of any database there.
    #[arg(long, env = "BENCH_POSTGRES_URL")]
    postgres_url: Option<String>,

    /// A MariaDB server, in the same way.
    #[arg(long, env = "BENCH_MARIADB_URL")]
    mariadb_url: Option<String>,

    /// Answer from this database instead, as the process that is measured.
    #[arg(long, hide = true)]
    serve: Option<String>,

    /// What cargo says to every benchmark.
    #[arg(long, hide = true)]
    bench: bool,
}

/// A database and what answers from it.
struct Size {
    customers: u32,
    database: DatabaseConnection,
    server: Arc<Server>,
}

/// The two that answer a case on one database.
struct Pair {
    served: Subject,
    bare: Subject,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    if let Some(url) = &options.serve {
        return server::serve(url).await;
    }
    run("SQLite", None, &options).await?;
    for (name, server) in [("PostgreSQL", &options.postgres_url), ("MariaDB", &options.mariadb_url)] {
        if server.is_some() {
            run(name, server.as_deref(), &options).await?;
        }
    }
    Ok(())
}

/// Every case on the databases of one kind.
async fn run(name: &str, server: Option<&str>, options: &Options) -> Result<(), Box<dyn Error>> {
    let mut sizes = Vec::new();
    for customers in &options.sizes {
        sizes.push(open(server, *customers).await?);
    }
    head(name, &sizes);
    for case in CASES.iter().filter(|case| case.name.contains(&options.filter)) {
        let mut pairs = Vec::new();
        for size in &sizes {
            pairs.push(pair(case, size).await?);
        }
        measure(&mut pairs, Duration::from_secs_f64(options.seconds)).await;
        report(case, &pairs);
    }
    Ok(())
}

async fn open(server: Option<&str>, customers: u32) -> Result<Size, Box<dyn Error>> {
    let url = data::url(server, customers).await?;
    let server = Arc::new(Server::start(&url).await?);
    Ok(Size { customers, database: data::connect(&url).await?, server })
}

async fn pair(case: &Case, size: &Size) -> Result<Pair, Box<dyn Error>> {
    let mut asked = case.asking.asked(&size.database, size.customers).await?;
    for asked in &mut asked {
        place_cursor(asked, size).await?;
    }
    let body = |asked: &Asked| json!({ "query": case.query, "variables": asked.variables }).to_string();
    let served = asked.iter().map(body).collect();
    let served = Subject::new(&size.server, format!("{}/graphql", size.server.served), served);
    let bare = asked.iter().map(|asked| asked.bare.to_string()).collect();
    let bare = Subject::new(&size.server, format!("{}{}", size.server.bare, case.path), bare);
    let same = served.answers().await == bare.answers().await;
    assert!(same, "{}: both have to answer the same with {} customers", case.name, size.customers);
    Ok(Pair { served, bare })
}

/// Has the question be asked with a cursor, where it needs one.
async fn place_cursor(asked: &mut Asked, size: &Size) -> Result<(), Box<dyn Error>> {
    let Some((query, variables)) = &asked.cursor else { return Ok(()) };
    let body = json!({ "query": query, "variables": variables }).to_string();
    let url = format!("{}/graphql", size.server.served);
    let answers = Subject::new(&size.server, url, vec![body]).answers().await;
    let answer: Value = serde_json::from_str(&answers[0])?;
    asked.variables["after"] = answer["data"]["customers"]["pageInfo"]["endCursor"].clone();
    Ok(())
}

/// All in turn, round after round, so that what else the machine does meets all of them.
async fn measure(pairs: &mut [Pair], time: Duration) {
    for Pair { served, bare } in &mut *pairs {
        served.warm_up().await;
        bare.warm_up().await;
    }
    let (start, mut rounds) = (Instant::now(), 0);
    while rounds < 5 || start.elapsed() < time {
        for Pair { served, bare } in &mut *pairs {
            served.round().await;
            bare.round().await;
        }
        rounds += 1;
    }
}

fn head(name: &str, sizes: &[Size]) {
    let sizes: String = sizes.iter().map(|size| format!("{:>11}", size.customers)).collect();
    println!("{name}: medians, in µs a request; growth is from the first number of customers to the last");
    println!("{:<29}{:<12}{sizes}{:>9}", "", "customers", "growth");
}

fn report(case: &Case, pairs: &[Pair]) {
    let costs = |of: fn(&Pair) -> &Subject, part: fn(Cost) -> f64| -> Vec<f64> {
        pairs.iter().map(|pair| part(of(pair).median())).collect()
    };
    line(case.name, "wall", &costs(|pair| &pair.served, |cost| cost.wall));
    line("", "CPU", &costs(|pair| &pair.served, |cost| cost.cpu));
    line("", "bare wall", &costs(|pair| &pair.bare, |cost| cost.wall));
    line("", "bare CPU", &costs(|pair| &pair.bare, |cost| cost.cpu));
    let times = pairs.iter().map(|pair| format!("{:>11.2}", pair.served.times(&pair.bare)));
    println!("{:<29}{:<12}{}", "", "CPU ratio", times.collect::<String>());
}

fn line(case: &str, what: &str, values: &[f64]) {
    let growth = values[values.len() - 1] / values[0];
    let values: String = values.iter().map(|value| format!("{value:>11.1}")).collect();
    println!("{case:<29}{what:<12}{values}{growth:>9.2}");
}
