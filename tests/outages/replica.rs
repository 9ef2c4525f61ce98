//! A PostgreSQL server that is written to, and its streaming replica that is read from.

use std::time::Duration;

use reqwest::StatusCode;

use crate::{
    program::{Program, READ, WRITE},
    server::{Kind, Server},
    until,
};

const COUNT: &str = "{ customers { totalCount } }";
const READS_ITS_OWN: &str = "mutation {
    createCustomer(input: { name: \"own\", profiles: [{ node: { create: { name: \"own\" } } }] }) {
        customer { name profiles { nodes { name } } }
    }
}";

pub async fn queries_go_to_the_replica_and_mutations_on_without_it(kind: Kind) {
    let primary = Server::start(kind).await;
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
    assert_eq!(client.get("/readyz").await, StatusCode::SERVICE_UNAVAILABLE);
    client.ask(WRITE).await.data();
    replica.begin().await;
    program.recovers().await;
}
