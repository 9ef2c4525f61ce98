//! Attaching: what becomes of a pair, and how its edges read from both sides.

use sea_orm::{ConnectionTrait, DatabaseConnection};
use serde_json::{Value, json};

use crate::{
    app::{TestApp, faults},
    backend,
};

const ATTACH: &str = "
    mutation ($input: AttachProfileInput!) {
        attachProfile(input: $input) {
            outcome
            customer { id name profiles { totalCount } }
            profile { id name customers { totalCount } }
            customerProfileEdge { id cursor status version createdAt updatedAt node { id name } }
            profileCustomerEdge { id cursor status version createdAt updatedAt node { id name } }
        }
    }
";

/// A server with a customer `Customer:1` and a profile `Profile:1`, which are not attached.
async fn start() -> TestApp {
    let app = TestApp::start().await;
    app.customer("Ada").await;
    app.profile("Developer").await;
    app
}

/// Attaches the two, as far as `more` says how.
async fn attach(app: &TestApp, more: Value) -> Value {
    app.data(ATTACH, json!({ "input": input(more) })).await["attachProfile"].take()
}

async fn refused(app: &TestApp, more: Value) -> Value {
    app.faults(ATTACH, json!({ "input": input(more) })).await
}

fn input(more: Value) -> Value {
    let mut input = json!({ "customerId": "Customer:1", "profileId": "Profile:1" });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    input
}

/// The outcome, and the association's status and version.
fn short(payload: &Value) -> Value {
    let edge = &payload["customerProfileEdge"];
    json!([payload["outcome"], edge["status"], edge["version"]])
}

async fn statuses(app: &TestApp) -> Value {
    let query = "{ customer(id: \"Customer:1\") { profiles { edges { status version } } } }";
    app.data(query, json!({})).await["customer"]["profiles"]["edges"].take()
}

async fn execute(connection: &DatabaseConnection, statement: &str) {
    connection.execute_unprepared(&backend::sql(statement)).await.unwrap();
}

#[tokio::test]
async fn a_new_pair_is_attached_whatever_is_to_become_of_an_existing_one() {
    for on_existing in ["UPDATE", "KEEP", "ERROR"] {
        let app = start().await;
        let payload = attach(&app, json!({ "status": "done", "onExisting": on_existing })).await;
        assert_eq!(short(&payload), json!(["ATTACHED", "done", 1]), "{on_existing}");
        assert_eq!(statuses(&app).await, json!([{ "status": "done", "version": 1 }]));
    }
}

#[tokio::test]
async fn the_status_is_active_where_none_is_given() {
    let app = start().await;
    assert_eq!(short(&attach(&app, json!({})).await), json!(["ATTACHED", "active", 1]));
}

#[tokio::test]
async fn the_status_is_kept_without_the_white_space_around_it() {
    let app = start().await;
    attach(&app, json!({ "status": "done" })).await;
    assert_eq!(short(&attach(&app, json!({ "status": " done\n" })).await), json!(["UNCHANGED", "done", 1]));
}

#[tokio::test]
async fn an_existing_pair_gets_the_new_status_where_nothing_else_is_said() {
    let app = start().await;
    attach(&app, json!({ "status": "planned" })).await;
    assert_eq!(short(&attach(&app, json!({ "status": "done" })).await), json!(["UPDATED", "done", 2]));
    let update = json!({ "status": "planned", "onExisting": "UPDATE" });
    assert_eq!(short(&attach(&app, update).await), json!(["UPDATED", "planned", 3]));
    assert_eq!(statuses(&app).await, json!([{ "status": "planned", "version": 3 }]));
}

#[tokio::test]
async fn an_existing_pair_may_be_kept_as_it_is() {
    let app = start().await;
    attach(&app, json!({ "status": "planned" })).await;
    for status in ["done", "planned"] {
        let payload = attach(&app, json!({ "status": status, "onExisting": "KEEP" })).await;
        assert_eq!(short(&payload), json!(["UNCHANGED", "planned", 1]));
    }
}

#[tokio::test]
async fn an_existing_pair_may_be_an_error() {
    let app = start().await;
    attach(&app, json!({ "status": "planned" })).await;
    for status in ["done", "planned"] {
        let input = input(json!({ "status": status, "onExisting": "ERROR" }));
        let answer = app.graphql(ATTACH, json!({ "input": input })).await;
        assert_eq!(answer["data"], Value::Null);
        assert_eq!(faults(&answer), json!([["ALREADY_ATTACHED", ["input"]]]));
        let message = "`Customer:1` and `Profile:1` are attached already";
        assert_eq!(answer["errors"][0]["message"], message);
    }
    assert_eq!(statuses(&app).await, json!([{ "status": "planned", "version": 1 }]));
}

#[tokio::test]
async fn a_pair_that_stays_as_it_was_keeps_its_version_and_its_times() {
    let app = start().await;
    let first = attach(&app, json!({ "status": "done" })).await;
    let second = attach(&app, json!({ "status": "done" })).await;
    assert_eq!(second["outcome"], "UNCHANGED");
    for side in ["customerProfileEdge", "profileCustomerEdge"] {
        assert_eq!(second[side], first[side]);
    }
}

#[tokio::test]
async fn a_change_moves_the_time_of_the_change_and_not_that_of_creation() {
    let app = start().await;
    attach(&app, json!({})).await;
    let past = "2020-02-03 04:05:06.000007+00:00";
    let set = format!("UPDATE customer_profile SET created_at = '{past}', updated_at = '{past}'");
    execute(&app.connect().await, &set).await;
    let edge = attach(&app, json!({ "status": "done" })).await["customerProfileEdge"].take();
    assert_eq!(edge["createdAt"], "2020-02-03T04:05:06.000007Z");
    assert!(edge["updatedAt"].as_str() > Some("2026"), "{edge}");
}

#[tokio::test]
async fn the_time_of_the_change_never_goes_backwards() {
    let app = start().await;
    attach(&app, json!({})).await;
    let set = "UPDATE customer_profile SET updated_at = '2999-12-31 23:59:59.999999+00:00'";
    execute(&app.connect().await, set).await;
    let edge = attach(&app, json!({ "status": "done" })).await["customerProfileEdge"].take();
    assert_eq!((&edge["version"], &edge["status"]), (&json!(2), &json!("done")));
    assert_eq!(edge["updatedAt"], "2999-12-31T23:59:59.999999Z");
}

#[tokio::test]
async fn attaching_changes_neither_the_customer_nor_the_profile() {
    let app = start().await;
    let nodes = "{ nodes(ids: [\"Customer:1\", \"Profile:1\"]) {
        ... on Customer { version updatedAt } ... on Profile { version updatedAt }
    } }";
    let before = app.data(nodes, json!({})).await;
    attach(&app, json!({})).await;
    attach(&app, json!({ "status": "done" })).await;
    assert_eq!(app.data(nodes, json!({})).await, before);
}

#[tokio::test]
async fn the_payload_has_the_pair_and_its_edges_from_both_sides() {
    let app = start().await;
    let payload = attach(&app, json!({ "status": "done" })).await;
    let (customer, profile) =
        (json!({ "id": "Customer:1", "name": "Ada" }), json!({ "id": "Profile:1", "name": "Developer" }));
    assert_eq!(payload["customer"]["name"], "Ada");
    assert_eq!(payload["customer"]["profiles"]["totalCount"], 1);
    assert_eq!(payload["profile"]["customers"]["totalCount"], 1);
    assert_eq!(payload["customerProfileEdge"]["node"], profile);
    assert_eq!(payload["profileCustomerEdge"]["node"], customer);
    let query = "{
        customer(id: \"Customer:1\") { profiles { edges {
            id cursor status version createdAt updatedAt node { id name }
        } } }
        profile(id: \"Profile:1\") { customers { edges {
            id cursor status version createdAt updatedAt node { id name }
        } } }
    }";
    let read = app.data(query, json!({})).await;
    assert_eq!(read["customer"]["profiles"]["edges"], json!([payload["customerProfileEdge"]]));
    assert_eq!(read["profile"]["customers"]["edges"], json!([payload["profileCustomerEdge"]]));
}

#[tokio::test]
async fn an_edge_has_an_id_on_each_side_that_outlives_its_changes() {
    let app = start().await;
    let ids = |payload: &Value| {
        [payload["customerProfileEdge"]["id"].clone(), payload["profileCustomerEdge"]["id"].clone()]
    };
    let first = ids(&attach(&app, json!({ "status": "planned" })).await);
    assert_eq!(ids(&attach(&app, json!({ "status": "done" })).await), first);
    assert_ne!(first[0], first[1]);
    app.profile("Writer").await;
    let other = ids(&attach(&app, json!({ "profileId": "Profile:2" })).await);
    assert!(other.iter().all(|id| !first.contains(id)), "{other:?} {first:?}");
}

#[tokio::test]
async fn each_of_the_two_that_is_missing_is_reported() {
    let app = start().await;
    let (no_customer, no_profile) =
        (json!(["NOT_FOUND", ["input", "customerId"]]), json!(["NOT_FOUND", ["input", "profileId"]]));
    let customer_only = json!({ "profileId": "Profile:2" });
    assert_eq!(refused(&app, customer_only).await, json!([no_profile]));
    assert_eq!(refused(&app, json!({ "customerId": "Customer:2" })).await, json!([no_customer]));
    let neither = json!({ "customerId": "Customer:2", "profileId": "Profile:2" });
    assert_eq!(refused(&app, neither).await, json!([no_customer, no_profile]));
}

#[tokio::test]
async fn ids_of_the_wrong_kind_and_a_blank_status_are_all_reported_before_any_statement() {
    let app = start().await;
    let before = app.database.statement_count();
    let swapped = json!({ "customerId": "Profile:1", "profileId": "Customer:1", "status": " " });
    assert_eq!(
        refused(&app, swapped).await,
        json!([
            ["BAD_USER_INPUT", ["input", "customerId"]],
            ["BAD_USER_INPUT", ["input", "profileId"]],
            ["BAD_USER_INPUT", ["input", "status"]],
        ])
    );
    assert_eq!(app.database.statement_count(), before);
}

#[tokio::test]
async fn variables_that_are_left_out_count_as_left_out() {
    let app = start().await;
    let query = "mutation ($status: String, $onExisting: OnExisting) {
        attachProfile(input: {
            customerId: \"Customer:1\", profileId: \"Profile:1\", status: $status, onExisting: $onExisting
        }) { outcome customerProfileEdge { status } }
    }";
    let attached = json!({ "outcome": "ATTACHED", "customerProfileEdge": { "status": "active" } });
    assert_eq!(app.data(query, json!({})).await["attachProfile"], attached);
    let updated = json!({ "outcome": "UPDATED", "customerProfileEdge": { "status": "done" } });
    assert_eq!(app.data(query, json!({ "status": "done" })).await["attachProfile"], updated);
}
