//! Cursors and sizes of pages: which are taken, which are refused, and what a cursor outlives.

use serde_json::{Value, json};

use crate::{
    app::TestApp,
    connection::{ALL, CUSTOMERS, Connection, OF_CUSTOMER, OF_PROFILE, PROFILES, ids},
};

/// What is wrong with the arguments of a connection: the field and the message of each error.
async fn wrong(connection: &Connection, app: &TestApp, arguments: Value) -> Vec<(Value, Value)> {
    let mut errors = connection.errors(app, arguments).await;
    let errors = errors.as_array_mut().unwrap().iter_mut();
    errors
        .map(|error| {
            assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT");
            (error["extensions"]["field"].take(), error["message"].take())
        })
        .collect()
}

#[tokio::test]
async fn a_page_of_an_impossible_size_is_refused() {
    let app = TestApp::start().await;
    app.seed(1, 1).await;
    for connection in ALL {
        for name in ["first", "last"] {
            for size in [-1, 101, i32::MIN, i32::MAX] {
                let message = format!("`{name}` must be from 0 to 100, not {size}");
                let errors = wrong(&connection, &app, json!({ name: size })).await;
                assert_eq!(errors, [(json!([name]), json!(message))]);
            }
        }
    }
}

#[tokio::test]
async fn first_and_last_exclude_each_other() {
    let app = TestApp::start().await;
    app.seed(1, 1).await;
    for connection in ALL {
        let errors = wrong(&connection, &app, json!({ "first": 1, "last": 1 })).await;
        assert_eq!(errors, [(json!(["last"]), json!("`first` and `last` exclude each other"))]);
    }
}

#[tokio::test]
async fn a_refused_root_connection_leaves_no_data() {
    let app = TestApp::start().await;
    let answer = app.graphql("{ customers(first: 101, after: \"?\") { totalCount } }", Value::Null).await;
    insta::assert_json_snapshot!(answer, @r#"
    {
      "data": null,
      "errors": [
        {
          "extensions": {
            "code": "BAD_USER_INPUT",
            "field": [
              "first"
            ]
          },
          "locations": [
            {
              "column": 3,
              "line": 1
            }
          ],
          "message": "`first` must be from 0 to 100, not 101",
          "path": [
            "customers"
          ]
        },
        {
          "extensions": {
            "code": "BAD_USER_INPUT",
            "field": [
              "after"
            ]
          },
          "locations": [
            {
              "column": 3,
              "line": 1
            }
          ],
          "message": "`?` is no cursor of this connection in this order",
          "path": [
            "customers"
          ]
        }
      ]
    }
    "#);
}

#[tokio::test]
async fn a_cursor_of_another_connection_and_garbage_are_refused() {
    let app = TestApp::start().await;
    app.seed(1, 1).await;
    let mut cursors = Vec::new();
    for connection in ALL {
        let page = connection.page(&app, json!({})).await;
        cursors.push(page["edges"][0]["cursor"].as_str().unwrap().to_owned());
    }
    for (own, connection) in ALL.iter().enumerate() {
        let foreign =
            cursors.iter().enumerate().filter(|(of, _)| *of != own).map(|(_, cursor)| cursor.as_str());
        let longer = format!("{}=", cursors[own]);
        for cursor in foreign.chain(["", "garbage", "Customer:1", "MQ==", "\u{0}", &longer]) {
            for name in ["after", "before"] {
                let message = format!("`{cursor}` is no cursor of this connection in this order");
                let errors = wrong(connection, &app, json!({ name: cursor })).await;
                assert_eq!(errors, [(json!([name]), json!(message))]);
            }
        }
    }
}

#[tokio::test]
async fn rows_that_come_and_go_between_pages_make_none_repeat_or_be_skipped() {
    let app = TestApp::start().await;
    app.seed(6, 6).await;
    for connection in [CUSTOMERS, OF_PROFILE] {
        app.sql("DELETE FROM customer_profile WHERE customer_id > 6; DELETE FROM customer WHERE id > 6")
            .await;
        let first = connection.page(&app, json!({ "first": 2 })).await;
        assert_eq!(ids(&first), ["Customer:1", "Customer:2"]);

        app.sql(
            "INSERT INTO customer (id, name) VALUES (7, 'C7');
             INSERT INTO customer_profile (customer_id, profile_id) VALUES (7, 1);
             DELETE FROM customer_profile WHERE customer_id IN (1, 2, 4) AND profile_id = 1;
             DELETE FROM customer WHERE id IN (1, 2, 4)",
        )
        .await;
        let at = &first["pageInfo"]["endCursor"];
        let second = connection.page(&app, json!({ "first": 2, "after": at })).await;
        assert_eq!(ids(&second), ["Customer:3", "Customer:5"]);

        let at = &second["pageInfo"]["endCursor"];
        let third = connection.page(&app, json!({ "first": 2, "after": at })).await;
        assert_eq!(ids(&third), ["Customer:6", "Customer:7"]);
        app.sql(
            "INSERT INTO customer (id, name) VALUES (1, 'C1'), (2, 'C2'), (4, 'C4');
             INSERT INTO customer_profile (customer_id, profile_id) VALUES (1, 1), (2, 1), (4, 1)",
        )
        .await;
    }
}

#[tokio::test]
async fn the_cursors_of_payloads_are_cursors_of_their_connections() {
    let app = TestApp::start().await;
    app.seed(2, 2).await;
    let created = app
        .data(
            r#"mutation {
                 createCustomer(input: { name: "Ada" }) { customerEdge { cursor } }
                 createProfile(input: { name: "Admin" }) { profileEdge { cursor } }
                 attachProfile(input: { customerId: "Customer:1", profileId: "Profile:1" }) {
                   customerProfileEdge { cursor }
                   profileCustomerEdge { cursor }
                 }
               }"#,
            Value::Null,
        )
        .await;
    for (connection, pointer, before, after) in [
        (CUSTOMERS, "/createCustomer/customerEdge", vec!["Customer:1", "Customer:2"], vec![]),
        (PROFILES, "/createProfile/profileEdge", vec!["Profile:1", "Profile:2"], vec![]),
        (OF_CUSTOMER, "/attachProfile/customerProfileEdge", vec![], vec!["Profile:2"]),
        (OF_PROFILE, "/attachProfile/profileCustomerEdge", vec![], vec!["Customer:2"]),
    ] {
        let cursor = &created.pointer(pointer).unwrap()["cursor"];
        assert_eq!(ids(&connection.page(&app, json!({ "before": cursor })).await), before, "{pointer}");
        assert_eq!(ids(&connection.page(&app, json!({ "after": cursor })).await), after, "{pointer}");
    }
}

#[tokio::test]
async fn a_fault_below_other_fields_is_located_where_it_stands() {
    let app = TestApp::start().await;
    let query = "{ customers(first: 1) {\n edges { node { profiles(first: 101) { totalCount } } } } }";
    let answer = app.graphql(query, json!({})).await;
    assert_eq!(answer["errors"][0]["locations"], json!([{ "line": 2, "column": 17 }]));
    assert_eq!(answer["errors"][0]["extensions"], json!({ "code": "BAD_USER_INPUT", "field": ["first"] }));
}
