//! Creating profiles, and the customers at the ends of their edges.

use serde_json::{Value, json};

use crate::app::{TestApp, faults};

const CREATE: &str = "
    mutation ($input: CreateProfileInput!) {
        createProfile(input: $input) {
            profile {
                id name version createdAt updatedAt
                customers(first: 100) { totalCount edges { status version node { id name phoneNumber } } }
            }
            profileEdge { cursor node { id } }
        }
    }
";

async fn create(app: &TestApp, input: Value) -> Value {
    app.data(CREATE, json!({ "input": input })).await["createProfile"].take()
}

/// What is wrong with that input: codes and fields. Nothing of it must have been kept.
async fn refused(app: &TestApp, input: Value) -> Value {
    let before = app.counts().await;
    let faults = app.faults(CREATE, json!({ "input": input })).await;
    assert_eq!(app.counts().await, before);
    faults
}

#[tokio::test]
async fn a_profile_comes_with_new_and_existing_customers_each_with_its_status() {
    let app = TestApp::start().await;
    let grace = app.customer("Grace").await;
    let input = json!({ "name": " Developer ", "customers": [
        { "status": "planned", "node": { "create": { "name": " Ada ", "phoneNumber": " 123 " } } },
        { "status": "done", "node": { "id": grace } },
        { "node": { "create": { "name": "Ada" } } },
        { "node": { "create": { "name": "Ada", "phoneNumber": null } } },
    ] });
    let created = create(&app, input).await;
    let new = |id: &str, phone_number: Value| json!({ "id": id, "name": "Ada", "phoneNumber": phone_number });
    let edge = |status: &str, node: Value| json!({ "status": status, "version": 1, "node": node });
    assert_eq!(created["profile"]["name"], "Developer");
    assert_eq!(
        created["profile"]["customers"]["edges"],
        json!([
            edge("done", json!({ "id": grace, "name": "Grace", "phoneNumber": null })),
            edge("planned", new("Customer:2", json!("123"))),
            edge("active", new("Customer:3", Value::Null)),
            edge("active", new("Customer:4", Value::Null)),
        ])
    );
}

#[tokio::test]
async fn a_new_profile_has_version_1_and_changed_when_it_was_created() {
    let app = TestApp::start().await;
    let profile = create(&app, json!({ "name": "Developer" })).await["profile"].take();
    assert_eq!(profile["version"], 1);
    assert_eq!(profile["createdAt"], profile["updatedAt"]);
    assert_eq!(profile["customers"], json!({ "totalCount": 0, "edges": [] }));
}

#[tokio::test]
async fn the_payload_has_the_profile_in_its_place_among_all() {
    let app = TestApp::start().await;
    app.profile("Writer").await;
    let created = create(&app, json!({ "name": "Developer" })).await;
    assert_eq!(created["profileEdge"]["node"]["id"], created["profile"]["id"]);
    let page = app.data("{ profiles { edges { cursor node { id } } } }", json!({})).await;
    assert_eq!(page["profiles"]["edges"][1], created["profileEdge"]);
}

#[tokio::test]
async fn a_payload_of_which_nothing_is_selected_is_written_all_the_same() {
    let app = TestApp::start().await;
    let query = "mutation { createProfile(input: { name: \"Developer\" }) { __typename } }";
    let data = app.data(query, json!({})).await;
    assert_eq!(data, json!({ "createProfile": { "__typename": "CreateProfilePayload" } }));
    assert_eq!(app.counts().await["profiles"]["totalCount"], 1);
}

#[tokio::test]
async fn several_profiles_may_have_one_name() {
    let app = TestApp::start().await;
    assert_ne!(app.profile("Developer").await, app.profile("Developer").await);
}

#[tokio::test]
async fn a_variable_that_is_left_out_counts_as_left_out() {
    let app = TestApp::start().await;
    let query = "
        mutation ($phoneNumber: String, $status: String) {
            createProfile(input: { name: \"Developer\", customers: [
                { status: $status, node: { create: { name: \"Ada\", phoneNumber: $phoneNumber } } }
            ] }) { profile { customers { edges { status node { phoneNumber } } } } }
        }
    ";
    let data = app.data(query, json!({})).await;
    let edge = &data["createProfile"]["profile"]["customers"]["edges"][0];
    assert_eq!(*edge, json!({ "status": "active", "node": { "phoneNumber": null } }));
}

#[tokio::test]
async fn the_same_customer_twice_is_refused_with_both_positions_before_any_statement() {
    let app = TestApp::start().await;
    let (ada, new) =
        (json!({ "node": { "id": "Customer:1" } }), json!({ "node": { "create": { "name": "Ada" } } }));
    let input = json!({ "name": "Developer", "customers": [new, ada, new, ada] });
    let before = app.database.statement_count();
    let answer = app.graphql(CREATE, json!({ "input": input })).await;
    assert_eq!(app.database.statement_count(), before);
    assert_eq!(faults(&answer), json!([["BAD_USER_INPUT", ["input", "customers", 3, "node"]]]));
    assert_eq!(answer["errors"][0]["message"], "the same node as in item 1 of this list");
}

#[tokio::test]
async fn every_customer_that_is_missing_is_reported() {
    let app = TestApp::start().await;
    let input = json!({ "name": "Developer", "customers": [
        { "node": { "create": { "name": "Ada" } } },
        { "node": { "id": "Customer:7" } },
        { "node": { "id": "Customer:8" } },
    ] });
    assert_eq!(
        refused(&app, input).await,
        json!([
            ["NOT_FOUND", ["input", "customers", 1, "node", "id"]],
            ["NOT_FOUND", ["input", "customers", 2, "node", "id"]],
        ])
    );
}

#[tokio::test]
async fn all_faults_are_reported_with_their_positions() {
    let app = TestApp::start().await;
    let input = json!({ "name": "a".repeat(256), "customers": [
        { "node": { "id": "Profile:1" } },
        { "status": "", "node": { "create": { "name": "", "phoneNumber": "1".repeat(65) } } },
    ] });
    assert_eq!(
        refused(&app, input).await,
        json!([
            ["BAD_USER_INPUT", ["input", "name"]],
            ["BAD_USER_INPUT", ["input", "customers", 0, "node", "id"]],
            ["BAD_USER_INPUT", ["input", "customers", 1, "status"]],
            ["BAD_USER_INPUT", ["input", "customers", 1, "node", "create", "name"]],
            ["BAD_USER_INPUT", ["input", "customers", 1, "node", "create", "phoneNumber"]],
        ])
    );
}

#[tokio::test]
async fn a_list_has_at_most_250_items() {
    let app = TestApp::start().await;
    let ada = json!({ "node": { "create": { "name": "Ada" } } });
    let faults = refused(&app, json!({ "name": "Developer", "customers": vec![ada.clone(); 251] })).await;
    assert_eq!(faults, json!([["BAD_USER_INPUT", ["input", "customers"]]]));
    let created = create(&app, json!({ "name": "Developer", "customers": vec![ada; 250] })).await;
    assert_eq!(created["profile"]["customers"]["totalCount"], 250);
}

#[tokio::test]
async fn customers_cannot_be_found_by_name() {
    let app = TestApp::start().await;
    let node = json!({ "findOrCreate": { "name": "Ada" } });
    let faults = refused(&app, json!({ "name": "Developer", "customers": [{ "node": node }] })).await;
    assert_eq!(faults[0][0], "BAD_USER_INPUT");
}
