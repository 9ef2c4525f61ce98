//! The database of a test: a SQLite file of its own, or a database of its own on the server that the
//! environment names.

use std::{
    env, process,
    sync::atomic::{AtomicU32, Ordering},
};

use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend};
use tempfile::TempDir;

/// How many databases this process has created.
static CREATED: AtomicU32 = AtomicU32::new(0);

/// A new database. A file goes when this is dropped; what is on a server has the process's number in its name
/// and is dropped by whoever started the process.
pub struct TestDatabase {
    pub url: String,
    _directory: TempDir,
}

impl TestDatabase {
    pub async fn create() -> Self {
        let directory = TempDir::new().unwrap();
        let url = match server() {
            None => format!("sqlite:{}", directory.path().join("test.db").display()),
            Some(server) => {
                let number = CREATED.fetch_add(1, Ordering::Relaxed);
                let name = format!("customer_graph_{}_{number}", process::id());
                let connection = Database::connect(&server).await.unwrap();
                connection.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
                connection.close().await.unwrap();
                let (server, _) = server.rsplit_once('/').unwrap();
                format!("{server}/{name}")
            }
        };
        TestDatabase { url, _directory: directory }
    }

    /// The database as another application opens it.
    pub async fn connect(&self) -> DatabaseConnection {
        Database::connect(&self.url).await.unwrap()
    }
}

/// The kind of database that the tests run on.
pub fn backend() -> DbBackend {
    match server() {
        None => DbBackend::Sqlite,
        Some(url) if url.starts_with("postgres") => DbBackend::Postgres,
        Some(_) => DbBackend::MySql,
    }
}

/// SQL as the database reads it: MariaDB takes a backslash in a text for the first half of another character,
/// and moments without an offset for those of UTC.
pub fn sql(text: &str) -> String {
    match backend() {
        DbBackend::MySql => text.replace('\\', "\\\\").replace(" +00:00'", "'").replace("+00:00'", "'"),
        _ => text.to_owned(),
    }
}

/// Has the next row of a table get this key.
pub async fn set_next_key(connection: &DatabaseConnection, table: &str, key: i64) {
    let set = match backend() {
        DbBackend::Postgres => {
            format!("SELECT setval(pg_get_serial_sequence('{table}', 'id'), {key}, FALSE)")
        }
        DbBackend::MySql => format!("ALTER TABLE {table} AUTO_INCREMENT = {key}"),
        _ => format!(
            "DELETE FROM sqlite_sequence WHERE name = '{table}';
             INSERT INTO sqlite_sequence (name, seq) VALUES ('{table}', {key} - 1)"
        ),
    };
    connection.execute_unprepared(&set).await.unwrap();
}

#[expect(clippy::disallowed_methods, reason = "the tests have no configuration but this")]
fn server() -> Option<String> {
    env::var("TEST_DATABASE_URL").ok().map(|url| url.replace("mariadb:", "mysql:"))
}
