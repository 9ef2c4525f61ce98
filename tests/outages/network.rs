//! A database that is there, behind a network that is slow, cut or dead.

use std::time::Duration;

use reqwest::StatusCode;
use sea_orm::{ConnectionTrait, TransactionTrait};
use serde_json::json;

use crate::{
    program::{Program, READ, SLACK, WRITE, ended},
    proxy::{Proxy, Way},
    server::{Kind, Server},
};

const RENAME: &str =
    "mutation { updateCustomer(input: { id: \"Customer:1\", name: \"renamed\" }) { customer { version } } }";

/// A program on a server behind a proxy, with these limits in seconds.
async fn behind_proxy(kind: Kind, acquire: &str, request: &str) -> (Server, Proxy, Program) {
    let server = Server::start(kind).await;
    let proxy = Proxy::start(server.port).await;
    let options = ["--acquire-seconds", acquire, "--request-seconds", request];
    let program = Program::start(&server.url_at(proxy.port), &options).await;
    (server, proxy, program)
}

pub async fn a_slow_database_is_waited_for_as_long_as_a_request_may_take(kind: Kind) {
    let (server, proxy, mut program) = behind_proxy(kind, "5", "6").await;
    program.client.ask(WRITE).await.data();
    proxy.set(Way::Slow(Duration::from_millis(50)));
    for query in [READ, WRITE] {
        program.client.ask(query).await.data();
    }
    proxy.set(Way::Slow(Duration::from_secs(2)));
    for reply in program.client.ask_all([READ, WRITE]).await {
        reply.refused(&["OVERLOADED", "TIMEOUT"], Duration::from_secs(6));
    }
    assert_eq!(program.client.get("/readyz").await, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(server.rows("SELECT name FROM customer").await.len(), 2, "what was given up was not kept");
    proxy.set(Way::Open);
    program.recovers().await;
}

pub async fn a_statement_whose_connection_is_cut_leaves_nothing(kind: Kind) {
    let (server, proxy, mut program) = behind_proxy(kind, "5", "30").await;
    program.client.ask(WRITE).await.data();
    let admin = server.admin().await;
    let lock = admin.begin().await.unwrap();
    lock.execute_unprepared("SELECT id FROM customer FOR UPDATE").await.unwrap();
    let client = program.client.clone();
    let waiting = tokio::spawn(async move { client.ask(RENAME).await });
    server.awaits_lock().await;
    proxy.cut();
    waiting.await.unwrap().refused(&["OVERLOADED"], Duration::from_secs(5));
    lock.rollback().await.unwrap();
    program.recovers().await;
    let reply = program.client.ask(RENAME).await;
    assert_eq!(reply.data()["updateCustomer"]["customer"]["version"], 2, "the first did not rename it");
}

pub async fn a_commit_whose_answer_is_lost_is_told_apart_and_kept_once(kind: Kind) {
    let (server, proxy, program) = behind_proxy(kind, "5", "30").await;
    program.client.ask(READ).await.data();
    proxy.set(Way::LosesCommits);
    let lost = program.client.ask_with(WRITE, json!({}), Some("one")).await.unwrap();
    // Not OVERLOADED, which says that nothing was kept.
    lost.refused(&["TIMEOUT"], Duration::from_secs(5));
    assert_eq!(lost.outcome(), "UNKNOWN");
    assert_eq!(server.rows("SELECT name FROM customer").await, ["new"]);
    proxy.set(Way::Open);
    let again = program.client.ask_with(WRITE, json!({}), Some("one")).await.unwrap();
    assert_eq!(again.data()["createCustomer"]["customer"]["id"], "Customer:1");
    assert_eq!(server.rows("SELECT name FROM customer").await, ["new"]);
}

pub async fn a_commit_that_is_never_answered_is_told_apart_in_time(kind: Kind) {
    let (server, mut proxy, program) = behind_proxy(kind, "5", "3").await;
    program.client.ask(READ).await.data();
    proxy.set(Way::Swallows("COMMIT"));
    let lost = program.client.ask_with(WRITE, json!({}), Some("one")).await.unwrap();
    proxy.has_swallowed().await;
    lost.refused(&["TIMEOUT"], Duration::from_secs(4));
    assert_eq!(lost.outcome(), "UNKNOWN");
    proxy.cut();
    proxy.set(Way::Open);
    let again = program.client.ask_with(WRITE, json!({}), Some("one")).await.unwrap();
    assert!(again.is_ok() || again.outcome() == "ROLLED_BACK", "{again:?}");
    crate::until("it can be repeated", Duration::from_secs(15), async || {
        program.client.ask_with(WRITE, json!({}), Some("one")).await.unwrap().is_ok()
    })
    .await;
    assert_eq!(server.rows("SELECT name FROM customer").await, ["new"]);
}

pub async fn a_database_that_says_nothing_is_left_for_one_that_answers(kind: Kind) {
    let (server, proxy, mut program) = behind_proxy(kind, "2", "4").await;
    let many = || [READ, WRITE].into_iter().cycle().take(40);
    for reply in program.client.ask_all(many()).await {
        reply.data();
    }
    proxy.set(Way::Silent);
    for _ in 0..2 {
        for reply in program.client.ask_all(many()).await {
            reply.refused(&["OVERLOADED", "TIMEOUT"], Duration::from_secs(4));
        }
        assert_eq!(program.client.get("/readyz").await, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(program.client.get("/healthz").await, StatusCode::OK);
    }
    let begun = tokio::time::Instant::now();
    let (is_ok, _) = ended(&server.url_at(proxy.port), &["--acquire-seconds", "2"]).await;
    assert!(!is_ok && begun.elapsed() < Duration::from_secs(4) + SLACK, "it starts on no silent database");
    // The connections that were open then stay as dead as they are.
    proxy.set(Way::Open);
    program.recovers().await;
    for reply in program.client.ask_all(many()).await {
        reply.data();
    }
}
