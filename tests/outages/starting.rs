//! Programs that start at once, and programs that are killed while they migrate.

use tokio::task::JoinSet;

use crate::{
    program::{Program, WRITE, ended, spawn},
    proxy::{Proxy, Way},
    server::{Kind, Server},
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

    // Its last statement but one never arrives: the table is there by then, and not all of its indexes.
    let mut proxy = Proxy::start(server.port).await;
    proxy.set(Way::Swallows("customer_profile_status"));
    let (mut program, _directory) = spawn(&server.url_at(proxy.port), &[]);
    proxy.has_swallowed().await;
    program.kill().await.unwrap();
    proxy.cut();

    let halves = server.rows(&table("customer_profile", kind)).await;
    assert_eq!(halves.len(), usize::from(kind == Kind::MariaDb), "PostgreSQL has undone it");
    if kind == Kind::MariaDb {
        for _ in 0..2 {
            let (is_ok, told) = ended(&url, &[]).await;
            assert!(!is_ok && told.contains("customer_profile` was interrupted"), "{told}");
        }
        // As the report says.
        server.sql("", "DROP TABLE customer_profile").await;
        server.sql("", "DELETE FROM migration_begun").await;
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
