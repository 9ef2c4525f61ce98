//! Values that stand in a table all the same: an error where they are read, and nowhere else.

use serde_json::{Value, json};

use super::{COLUMNS, TABLES, a_pair, drop_rules, no_moments, write};
use crate::{
    app::{TestApp, faults},
    process::{Server, client, post, program},
};

/// The field of each column.
fn field(column: &str) -> &'static str {
    if column == "created_at" { "createdAt" } else { "updatedAt" }
}

/// Queries that read a column of a table: by its field, and by a cursor of an order.
fn readers(table: &str, column: &str) -> [String; 2] {
    let field = field(column);
    let cursors = format!("(orderBy: [{{ {field}: DESC }}]) {{ edges {{ cursor }} }}");
    match table {
        "customer" => {
            [format!("{{ customers {{ nodes {{ {field} }} }} }}"), format!("{{ customers{cursors} }}")]
        }
        "profile" => {
            [format!("{{ profiles {{ nodes {{ {field} }} }} }}"), format!("{{ profiles{cursors} }}")]
        }
        _ => [
            format!("{{ customers {{ nodes {{ profiles {{ edges {{ {field} }} }} }} }} }}"),
            format!("{{ profile(id: \"Profile:1\") {{ customers{cursors} }} }}"),
        ],
    }
}

/// Everything but moments, with an order by them.
const REST: &str = "{
    customers(orderBy: [{ createdAt: ASC }, { updatedAt: DESC }]) {
        totalCount nodes { name version profiles { edges { cursor status version node { name } } } }
    }
}";

fn rest() -> Value {
    let data = json!({ "customers": { "totalCount": 1, "nodes": [{ "name": "C1", "version": 1 }] } });
    let mut data = data;
    data["customers"]["nodes"][0]["profiles"] =
        json!({ "edges": [{ "status": "1-1", "version": 1, "node": { "name": "P1" } }] });
    data
}

async fn has_only_its_moments_missing(app: &TestApp, table: &str, column: &str, value: &str) {
    for query in readers(table, column) {
        let answer = app.graphql(&query, json!({})).await;
        assert_eq!(faults(&answer), json!([["INTERNAL_SERVER_ERROR", null]]), "{table}, {value}: {query}");
        assert!(!answer.to_string().contains("2026"), "{answer}");
    }
    let mut data = app.data(REST, json!({})).await;
    for edge in data["customers"]["nodes"][0]["profiles"]["edges"].as_array_mut().unwrap() {
        edge.as_object_mut().unwrap().remove("cursor").unwrap();
    }
    assert_eq!(data, rest(), "{table}, {value}");
}

#[tokio::test]
async fn a_value_that_is_no_moment_is_an_error_where_it_is_read_and_nowhere_else() {
    for table in TABLES {
        let app = a_pair().await;
        let connection = app.connect().await;
        for column in COLUMNS {
            drop_rules(&app, table, column).await;
            let good = format!("UPDATE {table} SET {column} = '2025-01-01 00:00:00'");
            for value in no_moments() {
                write(&connection, &format!("UPDATE {table} SET {column} = {value}")).await.unwrap();
                has_only_its_moments_missing(&app, table, column, value).await;
            }
            write(&connection, &good).await.unwrap();
        }
    }
}

#[tokio::test]
async fn the_log_says_which_column_has_what_where_a_moment_belongs() {
    let app = a_pair().await;
    for column in COLUMNS {
        drop_rules(&app, "customer", column).await;
    }
    let value = no_moments()[0];
    write(&app.connect().await, &format!("UPDATE customer SET updated_at = {value}")).await.unwrap();
    let environment = [("LISTEN", "127.0.0.1:0"), ("LOG", "error"), ("DATABASE_URL", app.database_url())];
    let mut server = Server::of(program(&std::env::temp_dir(), &[], &environment)).await;
    let answer =
        post(&client(), &server.url, "{ customers { nodes { updatedAt } } }", json!({})).await.unwrap();
    assert_eq!(faults(&answer)[0][0], "INTERNAL_SERVER_ERROR");
    let line = server.log.next_line().await.unwrap().unwrap();
    let found = match value {
        "1700000000000" => "an integer",
        "'infinity'" => "infinity",
        _ => "a date that is in no calendar",
    };
    let told = format!("`customer.updated_at` has {found}, where a moment of the years 0000 to 9999");
    assert!(line.contains(&told), "{line}");
}
