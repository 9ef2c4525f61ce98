//! A database that is there and refuses: it is read-only, or has no free connection.

use std::time::Duration;

use reqwest::StatusCode;
use sea_orm::{ConnectionTrait, DatabaseConnection};

use crate::{
    program::{Program, READ, WRITE},
    server::{Kind, Server, rows},
};

pub async fn a_database_that_is_read_only_still_answers_queries(kind: Kind) {
    let server = Server::start(kind).await;
    let mut program = Program::start(&server.url(), &[]).await;
    program.client.ask(WRITE).await.data();
    server.sql("ALTER SYSTEM SET default_transaction_read_only = on", "SET GLOBAL read_only = 1").await;
    server.sql("SELECT pg_reload_conf()", "DO 0").await;
    crate::until("writes are refused", Duration::from_secs(10), async || {
        !program.client.ask(WRITE).await.is_ok()
    })
    .await;
    let kept = server.rows("SELECT name FROM customer").await.len();
    program.client.ask(WRITE).await.refused(&["OVERLOADED"], Duration::from_secs(1));
    program.client.ask(READ).await.data();
    assert_eq!(server.rows("SELECT name FROM customer").await.len(), kept);
    server.sql("ALTER SYSTEM RESET default_transaction_read_only", "SET GLOBAL read_only = 0").await;
    server.sql("SELECT pg_reload_conf()", "DO 0").await;
    program.recovers().await;
}

pub async fn a_database_without_a_free_connection_is_overloaded(kind: Kind) {
    let server = Server::with(kind, &["max_connections=16".to_owned()]).await;
    let mut program = Program::start(&server.url(), &["--acquire-seconds", "2"]).await;
    program.client.ask(WRITE).await.data();
    let taken = take_connections(&server).await;
    for reply in program.client.ask_all([READ, WRITE, READ, WRITE]).await {
        reply.refused(&["OVERLOADED"], Duration::from_secs(2));
    }
    assert_eq!(program.client.get("/readyz").await, StatusCode::SERVICE_UNAVAILABLE);
    for connection in taken {
        connection.close().await.unwrap();
    }
    program.recovers().await;
}

/// Takes every connection that users may have, also those of the program, which are ended.
async fn take_connections(server: &Server) -> Vec<DatabaseConnection> {
    let mut taken = Vec::new();
    let admin = server.admin().await;
    while let Ok(connection) = server.user().await {
        taken.push(connection);
    }
    let of_the_program = match server.kind {
        Kind::Postgres => {
            "SELECT 'SELECT pg_terminate_backend(' || pid || ')' FROM pg_stat_activity
             WHERE application_name = 'customer-graph'"
        }
        // The oldest of its user.
        Kind::MariaDb => {
            "SELECT concat('KILL ', id) FROM information_schema.processlist
             WHERE user = 'graph' ORDER BY id LIMIT 2"
        }
    };
    for end in rows(&admin, of_the_program).await {
        admin.execute_unprepared(&end).await.unwrap();
        crate::until("its place is free", Duration::from_secs(10), async || match server.user().await {
            Ok(connection) => {
                taken.push(connection);
                true
            }
            Err(_) => false,
        })
        .await;
    }
    taken.push(admin);
    taken
}
