//! What MariaDB reads for a page: it runs no subquery for each near end, and is easily led to read all edges.

use std::process;

use libtest_mimic::Failed;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};

use crate::{
    databases::{connect, create_database, drop_databases},
    program::Program,
};

/// One of the profiles is that of every customer, and the others are of ten or so: MariaDB reads all edges of such a
/// one where that is cheaper than to follow an index.
const DEMO: [&str; 7] =
    ["--customers", "5000", "--profiles", "500", "--edges-per-customer", "2", "--shared-profile"];

const PAGES: [&str; 8] = [
    "{ profiles { nodes { customers(first: 3) { nodes { name } } } } }",
    "{ profiles { nodes { customers(last: 3) { nodes { name } } } } }",
    "{ profiles { nodes { customers(first: 3, orderBy: [{ status: ASC }]) { nodes { name } } } } }",
    "{ profiles { nodes { customers(last: 3, orderBy: [{ status: DESC }]) { nodes { name } } } } }",
    "{ profiles { nodes { customers(first: 3, where: { status: { eq: \"active\" } }) { nodes { name } } } } }",
    "{ profiles { nodes { customers(first: 3, where: { createdAt: { gte: \"2000-01-01T00:00:00Z\" } }) { nodes { name } } } } }",
    "{ profile(id: \"Profile:1\") { customers(first: 3, orderBy: [{ status: ASC }]) { nodes { name } } } }",
    "{ customers(first: 50) { nodes { profiles(first: 100) { nodes { name } } } } }",
];

/// A page of three below each of twenty profiles takes a few rows of each, and not thousands.
pub async fn a_page_reads_its_own_rows(server: &str) -> Result<(), Failed> {
    let name = format!("customer_graph_{}_costs", process::id());
    let url = create_database(server, &name).await;
    let program = Program::start(&url, &DEMO).await;
    let database = connect(&url).await;
    // Tables of which nothing is known yet are read in any order.
    database.execute_unprepared("ANALYZE TABLE customer, profile, customer_profile").await?;
    database.execute_unprepared("SET GLOBAL userstat = 1").await?;
    let mut excessive = Vec::new();
    for query in PAGES {
        let before = rows_read(&database).await?;
        let answer = program.ask(query).await;
        let read = rows_read(&database).await? - before;
        assert!(!answer.contains("errors") && answer.contains("name"), "{answer}");
        if !(4..1_000).contains(&read) {
            excessive.push(format!("{query} reads {read} rows"));
        }
    }
    drop_databases(server, &name).await;
    if excessive.is_empty() { Ok(()) } else { Err(excessive.join("\n").into()) }
}

/// How many rows of the junction were read so far, indexes included.
async fn rows_read(database: &DatabaseConnection) -> Result<i64, Failed> {
    let sql = "SELECT CAST(coalesce(sum(rows_read), 0) AS SIGNED) FROM information_schema.table_statistics
               WHERE table_schema = database() AND table_name = 'customer_profile'";
    let sum = Statement::from_string(database.get_database_backend(), sql);
    let row = database.query_one_raw(sum).await?.ok_or("a sum is always there")?;
    Ok(row.try_get_by_index(0)?)
}
