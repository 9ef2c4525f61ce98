//! The server and the bare handlers, in a process of their own, whose CPU time is nobody else's.

use std::{env, error::Error, future, io::Write, process::Stdio, sync::Arc, time::Duration};

use axum::{Router, routing::get};
use clap::Parser;
use customer_graph::{
    config::{self, Config, Http},
    database::Database,
    execute::Graph,
};
use reqwest::Client;
use rustix::time::{ClockId, clock_gettime};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    net::TcpListener,
    process::{Child, Command},
};

use crate::bare;

/// A process that answers from one database. It ends when this is dropped.
pub struct Server {
    /// Where customer-graph listens.
    pub served: String,
    /// Where the bare handlers do.
    pub bare: String,
    _process: Child,
}

impl Server {
    /// Starts this program once more, to answer from the database at `url`.
    pub async fn start(url: &str) -> Result<Self, Box<dyn Error>> {
        let mut process = Command::new(env::current_exe()?)
            .arg("--serve")
            .arg(url)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let output = process.stdout.take().ok_or("the server has no output")?;
        let mut lines = BufReader::new(output).lines();
        let mut url = async || lines.next_line().await?.ok_or(Box::<dyn Error>::from("the server has ended"));
        Ok(Server { served: url().await?, bare: url().await?, _process: process })
    }

    /// The CPU time of the process so far.
    pub async fn cpu_time(&self, client: &Client) -> Duration {
        let answer = client.get(format!("{}/cpu", self.bare)).send().await.expect("the server answers");
        let nanoseconds = answer.text().await.expect("the answer is text").parse();
        Duration::from_nanos(nanoseconds.expect("the answer is a number"))
    }
}

/// What the process does: both kinds of answers over the same HTTP, until it is killed.
pub async fn serve(url: &str) -> Result<(), Box<dyn Error>> {
    let database = Database::open(&config::Database::at(url)).await?;
    database.migrate_up().await?;
    let config = Config::parse_from(["customer-graph"]);
    let graph = Graph::new(database, &config)?;
    let served = customer_graph::app(Arc::new(graph), &config.http);
    let bare = bare::router(url).await?.route("/cpu", get(async || cpu_time().to_string()));
    tokio::join!(listen(served, config.http.clone()).await?, listen(bare, config.http).await?);
    Ok(())
}

async fn listen(app: Router, config: Http) -> Result<impl Future<Output = ()>, Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    writeln!(std::io::stdout(), "http://{}", listener.local_addr()?)?;
    Ok(customer_graph::serve(listener, app, config, future::pending()))
}

/// In nanoseconds.
fn cpu_time() -> u128 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32).as_nanos()
}
