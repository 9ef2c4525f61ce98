//! The program on a database of made-up data.

use std::process::Stdio;

use reqwest::Client;
use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

/// A process that serves. It ends when this is dropped.
pub struct Program {
    url: String,
    client: Client,
    _process: Child,
}

impl Program {
    /// Fills the database with the data of `demo` with these options, and serves it.
    pub async fn start(database: &str, demo: &[&str]) -> Self {
        let program = || {
            let mut program = Command::new(env!("CARGO_BIN_EXE_customer-graph"));
            program.env("DATABASE_URL", database).env("LOG", "off").kill_on_drop(true).stdout(Stdio::piped());
            program
        };
        let filled = program().arg("demo").args(demo).output().await.unwrap();
        assert!(filled.status.success(), "{filled:?}");
        let mut process = program().env("LISTEN", "127.0.0.1:0").spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let line = lines.next_line().await.unwrap().unwrap();
        let url = format!("{}/graphql", line.strip_prefix("listening on ").unwrap());
        Program { url, client: Client::builder().no_proxy().build().unwrap(), _process: process }
    }

    /// The text of the answer to a query.
    pub async fn ask(&self, query: &str) -> String {
        let response = self.client.post(&self.url).json(&json!({ "query": query })).send().await.unwrap();
        response.text().await.unwrap()
    }
}
