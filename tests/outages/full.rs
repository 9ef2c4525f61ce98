//! A database without room on its disk.

use std::time::Duration;

use reqwest::StatusCode;
use sea_orm::Database;
use tempfile::TempDir;

use crate::{
    disk::Disk,
    program::{Program, READ, Reply, SLACK},
    server::{Kind, Part, Server},
    until,
    written::{check, load, prepared},
};

const ADD: &str = "mutation { createProfile(input: { name: \"new\" }) { profile { id } } }";
const OPTIONS: [&str; 4] = ["--acquire-seconds", "2", "--request-seconds", "4"];

pub async fn a_full_disk_refuses_what_needs_room_and_halves_nothing(kind: Kind) {
    let server = Server::on_small_disk(kind, Part::Data).await;
    let mut program = prepared(&server.url(), &OPTIONS).await;
    let written = load(&program.client, async || server.disk().fill()).await;
    fills(&program).await.refused(&["OVERLOADED"], Duration::from_secs(2));
    program.client.ask(READ).await.data();
    assert_eq!(program.client.get("/readyz").await, StatusCode::OK);
    server.disk().free();
    check(&server.admin().await, &program, written).await;
    program.recovers().await;
}

pub async fn a_write_ahead_log_without_room_loses_and_halves_nothing(kind: Kind) {
    let mut server = Server::on_small_disk(kind, Part::Log).await;
    let mut program = prepared(&server.url(), &OPTIONS).await;
    // PostgreSQL crashes where it cannot log, and may not come back before there is room.
    let written = load(&program.client, async || server.disk().fill()).await;
    for reply in program.client.ask_all([READ, ADD, READ, ADD]).await {
        assert!(reply.is_ok() || ["OVERLOADED", "TIMEOUT"].contains(&reply.code()), "{reply:?}");
        assert!(reply.took < Duration::from_secs(2) + SLACK, "{reply:?}");
    }
    server.disk().free();
    server.begin().await;
    check(&server.admin().await, &program, written).await;
    program.recovers().await;
}

pub async fn a_binary_log_without_room_keeps_nobody_waiting_for_longer_than_a_request_may_take(kind: Kind) {
    let server = Server::on_small_disk(kind, Part::Log).await;
    let mut program = prepared(&server.url(), &OPTIONS).await;
    // MariaDB waits in the middle of a commit, and looks for room once a minute.
    let written = load(&program.client, async || server.disk().fill()).await;
    for reply in program.client.ask_all([ADD; 25]).await {
        reply.refused(&["TIMEOUT", "OVERLOADED"], Duration::from_secs(4));
    }
    program.client.ask(READ).await.data();
    assert_eq!(program.client.get("/readyz").await, StatusCode::OK);
    program.stops().await;

    server.disk().free();
    let program = Program::start(&server.url(), &OPTIONS).await;
    let works = async || program.client.ask(ADD).await.is_ok();
    until("MariaDB has looked for room", Duration::from_secs(60) + SLACK, works).await;
    check(&server.admin().await, &program, written).await;
}

pub async fn a_disk_without_room_for_temporary_files_refuses_what_needs_them(kind: Kind) {
    let server = Server::on_small_disk(kind, Part::Temporary).await;
    let mut program = Program::start(&server.url(), &OPTIONS).await;
    server.disk().fill();
    fills(&program).await.refused(&["OVERLOADED"], Duration::from_secs(2));
    program.client.ask(ADD).await.data();
    program.client.ask(READ).await.data();
    server.disk().free();
    program.recovers().await;
}

pub async fn a_full_disk_refuses_what_needs_room_on_sqlite() {
    let directory = TempDir::new().unwrap();
    let disk = Disk::mount(directory.path(), 16);
    let url = format!("sqlite:{}/graph.db", directory.path().display());
    let mut program = prepared(&url, &OPTIONS).await;
    let written = load(&program.client, async || disk.fill()).await;
    fills(&program).await.refused(&["OVERLOADED"], Duration::from_secs(2));
    program.client.ask(READ).await.data();
    assert_eq!(program.client.get("/readyz").await, StatusCode::OK);
    disk.free();
    let database = Database::connect(url).await.unwrap();
    check(&database, &program, written).await;
    program.recovers().await;
    database.close().await.unwrap();
    program.stops().await;
}

/// What a mutation is told that needs more room than there is.
async fn fills(program: &Program) -> Reply {
    let profiles: String = (100..300).map(|n| format!("{{ name: \"{n}{:x<250}\" }}", "")).collect();
    let many =
        format!("mutation {{ createProfiles(input: {{ profiles: [{profiles}] }}) {{ profiles {{ id }} }} }}");
    let mut reply = None;
    until("a mutation is refused", Duration::from_secs(30), async || {
        !reply.insert(program.client.ask(&many).await).is_ok()
    })
    .await;
    reply.unwrap()
}
