//! The tests of the API once more, on PostgreSQL and on MariaDB.
//!
//! `TEST_POSTGRES_URL` and `TEST_MARIADB_URL` name a database each, on a server where databases may be created.
//! Where one of them is missing, its tests are ignored.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "the tests have no configuration but the servers' URLs")]

use std::{
    env,
    process::{Command, Stdio},
    sync::{Arc, OnceLock},
};

use libtest_mimic::{Arguments, Failed, Trial};
use sea_orm::{ConnectionTrait, Database, Statement};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};

/// The tests of what SQLite alone has, and of the program, which the other tests start on it.
const OF_SQLITE: &str = "sqlite::";

/// The tests on one kind of database: they run in one process, as soon as the first of them is asked for.
struct Suite {
    program: String,
    url: Option<String>,
    filter: Option<String>,
    output: OnceLock<String>,
}

fn main() {
    let arguments = Arguments::from_args();
    let program = program();
    let mut trials = Vec::new();
    for (name, variable) in [("postgres", "TEST_POSTGRES_URL"), ("mariadb", "TEST_MARIADB_URL")] {
        let suite = Arc::new(Suite {
            program: program.clone(),
            url: env::var(variable).ok(),
            filter: arguments.filter.as_ref().map(|filter| filter.replace(&format!("{name}::"), "")),
            output: OnceLock::new(),
        });
        for test in suite.tests() {
            let (suite, is_ignored) = (suite.clone(), suite.url.is_none());
            let trial = Trial::test(format!("{name}::{test}"), move || suite.outcome(&test));
            trials.push(trial.with_ignored_flag(is_ignored));
        }
    }
    let servers = [env::var("TEST_POSTGRES_URL"), env::var("TEST_MARIADB_URL")];
    let is_ignored = servers.iter().any(Result::is_err);
    let alike = move || alike(servers.map(Result::unwrap));
    trials.push(Trial::test("the_same_queries_are_answered_alike", alike).with_ignored_flag(is_ignored));
    libtest_mimic::run(&arguments, trials).exit();
}

/// The program with the tests of the API, built as this one.
fn program() -> String {
    let cargo = Command::new(env!("CARGO"))
        .args(["test", "--test", "api", "--no-run", "--message-format=json"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    let messages = String::from_utf8(cargo.stdout).unwrap();
    let messages = messages.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let mut programs = messages.filter(|message| message["target"]["name"] == "api");
    programs.find_map(|message| message["executable"].as_str().map(str::to_owned)).unwrap()
}

impl Suite {
    fn tests(&self) -> Vec<String> {
        let list = Command::new(&self.program).args(["--list", "--format=terse"]).output().unwrap();
        let list = String::from_utf8(list.stdout).unwrap();
        let tests = list.lines().filter_map(|line| line.strip_suffix(": test"));
        tests.filter(|test| !test.starts_with(OF_SQLITE)).map(str::to_owned).collect()
    }

    /// Whether the test passed, as the process said.
    fn outcome(&self, test: &str) -> Result<(), Failed> {
        let output = self.output.get_or_init(|| self.run());
        match output.contains(&format!("test {test} ... ok\n")) {
            true => Ok(()),
            false => Err(said(output, test).into()),
        }
    }

    /// Runs the tests, and drops the databases that they leave behind.
    fn run(&self) -> String {
        let url = self.url.as_deref().unwrap();
        let child = Command::new(&self.program)
            .args(["--skip", OF_SQLITE])
            .args(&self.filter)
            .env("TEST_DATABASE_URL", url)
            // A statement takes several times as long as on SQLite, where all cases run.
            .env("PROPTEST_CASES", "64")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let process = child.id();
        let output = child.wait_with_output().unwrap();
        tokio::runtime::Runtime::new().unwrap().block_on(drop_databases(url, process));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

/// Whether servers on the same data as SQLite answer as it does, byte for byte. Its names are of many
/// languages, which every locale sorts in another way.
fn alike(servers: [String; 2]) -> Result<(), Failed> {
    let directory = tempfile::tempdir().unwrap();
    let file = format!("sqlite:{}", directory.path().join("alike.db").display());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let expected = runtime.block_on(answers(&file));
    for server in servers {
        let name = format!("customer_graph_{}_alike", std::process::id());
        let answers = runtime.block_on(async {
            let answers = answers(&create_database(&server, &name).await).await;
            drop_databases(&server, std::process::id()).await;
            answers
        });
        for ((query, expected), answer) in QUERIES.iter().zip(&expected).zip(&answers) {
            if answer != expected {
                return Err(format!("{query}\nis answered with\n{answer}\nand not with\n{expected}").into());
            }
        }
    }
    Ok(())
}

const QUERIES: [&str; 6] = [
    "{ customers(first: 100, orderBy: [{ name: ASC }]) { totalCount edges { cursor node {
        id name phoneNumber version createdAt updatedAt
    } } pageInfo { hasNextPage startCursor endCursor } } }",
    "{ customers(last: 50, orderBy: [{ name: DESC }, { createdAt: ASC }]) { edges { cursor node { name
        profiles(first: 3, orderBy: [{ status: DESC }, { node: { name: ASC } }]) {
            totalCount edges { cursor id status version createdAt updatedAt node { name } } statusCounts { status count }
        }
    } } } }",
    "{ customers(first: 100, where: { name: { contains: \"É\" } }) { totalCount nodes { name } } }",
    "{ customers(first: 100, where: { name: { startsWith: \"a\", ignoreCase: true }, not: {
        phoneNumber: { startsWith: \"+\" } } }) { totalCount nodes { name phoneNumber } } }",
    "{ profiles(first: 100, orderBy: [{ name: DESC }], where: { customers: { some: { status: { ne: \"active\" },
        node: { name: { endsWith: \"a\" } } } } }) { nodes { name } } }",
    "{ profiles(first: 100, where: { customers: { count: { gte: 5 }, every: { node: { createdAt: {
        lt: \"2100-01-01T00:00:00Z\" } } } } }) { nodes { name
        customers(last: 2, where: { status: { notIn: [\"active\"] } }) { edges { cursor status node { name } } }
    } } }",
];

/// What the program answers to these queries on a new database of made-up data.
async fn answers(url: &str) -> Vec<String> {
    let program = || {
        let mut program = tokio::process::Command::new(env!("CARGO_BIN_EXE_customer-graph"));
        program.env("DATABASE_URL", url).env("LOG", "off").kill_on_drop(true);
        program
    };
    let demo = ["demo", "--customers", "300", "--profiles", "40"];
    assert!(program().args(demo).stdout(Stdio::null()).status().await.unwrap().success());
    let mut server = program().env("LISTEN", "127.0.0.1:0").stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
    let line = lines.next_line().await.unwrap().unwrap();
    let url = format!("{}/graphql", line.strip_prefix("listening on ").unwrap());
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut answers = Vec::new();
    for query in QUERIES {
        let response = client.post(&url).json(&json!({ "query": query })).send().await.unwrap();
        answers.push(response.text().await.unwrap());
    }
    answers
}

/// The URL of a new database beside the one that is named.
async fn create_database(url: &str, name: &str) -> String {
    let connection = Database::connect(for_driver(url)).await.unwrap();
    connection.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    let (server, _) = url.rsplit_once('/').unwrap();
    format!("{server}/{name}")
}

fn for_driver(url: &str) -> String {
    url.replace("mariadb:", "mysql:")
}

/// What a test that failed printed.
fn said(output: &str, test: &str) -> String {
    let start = format!("---- {test} stdout ----\n");
    match output.split_once(&start) {
        Some((_, rest)) => rest.split("\n---- ").next().unwrap_or(rest).to_owned(),
        None => format!("it did not run to its end; the process ended with\n{}", tail(output)),
    }
}

fn tail(output: &str) -> String {
    let lines: Vec<_> = output.lines().collect();
    lines[lines.len().saturating_sub(20)..].join("\n")
}

/// Drops the databases that bear the number of a process.
async fn drop_databases(url: &str, process: u32) {
    let connection = Database::connect(for_driver(url)).await.unwrap();
    let backend = connection.get_database_backend();
    let (list, force) = match backend {
        sea_orm::DbBackend::Postgres => ("SELECT datname FROM pg_database", "WITH (FORCE)"),
        _ => ("SELECT schema_name FROM information_schema.schemata", ""),
    };
    let rows = connection.query_all_raw(Statement::from_string(backend, list)).await.unwrap();
    for row in rows {
        let name: String = row.try_get_by_index(0).unwrap();
        if name.starts_with(&format!("customer_graph_{process}_")) {
            connection.execute_unprepared(&format!("DROP DATABASE {name} {force}")).await.unwrap();
        }
    }
}
