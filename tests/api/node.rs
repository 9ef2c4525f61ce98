//! Objects by their IDs.

use serde_json::{Value, json};

use crate::app::TestApp;

#[tokio::test]
async fn an_object_is_found_by_its_id() {
    let app = TestApp::start().await;
    app.seed(2, 2).await;
    let query = r#"{
      customer(id: "Customer:2") { __typename id name phoneNumber version }
      profile(id: "Profile:1") { __typename id name version }
      one: node(id: "Customer:2") { __typename id }
      other: node(id: "Profile:1") { __typename id }
    }"#;
    insta::assert_json_snapshot!(app.data(query, Value::Null).await, @r#"
    {
      "customer": {
        "__typename": "Customer",
        "id": "Customer:2",
        "name": "C2",
        "phoneNumber": null,
        "version": 1
      },
      "one": {
        "__typename": "Customer",
        "id": "Customer:2"
      },
      "other": {
        "__typename": "Profile",
        "id": "Profile:1"
      },
      "profile": {
        "__typename": "Profile",
        "id": "Profile:1",
        "name": "P1",
        "version": 1
      }
    }
    "#);
}

#[tokio::test]
async fn what_is_not_there_is_null() {
    let app = TestApp::start().await;
    app.seed(1, 1).await;
    let query = r#"{
      customer(id: "Customer:2") { name }
      profile(id: "Profile:9223372036854775807") { name }
      node(id: "Profile:2") { id }
      nodes(ids: ["Customer:2", "Profile:2"]) { id }
      here: customer(id: "Customer:1") { profile(id: "Profile:2") { status } }
      there: profile(id: "Profile:1") { customer(id: "Customer:2") { status } }
    }"#;
    assert_eq!(
        app.data(query, Value::Null).await,
        json!({
            "customer": null,
            "profile": null,
            "node": null,
            "nodes": [null, null],
            "here": { "profile": null },
            "there": { "customer": null },
        })
    );
}

#[tokio::test]
async fn an_id_that_was_never_given_out_is_refused() {
    let app = TestApp::start().await;
    let message = |field: &str, id: &str| {
        let found = if id.is_empty() { "an empty text".to_owned() } else { format!("`{id}`") };
        let expected = match field {
            "customer" => "a customer's ID is written as in `Customer:1`",
            "profile" => "a profile's ID is written as in `Profile:1`",
            _ => "an ID is written as in `Customer:1` or `Profile:1`",
        };
        format!("{found} is not an ID; {expected}")
    };
    let too_large = "Customer:9223372036854775808";
    for id in
        ["", "1", " Customer:1", "Customer", "Customer:0", "Customer:01", "customer:1", "Order:1", too_large]
    {
        for field in ["customer", "profile", "node"] {
            let query = format!("query ($id: ID!) {{ found: {field}(id: $id) {{ id }} }}");
            let answer = app.graphql(&query, json!({ "id": id })).await;
            let error = json!({
                "message": message(field, id),
                "locations": [{ "line": 1, "column": 20 }],
                "path": ["found"],
                "extensions": { "code": "BAD_USER_INPUT", "field": ["id"] },
            });
            assert_eq!(answer, json!({ "data": { "found": null }, "errors": [error] }));
        }
    }
}

#[tokio::test]
async fn an_id_of_the_other_type_is_refused() {
    let app = TestApp::start().await;
    app.seed(1, 1).await;
    for (query, field) in [
        (r#"{ customer(id: "Profile:1") { id } }"#, "customer"),
        (r#"{ customer(id: "Customer:1") { profile(id: "Customer:1") { id } } }"#, "customer"),
        (r#"{ profile(id: "Customer:1") { id } }"#, "profile"),
        (r#"{ profile(id: "Profile:1") { customer(id: "Profile:1") { id } } }"#, "profile"),
    ] {
        let errors = app.errors(query, Value::Null).await;
        assert_eq!(errors[0]["path"][0], field);
        assert_eq!(errors[0]["extensions"], json!({ "code": "BAD_USER_INPUT", "field": ["id"] }));
        assert_eq!(errors.as_array().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn an_integer_is_an_id_only_in_its_text() {
    let app = TestApp::start().await;
    let errors = app.errors("query ($id: ID!) { node(id: $id) { id } }", json!({ "id": 1 })).await;
    assert_eq!(errors[0]["message"], "`1` is not an ID; an ID is written as in `Customer:1` or `Profile:1`");
}

#[tokio::test]
async fn objects_are_listed_in_the_order_of_their_ids_as_often_as_these_are() {
    let app = TestApp::start().await;
    app.seed(3, 2).await;
    let query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Customer { name } } }";
    let ids = ["Profile:2", "Customer:3", "Customer:9", "Customer:1", "Profile:2", "Customer:3"];
    assert_eq!(
        app.data(query, json!({ "ids": ids })).await,
        json!({
            "nodes": [
                { "id": "Profile:2" },
                { "id": "Customer:3", "name": "C3" },
                null,
                { "id": "Customer:1", "name": "C1" },
                { "id": "Profile:2" },
                { "id": "Customer:3", "name": "C3" },
            ]
        })
    );
    assert_eq!(app.data(query, json!({ "ids": [] })).await, json!({ "nodes": [] }));
}

#[tokio::test]
async fn fragments_apply_to_the_types_that_they_are_on() {
    let app = TestApp::start().await;
    app.seed(1, 2).await;
    let query = r#"{
      nodes(ids: ["Customer:1", "Profile:2"]) {
        __typename
        ... on Node { id ... on Customer { edges: profiles { nodes { name } } } }
        ... on Profile { name edges: customers { nodes { phoneNumber } } }
        ...Customer
        ... { ...Either }
      }
    }
    fragment Customer on Customer { name ... on Node { ... on Profile { version } ...Either } }
    fragment Either on Node { __typename ... on Profile { of: customer(id: "Customer:1") { status } } }"#;
    assert_eq!(
        app.data(query, Value::Null).await["nodes"],
        json!([
            {
                "__typename": "Customer", "id": "Customer:1", "name": "C1",
                "edges": { "nodes": [{ "name": "P1" }, { "name": "P2" }] },
            },
            {
                "__typename": "Profile", "id": "Profile:2", "name": "P2",
                "edges": { "nodes": [{ "phoneNumber": null }] },
                "of": { "status": "1-2" },
            },
        ])
    );
}

#[tokio::test]
async fn objects_of_two_types_take_a_statement_each_and_one_for_what_hangs_on_them() {
    let app = TestApp::start().await;
    app.seed(9, 9).await;
    let query = "query ($ids: [ID!]!) {
        nodes(ids: $ids) { ... on Customer { profiles { nodes { name } } } ... on Profile { name } }
    }";
    for (ids, statements) in [
        (vec!["Profile:1"], 1),
        (vec!["Customer:1"], 2),
        (vec!["Customer:1", "Customer:9", "Customer:2"], 2),
        (vec!["Customer:1", "Profile:9", "Customer:2", "Profile:1"], 3),
    ] {
        assert_eq!(app.counted(query, json!({ "ids": ids })).await.1, statements, "{ids:?}");
    }
}

#[tokio::test]
async fn every_faulty_id_of_a_list_is_reported_at_its_place() {
    let app = TestApp::start().await;
    let answer =
        app.graphql(r#"{ nodes(ids: ["Customer:1", "x", "Profile:1", "Order:1"]) { id } }"#, json!({})).await;
    let error = |index: u32, id: &str| {
        json!({
            "message": format!("`{id}` is not an ID; an ID is written as in `Customer:1` or `Profile:1`"),
            "locations": [{ "line": 1, "column": 3 }],
            "path": ["nodes"],
            "extensions": { "code": "BAD_USER_INPUT", "field": ["ids", index] },
        })
    };
    assert_eq!(answer, json!({ "data": null, "errors": [error(1, "x"), error(3, "Order:1")] }));
}

#[tokio::test]
async fn at_most_twenty_faulty_ids_are_reported() {
    let app = TestApp::start().await;
    let query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    let errors = app.errors(query, json!({ "ids": vec!["x"; 30] })).await;
    assert_eq!(errors.as_array().unwrap().len(), 20);
}

#[tokio::test]
async fn a_list_of_more_than_250_ids_is_refused() {
    let app = TestApp::start().await;
    let query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    let data = app.data(query, json!({ "ids": vec!["Customer:1"; 250] })).await;
    assert_eq!(data["nodes"].as_array().unwrap().len(), 250);
    let errors = app.errors(query, json!({ "ids": vec!["Customer:1"; 251] })).await;
    let error = json!({
        "message": "a list must have at most 250 items, this one has 251",
        "path": ["nodes"],
        "extensions": { "code": "BAD_USER_INPUT", "field": ["ids"] },
    });
    assert_eq!(errors, json!([error]));
}

#[tokio::test]
async fn the_id_of_an_edge_is_refused_as_such() {
    let app = TestApp::start().await;
    let id = "CustomerProfileEdge:1:1";
    for (query, expected) in [
        (
            "{ customer(id: \"CustomerProfileEdge:1:1\") { id } }",
            "a customer's ID is written as in `Customer:1`",
        ),
        (
            "{ node(id: \"CustomerProfileEdge:1:1\") { id } }",
            "an ID is written as in `Customer:1` or `Profile:1`",
        ),
    ] {
        let errors = app.errors(query, json!({})).await;
        assert_eq!(
            errors[0]["message"],
            format!("`{id}` is the ID of an edge, not of an object; {expected}")
        );
    }
}

#[tokio::test]
async fn long_texts_of_clients_are_not_repeated_whole() {
    let app = TestApp::start().await;
    let long = "ä".repeat(100_000);
    for (query, variables) in [
        ("query ($x: ID!) { customer(id: $x) { id } }", json!({ "x": long })),
        ("query ($x: [ID!]!) { nodes(ids: $x) { id } }", json!({ "x": vec![&long; 4] })),
        ("query ($x: String) { customers(after: $x) { nodes { id } } }", json!({ "x": long })),
        (
            "query ($x: OrderDirection!) { customers(orderBy: [{ name: $x }]) { nodes { id } } }",
            json!({ "x": long }),
        ),
        (
            "query ($x: DateTime) { customers(where: { createdAt: { gt: $x } }) { nodes { id } } }",
            json!({ "x": long }),
        ),
    ] {
        let answer = app.graphql(query, variables).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{query}");
        for error in answer["errors"].as_array().unwrap() {
            let message = error["message"].as_str().unwrap();
            assert!(message.chars().count() <= 1001, "{query}: {}", message.len());
            assert!(message.contains('…'), "{message}");
        }
    }
}
