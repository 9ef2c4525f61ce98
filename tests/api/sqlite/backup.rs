//! `customer-graph backup`: the copy of a file that is being written.

use std::{
    collections::HashMap,
    ffi::OsStr,
    fs,
    os::unix::{ffi::OsStrExt, fs::PermissionsExt},
    path::Path,
};

use sea_orm::{ConnectionTrait, Database, Statement};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{sync::mpsc, task::JoinSet};

use super::durability::{CREATE, create_until_the_end};
use crate::process::{Server, program, run};

const READ: &str = "query ($after: String) {
    customers(first: 100, after: $after) {
        nodes { id name createdAt profiles { edges { status createdAt node { id name createdAt } } } }
        pageInfo { hasNextPage endCursor }
    }
}";

/// Every customer by its ID, as a server of its own reads it from that file.
async fn customers(directory: &Path, file: &str) -> HashMap<String, Value> {
    let url = format!("sqlite:{file}");
    let environment = [("LISTEN", "127.0.0.1:0"), ("DATABASE_URL", &url), ("LOG", "off")];
    let server = Server::of(program(directory, &[], &environment)).await;
    let (mut customers, mut after) = (HashMap::new(), Value::Null);
    loop {
        let mut page = server.data(READ, json!({ "after": after })).await["customers"].take();
        for customer in page["nodes"].as_array().unwrap() {
            customers.insert(customer["id"].as_str().unwrap().to_owned(), customer.clone());
        }
        if page["pageInfo"]["hasNextPage"] == false {
            return customers;
        }
        after = page["pageInfo"]["endCursor"].take();
    }
}

async fn back_up(directory: &Path, file: &str) {
    let (code, output, log) = run(directory, &["backup", file]).await;
    assert_eq!((code, output, log), (Some(0), format!("copied to {file}\n"), String::new()));
}

/// The one line that says why there is no copy.
async fn refusal(directory: &Path, arguments: &[&str]) -> String {
    let (code, output, log) = run(directory, &[&["backup"], arguments].concat()).await;
    assert_eq!((code, output.as_str(), log.lines().count()), (Some(1), "", 1), "{log}");
    log.trim_end().to_owned()
}

/// The names of the files of a directory, in order.
fn files(directory: &Path) -> Vec<String> {
    let names = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<_> = names.map(|name| name.into_string().unwrap()).collect();
    names.sort();
    names
}

/// What SQLite finds wrong in a file.
async fn damage(file: &Path) -> Vec<String> {
    let sqlite = Database::connect(format!("sqlite:{}", file.display())).await.unwrap();
    let backend = sqlite.get_database_backend();
    let found =
        sqlite.query_all_raw(Statement::from_string(backend, "PRAGMA integrity_check")).await.unwrap();
    let orphans = Statement::from_string(backend, "PRAGMA foreign_key_check");
    let orphans = sqlite.query_all_raw(orphans).await.unwrap();
    sqlite.close().await.unwrap();
    let found = found.iter().map(|row| row.try_get_by_index(0).unwrap());
    let orphans = orphans.iter().map(|row| row.try_get_by_index(0).unwrap());
    found.filter(|line: &String| line != "ok").chain(orphans).collect()
}

#[tokio::test]
async fn a_copy_made_while_clients_write_has_all_that_was_acknowledged_before_and_nothing_by_halves() {
    let directory = TempDir::new().unwrap();
    let at = directory.path();
    let demo = ["demo", "--customers", "2000", "--log", "off"];
    assert_eq!(run(at, &demo).await.0, Some(0));
    let demo = customers(at, "customer-graph.db").await;

    let mut server = Server::start(at).await;
    let (sender, mut receiver) = mpsc::channel(1_000);
    let mut clients = JoinSet::new();
    for number in 0..4 {
        clients.spawn(create_until_the_end(server.url.clone(), number, sender.clone()));
    }
    drop(sender);
    let (mut acknowledged, mut copies) = (Vec::new(), Vec::new());
    for file in ["first.db", "second.db", "third.db"] {
        for _ in 0..20 {
            acknowledged.push(receiver.recv().await.unwrap());
        }
        while let Ok(id) = receiver.try_recv() {
            acknowledged.push(id);
        }
        let before = acknowledged.len();
        back_up(at, file).await;
        copies.push((file, before));
    }
    server.kill().await;
    clients.join_all().await;

    let original = customers(at, "customer-graph.db").await;
    for (file, before) in copies {
        assert_eq!(damage(&at.join(file)).await, [""; 0]);
        let copy = customers(at, file).await;
        for id in &acknowledged[..before] {
            assert!(copy.contains_key(id), "{id} was acknowledged before the copy and is not in {file}");
        }
        for (id, customer) in &copy {
            assert_eq!(customer, &original[id], "{file}");
            let edges = customer["profiles"]["edges"].as_array().unwrap().len();
            assert!(demo.contains_key(id) || edges == 3, "{customer}");
        }
        assert!(demo.keys().all(|id| copy.contains_key(id)), "{file}");
    }
}

#[tokio::test]
async fn a_copy_has_what_a_killed_server_left_in_the_log() {
    let directory = TempDir::new().unwrap();
    let at = directory.path();
    let mut server = Server::start(at).await;
    server.data(CREATE, json!({ "name": "Ada", "other": "Analyst" })).await;
    server.kill().await;
    assert!(at.join("customer-graph.db-wal").is_file());
    back_up(at, "copy.db").await;
    assert_eq!(files(at), ["copy.db", "customer-graph.db"]);
    let copy = customers(at, "copy.db").await;
    assert_eq!(copy.len(), 1);
    assert_eq!(copy, customers(at, "customer-graph.db").await);
}

#[tokio::test]
async fn a_copy_never_replaces_a_file() {
    let directory = TempDir::new().unwrap();
    let at = directory.path();
    assert_eq!(run(at, &["migrate", "up", "--log", "off"]).await.0, Some(0));
    fs::write(at.join("precious"), "text").unwrap();
    fs::write(at.join("empty"), "").unwrap();
    fs::create_dir(at.join("folder")).unwrap();
    let before = files(at);
    for name in ["precious", "empty", "folder", "customer-graph.db"] {
        let line = refusal(at, &[name]).await;
        assert!(line.ends_with(&format!(": there is a file `{name}` already")), "{line}");
    }
    assert_eq!(fs::read(at.join("precious")).unwrap(), b"text");
    assert_eq!(fs::read(at.join("empty")).unwrap(), b"");
    assert_eq!(files(at), before);
}

#[tokio::test]
async fn where_there_is_no_database_or_no_place_for_the_copy_nothing_is_created() {
    let directory = TempDir::new().unwrap();
    let at = directory.path();
    let line = refusal(at, &["copy.db"]).await;
    assert_eq!(
        line,
        "customer-graph: cannot back up the database `sqlite:customer-graph.db` of `--database-url` (or DATABASE_URL): \
         there is no file `customer-graph.db`"
    );
    assert_eq!(files(at), [""; 0]);

    assert_eq!(run(at, &["migrate", "up", "--log", "off"]).await.0, Some(0));
    fs::write(at.join("garbage.db"), "no database at all ".repeat(300)).unwrap();
    let before = files(at);
    let line = refusal(at, &["nowhere/copy.db"]).await;
    assert!(line.contains(": cannot write `nowhere/copy.db`: "), "{line}");
    let line = refusal(at, &["copy.db", "--database-url", "sqlite:garbage.db"]).await;
    assert!(line.ends_with(": it is no SQLite database"), "{line}");
    assert_eq!(files(at), before);
}

#[tokio::test]
async fn a_directory_whose_name_sqlite_cannot_read_is_refused() {
    let directory = TempDir::new().unwrap();
    let at = directory.path();
    assert_eq!(run(at, &["migrate", "up", "--log", "off"]).await.0, Some(0));
    let unreadable = at.join(OsStr::from_bytes(b"\xff"));
    fs::create_dir(&unreadable).unwrap();
    let mut command = program(at, &["backup"], &[]);
    let output = command.arg(unreadable.join("copy.db")).output().await.unwrap();
    let log = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && log.contains(": cannot write `"), "{log}");
    assert_eq!(files(&unreadable), [""; 0]);
}

#[tokio::test]
async fn the_database_of_a_server_is_left_to_the_program_that_it_has_for_that() {
    let directory = TempDir::new().unwrap();
    let at = directory.path();
    for (url, shown, program) in [
        ("postgres://ada:s3cret@nowhere/graph", "postgres://ada:***@nowhere/graph", "pg_dump"),
        ("mariadb://ada:s3cret@nowhere/graph", "mariadb://ada:***@nowhere/graph", "mariadb-dump"),
    ] {
        let line = refusal(at, &["copy.db", "--database-url", url]).await;
        assert_eq!(
            line,
            format!(
                "customer-graph: cannot back up the database `{shown}` of `--database-url` (or DATABASE_URL): \
                 this command copies a SQLite file, use `{program}` for a database of a server"
            )
        );
    }
    assert_eq!(files(at), [""; 0]);
}

#[tokio::test]
async fn the_copy_is_as_private_as_the_file() {
    let directory = TempDir::new().unwrap();
    let at = directory.path();
    assert_eq!(run(at, &["migrate", "up", "--log", "off"]).await.0, Some(0));
    for mode in [0o640, 0o600] {
        fs::set_permissions(at.join("customer-graph.db"), fs::Permissions::from_mode(mode)).unwrap();
        let name = format!("{mode:o}.db");
        back_up(at, &name).await;
        assert_eq!(fs::metadata(at.join(name)).unwrap().permissions().mode() & 0o777, mode);
    }
}
