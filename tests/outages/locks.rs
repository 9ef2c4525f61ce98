//! A database whose rows or tables another application holds.

use std::time::Duration;

use sea_orm::{ConnectionTrait, TransactionTrait};

use crate::{
    program::{Program, READ, WRITE},
    server::{Kind, Server},
};

const RENAME: &str =
    "mutation { updateCustomer(input: { id: \"Customer:1\", name: \"renamed\" }) { customer { version } } }";

pub async fn what_another_application_locks_is_a_conflict_until_it_lets_go(kind: Kind) {
    let server = Server::start(kind).await;
    let mut program = Program::start(&server.url(), &["--acquire-seconds", "2"]).await;
    program.client.ask(WRITE).await.data();
    let admin = server.admin().await;

    let rows = admin.begin().await.unwrap();
    rows.execute_unprepared("SELECT id FROM customer FOR UPDATE").await.unwrap();
    // Once: a request that has waited for so long is not run again, as others are that lose.
    program.client.ask(RENAME).await.refused(&["CONFLICT"], Duration::from_secs(2));
    program.client.ask(READ).await.data();
    rows.rollback().await.unwrap();
    program.client.ask(RENAME).await.data();

    let tables = admin.begin().await.unwrap();
    let lock = if kind == Kind::Postgres { "LOCK TABLE customer" } else { "LOCK TABLES customer WRITE" };
    tables.execute_unprepared(lock).await.unwrap();
    for reply in program.client.ask_all([READ, RENAME, READ, WRITE]).await {
        reply.refused(&["CONFLICT"], Duration::from_secs(2));
    }
    if kind == Kind::MariaDb {
        tables.execute_unprepared("UNLOCK TABLES").await.unwrap();
    }
    tables.rollback().await.unwrap();
    program.recovers().await;
}

pub async fn a_statement_that_takes_too_long_is_stopped(kind: Kind) {
    let server = Server::start(kind).await;
    let options = ["--acquire-seconds", "20", "--statement-seconds", "1"];
    let mut program = Program::start(&server.url(), &options).await;
    program.client.ask(WRITE).await.data();
    let admin = server.admin().await;
    let rows = admin.begin().await.unwrap();
    rows.execute_unprepared("SELECT id FROM customer FOR UPDATE").await.unwrap();
    for reply in program.client.ask_all([RENAME; 12]).await {
        reply.refused(&["TIMEOUT"], Duration::from_secs(2));
    }
    rows.rollback().await.unwrap();
    let reply = program.client.ask(RENAME).await;
    assert_eq!(reply.data()["updateCustomer"]["customer"]["version"], 2, "none of the others renamed it");
    program.recovers().await;
}
