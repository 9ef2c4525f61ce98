//! Databases of a test's own on a server.

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};

/// A connection to the database at `url`.
pub async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url.replace("mariadb:", "mysql:"));
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options).await.unwrap()
}

/// The URL of a new database beside the one that is named.
pub async fn create_database(url: &str, name: &str) -> String {
    connect(url).await.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    let (server, _) = url.rsplit_once('/').unwrap();
    format!("{server}/{name}")
}

/// Drops the databases whose names begin like this.
pub async fn drop_databases(url: &str, beginning: &str) {
    let connection = connect(url).await;
    let backend = connection.get_database_backend();
    let (list, force) = match backend {
        DbBackend::Postgres => ("SELECT datname FROM pg_database", "WITH (FORCE)"),
        _ => ("SELECT schema_name FROM information_schema.schemata", ""),
    };
    let rows = connection.query_all_raw(Statement::from_string(backend, list)).await.unwrap();
    for row in rows {
        let name: String = row.try_get_by_index(0).unwrap();
        if name.starts_with(beginning) {
            connection.execute_unprepared(&format!("DROP DATABASE {name} {force}")).await.unwrap();
        }
    }
}
