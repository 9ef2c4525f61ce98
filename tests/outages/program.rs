//! The program as a process of its own, and what clients are told by it.

use std::{
    fs::File,
    path::PathBuf,
    process::Stdio,
    time::{Duration, Instant},
};

use reqwest::StatusCode;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, ChildStdout, Command},
    task::JoinSet,
    time::timeout,
};

use crate::until;

pub const READ: &str = "{ customers { nodes { name profiles { nodes { name } } } } }";
pub const WRITE: &str =
    "mutation { createCustomer(input: { name: \"new\" }) { customer { id name version } } }";

/// What a busy machine may add to any time limit.
pub const SLACK: Duration = Duration::from_secs(4);

/// A server process. It is killed when this is dropped.
pub struct Program {
    pub client: Client,
    child: Child,
    directory: TempDir,
    _output: BufReader<ChildStdout>,
}

impl Program {
    /// Starts it on that database with these options, and waits until it listens.
    pub async fn start(database_url: &str, options: &[&str]) -> Self {
        let (mut child, directory) = spawn(database_url, options);
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        timeout(Duration::from_secs(60), output.read_line(&mut line)).await.unwrap().unwrap();
        let url = line.trim_end().strip_prefix("listening on ");
        let url = url.unwrap_or_else(|| panic!("it did not start: {}", log_in(&directory)));
        let client =
            Client { url: url.to_owned(), http: reqwest::Client::builder().no_proxy().build().unwrap() };
        Program { client, child, directory, _output: output }
    }

    /// Everything that it has logged.
    pub fn log(&self) -> String {
        log_in(&self.directory)
    }

    /// Fails if it has ended.
    pub fn lives(&mut self) {
        assert_eq!(self.child.try_wait().unwrap(), None, "{}", self.log());
    }

    /// Waits until queries and mutations succeed and the program says that it is ready.
    pub async fn recovers(&mut self) {
        let client = self.client.clone();
        until("the program works again", Duration::from_secs(5) + SLACK, async || {
            client.ask(READ).await.is_ok()
                && client.ask(WRITE).await.is_ok()
                && client.get("/readyz").await == StatusCode::OK
        })
        .await;
        self.lives();
    }

    /// Tells it to stop, and fails unless it does so soon.
    pub async fn stops(&mut self) {
        let process = Pid::from_raw(self.child.id().unwrap().cast_signed()).unwrap();
        kill_process(process, Signal::TERM).unwrap();
        let ended = timeout(Duration::from_secs(5) + SLACK, self.child.wait()).await;
        assert!(ended.is_ok_and(|status| status.unwrap().success()), "{}", self.log());
    }

    /// Ends it as a crash would.
    pub async fn kill(&mut self) {
        self.child.kill().await.unwrap();
    }
}

/// Runs a program that is to end by itself: whether it succeeded, and all that it wrote.
pub async fn ended(database_url: &str, options: &[&str]) -> (bool, String) {
    let (child, directory) = spawn(database_url, options);
    let output = timeout(Duration::from_secs(60), child.wait_with_output()).await.unwrap().unwrap();
    (output.status.success(), String::from_utf8(output.stdout).unwrap() + &log_in(&directory))
}

/// A program that is not waited for.
pub fn spawn(database_url: &str, options: &[&str]) -> (Child, TempDir) {
    let directory = TempDir::new().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_customer-graph"));
    command.args(options).env_clear().current_dir(directory.path()).kill_on_drop(true);
    command.envs([("DATABASE_URL", database_url), ("LISTEN", "127.0.0.1:0")]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(File::create(log_of(&directory)).unwrap());
    (command.spawn().unwrap(), directory)
}

fn log_of(directory: &TempDir) -> PathBuf {
    directory.path().join("log")
}

fn log_in(directory: &TempDir) -> String {
    std::fs::read_to_string(log_of(directory)).unwrap()
}

/// Whoever sends requests to one program.
#[derive(Clone)]
pub struct Client {
    url: String,
    http: reqwest::Client,
}

impl Client {
    pub async fn ask(&self, query: &str) -> Reply {
        self.ask_with(query, json!({}), None).await.unwrap()
    }

    /// Fails if the program is gone before it has answered.
    pub async fn ask_with(&self, query: &str, variables: Value, key: Option<&str>) -> reqwest::Result<Reply> {
        let asked = Instant::now();
        let mut request = self.http.post(format!("{}/graphql", self.url));
        if let Some(key) = key {
            request = request.header("idempotency-key", format!("\"{key}\""));
        }
        let response = request.json(&json!({ "query": query, "variables": variables })).send().await?;
        let status = response.status();
        Ok(Reply { status, body: response.json().await?, took: asked.elapsed() })
    }

    /// Sends all of these at once.
    pub async fn ask_all(&self, queries: impl IntoIterator<Item = &'static str>) -> Vec<Reply> {
        let mut asking = JoinSet::new();
        for query in queries {
            let client = self.clone();
            asking.spawn(async move { client.ask(query).await });
        }
        asking.join_all().await
    }

    pub async fn get(&self, path: &str) -> StatusCode {
        self.read(path).await.0
    }

    /// What a path answers, as a text.
    pub async fn read(&self, path: &str) -> (StatusCode, String) {
        let response = self.http.get(format!("{}{path}", self.url)).send().await.unwrap();
        (response.status(), response.text().await.unwrap())
    }
}

/// What a client was told, and after what time.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub body: Value,
    pub took: Duration,
}

impl Reply {
    pub fn is_ok(&self) -> bool {
        self.body.get("errors").is_none()
    }

    /// The data of an answer without errors.
    pub fn data(&self) -> &Value {
        assert!(self.is_ok(), "{self:?}");
        &self.body["data"]
    }

    /// The code of its first error; empty where there is none.
    pub fn code(&self) -> &str {
        self.body["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
    }

    /// What became of a mutation that failed, as its first error says it; empty where it says nothing.
    pub fn outcome(&self) -> &str {
        self.body["errors"][0]["extensions"]["outcome"].as_str().unwrap_or_default()
    }

    /// Fails unless it was refused with one of these codes, and in that time.
    pub fn refused(&self, codes: &[&str], limit: Duration) {
        assert!(codes.contains(&self.code()), "{self:?} where {codes:?} is due");
        assert!(self.took < limit + SLACK, "{self:?} where {limit:?} is the limit");
        let is_503 = self.status == StatusCode::SERVICE_UNAVAILABLE;
        assert_eq!(is_503, self.code() == "OVERLOADED", "{self:?}");
    }
}
