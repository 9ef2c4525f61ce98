//! A PostgreSQL server that is written to, and its streaming replica that is read from.

use std::time::Duration;

use reqwest::StatusCode;
use sea_orm::{ConnectionTrait, TransactionTrait};
use tokio::time::sleep;

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

pub async fn a_query_that_the_replica_cancels_is_run_again(kind: Kind) {
    let primary = Server::start(kind).await;
    let replica = Server::replica_of(&primary).await;
    // It does not wait for queries that are in the way of what the primary does.
    replica.sql("ALTER SYSTEM SET max_standby_streaming_delay = 0", "").await;
    replica.sql("SELECT pg_reload_conf()", "").await;
    let program = Program::start(&primary.url(), &["--database-read-url", &replica.url()]).await;
    let client = program.client.clone();
    let is_there = async || client.ask(COUNT).await.is_ok();
    until("the replica has the tables", Duration::from_secs(20), is_there).await;

    let admin = primary.admin().await;
    let locking = async || loop {
        let lock = admin.begin().await.unwrap();
        lock.execute_unprepared("LOCK TABLE customer IN ACCESS EXCLUSIVE MODE").await.unwrap();
        lock.commit().await.unwrap();
        sleep(Duration::from_millis(10)).await;
    };
    let asking = until("one is run again", Duration::from_secs(60), async || {
        for reply in client.ask_all([COUNT; 20]).await {
            reply.data();
        }
        program.log().contains("running the request again")
    });
    tokio::select! {
        never = locking() => never,
        () = asking => {}
    }
}

async fn assert_unready(client: &Client, why: &str) {
    assert_eq!(client.read("/readyz").await, (StatusCode::SERVICE_UNAVAILABLE, why.to_owned()));
}
