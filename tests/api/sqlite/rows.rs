//! Rows as they stand in the file: one that cannot be read, and those that are written in an order.

use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::json;

use crate::{
    app::{TestApp, faults},
    lists::{SIDES, edge, edges, input},
};

#[tokio::test]
async fn edges_are_written_in_the_order_of_their_keys_so_that_nobody_waits_in_a_circle() {
    for (near, far) in SIDES {
        let app = TestApp::start().await;
        app.seed(3, 3).await;
        app.sql(
            "DELETE FROM customer_profile;
             CREATE TABLE written (keys TEXT);
             CREATE TRIGGER written AFTER INSERT ON customer_profile
             BEGIN INSERT INTO written VALUES (new.customer_id || '-' || new.profile_id); END",
        )
        .await;
        let items = json!([edge("new", far, 3), edge("new", far, 1), edge("new", far, 2)]);
        app.data(&edges("attach", near, far), input(near, far, items)).await;
        let select = "SELECT group_concat(keys, ' ') FROM (SELECT keys FROM written ORDER BY rowid)";
        let statement = Statement::from_string(DbBackend::Sqlite, select);
        let row = app.connect().await.query_one_raw(statement).await.unwrap().unwrap();
        let expected = if near == "Customer" { "1-1 1-2 1-3" } else { "1-1 2-1 3-1" };
        assert_eq!(row.try_get_by_index::<String>(0).unwrap(), expected);
    }
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_an_internal_error_where_it_is_read() {
    let app = TestApp::start().await;
    app.customer("Ada").await;
    let set = "UPDATE customer SET created_at = 'yesterday'";
    app.connect().await.execute_unprepared(set).await.unwrap();
    let answer = app.graphql("{ customers { nodes { createdAt } } }", json!({})).await;
    assert_eq!(faults(&answer)[0][0], "INTERNAL_SERVER_ERROR");
    assert!(!answer.to_string().contains("yesterday"), "{answer}");
    let data = app.data("{ customers { nodes { name } } }", json!({})).await;
    assert_eq!(data["customers"]["nodes"], json!([{ "name": "Ada" }]));
}
