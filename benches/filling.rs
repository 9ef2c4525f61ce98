//! How fast `demo` fills a database, against a bare loop of prepared inserts in one transaction.

use std::{
    error::Error,
    path::Path,
    time::{Duration, Instant},
};

use clap::Parser;
use customer_graph::{
    config::{self, Demo, EdgeRange},
    database::Database,
    demo,
};
use indicatif::ProgressBar;
use rusqlite::{Connection, params, params_from_iter, types::Value};
use rustix::time::{ClockId, clock_gettime};
use tempfile::TempDir;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ROUNDS: usize = 5;

#[derive(Parser)]
struct Options {
    /// The number of customers, with five edges each.
    #[arg(long, env = "BENCH_CUSTOMERS", default_value_t = 100_000)]
    customers: u32,

    /// What cargo says to every benchmark.
    #[arg(long, hide = true)]
    bench: bool,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let demo = Demo {
        customers: Options::parse().customers,
        profiles: 100,
        edges_per_customer: EdgeRange { least: 5, most: 5 },
        shared_profile: true,
        add: false,
    };
    let (mut filled, mut copied) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let folder = TempDir::new()?;
        let (one, other) = (folder.path().join("demo.db"), folder.path().join("bare.db"));
        filled.push(fill(&one, &demo).await?);
        migrated(&other).await?.close().await;
        copied.push(copy(&one, &other)?);
    }
    println!("{} customers, medians of {ROUNDS} rounds", demo.customers);
    report("wall", |cost| cost.wall, &filled, &copied);
    report("CPU", |cost| cost.cpu, &filled, &copied);
    Ok(())
}

fn report(what: &str, part: fn(&Cost) -> Duration, filled: &[Cost], copied: &[Cost]) {
    let (filled, copied) = (median(filled, part), median(copied, part));
    let ratio = copied.as_secs_f64() / filled.as_secs_f64();
    println!("{what:<5} demo {filled:.2?}, bare loop {copied:.2?}: {ratio:.2} of its speed");
}

/// What was used since a moment; CPU time by all threads of the process.
struct Cost {
    wall: Duration,
    cpu: Duration,
}

impl Cost {
    fn since((wall, cpu): (Instant, Duration)) -> Self {
        Cost { wall: wall.elapsed(), cpu: cpu_time() - cpu }
    }
}

fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

async fn migrated(file: &Path) -> Result<Database, Box<dyn Error>> {
    let database = Database::open(&config::Database::at(format!("sqlite:{}", file.display()))).await?;
    database.migrate_up().await?;
    Ok(database)
}

async fn fill(file: &Path, demo: &Demo) -> Result<Cost, Box<dyn Error>> {
    let database = migrated(file).await?;
    let start = (Instant::now(), cpu_time());
    demo::fill(&database, demo, &ProgressBar::hidden()).await?;
    let cost = Cost::since(start);
    database.close().await;
    Ok(cost)
}

/// The same rows once more; reading them beforehand is not counted.
fn copy(from: &Path, to: &Path) -> rusqlite::Result<Cost> {
    let tables = ["customer", "profile", "customer_profile"];
    let from = Connection::open(from)?;
    let rows = tables.map(|table| rows(&from, table));
    let mut to = Connection::open(to)?;
    to.execute_batch("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -65536")?;

    let start = (Instant::now(), cpu_time());
    let transaction = to.transaction()?;
    for (table, rows) in tables.into_iter().zip(rows) {
        let rows = rows?;
        let Some(columns) = rows.first().map(Vec::len) else { continue };
        let places = vec!["?"; columns].join(", ");
        let mut insert = transaction.prepare(&format!("INSERT INTO {table} VALUES ({places})"))?;
        for row in rows {
            insert.execute(params_from_iter(row))?;
        }
    }
    transaction.commit()?;
    Ok(Cost::since(start))
}

fn rows(from: &Connection, table: &str) -> rusqlite::Result<Vec<Vec<Value>>> {
    let mut select = from.prepare(&format!("SELECT * FROM {table}"))?;
    let columns = select.column_count();
    let rows = select.query_map(params![], |row| (0..columns).map(|column| row.get(column)).collect())?;
    rows.collect()
}

fn median(costs: &[Cost], part: fn(&Cost) -> Duration) -> Duration {
    let mut times: Vec<Duration> = costs.iter().map(part).collect();
    times.sort_unstable();
    times[times.len() / 2]
}
