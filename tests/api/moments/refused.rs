//! Values that the tables refuse, and what they say.

use sea_orm::DbBackend;
use serde_json::json;

use super::{COLUMNS, TABLES, a_pair, no_moments, write};
use crate::backend::backend;

/// What tells whoever wrote it which column it was.
fn told(table: &str, column: &str) -> String {
    match backend() {
        DbBackend::Sqlite => format!(
            "{table}.{column} takes a moment in UTC as text, such as 2006-01-02 15:04:05.999999+00:00 or \
             CURRENT_TIMESTAMP: no number, no T or Z, no other offset"
        ),
        _ => format!("{table}_{column}_moment"),
    }
}

#[tokio::test]
async fn the_tables_refuse_moments_that_cannot_be_served() {
    let app = a_pair().await;
    let connection = app.connect().await;
    for table in TABLES {
        for column in COLUMNS {
            for value in no_moments() {
                let (key, keys) = match table {
                    "customer_profile" => ("customer_id, profile_id", "1, 1"),
                    _ => ("name", "'Ada'"),
                };
                let insert = format!("INSERT INTO {table} ({key}, {column}) VALUES ({keys}, {value})");
                let update = format!("UPDATE {table} SET {column} = {value}");
                for statement in [insert, update] {
                    let refusal = write(&connection, &statement).await.unwrap_err().to_string();
                    assert!(refusal.contains(&told(table, column)), "{statement}: {refusal}");
                }
            }
        }
    }
    assert_eq!(
        app.counts().await,
        json!({ "customers": { "totalCount": 1 }, "profiles": { "totalCount": 1 } })
    );
}
