//! Conditions on the customers and profiles that a query asks for.

use serde_json::{Value, json};

use crate::app::TestApp;

const CUSTOMERS: &str =
    "query ($where: CustomerWhere) { page: customers(where: $where) { totalCount nodes { id } } }";
const PROFILES: &str =
    "query ($where: ProfileWhere) { page: profiles(where: $where) { totalCount nodes { id } } }";

/// The numbers in the IDs of what meets a condition.
async fn met(app: &TestApp, query: &str, condition: Value) -> Vec<u32> {
    let page = app.data(query, json!({ "where": condition })).await["page"].take();
    let nodes = page["nodes"].as_array().unwrap();
    assert_eq!(page["totalCount"], nodes.len());
    let number = |node: &Value| node["id"].as_str().unwrap().split_once(':').unwrap().1.parse().unwrap();
    nodes.iter().map(number).collect()
}

/// The field and the message of each error.
async fn refused(app: &TestApp, condition: Value) -> Value {
    let errors = app.errors(CUSTOMERS, json!({ "where": condition })).await;
    let refusals = errors.as_array().unwrap().iter().map(|error| {
        assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT");
        json!([error["extensions"]["field"], error["message"]])
    });
    refusals.collect()
}

#[tokio::test]
async fn a_name_is_compared_by_code_point() {
    let app = TestApp::start().await;
    app.sql("INSERT INTO customer (name) VALUES ('Ada'), ('ada'), ('Ada%'), ('Ad\u{e0}'), ('Ada')").await;
    for (name, expected) in
        [("Ada", vec![1, 5]), ("ada", vec![2]), ("Ada%", vec![3]), ("Ad\u{e0}", vec![4]), ("Ad_", vec![])]
    {
        assert_eq!(met(&app, CUSTOMERS, json!({ "name": { "eq": name } })).await, expected, "{name}");
    }
}

#[tokio::test]
async fn a_moment_between_two_microseconds_equals_no_row_and_is_compared_exactly() {
    let app = TestApp::start().await;
    let rows = ["04.999999+00:00", "05.000000+00:00", "05.000 +00:00", "05.000001+00:00"]
        .map(|moment| format!("('Ada', '2026-01-02 03:04:{moment}')"));
    app.sql(&format!("INSERT INTO customer (name, created_at) VALUES {}", rows.join(", "))).await;
    for (comparison, expected) in
        [("eq", vec![]), ("gt", vec![4]), ("gte", vec![4]), ("lt", vec![1, 2, 3]), ("lte", vec![1, 2, 3])]
    {
        let filter = json!({ comparison: "2026-01-02T03:04:05.0000005Z" });
        assert_eq!(met(&app, CUSTOMERS, json!({ "createdAt": filter })).await, expected, "{comparison}");
    }
}

#[tokio::test]
async fn an_id_is_one_or_one_of_several() {
    let app = TestApp::start().await;
    app.seed(4, 4).await;
    for (query, ty) in [(CUSTOMERS, "Customer"), (PROFILES, "Profile")] {
        let ids = |keys: &[u64]| keys.iter().map(|key| format!("{ty}:{key}")).collect::<Vec<_>>();
        for (filter, expected) in [
            (json!({ "eq": format!("{ty}:2") }), vec![2]),
            (json!({ "eq": format!("{ty}:99") }), vec![]),
            (json!({ "in": ids(&[3, 1, 3, 99]) }), vec![1, 3]),
            (json!({ "in": [] }), vec![]),
            (json!({ "eq": format!("{ty}:2"), "in": ids(&[2, 3]) }), vec![2]),
            (json!({ "eq": format!("{ty}:1"), "in": ids(&[2, 3]) }), vec![]),
        ] {
            assert_eq!(met(&app, query, json!({ "id": filter })).await, expected, "{filter}");
        }
    }
}

#[tokio::test]
async fn conditions_on_several_fields_are_joined_by_and() {
    let app = TestApp::start().await;
    app.seed(3, 3).await;
    for (name, expected) in [("2", vec![2]), ("3", vec![])] {
        let condition = |letter: &str, id: &str| {
            let name = format!("{letter}{name}");
            json!({ "name": { "eq": name }, "id": { "in": [id] } })
        };
        assert_eq!(met(&app, CUSTOMERS, condition("C", "Customer:2")).await, expected);
        assert_eq!(met(&app, PROFILES, condition("P", "Profile:2")).await, expected);
    }
}

#[tokio::test]
async fn conditions_that_say_nothing_filter_nothing() {
    let app = TestApp::start().await;
    app.seed(3, 3).await;
    for condition in [json!(null), json!({}), json!({ "id": {} }), json!({ "id": {}, "name": {} })] {
        assert_eq!(met(&app, CUSTOMERS, condition.clone()).await, [1, 2, 3], "{condition}");
        assert_eq!(met(&app, PROFILES, condition).await, [1, 2, 3]);
    }
}

#[tokio::test]
async fn an_operand_that_is_null_is_refused() {
    let app = TestApp::start().await;
    for (filter, operator) in [("name", "eq"), ("id", "eq"), ("id", "in")] {
        let refusals = refused(&app, json!({ filter: { operator: null } })).await;
        let message = format!("variable $where.{filter}.{operator}: a filter's operand must not be null");
        assert_eq!(refusals, json!([[["where", filter, operator], message]]));
    }
}

#[tokio::test]
async fn an_operand_whose_variable_was_left_out_says_nothing() {
    let app = TestApp::start().await;
    app.seed(2, 0).await;
    let query = "query ($name: String, $ids: [ID!]) {
        customers(where: { name: { eq: $name }, id: { in: $ids } }) { totalCount }
    }";
    let data = app.data(query, json!({})).await;
    assert_eq!(data, json!({ "customers": { "totalCount": 2 } }));
    let errors = app.errors(query, json!({ "name": null })).await;
    assert_eq!(errors[0]["extensions"]["field"], json!(["where", "name", "eq"]));
}

#[tokio::test]
async fn every_id_that_cannot_be_meant_is_refused_at_its_place() {
    let app = TestApp::start().await;
    let refusals = refused(&app, json!({ "id": { "in": ["Customer:1", "x", "Profile:1"] } })).await;
    assert_eq!(
        refusals,
        json!([
            [["where", "id", "in", 1], "`x` is not an ID; a customer's ID is written as in `Customer:1`"],
            [["where", "id", "in", 2], "`Profile:1` is the ID of a profile, not of a customer"],
        ])
    );
    let refusals = refused(&app, json!({ "id": { "eq": "" } })).await;
    assert_eq!(
        refusals,
        json!([[
            ["where", "id", "eq"],
            "an empty text is not an ID; a customer's ID is written as in `Customer:1`"
        ]])
    );
}

#[tokio::test]
async fn a_list_of_more_ids_than_an_input_may_have_is_refused() {
    let app = TestApp::start().await;
    app.seed(2, 0).await;
    assert_eq!(met(&app, CUSTOMERS, json!({ "id": { "in": vec!["Customer:2"; 250] } })).await, [2]);
    let refusals = refused(&app, json!({ "id": { "in": vec!["Customer:2"; 251] } })).await;
    assert_eq!(
        refusals,
        json!([[["where", "id", "in"], "a list must have at most 250 items, this one has 251"]])
    );
}

#[tokio::test]
async fn the_count_is_of_all_that_meet_the_conditions_whatever_the_page() {
    let app = TestApp::start().await;
    app.sql("INSERT INTO customer (name) VALUES ('Ada'), ('Bob'), ('Ada'), ('Ada')").await;
    let query = r#"query ($after: String) {
        customers(where: { name: { eq: "Ada" } }, first: 1, after: $after) {
          totalCount
          pageInfo { endCursor hasNextPage }
          nodes { id }
        }
    }"#;
    let mut after = Value::Null;
    for (id, more) in [("Customer:1", true), ("Customer:3", true), ("Customer:4", false)] {
        let page = app.data(query, json!({ "after": after })).await["customers"].take();
        assert_eq!((&page["totalCount"], &page["nodes"]), (&json!(3), &json!([{ "id": id }])));
        assert_eq!(page["pageInfo"]["hasNextPage"], more);
        after = page["pageInfo"]["endCursor"].clone();
    }
}
