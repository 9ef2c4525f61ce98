//! Pages of connections, at the roots and on both sides of the association.

use serde_json::{Value, json};

use crate::{
    app::TestApp,
    connection::{ALL, OF_CUSTOMER, PROFILES, beyond, ids},
};

/// A server with nine customers and profiles, each attached to some of the others: lists with gaps.
async fn sparse() -> TestApp {
    let app = TestApp::start().await;
    app.seed(10, 10).await;
    app.sql(
        "DELETE FROM customer WHERE id = 5;
         DELETE FROM profile WHERE id = 6;
         DELETE FROM customer_profile WHERE (customer_id + profile_id) % 4 = 0",
    )
    .await;
    app
}

#[tokio::test]
async fn pages_of_any_size_walk_the_same_list_both_ways() {
    let app = sparse().await;
    for connection in ALL {
        let page = connection.page(&app, json!({ "first": 100 })).await;
        let all = ids(&page);
        assert_eq!(page["totalCount"], all.len());
        assert!(all.len() >= 7, "{all:?}");
        for size in [1, 2, 3, 7] {
            for forward in [true, false] {
                let (walked, pages) = connection.walk(&app, forward, size).await;
                assert_eq!(walked, all, "{} by {size}", connection.field);
                assert_eq!(pages, all.len().div_ceil(size), "{} by {size}", connection.field);
            }
        }
    }
}

#[tokio::test]
async fn each_of_many_parents_has_the_page_that_it_has_alone() {
    let app = sparse().await;
    let arguments = "$first: Int, $after: String, $last: Int, $before: String";
    let page = "first: $first, after: $after, last: $last, before: $before";
    let selected = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { status cursor }";
    let cursor = cursors(&app).await;
    for variables in [
        json!({ "first": 2 }),
        json!({ "last": 2 }),
        json!({ "first": 0 }),
        json!({ "first": 2, "after": cursor[2] }),
        json!({ "last": 3, "after": cursor[0], "before": cursor[4] }),
    ] {
        let all = format!(
            "query ({arguments}) {{ customers {{ nodes {{ id profiles({page}) {{ {selected} }} }} }} }}"
        );
        let customers = app.data(&all, variables.clone()).await["customers"]["nodes"].take();
        assert_eq!(customers.as_array().unwrap().len(), 9);
        for customer in customers.as_array().unwrap() {
            let alone = format!(
                "query ({arguments}) {{ customer(id: {}) {{ id profiles({page}) {{ {selected} }} }} }}",
                customer["id"]
            );
            assert_eq!(app.data(&alone, variables.clone()).await["customer"], *customer, "{variables}");
        }
    }
}

/// The cursors of the first customer's profiles.
async fn cursors(app: &TestApp) -> Vec<Value> {
    let page = OF_CUSTOMER.page(app, json!({})).await;
    page["edges"].as_array().unwrap().iter().map(|edge| edge["cursor"].clone()).collect()
}

#[tokio::test]
async fn a_page_knows_exactly_whether_more_lies_ahead_and_tells_whether_a_cursor_lies_behind() {
    let app = TestApp::start().await;
    app.seed(4, 4).await;
    for connection in ALL {
        let whole = connection.page(&app, json!({})).await;
        let cursor = |index: usize| whole["edges"][index]["cursor"].clone();
        for (arguments, previous, next) in [
            (json!({}), false, false),
            (json!({ "first": 3 }), false, true),
            (json!({ "first": 4 }), false, false),
            (json!({ "first": 3, "after": cursor(0) }), true, false),
            (json!({ "first": 2, "after": cursor(0) }), true, true),
            (json!({ "first": 2, "before": cursor(2) }), false, false),
            (json!({ "last": 3 }), true, false),
            (json!({ "last": 4 }), false, false),
            (json!({ "last": 3, "before": cursor(3) }), false, true),
            (json!({ "last": 2, "before": cursor(3) }), true, true),
            (json!({ "last": 2, "after": cursor(1) }), false, false),
            (json!({ "first": 1, "after": cursor(3) }), true, false),
            (json!({ "first": 0 }), false, true),
            (json!({ "last": 0 }), true, false),
            (json!({ "first": 0, "after": cursor(3) }), true, false),
        ] {
            let page = connection.page(&app, arguments.clone()).await;
            assert_eq!(beyond(&page), (previous, next), "{} {arguments}", connection.field);
        }
    }
}

#[tokio::test]
async fn after_and_before_bound_the_page_from_either_end() {
    let app = TestApp::start().await;
    app.seed(6, 6).await;
    for connection in ALL {
        let whole = connection.page(&app, json!({})).await;
        let (all, cursor) = (ids(&whole), |index: usize| whole["edges"][index]["cursor"].clone());
        for (arguments, expected) in [
            (json!({ "after": cursor(0), "before": cursor(4) }), &all[1..4]),
            (json!({ "after": cursor(0), "before": cursor(4), "first": 2 }), &all[1..3]),
            (json!({ "after": cursor(0), "before": cursor(4), "last": 2 }), &all[2..4]),
            (json!({ "after": cursor(2), "last": 2 }), &all[4..6]),
            (json!({ "before": cursor(3), "first": 2 }), &all[0..2]),
            (json!({ "after": cursor(3), "before": cursor(4) }), &[]),
            (json!({ "after": cursor(4), "before": cursor(1) }), &[]),
            (json!({ "after": cursor(5) }), &[]),
            (json!({ "first": 0 }), &[]),
        ] {
            let page = connection.page(&app, arguments.clone()).await;
            assert_eq!(ids(&page), expected, "{} {arguments}", connection.field);
            assert_eq!(page["totalCount"], 6);
        }
    }
}

#[tokio::test]
async fn a_page_has_twenty_edges_unless_asked_otherwise() {
    let app = TestApp::start().await;
    app.seed(21, 21).await;
    for connection in ALL {
        let page = connection.page(&app, json!({ "first": null, "last": null })).await;
        assert_eq!((ids(&page).len(), beyond(&page)), (20, (false, true)));
    }
}

#[tokio::test]
async fn a_page_has_up_to_a_hundred_edges() {
    let app = TestApp::start().await;
    app.seed(101, 101).await;
    for connection in ALL {
        let first = connection.page(&app, json!({ "first": 100 })).await;
        let last = connection.page(&app, json!({ "last": 100 })).await;
        assert_eq!((ids(&first).len(), beyond(&first)), (100, (false, true)));
        assert_eq!((ids(&last).len(), beyond(&last)), (100, (true, false)));
    }
}

#[tokio::test]
async fn a_connection_of_nothing_is_empty() {
    let app = TestApp::start().await;
    app.seed(1, 0).await;
    for connection in [PROFILES, OF_CUSTOMER] {
        let page = connection.page(&app, json!({})).await;
        let info = json!({
            "hasNextPage": false, "hasPreviousPage": false, "startCursor": null, "endCursor": null,
        });
        assert_eq!(page, json!({ "totalCount": 0, "pageInfo": info, "edges": [], "nodes": [] }));
    }
}
