//! A PostgreSQL server that is written to, and its streaming replica that is read from.

use std::time::Duration;

use reqwest::StatusCode;

use crate::{
    program::{Client, Program, READ, WRITE},
    server::{Kind, Server},
    until,
};

const COUNT: &str = "{ customers { totalCount } }";
const READS_ITS_OWN: &str = "mutation {
    createCustomer(input: { name: \"own\", profiles: [{ node: { create: { name: \"own\" } } }] }) {
        customer { name profiles { nodes { name } } }
    }
}";

pub async fn either_of_primary_and_replica_goes_on_without_the_other(kind: Kind) {
    let mut primary = Server::start(kind).await;
    let mut replica = Server::replica_of(&primary).await;
    let options = ["--database-read-url", &replica.url(), "--acquire-seconds", "2"];
    let mut program = Program::start(&primary.url(), &options).await;
    let client = program.client.clone();
    let count = async || client.ask(COUNT).await.body["data"]["customers"]["totalCount"].as_u64();
    until("the replica has the tables", Duration::from_secs(20), async || count().await == Some(0)).await;

    // A replica that stands still shows who answers what.
    replica.sql("SELECT pg_wal_replay_pause()", "").await;
    client.ask(WRITE).await.data();
    let own = client.ask(READS_ITS_OWN).await;
    let own = &own.data()["createCustomer"]["customer"];
    assert_eq!((&own["name"], &own["profiles"]["nodes"][0]["name"]), (&"own".into(), &"own".into()));
    assert_eq!(count().await, Some(0), "queries are answered by the replica");
    replica.sql("SELECT pg_wal_replay_resume()", "").await;
    until("the replica has followed", Duration::from_secs(20), async || count().await == Some(2)).await;

    replica.kill();
    client.ask(READ).await.refused(&["OVERLOADED"], Duration::from_secs(2));
    assert_unready(&client, "the database to read from does not answer\n").await;
    client.ask(WRITE).await.data();
    replica.begin().await;
    program.recovers().await;

    primary.kill();
    client.ask(WRITE).await.refused(&["OVERLOADED"], Duration::from_secs(2));
    assert_unready(&client, "the database does not answer\n").await;
    client.ask(READ).await.data();
    primary.begin().await;
    program.recovers().await;
}

async fn assert_unready(client: &Client, why: &str) {
    assert_eq!(client.read("/readyz").await, (StatusCode::SERVICE_UNAVAILABLE, why.to_owned()));
}
