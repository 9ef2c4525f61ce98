//! The way through the product: create a customer with its profiles, find it, attach one more.

use serde_json::{Value, json};

use crate::app::TestApp;

const CREATE: &str = r#"
mutation {
  createCustomer(input: {
    name: "Pavitar Singh", phoneNumber: "1234566700",
    profiles: [{ status: "active", node: { create: { name: "Developer" } } }]
  }) {
    customer { id name phoneNumber profiles { edges { status node { id name } } } }
  }
}"#;

const FIND: &str = r#"
query {
  customers(where: { name: { eq: "Pavitar Singh" } }, first: 1) {
    edges { node { id name phoneNumber profiles { edges { status node { id name } } } } }
  }
}"#;

const CREATE_PROFILE: &str =
    r#"mutation { createProfile(input: { name: "Admin" }) { profile { id name } } }"#;

const ATTACH: &str = r#"
mutation ($status: String!) {
  attachProfile(input: { customerId: "Customer:1", profileId: "Profile:2", status: $status }) {
    outcome
    customerProfileEdge { id status version node { name } }
    customer { profiles { totalCount edges { status node { name } } } }
  }
}"#;

#[tokio::test]
async fn a_customer_is_created_with_its_profiles_and_their_status() {
    let app = TestApp::start().await;
    insta::assert_json_snapshot!(app.graphql(CREATE, Value::Null).await, @r#"
    {
      "data": {
        "createCustomer": {
          "customer": {
            "id": "Customer:1",
            "name": "Pavitar Singh",
            "phoneNumber": "1234566700",
            "profiles": {
              "edges": [
                {
                  "node": {
                    "id": "Profile:1",
                    "name": "Developer"
                  },
                  "status": "active"
                }
              ]
            }
          }
        }
      }
    }
    "#);
}

#[tokio::test]
async fn fields_are_answered_in_the_order_in_which_they_are_asked_for() {
    let app = TestApp::start().await;
    app.graphql(CREATE, Value::Null).await;
    let body = json!({ "query": FIND }).to_string();
    let answer = app.post(body, &[("content-type", "application/json")]).await.text().await.unwrap();
    let customer = r#"{"id":"Customer:1","name":"Pavitar Singh","phoneNumber":"1234566700""#;
    let profiles =
        r#""profiles":{"edges":[{"status":"active","node":{"id":"Profile:1","name":"Developer"}}]}"#;
    assert_eq!(
        answer,
        format!(r#"{{"data":{{"customers":{{"edges":[{{"node":{customer},{profiles}}}}}]}}}}}}"#)
    );
}

#[tokio::test]
async fn a_customer_is_found_by_name_with_its_profiles_and_their_status() {
    let app = TestApp::start().await;
    app.graphql(CREATE, Value::Null).await;
    app.graphql(r#"mutation { createCustomer(input: { name: "Ada" }) { customer { id } } }"#, Value::Null)
        .await;
    insta::assert_json_snapshot!(app.graphql(FIND, Value::Null).await, @r#"
    {
      "data": {
        "customers": {
          "edges": [
            {
              "node": {
                "id": "Customer:1",
                "name": "Pavitar Singh",
                "phoneNumber": "1234566700",
                "profiles": {
                  "edges": [
                    {
                      "node": {
                        "id": "Profile:1",
                        "name": "Developer"
                      },
                      "status": "active"
                    }
                  ]
                }
              }
            }
          ]
        }
      }
    }
    "#);
}

#[tokio::test]
async fn a_profile_is_attached_with_a_status_and_attaching_it_again_changes_the_status_at_most() {
    let app = TestApp::start().await;
    app.graphql(CREATE, Value::Null).await;
    let profile = app.graphql(CREATE_PROFILE, Value::Null).await;
    let created = json!({ "createProfile": { "profile": { "id": "Profile:2", "name": "Admin" } } });
    assert_eq!(profile, json!({ "data": created }));

    for (status, outcome, version) in [
        ("trial", "ATTACHED", 1),
        ("trial", "UNCHANGED", 1),
        ("active", "UPDATED", 2),
        ("active", "UNCHANGED", 2),
        ("trial", "UPDATED", 3),
    ] {
        let edge = |status: &str, name: &str| json!({ "status": status, "node": { "name": name } });
        let profiles =
            json!({ "totalCount": 2, "edges": [edge("active", "Developer"), edge(status, "Admin")] });
        let attached = json!({
            "outcome": outcome,
            "customerProfileEdge": {
                "id": "CustomerProfileEdge:1:2", "status": status, "version": version,
                "node": { "name": "Admin" },
            },
            "customer": { "profiles": profiles },
        });
        let answer = app.graphql(ATTACH, json!({ "status": status })).await;
        assert_eq!(answer, json!({ "data": { "attachProfile": attached } }));
    }
}

#[tokio::test]
async fn both_sides_read_the_same_association() {
    let app = TestApp::start().await;
    app.graphql(CREATE, Value::Null).await;
    let query = r#"{
      customer(id: "Customer:1") { profile(id: "Profile:1") { ...There } profiles { edges { ...There } } }
      profile(id: "Profile:1") { customer(id: "Customer:1") { ...Back } customers { edges { ...Back } } }
    }
    fragment There on CustomerProfileEdge { id status version createdAt updatedAt node { name } }
    fragment Back on ProfileCustomerEdge { id status version createdAt updatedAt node { name } }"#;
    let data = app.data(query, Value::Null).await;
    let (there, back) = (&data["customer"]["profile"], &data["profile"]["customer"]);
    assert_eq!(data["customer"]["profiles"]["edges"], json!([there]));
    assert_eq!(data["profile"]["customers"]["edges"], json!([back]));
    assert_eq!(
        (&there["id"], &back["id"]),
        (&json!("CustomerProfileEdge:1:1"), &json!("ProfileCustomerEdge:1:1"))
    );
    assert_eq!(
        (&there["node"]["name"], &back["node"]["name"]),
        (&json!("Developer"), &json!("Pavitar Singh"))
    );
    for field in ["status", "version", "createdAt", "updatedAt"] {
        assert_eq!(there[field], back[field], "{field}");
    }
}

#[tokio::test]
async fn a_field_that_fails_takes_the_whole_request_back() {
    let app = TestApp::start().await;
    app.graphql(CREATE, Value::Null).await;
    let answer = app
        .graphql(
            r#"mutation {
  createCustomer(input: { name: "Ada", profiles: [{ node: { create: { name: "Analyst" } } }] }) {
    customer { id }
  }
  attachProfile(input: { customerId: "Customer:1", profileId: "Profile:99", status: "active" }) {
    outcome
  }
}"#,
            Value::Null,
        )
        .await;
    insta::assert_json_snapshot!(answer, @r#"
    {
      "data": null,
      "errors": [
        {
          "extensions": {
            "code": "NOT_FOUND",
            "field": [
              "input",
              "profileId"
            ],
            "outcome": "ROLLED_BACK"
          },
          "locations": [
            {
              "column": 3,
              "line": 5
            }
          ],
          "message": "there is no `Profile:99`",
          "path": [
            "attachProfile"
          ]
        }
      ]
    }
    "#);
    let kept = app.data("{ customers { nodes { name } } profiles { nodes { name } } }", Value::Null).await;
    let names = json!({
        "customers": { "nodes": [{ "name": "Pavitar Singh" }] },
        "profiles": { "nodes": [{ "name": "Developer" }] },
    });
    assert_eq!(kept, names);
}

#[tokio::test]
async fn later_fields_of_a_request_see_what_earlier_ones_wrote() {
    let app = TestApp::start().await;
    let data = app
        .data(
            r#"mutation {
                 a: createCustomer(input: { name: "Ada" }) { customer { profiles { totalCount } } }
                 b: createProfile(input: { name: "Admin" }) { profile { customers { totalCount } } }
                 c: attachProfile(input: { customerId: "Customer:1", profileId: "Profile:1" }) {
                   outcome
                   customer { profiles { totalCount } }
                   profile { customers { edges { status node { name } } } }
                 }
               }"#,
            Value::Null,
        )
        .await;
    assert_eq!(
        data,
        json!({
            "a": { "customer": { "profiles": { "totalCount": 0 } } },
            "b": { "profile": { "customers": { "totalCount": 0 } } },
            "c": {
                "outcome": "ATTACHED",
                "customer": { "profiles": { "totalCount": 1 } },
                "profile": { "customers": { "edges": [{ "status": "active", "node": { "name": "Ada" } }] } },
            },
        })
    );
}
