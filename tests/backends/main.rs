//! The tests of the API once more, on PostgreSQL and on MariaDB.
//!
//! `TEST_POSTGRES_URL` and `TEST_MARIADB_URL` name a database each, on a server where databases may be created.
//! Where one of them is missing, its tests are ignored.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "the tests have no configuration but the servers' URLs")]

mod alike;
mod costs;
mod databases;
mod program;

use std::{
    env,
    ffi::OsStr,
    process::{Command, Stdio},
    sync::{Arc, OnceLock},
};

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;
use tokio::runtime::Runtime;

use self::databases::drop_databases;

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
    let servers = [env::var("TEST_POSTGRES_URL"), env::var("TEST_MARIADB_URL")].map(Result::ok);
    let is_ignored = servers.iter().any(Option::is_none);
    let alike = move || {
        Runtime::new()?.block_on(alike::the_same_queries_are_answered_alike(servers.map(Option::unwrap)))
    };
    trials.push(Trial::test("the_same_queries_are_answered_alike", alike).with_ignored_flag(is_ignored));
    let mariadb = env::var("TEST_MARIADB_URL").ok();
    let is_ignored = mariadb.is_none();
    let costs = move || Runtime::new()?.block_on(costs::a_page_reads_its_own_rows(&mariadb.unwrap()));
    trials.push(Trial::test("mariadb::a_page_reads_its_own_rows", costs).with_ignored_flag(is_ignored));
    libtest_mimic::run(&arguments, trials).exit();
}

/// The program with the tests of the API, built as this one.
fn program() -> String {
    let mut cargo = Command::new(env!("CARGO"));
    // What cargo tells a test of its package would have build scripts run again that look for the same of theirs.
    for (name, _) in env::vars_os().filter(|(name, _)| is_of_package(name)) {
        cargo.env_remove(name);
    }
    let cargo = cargo
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

fn is_of_package(variable: &OsStr) -> bool {
    let variable = variable.to_string_lossy();
    ["CARGO_PKG_", "CARGO_MANIFEST_", "OUT_DIR"].iter().any(|beginning| variable.starts_with(beginning))
}

impl Suite {
    /// Without the ignored ones, which a list names too.
    fn tests(&self) -> Vec<String> {
        let ignored = self.list(&["--ignored"]);
        let mut tests = self.list(&[]);
        tests.retain(|test| !test.starts_with(OF_SQLITE) && !ignored.contains(test));
        tests
    }

    fn list(&self, which: &[&str]) -> Vec<String> {
        let list =
            Command::new(&self.program).args(["--list", "--format=terse"]).args(which).output().unwrap();
        let list = String::from_utf8(list.stdout).unwrap();
        list.lines().filter_map(|line| line.strip_suffix(": test")).map(str::to_owned).collect()
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
        let databases = format!("customer_graph_{}_", child.id());
        let output = child.wait_with_output().unwrap();
        Runtime::new().unwrap().block_on(drop_databases(url, &databases));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
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
