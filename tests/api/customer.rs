//! Creating customers.

use serde_json::{Value, json};

use crate::app::TestApp;

pub const CREATE: &str = "
    mutation ($input: CreateCustomerInput!) {
        createCustomer(input: $input) {
            customer {
                id name phoneNumber version createdAt updatedAt
                profiles(first: 100) { totalCount edges { status version node { id name } } }
            }
            customerEdge { cursor node { id } }
        }
    }
";

pub async fn create(app: &TestApp, input: Value) -> Value {
    app.data(CREATE, json!({ "input": input })).await["createCustomer"].take()
}

/// What is wrong with that input: codes and fields. Nothing of it must have been kept.
pub async fn refused(app: &TestApp, input: Value) -> Value {
    let before = app.counts().await;
    let faults = app.faults(CREATE, json!({ "input": input })).await;
    assert_eq!(app.counts().await, before);
    faults
}

#[tokio::test]
async fn a_new_customer_has_version_1_and_changed_when_it_was_created() {
    let app = TestApp::start().await;
    let customer = create(&app, json!({ "name": "Ada" })).await["customer"].take();
    assert_eq!(customer["version"], 1);
    assert_eq!(customer["createdAt"], customer["updatedAt"]);
    assert_eq!(customer["profiles"], json!({ "totalCount": 0, "edges": [] }));
}

#[tokio::test]
async fn the_payload_has_the_customer_in_its_place_among_all() {
    let app = TestApp::start().await;
    app.customer("Grace").await;
    let created = create(&app, json!({ "name": "Ada" })).await;
    assert_eq!(created["customerEdge"]["node"]["id"], created["customer"]["id"]);
    let page = app.data("{ customers { edges { cursor node { id } } } }", json!({})).await;
    assert_eq!(page["customers"]["edges"][1], created["customerEdge"]);
}

#[tokio::test]
async fn white_space_around_texts_is_dropped() {
    let app = TestApp::start().await;
    let profiles = json!([{ "status": "\tdone ", "node": { "create": { "name": "\u{3000}Team  Lead\n" } } }]);
    let input = json!({ "name": " Ada Lovelace\u{a0}", "phoneNumber": " 123 ", "profiles": profiles });
    let customer = create(&app, input).await["customer"].take();
    assert_eq!(customer["name"], "Ada Lovelace");
    assert_eq!(customer["phoneNumber"], "123");
    assert_eq!(customer["profiles"]["edges"][0]["status"], "done");
    assert_eq!(customer["profiles"]["edges"][0]["node"]["name"], "Team  Lead");
}

#[tokio::test]
async fn texts_are_kept_to_the_letter() {
    let app = TestApp::start().await;
    for text in ["0123", "true", "null", "1e9", "[1]", "{\"a\": 1}", "'; --", "\\u0041", "\"", "👩‍👩‍👧 عادة ß"]
    {
        let input = json!({ "name": text, "phoneNumber": text, "profiles": [
            { "status": text, "node": { "findOrCreate": { "name": text } } },
        ] });
        let customer = create(&app, input).await["customer"].take();
        let edge = &customer["profiles"]["edges"][0];
        for kept in [&customer["name"], &customer["phoneNumber"], &edge["status"], &edge["node"]["name"]] {
            assert_eq!(kept, text);
        }
    }
}

#[tokio::test]
async fn a_phone_number_may_be_left_out_or_null() {
    let app = TestApp::start().await;
    for input in [json!({ "name": "Ada" }), json!({ "name": "Ada", "phoneNumber": null })] {
        assert_eq!(create(&app, input).await["customer"]["phoneNumber"], Value::Null);
    }
}

#[tokio::test]
async fn texts_have_as_many_characters_as_their_rules_say() {
    let app = TestApp::start().await;
    let (longest, longest_number) = ("👩".repeat(255), "1".repeat(64));
    let profiles = json!([{ "status": longest, "node": { "create": { "name": longest } } }]);
    create(&app, json!({ "name": longest, "phoneNumber": longest_number, "profiles": profiles })).await;
    let input = json!({ "name": "a".repeat(256), "phoneNumber": "1".repeat(65), "profiles": [
        { "status": "a".repeat(256), "node": { "create": { "name": " " } } },
        { "status": "", "node": { "findOrCreate": { "name": "a".repeat(256) } } },
    ] });
    assert_eq!(
        refused(&app, input).await,
        json!([
            ["BAD_USER_INPUT", ["input", "name"]],
            ["BAD_USER_INPUT", ["input", "phoneNumber"]],
            ["BAD_USER_INPUT", ["input", "profiles", 0, "status"]],
            ["BAD_USER_INPUT", ["input", "profiles", 0, "node", "create", "name"]],
            ["BAD_USER_INPUT", ["input", "profiles", 1, "status"]],
            ["BAD_USER_INPUT", ["input", "profiles", 1, "node", "findOrCreate", "name"]],
        ])
    );
}

#[tokio::test]
async fn a_variable_that_is_left_out_counts_as_left_out() {
    let app = TestApp::start().await;
    let query = "
        mutation ($phoneNumber: String, $status: String, $none: [CustomerProfileInput!]) {
            one: createCustomer(input: { name: \"Ada\", phoneNumber: $phoneNumber, profiles: [
                { status: $status, node: { create: { name: \"Developer\" } } }
            ] }) { customer { phoneNumber profiles { edges { status } } } }
            other: createCustomer(input: { name: \"Ada\", profiles: $none }) { customer { name } }
        }
    ";
    assert_eq!(
        app.data(query, json!({})).await,
        json!({
            "one": { "customer": { "phoneNumber": null, "profiles": { "edges": [{ "status": "active" }] } } },
            "other": { "customer": { "name": "Ada" } },
        })
    );
    let null = app.faults(query, json!({ "status": null })).await;
    assert_eq!(null[0][0], "BAD_USER_INPUT");
}

#[tokio::test]
async fn all_faults_are_reported_but_no_more_than_20() {
    let app = TestApp::start().await;
    let input = json!({ "name": "", "phoneNumber": "\u{7}", "profiles": [
        { "node": { "id": "Customer:1" } },
        { "status": "\n", "node": { "create": { "name": "a\u{0}b" } } },
    ] });
    assert_eq!(
        refused(&app, input).await,
        json!([
            ["BAD_USER_INPUT", ["input", "name"]],
            ["BAD_USER_INPUT", ["input", "phoneNumber"]],
            ["BAD_USER_INPUT", ["input", "profiles", 0, "node", "id"]],
            ["BAD_USER_INPUT", ["input", "profiles", 1, "status"]],
            ["BAD_USER_INPUT", ["input", "profiles", 1, "node", "create", "name"]],
        ])
    );
    let blank = json!({ "node": { "create": { "name": "" } } });
    let faults = refused(&app, json!({ "name": "Ada", "profiles": vec![blank; 30] })).await;
    assert_eq!(faults.as_array().unwrap().len(), 20);
    assert_eq!(faults[19][1], json!(["input", "profiles", 19, "node", "create", "name"]));
}

#[tokio::test]
async fn a_list_has_at_most_250_items() {
    let app = TestApp::start().await;
    let profiles = |count: usize| -> Value {
        (0..count).map(|index| json!({ "node": { "findOrCreate": { "name": index.to_string() } } })).collect()
    };
    let faults = refused(&app, json!({ "name": "Ada", "profiles": profiles(251) })).await;
    assert_eq!(faults, json!([["BAD_USER_INPUT", ["input", "profiles"]]]));
    let created = create(&app, json!({ "name": "Ada", "profiles": profiles(250) })).await;
    assert_eq!(created["customer"]["profiles"]["totalCount"], 250);
}
