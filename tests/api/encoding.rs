//! Every character is kept as it is, and a database that could not do so is refused.

use std::process;

use sea_orm::{ConnectionTrait, DbBackend};
use serde_json::json;
use tempfile::TempDir;

use crate::{
    app::TestApp,
    backend::{TestDatabase, backend},
    process::program,
};

/// Characters from both ends of each plane, without those that no text may have.
fn characters() -> Vec<char> {
    let ends = (0..=16).flat_map(|plane: u32| [0x0100, 0x4e00, 0x9fff, 0xfffd].map(|at| (plane << 16) + at));
    let all = (0x21..0x7f).chain(0xa1..0xad).chain(ends);
    all.filter_map(char::from_u32).collect()
}

#[tokio::test]
async fn every_character_comes_back_as_it_was_sent() {
    let app = TestApp::start().await;
    let sent: String = characters().into_iter().collect();
    let create = "mutation ($name: String!, $status: String!) { createCustomer(input: { name: $name, phoneNumber: \"1\",
        profiles: [{ status: $status, node: { create: { name: $name } } }] }) { customer { id } } }";
    let key = [("content-type", "application/json"), ("idempotency-key", "\"one\"")];
    let body = json!({ "query": create, "variables": { "name": sent, "status": sent } }).to_string();
    let created = app.post(body.clone(), &key).await.text().await.unwrap();
    assert!(!created.contains("errors"), "{created}");
    // The answer that was kept.
    assert_eq!(app.post(body, &key).await.text().await.unwrap(), created);
    let read = "query ($name: String) { customers(where: { name: { eq: $name }, profiles: { some: { status: { in: [$name] } } } }) {
        nodes { name profiles { edges { status node { name } } } } } }";
    let read =
        read.replace("[$name]", "$names").replace("($name: String)", "($name: String!, $names: [String!]!)");
    let data = app.data(&read, json!({ "name": sent, "names": [sent] })).await;
    let edges = json!([{ "status": sent, "node": { "name": sent } }]);
    assert_eq!(data["customers"]["nodes"], json!([{ "name": sent, "profiles": { "edges": edges } }]));
}

/// Whether the program migrates a database, and what it says.
async fn migrated(url: &str) -> (bool, String) {
    let directory = TempDir::new().unwrap();
    let environment = [("DATABASE_URL", url), ("LOG", "off")];
    let output = program(directory.path(), &["migrate", "up"], &environment).output().await.unwrap();
    (output.status.success(), String::from_utf8(output.stderr).unwrap())
}

#[tokio::test]
async fn a_database_that_cannot_hold_every_character_is_refused() {
    let own = TestDatabase::create().await;
    let url = |name: &str| format!("{}/{name}", own.url.rsplit_once('/').unwrap().0);
    match backend() {
        DbBackend::Postgres => {
            let connection = own.connect().await;
            for encoding in ["LATIN1", "SQL_ASCII"] {
                let name = format!("customer_graph_{}_{}", process::id(), encoding.to_lowercase());
                let create = format!(
                    "CREATE DATABASE {name} ENCODING '{encoding}' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"
                );
                connection.execute_unprepared(&create).await.unwrap();
                let (is_ok, told) = migrated(&url(&name)).await;
                let why =
                    format!("the encoding of the database is {encoding}, and not UTF8: CREATE DATABASE");
                assert!(!is_ok && told.contains(&why), "{told}");
            }
        }
        DbBackend::MySql => {
            let connection = own.connect().await;
            let name = format!("customer_graph_{}_latin1", process::id());
            let create = format!("CREATE DATABASE {name} DEFAULT CHARACTER SET latin1");
            connection.execute_unprepared(&create).await.unwrap();
            // Its default is that of no column of ours.
            assert_eq!(migrated(&url(&name)).await, (true, String::new()));
            let wrong = format!(
                "SELECT table_name FROM information_schema.columns WHERE table_schema = '{name}'
                AND table_name <> 'seaql_migrations' AND character_set_name <> 'utf8mb4'"
            );
            let wrong = sea_orm::Statement::from_string(DbBackend::MySql, wrong);
            assert!(connection.query_all_raw(wrong).await.unwrap().is_empty());
            connection
                .execute_unprepared(&format!("ALTER TABLE {name}.profile CONVERT TO CHARACTER SET latin1"))
                .await
                .unwrap();
            let (is_ok, told) = migrated(&url(&name)).await;
            assert!(!is_ok && told.contains("the encoding of the column profile.name: latin1_"), "{told}");
        }
        _ => {
            let wide = rusqlite::Connection::open(own.url.trim_start_matches("sqlite:")).unwrap();
            wide.execute_batch("PRAGMA encoding = 'UTF-16be'; CREATE TABLE one (id)").unwrap();
            let (is_ok, told) = migrated(&own.url).await;
            assert!(!is_ok && told.contains("its encoding is UTF-16be, and not UTF-8"), "{told}");
        }
    }
}
