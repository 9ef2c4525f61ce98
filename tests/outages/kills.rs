//! What was acknowledged survives a kill of the program and of the database, and the rest can be repeated.

use crate::{
    program::Program,
    server::{Kind, Server},
    written::{check, load, prepared},
};

pub async fn nothing_acknowledged_is_lost_or_halved_when_the_program_is_killed(kind: Kind) {
    let server = Server::start(kind).await;
    let mut program = prepared(&server.url(), &["--acquire-seconds", "2"]).await;
    let written = load(&program.client.clone(), async || program.kill().await).await;
    let program = Program::start(&server.url(), &[]).await;
    check(&server.admin().await, &program, written).await;
}

pub async fn nothing_acknowledged_is_lost_or_halved_when_the_database_is_killed(kind: Kind) {
    let mut server = Server::start(kind).await;
    let mut program = prepared(&server.url(), &["--acquire-seconds", "2"]).await;
    let written = load(&program.client, async || server.kill()).await;
    server.begin().await;
    check(&server.admin().await, &program, written).await;
    program.lives();
}
