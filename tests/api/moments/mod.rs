//! Moments that other applications write: as they are taken, refused, found at an upgrade and served.

mod forced;
mod refused;
mod taken;
mod upgrade;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr};
use serde_json::{Value, json};

use crate::{app::TestApp, backend::backend};

const TABLES: [&str; 3] = ["customer", "profile", "customer_profile"];
const COLUMNS: [&str; 2] = ["created_at", "updated_at"];

/// What each kind of database lets stand in a column of moments, and no answer can have.
fn no_moments() -> &'static [&'static str] {
    match backend() {
        DbBackend::Sqlite => &[
            // Milliseconds, as JavaScript's ORMs write them, and seconds.
            "1700000000000",
            "1700000000",
            "unixepoch()",
            "julianday()",
            "0",
            "'1700000000000'",
            "x'323032362d30312d30322030333a30343a3035'",
            "''",
            "'yesterday'",
            "'now'",
            "'2026-01-02'",
            "'2026-01-02 03:04'",
            "'2026-01-02T03:04:05.678Z'",
            "'2026-01-02T03:04:05.678+00:00'",
            "'2026-01-02 03:04:05Z'",
            "'2026-01-02 03:04:05.678901234+00:00'",
            "'2026-01-02 03:04:05.+00:00'",
            "'2026-01-02 03:04:05.678  +00:00'",
            "'2026-01-02 03:04:05.678+00:00 '",
            "'2026-01-02 05:04:05.678 +02:00'",
            "'2026-01-02 03:04:05.678-00:00'",
            "'2026-01-02 03:04:05' || char(0)",
            "'2026-01-02 03:04:05.678' || char(0) || '+00:00'",
            "'2026-02-30 03:04:05'",
            "'2026-13-01 03:04:05'",
            "'2026-01-00 03:04:05'",
            "'2026-01-02 24:00:00'",
            "'2026-01-02 03:60:05'",
            "'2016-12-31 23:59:60'",
            "'+10000-01-01 00:00:00'",
            "'-0001-01-01 00:00:00'",
        ],
        DbBackend::Postgres => &[
            "'infinity'",
            "'-infinity'",
            "'0002-12-31 BC'",
            "'4713-01-01 BC'",
            "'10000-01-01 00:00+00'",
            "'294276-12-31'",
        ],
        _ => &["'0000-00-00'", "'0000-00-01'", "'2026-00-10'", "'2026-01-00'", "'2026-02-30'"],
    }
}

/// A customer with a profile.
async fn a_pair() -> TestApp {
    let app = TestApp::start().await;
    app.seed(1, 1).await;
    app
}

/// What the database says to a statement of another application, which may bring days that are in no calendar.
async fn write(connection: &DatabaseConnection, statement: &str) -> Result<(), DbErr> {
    let statement = match backend() {
        DbBackend::MySql => format!("SET sql_mode = 'ALLOW_INVALID_DATES'; {statement}"),
        _ => statement.to_owned(),
    };
    connection.execute_unprepared(&statement).await.map(drop)
}

/// Takes away what has a column refuse values.
async fn drop_rules(app: &TestApp, table: &str, column: &str) {
    app.sql(&match backend() {
        DbBackend::Sqlite => {
            format!("DROP TRIGGER {table}_{column}_insert; DROP TRIGGER {table}_{column}_update")
        }
        _ => format!("ALTER TABLE {table} DROP CONSTRAINT {table}_{column}_moment"),
    })
    .await;
}

/// The nodes of all customers in pages of that size, in that order.
async fn walk(app: &TestApp, order: &str, size: usize) -> Vec<Value> {
    let query = format!(
        "query ($after: String) {{ customers(first: {size}, after: $after, orderBy: [{{ {order} }}]) {{
            nodes {{ name createdAt }} pageInfo {{ hasNextPage endCursor }} }} }}"
    );
    let (mut nodes, mut after) = (Vec::new(), Value::Null);
    loop {
        let mut page = app.data(&query, json!({ "after": after })).await["customers"].take();
        nodes.append(page["nodes"].as_array_mut().unwrap());
        if page["pageInfo"]["hasNextPage"] == false {
            return nodes;
        }
        after = page["pageInfo"]["endCursor"].take();
    }
}
