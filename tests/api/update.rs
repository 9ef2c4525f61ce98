//! Changing what there is, in the version that is expected.

use serde_json::{Value, json};

use crate::app::{TestApp, faults};

const CUSTOMER: &str = "mutation ($input: UpdateCustomerInput!) {
    updated: updateCustomer(input: $input) { row: customer { name phoneNumber version createdAt updatedAt } }
}";
const PROFILE: &str = "mutation ($input: UpdateProfileInput!) {
    updated: updateProfile(input: $input) { row: profile { name version createdAt updatedAt } }
}";
const CUSTOMER_PROFILE: &str = "mutation ($input: UpdateCustomerProfileInput!) {
    updated: updateCustomerProfile(input: $input) {
        row: customerProfileEdge { status version createdAt updatedAt }
        profileCustomerEdge { status version createdAt updatedAt }
    }
}";

/// Each mutation that updates, with an input that changes the row and one that changes it again.
fn all() -> [(&'static str, Value, Value); 3] {
    let pair =
        |status: &str| json!({ "customerId": "Customer:1", "profileId": "Profile:1", "status": status });
    [
        (CUSTOMER, json!({ "id": "Customer:1", "name": "a" }), json!({ "id": "Customer:1", "name": "b" })),
        (PROFILE, json!({ "id": "Profile:1", "name": "a" }), json!({ "id": "Profile:1", "name": "b" })),
        (CUSTOMER_PROFILE, pair("a"), pair("b")),
    ]
}

/// A server with one customer, one profile, and the two attached.
async fn start() -> TestApp {
    let app = TestApp::start().await;
    let create = "mutation { createCustomer(input: { name: \"Ada\", phoneNumber: \"123\", profiles: [
        { status: \"planned\", node: { create: { name: \"Developer\" } } }
    ] }) { customer { id } } }";
    app.data(create, json!({})).await;
    app
}

async fn update(app: &TestApp, query: &str, input: &Value) -> Value {
    app.data(query, json!({ "input": input })).await["updated"].take()
}

fn with(input: &Value, field: &str, value: Value) -> Value {
    let mut input = input.clone();
    input[field] = value;
    input
}

#[tokio::test]
async fn each_real_change_makes_one_more_version() {
    let app = start().await;
    for (query, first, second) in all() {
        let mut last = Value::Null;
        for (input, version) in [(&first, 2), (&second, 3), (&first, 4)] {
            let row = update(&app, query, input).await["row"].take();
            assert_eq!(row["version"], version);
            assert!(row["createdAt"].as_str() < row["updatedAt"].as_str(), "{row}");
            assert!(last["updatedAt"].as_str() <= row["updatedAt"].as_str(), "{row}");
            last = row;
        }
        assert_eq!(update(&app, query, &first).await["row"], last, "nothing changed");
    }
}

#[tokio::test]
async fn what_is_the_same_once_trimmed_is_no_change() {
    let app = start().await;
    let pair = json!({ "customerId": "Customer:1", "profileId": "Profile:1", "status": " planned\n" });
    for (query, input) in [
        (CUSTOMER, json!({ "id": "Customer:1", "name": " Ada ", "phoneNumber": "\t123" })),
        (PROFILE, json!({ "id": "Profile:1", "name": "Developer\u{3000}" })),
        (CUSTOMER_PROFILE, pair),
    ] {
        let row = update(&app, query, &input).await["row"].take();
        assert_eq!((&row["version"], &row["createdAt"]), (&json!(1), &row["updatedAt"]));
    }
}

#[tokio::test]
async fn a_version_that_is_not_the_current_one_is_refused_with_that_one() {
    let app = start().await;
    for (query, first, second) in all() {
        update(&app, query, &first).await;
        for expected in [0, 1, 3] {
            let input = with(&second, "expectedVersion", json!(expected));
            let answer = app.graphql(query, json!({ "input": input })).await;
            assert_eq!(faults(&answer), json!([["VERSION_CONFLICT", ["input", "expectedVersion"]]]));
            assert_eq!(answer["errors"][0]["extensions"]["currentVersion"], 2);
        }
        let none = with(&first, "expectedVersion", Value::Null);
        let right = with(&second, "expectedVersion", json!(2));
        assert_eq!(update(&app, query, &none).await["row"]["version"], 2);
        assert_eq!(update(&app, query, &right).await["row"]["version"], 3);
    }
}

#[tokio::test]
async fn fields_that_are_left_out_keep_their_value_and_null_clears_a_phone_number() {
    let app = start().await;
    let id = json!({ "id": "Customer:1" });
    let shown = |row: &Value| json!([row["name"], row["phoneNumber"], row["version"]]);
    for (input, after) in [
        (id.clone(), json!(["Ada", "123", 1])),
        (with(&id, "name", json!("Grace")), json!(["Grace", "123", 2])),
        (with(&id, "phoneNumber", json!("456")), json!(["Grace", "456", 3])),
        (with(&id, "phoneNumber", Value::Null), json!(["Grace", null, 4])),
        (with(&id, "phoneNumber", Value::Null), json!(["Grace", null, 4])),
    ] {
        assert_eq!(shown(&update(&app, CUSTOMER, &input).await["row"]), after);
    }
}

#[tokio::test]
async fn a_variable_that_is_left_out_keeps_the_value_and_one_that_is_null_clears_it() {
    let app = start().await;
    let query = "mutation ($name: String, $number: String, $version: Int) { updateCustomer(input: {
        id: \"Customer:1\", name: $name, phoneNumber: $number, expectedVersion: $version
    }) { customer { name phoneNumber version } } }";
    let unchanged = json!({ "name": "Ada", "phoneNumber": "123", "version": 1 });
    assert_eq!(app.data(query, json!({})).await["updateCustomer"]["customer"], unchanged);
    let cleared = json!({ "name": "Ada", "phoneNumber": null, "version": 2 });
    assert_eq!(app.data(query, json!({ "number": null })).await["updateCustomer"]["customer"], cleared);
}

#[tokio::test]
async fn a_name_cannot_be_cleared() {
    let app = start().await;
    for (query, id) in [(CUSTOMER, "Customer:1"), (PROFILE, "Profile:1")] {
        for name in [Value::Null, json!(" "), json!("a\nb"), json!("x".repeat(256))] {
            let input = json!({ "input": { "id": id, "name": name } });
            assert_eq!(app.faults(query, input).await, json!([["BAD_USER_INPUT", ["input", "name"]]]));
        }
    }
}

#[tokio::test]
async fn an_association_reads_the_same_from_both_sides() {
    let app = start().await;
    let (query, input, _) = &all()[2];
    let payload = update(&app, query, input).await;
    assert_eq!(payload["row"], payload["profileCustomerEdge"]);
    assert_eq!(payload["row"]["status"], "a");
}

#[tokio::test]
async fn what_is_not_there_cannot_be_changed() {
    let app = start().await;
    app.profile("Writer").await;
    let pair = |profile: &str| json!({ "customerId": "Customer:1", "profileId": profile, "status": "a" });
    for (query, input, fault) in [
        (CUSTOMER, json!({ "id": "Customer:2" }), json!(["NOT_FOUND", ["input", "id"]])),
        (CUSTOMER, json!({ "id": "Profile:1" }), json!(["BAD_USER_INPUT", ["input", "id"]])),
        (PROFILE, json!({ "id": "Profile:3" }), json!(["NOT_FOUND", ["input", "id"]])),
        (PROFILE, json!({ "id": "Customer:1" }), json!(["BAD_USER_INPUT", ["input", "id"]])),
        (CUSTOMER_PROFILE, pair("Profile:2"), json!(["NOT_ATTACHED", ["input"]])),
        (CUSTOMER_PROFILE, pair("Profile:3"), json!(["NOT_ATTACHED", ["input"]])),
        (CUSTOMER_PROFILE, pair("Customer:1"), json!(["BAD_USER_INPUT", ["input", "profileId"]])),
    ] {
        assert_eq!(app.faults(query, json!({ "input": input })).await, json!([fault]), "{input}");
    }
}
