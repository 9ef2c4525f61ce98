//! The schema: its file, and what introspection says of it.

use std::{fs, path::Path};

use serde_json::{Value, json};

use crate::app::TestApp;

#[test]
fn the_file_is_what_the_program_prints() {
    let file = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("schema.graphql")).unwrap();
    assert!(
        file == customer_graph::schema::sdl(),
        "schema.graphql is out of date, refresh it with `cargo run -- schema > schema.graphql`"
    );
}

const INTROSPECTION: &str = "{
  __schema {
    types {
      name
      description
      fields { name description args { name description } }
      inputFields { name description }
      enumValues { name description }
    }
  }
}";

#[tokio::test]
async fn everything_has_a_description_that_is_a_sentence() {
    let app = TestApp::start().await;
    let data = app.data(INTROSPECTION, Value::Null).await;
    let mut bare = Vec::new();
    for ty in data["__schema"]["types"].as_array().unwrap() {
        let name = ty["name"].as_str().unwrap();
        // These are the specification's own.
        if !name.starts_with("__") && name != "ID" {
            describe(ty, "", &mut bare);
        }
    }
    assert_eq!(bare, Vec::<String>::new());
}

/// Adds to `bare` what has no description, of `part` and of everything in it.
fn describe(part: &Value, above: &str, bare: &mut Vec<String>) {
    let path = format!("{above}/{}", part["name"].as_str().unwrap());
    let description = part["description"].as_str().unwrap_or_default();
    if !description.ends_with('.') {
        bare.push(format!("{path}: {description:?}"));
    }
    for list in ["fields", "args", "inputFields", "enumValues"] {
        for inner in part[list].as_array().into_iter().flatten() {
            describe(inner, &path, bare);
        }
    }
}

#[tokio::test]
async fn defaults_of_inputs_are_told() {
    let app = TestApp::start().await;
    let query = r#"{
      __type(name: "AttachProfileInput") { inputFields { name defaultValue type { kind ofType { name } } } }
      edge: __type(name: "CustomerProfileInput") { inputFields { name defaultValue } }
      customer: __type(name: "CreateCustomerInput") { inputFields { name defaultValue } }
    }"#;
    let data = app.data(query, Value::Null).await;
    let field = |name: &str, default: Option<&str>, ty: &str| {
        let ty = json!({ "kind": "NON_NULL", "ofType": { "name": ty } });
        json!({ "name": name, "defaultValue": default, "type": ty })
    };
    assert_eq!(
        data["__type"]["inputFields"],
        json!([
            field("customerId", None, "ID"),
            field("profileId", None, "ID"),
            json!({ "name": "status", "defaultValue": null, "type": { "kind": "SCALAR", "ofType": null } }),
            field("onExisting", Some("UPDATE"), "OnExisting"),
        ])
    );
    let default = |name: &str, value: Value| json!({ "name": name, "defaultValue": value });
    let edge = json!([default("status", Value::Null), default("node", Value::Null)]);
    assert_eq!(data["edge"]["inputFields"], edge);
    let customer = json!([
        default("name", Value::Null),
        default("phoneNumber", Value::Null),
        default("profiles", json!("[]")),
    ]);
    assert_eq!(data["customer"]["inputFields"], customer);
}

#[tokio::test]
async fn the_end_of_an_edge_to_write_is_exactly_one_thing() {
    let app = TestApp::start().await;
    let query = r#"{
      profile: __type(name: "ProfileNodeInput") { isOneOf inputFields { name type { kind } } }
      customer: __type(name: "CustomerNodeInput") { isOneOf inputFields { name type { kind } } }
    }"#;
    let field = |name: &str, kind: &str| json!({ "name": name, "type": { "kind": kind } });
    let (id, create) = (field("id", "SCALAR"), field("create", "INPUT_OBJECT"));
    let find_or_create = field("findOrCreate", "INPUT_OBJECT");
    assert_eq!(
        app.data(query, Value::Null).await,
        json!({
            "profile": { "isOneOf": true, "inputFields": [id, create, find_or_create] },
            "customer": { "isOneOf": true, "inputFields": [id, create] },
        })
    );
}

#[tokio::test]
async fn every_object_with_an_id_of_its_own_is_a_node() {
    let app = TestApp::start().await;
    let query = r#"{
      __type(name: "Node") { kind fields { name } possibleTypes { name } }
      __schema { queryType { name } mutationType { name } subscriptionType { name } }
    }"#;
    assert_eq!(
        app.data(query, Value::Null).await,
        json!({
            "__type": {
                "kind": "INTERFACE",
                "fields": [{ "name": "id" }],
                "possibleTypes": [{ "name": "Customer" }, { "name": "Profile" }],
            },
            "__schema": {
                "queryType": { "name": "Query" },
                "mutationType": { "name": "Mutation" },
                "subscriptionType": null,
            },
        })
    );
}

#[tokio::test]
async fn each_kind_of_type_has_the_lists_that_the_specification_asks_for() {
    let app = TestApp::start().await;
    let query = "{ __schema { types {
        kind fields { name } interfaces { name } possibleTypes { name } enumValues { name } inputFields { name }
        isOneOf
    } } }";
    let data = app.data(query, Value::Null).await;
    for ty in data["__schema"]["types"].as_array().unwrap() {
        let expected: &[&str] = match ty["kind"].as_str().unwrap() {
            "OBJECT" => &["fields", "interfaces"],
            "INTERFACE" => &["fields", "interfaces", "possibleTypes"],
            "ENUM" => &["enumValues"],
            "INPUT_OBJECT" => &["inputFields", "isOneOf"],
            _ => &[],
        };
        let known =
            ty.as_object().unwrap().iter().filter(|(name, value)| *name != "kind" && !value.is_null());
        let known: Vec<_> = known.map(|(name, _)| name.as_str()).collect();
        assert_eq!(known.len(), expected.len(), "{ty}");
        assert!(expected.iter().all(|name| known.contains(name)), "{ty}");
    }
}

#[tokio::test]
async fn what_is_asked_of_the_schema_keeps_its_place_beside_data() {
    let app = TestApp::start().await;
    let query = "query ($name: String!, $all: Boolean, $no: Boolean = false) {
        first: customers { totalCount } b: __type(name: $name) { name } ...F second: profiles { totalCount }
        none: __schema @include(if: $no) { description }
    } fragment F on Query { a: __schema { queryType { name } } b: __type(name: $name) {
        kind fields(includeDeprecated: $all) { name }
    } }";
    let request = json!({ "query": query, "variables": { "name": "PageInfo", "all": null } });
    let response = app.post(request.to_string(), &[("content-type", "application/json")]).await;
    let fields = ["hasNextPage", "hasPreviousPage", "startCursor", "endCursor"];
    let answer = response.text().await.unwrap();
    let place = |key: &str| answer.find(&format!("\"{key}\":{{")).unwrap();
    assert!(
        place("first") < place("b") && place("b") < place("a") && place("a") < place("second"),
        "{answer}"
    );
    let data = &serde_json::from_str::<Value>(&answer).unwrap()["data"];
    assert_eq!(data["a"], json!({ "queryType": { "name": "Query" } }));
    assert_eq!((&data["b"]["name"], &data["b"]["kind"]), (&json!("PageInfo"), &json!("OBJECT")));
    let names: Vec<_> = data["b"]["fields"].as_array().unwrap().iter().map(|field| &field["name"]).collect();
    assert!(
        names.len() == fields.len() && fields.iter().all(|field| names.contains(&&json!(field))),
        "{names:?}"
    );
    assert_eq!(data.as_object().unwrap().len(), 4);
}

#[tokio::test]
async fn the_description_of_each_text_to_write_has_its_limits() {
    let app = TestApp::start().await;
    let query =
        "{ __schema { types { kind name inputFields { name description type { name ofType { name } } } } } }";
    let data = app.data(query, Value::Null).await;
    let mut described = 0;
    for ty in data["__schema"]["types"].as_array().unwrap() {
        let name = ty["name"].as_str().unwrap();
        let is_written = ty["kind"] == "INPUT_OBJECT" && (name.ends_with("Input") || name.ends_with("Data"));
        for field in ty["inputFields"].as_array().into_iter().flatten().filter(|_| is_written) {
            if field["type"]["name"] != "String" && field["type"]["ofType"]["name"] != "String" {
                continue;
            }
            let most = if field["name"] == "phoneNumber" { 64 } else { 255 };
            let limits = format!(
                ": 1 to {most} characters, none of them a control character; white space and invisible characters \
                 around it are dropped"
            );
            let description = field["description"].as_str().unwrap().replace('\n', " ");
            assert!(description.contains(&limits), "{name}.{}: {description}", field["name"]);
            described += 1;
        }
    }
    assert_eq!(described, 13);
}
