//! A database that goes away and comes back.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::json;

use crate::{
    program::{Program, READ, WRITE},
    server::{Kind, Server},
};

pub async fn requests_fail_in_time_while_the_database_is_stopped_and_succeed_once_it_is_back(kind: Kind) {
    survives(kind, Server::stop).await;
}

pub async fn requests_fail_in_time_while_the_database_is_killed_and_succeed_once_it_is_back(kind: Kind) {
    survives(kind, Server::kill).await;
}

async fn survives(kind: Kind, leave: fn(&mut Server)) {
    let mut server = Server::start(kind).await;
    let mut program = Program::start(&server.url(), &["--acquire-seconds", "2"]).await;
    // More than there are connections, so that all of them have been open.
    let many = || [READ, WRITE].into_iter().cycle().take(30);
    for reply in program.client.ask_all(many()).await {
        reply.data();
    }
    let kept = server.rows("SELECT name FROM customer").await.len();

    leave(&mut server);
    // At first over connections that were open, then over none.
    for _ in 0..2 {
        for reply in program.client.ask_all(many()).await {
            reply.refused(&["OVERLOADED"], Duration::from_secs(2));
        }
        assert_eq!(program.client.get("/readyz").await, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(program.client.get("/healthz").await, StatusCode::OK);
    }
    program.lives();

    server.begin().await;
    assert_eq!(server.rows("SELECT name FROM customer").await.len(), kept, "nothing refused was kept");
    program.recovers().await;
    for reply in program.client.ask_all(many()).await {
        assert_ne!(reply.data(), &json!(null));
    }
}
