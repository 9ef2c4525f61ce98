//! Queries that are easily misread when they are looked ahead.

use serde_json::{Value, json};

use crate::app::TestApp;

/// An edge as the server is seeded with it, and the name of the node at its end.
fn edge(customer: u32, profile: u32, name: &str) -> Value {
    json!({ "status": format!("{customer}-{profile}"), "node": { "name": name } })
}

#[tokio::test]
async fn the_same_field_below_two_aliases_keeps_its_own_arguments() {
    let app = TestApp::start().await;
    app.seed(3, 1).await;
    let query = "{ profiles {
        edges { x: node { c: customers(first: 1) { nodes { name } } } }
        edges { y: node { c: customers(first: 2) { nodes { name } } } }
        z: edges { x: node { c: customers(last: 1) { nodes { name } } } }
        nodes { c: customers(last: 2) { nodes { name } } }
    } }";
    let c = |names: &[&str]| {
        let nodes: Value = names.iter().map(|name| json!({ "name": name })).collect();
        json!({ "c": { "nodes": nodes } })
    };
    let expected = json!({
        "edges": [{ "x": c(&["C1"]), "y": c(&["C1", "C2"]) }],
        "z": [{ "x": c(&["C3"]) }],
        "nodes": [c(&["C2", "C3"])],
    });
    assert_eq!(app.data(query, Value::Null).await["profiles"], expected);
}

#[tokio::test]
async fn a_key_that_is_selected_twice_has_what_both_select() {
    let app = TestApp::start().await;
    app.seed(2, 2).await;
    let query = "{
      customers { edges { node { id profiles { edges { status } } } } }
      customers { totalCount edges { cursor node { profiles { totalCount edges { node { name } } } } } }
      customers { edges { node { name } } }
    }";
    let (data, statements) = app.counted(query, Value::Null).await;
    assert_eq!(statements, 4);
    let node = |customer: u32| {
        let edge = |profile: u32| edge(customer, profile, &format!("P{profile}"));
        json!({
            "id": format!("Customer:{customer}"),
            "name": format!("C{customer}"),
            "profiles": { "totalCount": 2, "edges": [edge(1), edge(2)] },
        })
    };
    assert_eq!(data["customers"]["totalCount"], 2);
    assert_eq!(data["customers"]["edges"][0]["node"], node(1));
    assert_eq!(data["customers"]["edges"][1]["node"], node(2));
    assert!(data["customers"]["edges"][1]["cursor"].is_string());
}

#[tokio::test]
async fn fragments_within_fragments_select_as_if_they_were_written_out() {
    let app = TestApp::start().await;
    app.seed(2, 2).await;
    let query = "query ($size: Int!) { customers { edges { ...Edge } ... on CustomerConnection { ...Count } } }
      fragment Edge on CustomerEdge { ... { node { ... on Node { id ... on Customer { ...Customer } } } } }
      fragment Customer on Customer { ... on Customer { name profiles(first: $size) { ...Profiles ...Count2 } } }
      fragment Profiles on CustomerProfileConnection {
        edges { ... @include(if: true) { ...Status node { ...Profile } } }
      }
      fragment Status on CustomerProfileEdge { status }
      fragment Profile on Profile { name ... on Node { id } }
      fragment Count on CustomerConnection { totalCount }
      fragment Count2 on CustomerProfileConnection { totalCount }";
    let written_out = "query ($size: Int!) { customers { totalCount edges { node { id name
      profiles(first: $size) { totalCount edges { status node { id name } } }
    } } } }";
    let (data, statements) = app.counted(query, json!({ "size": 1 })).await;
    assert_eq!((data, statements), app.counted(written_out, json!({ "size": 1 })).await);
    assert_eq!(statements, 4);
}

#[tokio::test]
async fn skip_and_include_go_by_variables_and_their_defaults() {
    let app = TestApp::start().await;
    app.seed(1, 1).await;
    let query = "query ($yes: Boolean! = true, $no: Boolean! = false, $size: Int = 0) { customers { nodes {
        a: name @include(if: $yes)
        b: name @skip(if: $yes)
        c: name @include(if: $no)
        d: name @skip(if: $no)
        e: name @include(if: $yes) @skip(if: $no)
        f: profiles(first: $size) @include(if: $yes) { nodes { name @skip(if: $no) } }
        ... @skip(if: $yes) { g: profiles { totalCount } }
        ... on Customer @include(if: $yes) {
          h: profiles(first: 1) { totalCount edges @include(if: $no) { status } }
        }
        ...F @skip(if: $no)
    } } }
    fragment F on Node { ... on Customer @include(if: $no) { i: phoneNumber } ... @include(if: $yes) { id } }";
    assert_eq!(
        app.data(query, json!({})).await["customers"]["nodes"],
        json!([{
            "a": "C1", "d": "C1", "e": "C1", "f": { "nodes": [] }, "h": { "totalCount": 1 },
            "id": "Customer:1",
        }])
    );
    assert_eq!(
        app.data(query, json!({ "yes": false, "no": true, "size": 1 })).await["customers"]["nodes"],
        json!([{ "b": "C1", "c": "C1", "g": { "totalCount": 1 } }])
    );
    assert_eq!(
        app.data(query, json!({ "no": true, "size": 1 })).await["customers"]["nodes"],
        json!([{
            "a": "C1", "c": "C1", "f": { "nodes": [{}] },
            "h": { "totalCount": 1, "edges": [{ "status": "1-1" }] },
        }])
    );
}

#[tokio::test]
async fn a_profile_that_many_parents_share_is_whole_below_each() {
    let app = TestApp::start().await;
    app.seed(5, 2).await;
    let query = "{ customers { nodes { profiles { edges { status node { name customers(first: 2) {
        totalCount edges { status node { name } } pageInfo { hasNextPage }
    } } } } } } }";
    let profile = |profile: u32| {
        let edge = |customer: u32| edge(customer, profile, &format!("C{customer}"));
        let customers = json!({
            "totalCount": 5, "edges": [edge(1), edge(2)], "pageInfo": { "hasNextPage": true },
        });
        json!({ "name": format!("P{profile}"), "customers": customers })
    };
    let node = |customer: u32| {
        let edge = |key: u32| json!({ "status": format!("{customer}-{key}"), "node": profile(key) });
        json!({ "profiles": { "edges": [edge(1), edge(2)] } })
    };
    let (data, statements) = app.counted(query, Value::Null).await;
    assert_eq!(data["customers"]["nodes"], (1..=5).map(node).collect::<Value>());
    assert_eq!(statements, 4);
}

#[tokio::test]
async fn a_circle_of_five_levels_is_followed() {
    let app = TestApp::start().await;
    app.seed(2, 2).await;
    app.sql("DELETE FROM customer_profile WHERE customer_id = 2 AND profile_id = 1").await;
    let query = "{ customers { nodes { name profiles { nodes { name customers(last: 1) { nodes { name
        profiles(last: 1) { nodes { name customers(first: 1) { nodes { name
            profile(id: \"Profile:1\") { status }
        } } } }
    } } } } } } }";
    let (data, statements) = app.counted(query, Value::Null).await;
    let end = json!({ "name": "C1", "profile": { "status": "1-1" } });
    let turn = json!([{ "name": "P2", "customers": { "nodes": [end] } }]);
    let p1 =
        json!({ "name": "P1", "customers": { "nodes": [{ "name": "C1", "profiles": { "nodes": turn } }] } });
    let p2 =
        json!({ "name": "P2", "customers": { "nodes": [{ "name": "C2", "profiles": { "nodes": turn } }] } });
    let expected = json!([
        { "name": "C1", "profiles": { "nodes": [p1, p2] } },
        { "name": "C2", "profiles": { "nodes": [p2] } },
    ]);
    assert_eq!(data["customers"]["nodes"], expected);
    assert_eq!(statements, 6);
}

#[tokio::test]
async fn arguments_by_variables_mean_what_they_mean_written_out() {
    let app = TestApp::start().await;
    app.seed(3, 3).await;
    let query =
        "query ($first: Int, $last: Int, $profile: ID = \"Profile:2\") { customers(first: 1) { nodes {
        ...F
        again: profiles(first: $first, last: $last) { edges { status } }
    } } }
    fragment F on Customer {
        profiles(first: $first, last: $last) { edges { status } }
        profile(id: $profile) { status }
    }";
    for (variables, profiles, profile) in [
        (json!({}), vec![1, 2, 3], 2),
        (json!({ "first": null, "last": null, "profile": "Profile:1" }), vec![1, 2, 3], 1),
        (json!({ "first": 2 }), vec![1, 2], 2),
        (json!({ "last": 2, "profile": "Profile:3" }), vec![2, 3], 3),
    ] {
        let (data, statements) = app.counted(query, variables.clone()).await;
        let edges: Value = profiles.iter().map(|key| json!({ "status": format!("1-{key}") })).collect();
        let profile = json!({ "status": format!("1-{profile}") });
        let node = json!({ "profiles": { "edges": edges }, "again": { "edges": edges }, "profile": profile });
        assert_eq!(data["customers"]["nodes"], json!([node]), "{variables}");
        assert_eq!(statements, 3);
    }
}

#[tokio::test]
async fn every_object_tells_its_type() {
    let app = TestApp::start().await;
    app.seed(1, 1).await;
    let query = r#"{
      __typename
      customers { __typename pageInfo { __typename } nodes { t: __typename } edges { __typename node { __typename
        profiles { __typename pageInfo { __typename } edges { __typename node { __typename
          customers { __typename edges { __typename node { __typename } } }
        } } }
      } } }
      profiles { __typename edges { __typename } }
      node(id: "Profile:1") { __typename }
    }"#;
    let named = |name: &str, key: &str, value: Value| json!({ "__typename": name, key: value });
    let info = json!({ "__typename": "PageInfo" });
    let customers = named(
        "ProfileCustomerConnection",
        "edges",
        json!([named("ProfileCustomerEdge", "node", json!({ "__typename": "Customer" }))]),
    );
    let profiles = json!({
        "__typename": "CustomerProfileConnection", "pageInfo": info,
        "edges": [named("CustomerProfileEdge", "node", named("Profile", "customers", customers))],
    });
    let expected = json!({
        "__typename": "Query",
        "customers": {
            "__typename": "CustomerConnection", "pageInfo": info, "nodes": [{ "t": "Customer" }],
            "edges": [named("CustomerEdge", "node", named("Customer", "profiles", profiles))],
        },
        "profiles": { "__typename": "ProfileConnection", "edges": [{ "__typename": "ProfileEdge" }] },
        "node": { "__typename": "Profile" },
    });
    assert_eq!(app.data(query, Value::Null).await, expected);
}

#[tokio::test]
async fn a_payload_is_looked_ahead_as_a_query_is() {
    let app = TestApp::start().await;
    app.seed(2, 2).await;
    let query = r#"mutation ($more: Boolean!) {
      attachProfile(input: { customerId: "Customer:1", profileId: "Profile:2", status: "new" }) {
        a: customer { id profiles(first: 1) { edges { status } } }
        b: customer { profiles(last: 1) { edges { status } } }
        customer { name @include(if: $more) }
        ... on AttachProfilePayload { customer { ...F } profile @skip(if: $more) { customers { totalCount } } }
      }
    }
    fragment F on Node { ... on Customer { profiles { totalCount } } }"#;
    let expected = json!({
        "a": { "id": "Customer:1", "profiles": { "edges": [{ "status": "1-1" }] } },
        "b": { "profiles": { "edges": [{ "status": "new" }] } },
        "customer": { "name": "C1", "profiles": { "totalCount": 2 } },
    });
    assert_eq!(app.data(query, json!({ "more": true })).await["attachProfile"], expected);
}

#[tokio::test]
async fn a_mutation_field_that_is_written_twice_runs_once() {
    let app = TestApp::start().await;
    let query = r#"mutation ($not: Boolean! = false) {
      createCustomer(input: { name: "Ada" }) { customer { id } }
      ...Again
      other: createCustomer(input: { name: "Bob" }) { customer { id } }
      createCustomer(input: { name: "Ada" }) @skip(if: $not) { customer { name } }
      createCustomer(input: { name: "Ada" }) @include(if: $not) { customer { phoneNumber } }
      ...Again @include(if: $not)
      never: createCustomer(input: { name: "Eve" }) @include(if: $not) { customer { id } }
    }
    fragment Again on Mutation {
      ... { createCustomer(input: { name: "Ada" }) { customer { version } } }
      ...Never @include(if: $not)
    }
    fragment Never on Mutation { createCustomer(input: { name: "Ada" }) { customer { updatedAt } } }"#;
    let expected = json!({
        "createCustomer": { "customer": { "id": "Customer:1", "name": "Ada", "version": 1 } },
        "other": { "customer": { "id": "Customer:2" } },
    });
    assert_eq!(app.data(query, Value::Null).await, expected);
    let count = app.data("{ customers { totalCount } }", Value::Null).await;
    assert_eq!(count, json!({ "customers": { "totalCount": 2 } }));
}
