//! Rows that are written in an order.

use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::json;

use crate::{
    app::TestApp,
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
