//! The program: its command line, its output, how it starts and how it ends.

use std::{fs, path::Path};

use migration::{Migrator, MigratorTrait};
use serde_json::json;
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

use crate::process::{Server, client, post, program, run};

const CREATE: &str = "mutation { createCustomer(input: { name: \"Ada\" }) { customer { id } } }";

/// The names of all migrations, oldest first.
fn migrations() -> Vec<String> {
    Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect()
}

/// A line for each migration, of which the last ones are pending.
fn lines(pending: usize) -> String {
    let migrations = migrations();
    let applied = migrations.len() - pending;
    let state = |index| if index < applied { "applied" } else { "pending" };
    migrations.iter().enumerate().map(|(index, name)| format!("{}: {name}\n", state(index))).collect()
}

/// All of them pending.
fn all_pending() -> String {
    lines(migrations().len())
}

/// What `migrate` prints where it succeeds.
async fn migrate(directory: &Path, step: &str) -> String {
    let (code, output, log) = run(directory, &["migrate", step, "--log", "warn"]).await;
    assert_eq!((code, log.as_str()), (Some(0), ""));
    output
}

/// The one line with which the program gives up.
async fn refusal(directory: &Path, arguments: &[&str]) -> String {
    let (code, output, log) = run(directory, arguments).await;
    assert_eq!((code, output.as_str(), log.lines().count()), (Some(1), "", 1), "{log}");
    log.trim_end().to_owned()
}

#[tokio::test]
async fn it_says_where_it_listens_and_where_to_try_queries() {
    let directory = TempDir::new().unwrap();
    let server = Server::start(directory.path()).await;
    assert!(server.url.starts_with("http://127.0.0.1:") && !server.url.ends_with(":0"), "{}", server.url);
    assert_eq!(server.lines[1], format!("GraphiQL: {}/graphiql", server.url));
    let page = client().get(format!("{}/graphiql", server.url)).send().await.unwrap();
    assert_eq!(page.status(), 200);
}

#[tokio::test]
async fn it_keeps_its_data_in_a_file_of_the_working_directory() {
    let directory = TempDir::new().unwrap();
    let server = Server::start(directory.path()).await;
    server.data(CREATE, json!({})).await;
    assert!(directory.path().join("customer-graph.db").is_file());
    server.signal("TERM").await;
    server.end().await;
    assert_eq!(migrate(directory.path(), "status").await, lines(0));

    let server = Server::start(directory.path()).await;
    let data = server.data("{ customers { nodes { name } } }", json!({})).await;
    assert_eq!(data, json!({ "customers": { "nodes": [{ "name": "Ada" }] } }));
}

#[tokio::test]
async fn stopped_in_order_it_leaves_one_file() {
    let directory = TempDir::new().unwrap();
    let server = Server::start(directory.path()).await;
    server.data(CREATE, json!({})).await;
    server.signal("TERM").await;
    server.end().await;
    let files: Vec<_> =
        fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(files, ["customer-graph.db"]);
}

#[tokio::test]
async fn every_option_is_also_a_variable_of_the_environment() {
    let directory = TempDir::new().unwrap();
    let with = |arguments: &[&str], environment: &[(&str, &str)]| {
        Server::of(program(directory.path(), arguments, environment))
    };
    let options = [
        ("--database-url", "sqlite:by-option.db"),
        ("--listen", "127.0.0.1:0"),
        ("--log", "off"),
        ("--max-body-bytes", "100"),
    ];
    let variables = [
        ("DATABASE_URL", "sqlite:by-variable.db"),
        ("LISTEN", "127.0.0.1:0"),
        ("LOG", "off"),
        ("MAX_BODY_BYTES", "100"),
    ];
    let arguments = options.map(|(option, value)| [option, value]);
    let by_option = with(arguments.as_flattened(), &[]).await;
    let by_variable = with(&[], &variables).await;
    for (server, file) in [(by_option, "by-option.db"), (by_variable, "by-variable.db")] {
        assert!(directory.path().join(file).is_file());
        let request =
            client().post(format!("{}/graphql", server.url)).header("content-type", "application/json");
        assert_eq!(request.body(" ".repeat(101)).send().await.unwrap().status(), 413);
        server.signal("TERM").await;
        assert_eq!(server.end().await, (Some(0), String::new()));
    }
}

#[tokio::test]
async fn an_option_goes_before_the_environment_and_may_follow_the_command() {
    let directory = TempDir::new().unwrap();
    let environment = [("DATABASE_URL", "postgres://nowhere"), ("LOG", "nonsense=nonsense")];
    let arguments = ["migrate", "status", "--database-url", "sqlite:x.db", "--log", "warn"];
    let output = program(directory.path(), &arguments, &environment).output().await.unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), all_pending());
}

#[tokio::test]
async fn migrations_are_applied_and_taken_back_one_by_one() {
    let directory = TempDir::new().unwrap();
    let at = directory.path();
    let migrations = migrations();
    let [.., before_last, last] = migrations.as_slice() else { panic!("{migrations:?}") };
    assert_eq!(migrate(at, "status").await, all_pending());
    assert_eq!(migrate(at, "up").await, lines(0));
    assert_eq!(migrate(at, "up").await, "nothing to do\n");
    assert_eq!(migrate(at, "down").await, format!("taken back: {last}\n"));
    assert_eq!(migrate(at, "status").await, lines(1));
    assert_eq!(migrate(at, "down").await, format!("taken back: {before_last}\n"));
    assert_eq!(migrate(at, "up").await, format!("applied: {before_last}\napplied: {last}\n"));
    for migration in migrations.iter().rev() {
        assert_eq!(migrate(at, "down").await, format!("taken back: {migration}\n"));
    }
    assert_eq!(migrate(at, "down").await, "nothing to do\n");
    assert_eq!(migrate(at, "status").await, all_pending());
}

#[tokio::test]
async fn asking_for_the_state_of_migrations_changes_nothing() {
    let directory = TempDir::new().unwrap();
    let at = directory.path();
    assert_eq!(migrate(at, "status").await, all_pending());
    assert_eq!(fs::read_dir(at).unwrap().count(), 0);

    fs::write(at.join("garbage.db"), "no database at all ".repeat(300)).unwrap();
    let line = refusal(at, &["migrate", "status", "--database-url", "sqlite:garbage.db"]).await;
    assert!(line.starts_with("customer-graph: cannot open the database `sqlite:garbage.db` of `--database-url` (or DATABASE_URL): "), "{line}");
}

#[tokio::test]
async fn the_schema_it_prints_is_the_one_in_the_repository() {
    let directory = TempDir::new().unwrap();
    let kept = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/schema.graphql")).unwrap();
    assert_eq!(run(directory.path(), &["schema"]).await, (Some(0), kept, String::new()));
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
}

/// A connection on which a mutation has begun: the server waits for its body.
async fn begun(url: &str, body: &str) -> BufReader<TcpStream> {
    let host = url.strip_prefix("http://").unwrap();
    let mut connection = BufReader::new(TcpStream::connect(host).await.unwrap());
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\nexpect: 100-continue\r\n\r\n",
        body.len()
    );
    connection.write_all(head.as_bytes()).await.unwrap();
    let mut interim = String::new();
    connection.read_line(&mut interim).await.unwrap();
    assert_eq!(interim, "HTTP/1.1 100 Continue\r\n");
    connection
}

#[tokio::test]
async fn it_stops_when_told_to_but_not_before_it_has_answered() {
    for signal in ["TERM", "INT"] {
        let directory = TempDir::new().unwrap();
        let mut server = Server::start(directory.path()).await;
        let body = json!({ "query": CREATE }).to_string();
        let mut connection = begun(&server.url, &body).await;
        server.signal(signal).await;
        server.logged("stopping").await;

        connection.write_all(body.as_bytes()).await.unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).await.unwrap();
        assert!(
            answer.ends_with(r#"{"data":{"createCustomer":{"customer":{"id":"Customer:1"}}}}"#),
            "{answer}"
        );
        let (code, log) = server.end().await;
        assert_eq!(code, Some(0), "{signal}: {log}");
    }
}

#[tokio::test]
async fn an_address_in_use_is_told_in_one_line() {
    let directory = TempDir::new().unwrap();
    let holder = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let taken = holder.local_addr().unwrap().to_string();
    let line = refusal(directory.path(), &["--listen", &taken]).await;
    assert!(
        line.starts_with(&format!("customer-graph: cannot listen on {taken} of `--listen` (or LISTEN): ")),
        "{line}"
    );
}

#[tokio::test]
async fn a_database_that_cannot_be_opened_is_told_in_one_line() {
    let directory = TempDir::new().unwrap();
    let at = directory.path();
    fs::write(at.join("garbage.db"), "no database at all ".repeat(300)).unwrap();
    fs::create_dir(at.join("folder.db")).unwrap();
    for (url, why) in [
        ("oracle://localhost/x", "it must begin with `sqlite:`, `postgres://` or `mariadb://`, as in "),
        ("sqlite::memory:", "in memory each connection has a database of its own, name a file"),
        ("sqlite:/nowhere/at/all.db", "there is no folder `/nowhere/at`, create it"),
        ("sqlite:folder.db", "it is a folder, name a file in it: `sqlite:folder.db/graph.db`"),
        ("sqlite:garbage.db", "it is no SQLite database"),
    ] {
        let line = refusal(at, &["--database-url", url, "--listen", "127.0.0.1:0"]).await;
        let start = format!(
            "customer-graph: cannot open the database `{url}` of `--database-url` (or DATABASE_URL): "
        );
        assert!(line.starts_with(&start) && line.contains(why), "{line}");
    }
}

#[tokio::test]
async fn an_argument_it_does_not_know_is_a_matter_of_usage() {
    let directory = TempDir::new().unwrap();
    for arguments in [&["--nothing"][..], &["nothing"], &["migrate"], &["--max-body-bytes", "many"]] {
        let (code, output, help) = run(directory.path(), arguments).await;
        assert_eq!((code, output.as_str()), (Some(2), ""));
        assert!(help.contains("customer-graph") || help.contains("--help"), "{help}");
    }
}

#[tokio::test]
async fn processes_that_migrate_one_new_file_at_once_all_succeed() {
    let directory = TempDir::new().unwrap();
    let mut processes = JoinSet::new();
    for _ in 0..10 {
        let at = directory.path().to_owned();
        processes.spawn(async move { migrate(&at, "up").await });
    }
    let mut outputs = processes.join_all().await;
    outputs.sort();
    assert_eq!(outputs[0], lines(0));
    assert!(outputs[1..].iter().all(|output| output == "nothing to do\n"), "{outputs:?}");
    assert_eq!(migrate(directory.path(), "status").await, lines(0));
}

#[tokio::test]
async fn several_servers_may_share_one_file() {
    // It reads before it writes: what it read must still hold by then.
    const FIND_OR_CREATE: &str = "mutation { createCustomer(input: { name: \"Ada\", profiles: [
        { node: { findOrCreate: { name: \"Developer\" } } }
    ] }) { customer { id } } }";
    let directory = TempDir::new().unwrap();
    let at = directory.path();
    let (one, other) = tokio::join!(Server::start(at), Server::start(at));
    let mut clients = JoinSet::new();
    for url in (0..60).map(|number| [&one.url, &other.url][number % 2].clone()) {
        clients.spawn(async move { post(&client(), &url, FIND_OR_CREATE, json!({})).await.unwrap() });
    }
    for answer in clients.join_all().await {
        assert_eq!(answer.get("errors"), None, "{answer}");
    }
    for server in [one, other] {
        let data = server.data("{ customers { totalCount } profiles { totalCount } }", json!({})).await;
        let counts = json!({ "customers": { "totalCount": 60 }, "profiles": { "totalCount": 1 } });
        assert_eq!(data, counts);
    }
}
