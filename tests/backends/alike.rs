//! The same answers on every kind of database.

use std::process;

use libtest_mimic::Failed;

use crate::{
    databases::{create_database, drop_databases},
    program::Program,
};

/// Whether servers on the same data as SQLite answer as it does, byte for byte. Its names are of many
/// languages, which every locale sorts in another way.
pub async fn the_same_queries_are_answered_alike(servers: [String; 2]) -> Result<(), Failed> {
    let directory = tempfile::tempdir()?;
    let expected = answers(&format!("sqlite:{}", directory.path().join("alike.db").display())).await;
    for server in servers {
        let name = format!("customer_graph_{}_alike", process::id());
        let answers = answers(&create_database(&server, &name).await).await;
        drop_databases(&server, &name).await;
        for ((query, expected), answer) in QUERIES.iter().zip(&expected).zip(&answers) {
            if answer != expected {
                return Err(format!("{query}\nis answered with\n{answer}\nand not with\n{expected}").into());
            }
        }
    }
    Ok(())
}

/// What is answered on a new database.
async fn answers(url: &str) -> Vec<String> {
    let program = Program::start(url, &["--customers", "300", "--profiles", "40"]).await;
    let mut answers = Vec::new();
    for query in QUERIES {
        answers.push(program.ask(query).await);
    }
    answers
}

const QUERIES: [&str; 6] = [
    "{ customers(first: 100, orderBy: [{ name: ASC }]) { totalCount edges { cursor node {
        id name phoneNumber version createdAt updatedAt
    } } pageInfo { hasNextPage startCursor endCursor } } }",
    "{ customers(last: 50, orderBy: [{ name: DESC }, { createdAt: ASC }]) { edges { cursor node { name
        profiles(first: 3, orderBy: [{ status: DESC }, { node: { name: ASC } }]) {
            totalCount edges { cursor id status version createdAt updatedAt node { name } } statusCounts { status count }
        }
    } } } }",
    "{ customers(first: 100, where: { name: { contains: \"É\" } }) { totalCount nodes { name } } }",
    "{ customers(first: 100, where: { name: { startsWith: \"a\", ignoreCase: true }, not: {
        phoneNumber: { startsWith: \"+\" } } }) { totalCount nodes { name phoneNumber } } }",
    "{ profiles(first: 100, orderBy: [{ name: DESC }], where: { customers: { some: { status: { ne: \"active\" },
        node: { name: { endsWith: \"a\" } } } } }) { nodes { name } } }",
    "{ profiles(first: 100, where: { customers: { count: { gte: 5 }, every: { node: { createdAt: {
        lt: \"2100-01-01T00:00:00Z\" } } } } }) { nodes { name
        customers(last: 2, where: { status: { notIn: [\"active\"] } }) { edges { cursor status node { name } } }
    } } }",
];
