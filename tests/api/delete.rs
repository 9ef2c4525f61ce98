//! Deleting customers and profiles, and what goes with them.

use serde_json::{Value, json};

use crate::app::{TestApp, faults};

const CUSTOMER: &str = "mutation ($input: DeleteCustomerInput!) {
    deleted: deleteCustomer(input: $input) { id: deletedCustomerId count: detachedProfileCount }
}";
const PROFILE: &str = "mutation ($input: DeleteProfileInput!) {
    deleted: deleteProfile(input: $input) { id: deletedProfileId count: detachedCustomerCount }
}";
const BOTH: [(&str, &str); 2] = [(CUSTOMER, "Customer:2"), (PROFILE, "Profile:2")];

/// How many edges lead to the nodes at the other side, of each.
async fn edges(app: &TestApp) -> Value {
    let query = "{
        customers { nodes { profiles { totalCount } } }
        profiles { nodes { customers { totalCount } } }
    }";
    app.data(query, json!({})).await
}

#[tokio::test]
async fn what_is_deleted_is_detached_everywhere_and_says_from_how_many() {
    let app = TestApp::start().await;
    app.seed(3, 4).await;
    for ((query, id), count) in BOTH.into_iter().zip([4, 2]) {
        let data = app.data(query, json!({ "input": { "id": id } })).await;
        assert_eq!(data["deleted"], json!({ "id": id, "count": count }));
        let node = app.data("query ($id: ID!) { node(id: $id) { id } }", json!({ "id": id })).await;
        assert_eq!(node["node"], Value::Null);
    }
    let (customer, profile) =
        (json!({ "profiles": { "totalCount": 3 } }), json!({ "customers": { "totalCount": 2 } }));
    assert_eq!(
        edges(&app).await,
        json!({ "customers": { "nodes": vec![customer; 2] }, "profiles": { "nodes": vec![profile; 3] } })
    );
}

#[tokio::test]
async fn what_was_deleted_is_not_found_and_its_id_is_not_given_again() {
    let app = TestApp::start().await;
    app.seed(2, 2).await;
    for (query, id) in BOTH {
        let input = json!({ "input": { "id": id } });
        app.data(query, input.clone()).await;
        assert_eq!(app.faults(query, input).await, json!([["NOT_FOUND", ["input", "id"]]]));
    }
    assert!(!["Customer:1", "Customer:2"].contains(&app.customer("Ada").await.as_str()));
    assert!(!["Profile:1", "Profile:2"].contains(&app.profile("Developer").await.as_str()));
}

#[tokio::test]
async fn a_version_that_is_not_the_current_one_keeps_the_row() {
    let app = TestApp::start().await;
    app.seed(2, 2).await;
    let before = edges(&app).await;
    for (query, id) in BOTH {
        let input = |version: Value| json!({ "input": { "id": id, "expectedVersion": version } });
        let answer = app.graphql(query, input(json!(2))).await;
        assert_eq!(faults(&answer), json!([["VERSION_CONFLICT", ["input", "expectedVersion"]]]));
        assert_eq!(answer["errors"][0]["extensions"]["currentVersion"], 1);
        assert_eq!(edges(&app).await, before);
    }
    for ((query, id), version) in BOTH.into_iter().zip([json!(1), Value::Null]) {
        app.data(query, json!({ "input": { "id": id, "expectedVersion": version } })).await;
    }
}

#[tokio::test]
async fn an_id_of_the_other_type_deletes_nothing() {
    let app = TestApp::start().await;
    app.seed(1, 1).await;
    for (query, id) in [(CUSTOMER, "Profile:1"), (PROFILE, "Customer:1")] {
        let faults = app.faults(query, json!({ "input": { "id": id } })).await;
        assert_eq!(faults, json!([["BAD_USER_INPUT", ["input", "id"]]]));
    }
}
