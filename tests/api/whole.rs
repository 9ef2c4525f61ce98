//! Whole requests: every kind of mutation reads what was written before it, and goes with what fails after it.

use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use serde_json::{Value, json};

use crate::app::TestApp;

/// What every request writes first: the one edge there is gets company, and both its ends a new name.
const EARLIER: &str = "
    first: updateCustomer(input: { id: \"Customer:1\", name: \"Earlier\" }) { customer { id } }
    second: updateProfile(input: { id: \"Profile:1\", name: \"Earlier\" }) { profile { id } }
    third: attachProfile(input: { customerId: \"Customer:1\", profileId: \"Profile:2\", status: \"earlier\" }) {
        outcome
    }";

/// What every request that fails has at its end.
const FAILING: &str = "last: deleteProfile(input: { id: \"Profile:99\" }) { deletedProfileId }";

/// Each kind of mutation, and what it answers after the earlier ones.
fn mutations() -> Vec<(&'static str, Value)> {
    let earlier_edge = json!({ "nodes": [{ "id": "Profile:1", "customers": { "totalCount": 2 } }] });
    let earlier_customer = json!({ "nodes": [{ "name": "Earlier", "version": 2 }] });
    vec![
        (
            r#"createCustomer(input: { name: "new", profiles: [{ node: { findOrCreate: { name: "Earlier" } } }] }) {
                customer { profiles { nodes { id customers { totalCount } } } }
            }"#,
            json!({ "customer": { "profiles": earlier_edge } }),
        ),
        (
            r#"createCustomers(input: { customers: [
                { name: "new", profiles: [{ node: { findOrCreate: { name: "Earlier" } } }] }
            ] }) { customers { profiles { nodes { id customers { totalCount } } } } }"#,
            json!({ "customers": [{ "profiles": earlier_edge }] }),
        ),
        (
            r#"createProfile(input: { name: "new", customers: [{ node: { id: "Customer:1" } }] }) {
                profile { customers { nodes { name version } } }
            }"#,
            json!({ "profile": { "customers": earlier_customer } }),
        ),
        (
            r#"createProfiles(input: { profiles: [
                { name: "new", customers: [{ node: { id: "Customer:1" } }] }
            ] }) { profiles { customers { nodes { name version } } } }"#,
            json!({ "profiles": [{ "customers": earlier_customer }] }),
        ),
        (
            r#"updateCustomer(input: { id: "Customer:1", phoneNumber: "1", expectedVersion: 2 }) {
                customer { name version }
            }"#,
            json!({ "customer": { "name": "Earlier", "version": 3 } }),
        ),
        (
            r#"updateProfile(input: { id: "Profile:1", name: "later", expectedVersion: 2 }) {
                profile { version customers { nodes { name version } } }
            }"#,
            json!({ "profile": { "version": 3, "customers": earlier_customer } }),
        ),
        (
            r#"deleteCustomer(input: { id: "Customer:1", expectedVersion: 2 }) { detachedProfileCount }"#,
            json!({ "detachedProfileCount": 2 }),
        ),
        (
            r#"deleteProfile(input: { id: "Profile:2" }) { detachedCustomerCount }"#,
            json!({ "detachedCustomerCount": 1 }),
        ),
        (
            r#"attachProfile(input: { customerId: "Customer:1", profileId: "Profile:2", status: "later" }) {
                outcome customer { name } profileCustomerEdge { version }
            }"#,
            json!({
                "outcome": "UPDATED",
                "customer": { "name": "Earlier" },
                "profileCustomerEdge": { "version": 2 },
            }),
        ),
        (
            r#"attachProfiles(input: { customerId: "Customer:1", onExisting: KEEP, profiles: [
                { node: { id: "Profile:2" } }
            ] }) { attached { outcome edge { status } } }"#,
            json!({ "attached": [{ "outcome": "UNCHANGED", "edge": { "status": "earlier" } }] }),
        ),
        (
            r#"setProfiles(input: { customerId: "Customer:1", profiles: [
                { status: "1-1", node: { findOrCreate: { name: "Earlier" } } }
            ] }) { attached { outcome edge { node { id } } } detachedProfileIds }"#,
            json!({
                "attached": [{ "outcome": "UNCHANGED", "edge": { "node": { "id": "Profile:1" } } }],
                "detachedProfileIds": ["Profile:2"],
            }),
        ),
        (
            r#"detachProfiles(input: { customerId: "Customer:1", profileIds: ["Profile:2"] }) {
                detachedProfileIds
            }"#,
            json!({ "detachedProfileIds": ["Profile:2"] }),
        ),
        (
            r#"attachCustomers(input: { profileId: "Profile:2", customers: [
                { status: "later", node: { id: "Customer:1" } }
            ] }) { attached { outcome edge { version node { name } } } }"#,
            json!({ "attached": [
                { "outcome": "UPDATED", "edge": { "version": 2, "node": { "name": "Earlier" } } }
            ] }),
        ),
        (
            r#"setCustomers(input: { profileId: "Profile:2", customers: [] }) {
                profile { customers { totalCount } } detachedCustomerIds
            }"#,
            json!({ "profile": { "customers": { "totalCount": 0 } }, "detachedCustomerIds": ["Customer:1"] }),
        ),
        (
            r#"detachCustomers(input: { profileId: "Profile:2", customerIds: ["Customer:1"] }) {
                detachedCustomerIds
            }"#,
            json!({ "detachedCustomerIds": ["Customer:1"] }),
        ),
        (
            r#"updateCustomerProfile(input: {
                customerId: "Customer:1", profileId: "Profile:2", status: "later", expectedVersion: 1
            }) { profileCustomerEdge { version node { name } } }"#,
            json!({ "profileCustomerEdge": { "version": 2, "node": { "name": "Earlier" } } }),
        ),
    ]
}

/// A server with two customers, two profiles, and the first of each attached.
async fn start() -> TestApp {
    let app = TestApp::start().await;
    app.seed(2, 2).await;
    app.sql("DELETE FROM customer_profile WHERE customer_id + profile_id > 2").await;
    app
}

/// All there is in the tables.
async fn dump(connection: &DatabaseConnection) -> Vec<String> {
    let mut dump = Vec::new();
    for columns in [
        "id, name, COALESCE(phone_number, ''), version, created_at, updated_at) FROM customer",
        "id, name, version, created_at, updated_at) FROM profile",
        "customer_id, profile_id, status, version, created_at, updated_at) FROM customer_profile",
    ] {
        let select = format!("SELECT CONCAT_WS('|', {columns} ORDER BY 1");
        let statement = Statement::from_string(connection.get_database_backend(), select);
        let rows = connection.query_all_raw(statement).await.unwrap();
        dump.extend(rows.iter().map(|row| row.try_get_by_index::<String>(0).unwrap()));
    }
    dump
}

#[tokio::test]
async fn every_mutation_is_among_these() {
    let app = TestApp::start().await;
    let data = app.data("{ __type(name: \"Mutation\") { fields { name } } }", json!({})).await;
    let fields = data["__type"]["fields"].as_array().unwrap();
    let fields: BTreeSet<_> = fields.iter().map(|field| field["name"].as_str().unwrap()).collect();
    let tested: BTreeSet<_> =
        mutations().iter().map(|(mutation, _)| mutation.split_once('(').unwrap().0).collect();
    assert_eq!(tested, fields);
}

#[tokio::test]
async fn every_mutation_reads_what_its_request_wrote_before() {
    for (mutation, expected) in mutations() {
        let app = start().await;
        let data = app.data(&format!("mutation {{ {EARLIER} tested: {mutation} }}"), json!({})).await;
        assert_eq!(data["tested"], expected, "{mutation}");
    }
}

#[tokio::test]
async fn every_mutation_is_undone_if_a_later_one_fails() {
    let app = start().await;
    let database = app.connect().await;
    let before = dump(&database).await;
    for (mutation, _) in mutations() {
        let query = format!("mutation {{ {EARLIER} tested: {mutation} {FAILING} }}");
        assert_eq!(
            app.faults(&query, json!({})).await,
            json!([["NOT_FOUND", ["input", "id"]]]),
            "{mutation}"
        );
        assert_eq!(dump(&database).await, before, "{mutation}");
    }
}

#[tokio::test]
async fn every_mutation_is_undone_if_its_own_payload_cannot_be_read() {
    let app = start().await;
    let database = app.connect().await;
    let before = dump(&database).await;
    let mut tested = 0;
    for (mutation, _) in mutations() {
        // The last object of the payload that has a connection or a node gets a page that no connection has.
        for (node, connection) in [("customer {", "profiles"), ("profile {", "customers")] {
            let Some((head, rest)) = mutation.rsplit_once(node) else { continue };
            let query = format!(
                "mutation {{ {EARLIER} {head}{node} bad: {connection}(first: -1) {{ totalCount }} {rest} }}"
            );
            assert_eq!(app.faults(&query, json!({})).await[0][0], "BAD_USER_INPUT", "{query}");
            assert_eq!(dump(&database).await, before, "{mutation}");
            tested += 1;
        }
    }
    assert!(tested > 4);
}
