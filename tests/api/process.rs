//! The program itself, as a process of its own in a directory of its own.

use std::{path::Path, process::Stdio};

use reqwest::Client;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader, Lines},
    process::{Child, ChildStderr, ChildStdout, Command},
};

/// How a command ended: its exit code, standard output and standard error.
pub type Ended = (Option<i32>, String, String);

/// The program in that directory, with that environment and no other.
pub fn program(directory: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_customer-graph"));
    command.args(arguments).env_clear().envs(environment.iter().copied()).current_dir(directory);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

/// Runs the program to its end.
pub async fn run(directory: &Path, arguments: &[&str]) -> Ended {
    let output = program(directory, arguments, &[]).output().await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// A server process. It is killed when this is dropped.
pub struct Server {
    /// What it wrote to standard output until it listened.
    pub lines: [String; 2],
    pub url: String,
    pub log: Lines<BufReader<ChildStderr>>,
    child: Child,
    _output: Lines<BufReader<ChildStdout>>,
}

impl Server {
    /// Starts it on a free port and waits until it listens.
    pub async fn start(directory: &Path) -> Self {
        Server::of(program(directory, &[], &[("LISTEN", "127.0.0.1:0")])).await
    }

    pub async fn of(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap()).lines();
        let log = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut lines = [const { String::new() }; 2];
        for line in &mut lines {
            *line = output.next_line().await.unwrap().unwrap();
        }
        let url = lines[0].strip_prefix("listening on ").unwrap().to_owned();
        Server { lines, url, log, child, _output: output }
    }

    pub async fn data(&self, query: &str, variables: Value) -> Value {
        let mut answer = post(&client(), &self.url, query, variables).await.unwrap();
        assert_eq!(answer.get("errors"), None);
        answer["data"].take()
    }

    /// The number of the process.
    pub fn id(&self) -> u32 {
        self.child.id().unwrap()
    }

    /// Sends a signal, as in `TERM`.
    pub async fn signal(&self, name: &str) {
        let command = format!("kill -{name} {}", self.id());
        assert!(Command::new("sh").args(["-c", &command]).status().await.unwrap().success());
    }

    /// Waits for the line of the log that ends like this.
    pub async fn logged(&mut self, end: &str) {
        while let Some(line) = self.log.next_line().await.unwrap() {
            if line.ends_with(end) {
                return;
            }
        }
        panic!("the log ended without `{end}`");
    }

    /// Waits for its end: the exit code, if it was not killed, and the rest of the log.
    pub async fn end(mut self) -> (Option<i32>, String) {
        let mut log = String::new();
        self.log.get_mut().read_to_string(&mut log).await.unwrap();
        (self.child.wait().await.unwrap().code(), log)
    }

    /// Ends it as a crash would.
    pub async fn kill(&mut self) {
        self.child.kill().await.unwrap();
    }
}

pub fn client() -> Client {
    Client::builder().no_proxy().build().unwrap()
}

/// What GraphQL answers, or none if the server is gone before it has.
pub async fn post(client: &Client, url: &str, query: &str, variables: Value) -> reqwest::Result<Value> {
    let body = json!({ "query": query, "variables": variables });
    client.post(format!("{url}/graphql")).json(&body).send().await?.json().await
}
