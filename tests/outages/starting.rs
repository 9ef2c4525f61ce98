//! Programs that start at once, and programs that are killed while they migrate.

use std::time::Duration;

use sea_orm::{ConnectionTrait, TransactionTrait};
use tokio::task::JoinSet;

use crate::{
    program::{Program, WRITE, ended, spawn},
    server::{Kind, Server},
    until,
};

pub async fn ten_programs_start_at_once_on_an_empty_database(kind: Kind) {
    let server = Server::start(kind).await;
    let mut starting = JoinSet::new();
    for _ in 0..10 {
        let url = server.url();
        starting.spawn(async move { Program::start(&url, &["--database-connections", "1"]).await });
    }
    for mut program in starting.join_all().await {
        program.client.ask(WRITE).await.data();
        program.lives();
    }
    assert_eq!(server.rows("SELECT name FROM customer").await.len(), 10);
    let applied = server.rows("SELECT version FROM seaql_migrations ORDER BY version").await;
    assert!(applied.len() > 1 && applied.is_sorted_by(|one, other| one < other), "{applied:?}");
}

pub async fn a_migration_that_was_killed_is_undone_or_reported(kind: Kind) {
    let server = Server::start(kind).await;
    let url = server.url();
    assert!(ended(&url, &["migrate", "up"]).await.0);
    while !server.rows(&table("customer_profile", kind)).await.is_empty() {
        assert!(ended(&url, &["migrate", "down"]).await.0);
    }

    // What refers to a table waits for whoever holds it.
    let admin = server.admin().await;
    let holder = admin.begin().await.unwrap();
    let lock = if kind == Kind::Postgres { "LOCK TABLE customer" } else { "LOCK TABLES customer WRITE" };
    holder.execute_unprepared(lock).await.unwrap();
    let (mut program, _directory) = spawn(&url, &[]);
    server.awaits_lock().await;
    program.kill().await.unwrap();
    if kind == Kind::MariaDb {
        holder.execute_unprepared("UNLOCK TABLES").await.unwrap();
    }
    holder.rollback().await.unwrap();

    match kind {
        Kind::Postgres => {}
        Kind::MariaDb => {
            let half_done = table("customer_profile", kind);
            let patience = Duration::from_secs(20);
            until("half is done", patience, async || !server.rows(&half_done).await.is_empty()).await;
            for _ in 0..2 {
                let (is_ok, told) = ended(&url, &[]).await;
                assert!(!is_ok && told.contains("customer_profile` was interrupted"), "{told}");
            }
            // As the report says.
            server.sql("", "DROP TABLE graph.customer_profile").await;
            server.sql("", "DELETE FROM graph.migration_begun").await;
        }
    }
    Program::start(&url, &[]).await.client.ask(WRITE).await.data();
}

/// Selects the name of a table if there is one of that name.
fn table(name: &str, kind: Kind) -> String {
    let schema = if kind == Kind::Postgres { "public" } else { "graph" };
    format!(
        "SELECT CAST(table_name AS CHAR(99)) FROM information_schema.tables
         WHERE table_name = '{name}' AND table_schema = '{schema}'"
    )
}
