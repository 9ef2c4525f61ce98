//! Values whose type refuses them: each request is refused before any of it runs, and the value is named.

mod random;

use serde_json::{Value, json};

use crate::{app::TestApp, errors::refused};

/// Of each error of a request that must not be executed the code, the field and the message.
async fn refusals(app: &TestApp, query: &str, variables: &Value) -> Value {
    let answer = refused(app, &json!({ "query": query, "variables": variables })).await;
    let errors = answer["errors"].as_array().unwrap().iter().map(|error| {
        assert!(error["locations"][0]["line"].is_u64(), "{answer}");
        assert_eq!(error.get("path"), None, "{answer}");
        json!([error["extensions"]["code"], error["extensions"]["field"], error["message"]])
    });
    errors.collect()
}

#[tokio::test]
async fn a_moment_that_is_none_is_refused_wherever_its_variable_stands() {
    let app = TestApp::start().await;
    let other = "customer(id: \"Customer:1\") { id } ";
    let gte = "profiles(where: { createdAt: { gte: $t } }) { totalCount }";
    let told = "`nope` is no RFC 3339 timestamp, as `2006-01-02T15:04:05.999999Z` is one";
    for query in [
        format!("query ($t: DateTime) {{ {other} other: customer(id: \"Customer:1\") {{ {gte} }} }}"),
        format!("query ($t: DateTime!) {{ {other} {gte} }}"),
        format!("query ($t: DateTime) {{ {other} ... @include(if: false) {{ {gte} }} }}"),
        format!(
            "query ($t: DateTime = \"2024-01-01T00:00:00Z\") {{ {other} ...F }} fragment F on Query {{ {gte} }}"
        ),
    ] {
        let expected = json!([["BAD_USER_INPUT", ["t"], format!("variable $t: {told}")]]);
        assert_eq!(refusals(&app, &query, &json!({ "t": "nope" })).await, expected, "{query}");
    }
    let query = "query ($w: CustomerWhere) { customers(where: $w) { totalCount } }";
    for (variables, path, message) in [
        (json!({ "w": { "createdAt": { "gte": "nope" } } }), json!(["w", "createdAt", "gte"]), told),
        (
            json!({ "w": { "or": [{}, { "createdAt": { "eq": "nope" } }] } }),
            json!(["w", "or", 1, "createdAt", "eq"]),
            told,
        ),
        (
            json!({ "w": { "createdAt": { "lt": 5 } } }),
            json!(["w", "createdAt", "lt"]),
            "expected a value of type `DateTime`, found a number",
        ),
        (
            json!({ "w": { "createdAt": { "lt": ["2024-01-01T00:00:00Z"] } } }),
            json!(["w", "createdAt", "lt"]),
            "expected a value of type `DateTime`, found a list",
        ),
    ] {
        let told = refusals(&app, query, &variables).await;
        assert_eq!((&told[0][0], &told[0][1]), (&json!("BAD_USER_INPUT"), &path), "{told}");
        assert!(told[0][2].as_str().unwrap().ends_with(message), "{told}");
    }
}

#[tokio::test]
async fn a_moment_that_is_none_is_refused_wherever_it_is_written() {
    let app = TestApp::start().await;
    for (query, path) in [
        (
            "{ customers(where: { createdAt: { gte: NOPE } }) { totalCount } }",
            json!(["where", "createdAt", "gte"]),
        ),
        (
            "query ($t: DateTime = NOPE) { customers(where: { createdAt: { gte: $t } }) { totalCount } }",
            json!(["t"]),
        ),
        (
            "query ($w: CustomerWhere = { and: [{ updatedAt: { eq: NOPE } }] }) { customers(where: $w) { totalCount } }",
            json!(["w", "and", 0, "updatedAt", "eq"]),
        ),
        (
            "{ customers(where: { or: { createdAt: { gte: NOPE } } }) @include(if: false) { totalCount } }",
            json!(["where", "or", "createdAt", "gte"]),
        ),
        (
            "{ ...F @skip(if: true) } fragment F on Query { customers(where: { createdAt: { gte: NOPE } }) { totalCount } }",
            json!(["where", "createdAt", "gte"]),
        ),
    ] {
        for literal in ["\"nope\"", "1", "1.5", "true", "NOW", "[]", "{ a: 1 }"] {
            let query = query.replace("NOPE", literal);
            let told = refusals(&app, &query, &json!({})).await;
            assert_eq!(told.as_array().unwrap().len(), 1, "{query}: {told}");
            assert_eq!(
                (&told[0][0], &told[0][1]),
                (&json!("GRAPHQL_VALIDATION_FAILED"), &path),
                "{query}: {told}"
            );
        }
    }
    let unused = "query A { __typename } query B { customers(where: { createdAt: { gte: \"nope\" } }) { totalCount } }";
    let answer = refused(&app, &json!({ "query": unused, "operationName": "A" })).await;
    assert_eq!(answer["errors"][0]["extensions"]["field"], json!(["where", "createdAt", "gte"]));
}

#[tokio::test]
async fn every_literal_that_its_type_refuses_is_named_with_its_place() {
    let app = TestApp::start().await;
    let create = |fields: &str| {
        format!("mutation {{ createCustomer(input: {{ {fields} }}) {{ customer {{ id }} }} }}")
    };
    let profiles = |edges: &str| create(&format!("name: \"a\", profiles: [{edges}]"));
    let customers = |arguments: &str| format!("{{ customers({arguments}) {{ totalCount }} }}");
    let expected = |ty: &str, found: &str| format!("expected a value of type `{ty}`, found {found}");
    for (query, field, message) in [
        (create("name: 5"), json!(["input", "name"]), expected("String!", "a number")),
        (create("name: Ada"), json!(["input", "name"]), expected("String!", "an enum value")),
        (create("name: null"), json!(["input", "name"]), expected("String!", "null")),
        (create("phoneNumber: \"1\""), json!(["input", "name"]), expected("String!", "nothing")),
        (
            create("name: \"a\", age: 1"),
            json!(["input", "age"]),
            "`CreateCustomerInput` has no field `age`".to_owned(),
        ),
        (
            create("name: \"a\", name: \"b\""),
            json!(["input", "name"]),
            "the input field `name` is given more than once".to_owned(),
        ),
        (
            profiles("{ node: { id: 1 } }, { status: true, node: { id: 2 } }"),
            json!(["input", "profiles", 1, "status"]),
            expected("String", "a boolean"),
        ),
        (
            profiles("{ node: { create: { name: {} } } }"),
            json!(["input", "profiles", 0, "node", "create", "name"]),
            expected("String!", "an object"),
        ),
        (
            profiles("{ node: { id: 1, create: { name: \"b\" } } }"),
            json!(["input", "profiles", 0, "node"]),
            "`ProfileNodeInput` takes exactly one field, and not null".to_owned(),
        ),
        (
            profiles("{ node: {} }"),
            json!(["input", "profiles", 0, "node"]),
            "`ProfileNodeInput` takes exactly one field, and not null".to_owned(),
        ),
        (
            profiles("{ node: { id: null } }"),
            json!(["input", "profiles", 0, "node", "id"]),
            expected("ID!", "null"),
        ),
        (profiles("null"), json!(["input", "profiles", 0]), expected("CustomerProfileInput!", "null")),
        (profiles("{}"), json!(["input", "profiles", 0, "node"]), expected("ProfileNodeInput!", "nothing")),
        (customers("first: \"x\""), json!(["first"]), expected("Int", "a string")),
        (customers("first: [1]"), json!(["first"]), expected("Int", "a list")),
        (
            customers("first: 1.0"),
            json!(["first"]),
            expected("Int", "a number with a fraction or an exponent"),
        ),
        (
            customers("first: 2147483648"),
            json!(["first"]),
            "`2147483648` is out of range, an `Int` is from -2147483648 to 2147483647".to_owned(),
        ),
        (
            customers("first: 1e999"),
            json!(["first"]),
            expected("Int", "a number with a fraction or an exponent"),
        ),
        (
            customers("orderBy: [{ name: ASC }, { name: UP }]"),
            json!(["orderBy", 1, "name"]),
            "`UP` is not a value of `OrderDirection`".to_owned(),
        ),
        (
            customers("orderBy: { name: \"ASC\" }"),
            json!(["orderBy", "name"]),
            expected("OrderDirection!", "a string"),
        ),
        (
            customers("where: { and: [{}, { name: \"Ada\" }] }"),
            json!(["where", "and", 1, "name"]),
            expected("StringFilter", "a string"),
        ),
        ("{ customer { id } }".to_owned(), json!(["id"]), expected("ID!", "nothing")),
        ("{ customer(id: null) { id } }".to_owned(), json!(["id"]), expected("ID!", "null")),
        ("{ nodes(ids: [1, true]) { id } }".to_owned(), json!(["ids", 1]), expected("ID!", "a boolean")),
        ("{ __typename @skip }".to_owned(), json!(["if"]), expected("Boolean!", "nothing")),
        ("{ __typename @include(if: 1) }".to_owned(), json!(["if"]), expected("Boolean!", "a number")),
        (
            "query ($n: Int! = null) { customers(first: $n) { totalCount } }".to_owned(),
            json!(["n"]),
            expected("Int!", "null"),
        ),
        (
            "query ($w: CustomerWhere = { or: [{ nothing: 1 }] }) { customers(where: $w) { totalCount } }"
                .to_owned(),
            json!(["w", "or", 0, "nothing"]),
            "`CustomerWhere` has no field `nothing`".to_owned(),
        ),
        (
            "{ ...F } fragment F on Query { customers(first: true) { totalCount } }".to_owned(),
            json!(["first"]),
            expected("Int", "a boolean"),
        ),
    ] {
        let told = refusals(&app, &query, &json!({})).await;
        assert_eq!(told, json!([["GRAPHQL_VALIDATION_FAILED", field, message]]), "{query}");
    }
}

#[tokio::test]
async fn all_faulty_literals_are_reported_in_the_order_of_the_document() {
    let app = TestApp::start().await;
    let query = "{\n customers(first: true, where: { createdAt: { gte: \"nope\" }, no: 1, not: 2 }) { totalCount nothing }\n \
                 nodes(ids: [null, false]) { id } }";
    let answer = refused(&app, &json!({ "query": query })).await;
    let errors = answer["errors"].as_array().unwrap().iter();
    let told: Value = errors
        .map(|error| {
            let at = &error["locations"][0];
            json!([at["line"], at["column"], error["extensions"].get("field")])
        })
        .collect();
    assert_eq!(
        told,
        json!([
            [2, 19, ["first"]],
            [2, 52, ["where", "createdAt", "gte"]],
            [2, 62, ["where", "no"]],
            [2, 74, ["where", "not"]],
            [2, 92, null],
            [3, 14, ["ids", 0]],
            [3, 20, ["ids", 1]],
        ]),
        "{answer}"
    );
}

#[tokio::test]
async fn null_is_named_with_its_place_wherever_a_default_stands() {
    let (app, other) = (TestApp::start().await, TestApp::start().await);
    let create = |item: &str| {
        format!(
            "mutation ($s: String) {{ createCustomer(input: {{ name: \"x\", profiles: [
                {{ node: {{ create: {{ name: \"a\" }} }} }}, {item}
            ] }}) {{ customer {{ id }} }} }}"
        )
    };
    let status = create("{ status: $s, node: { create: { name: \"b\" } } }");
    let attach = "mutation ($x: OnExisting) { attachProfile(input: {
        customerId: \"Customer:1\", profileId: \"Profile:1\", onExisting: $x
    }) { outcome } }";
    let defaulted = attach.replace("$x: OnExisting", "$x: OnExisting = KEEP");
    let items = "query ($x: ID = \"Customer:1\") { nodes(ids: [\"Customer:1\", $x]) { id } }";
    let one_of = "mutation ($x: ID = \"Profile:1\") { createCustomer(input: {
        name: \"x\", profiles: [{ node: { id: $x } }]
    }) { customer { id } } }";
    let case =
        "query ($x: Boolean) { customers(where: { or: [{}, { name: { ignoreCase: $x } }] }) { totalCount } }";
    let below = "query ($x: Boolean) { ...F } fragment F on Query { a: customers { nodes { ...G } } }
        fragment G on Customer { profiles(where: { not: { status: { ignoreCase: $x } } }) { totalCount } }";
    for (query, variable, path, ty) in [
        (status.as_str(), "s", json!(["input", "profiles", 1, "status"]), None),
        (attach, "x", json!(["input", "onExisting"]), Some("OnExisting!")),
        (&defaulted, "x", json!(["input", "onExisting"]), Some("OnExisting!")),
        (
            "mutation ($x: [CustomerProfileInput!]) { createCustomer(input: { name: \"x\", profiles: $x }) { customer { id } } }",
            "x",
            json!(["input", "profiles"]),
            Some("[CustomerProfileInput!]!"),
        ),
        (items, "x", json!(["ids", 1]), Some("ID!")),
        (one_of, "x", json!(["input", "profiles", 0, "node", "id"]), Some("ID!")),
        (case, "x", json!(["where", "or", 1, "name", "ignoreCase"]), Some("Boolean!")),
        (below, "x", json!(["where", "not", "status", "ignoreCase"]), Some("Boolean!")),
        ("query ($x: Boolean = true) { __typename @include(if: $x) }", "x", json!(["if"]), Some("Boolean!")),
        ("query ($x: ID = \"Customer:1\") { customer(id: $x) { id } }", "x", json!(["id"]), Some("ID!")),
        (
            "query ($x: Boolean) { customers @include(if: false) { nodes { profiles(where: { status: { ignoreCase: $x } }) { totalCount } } } }",
            "x",
            json!(["where", "status", "ignoreCase"]),
            Some("Boolean!"),
        ),
    ] {
        let told = refusals(&app, query, &json!({ variable: null })).await;
        assert_eq!(told.as_array().unwrap().len(), 1, "{query}: {told}");
        assert_eq!((&told[0][0], &told[0][1]), (&json!("BAD_USER_INPUT"), &path), "{query}: {told}");
        if let Some(ty) = ty {
            let message = format!("variable ${variable}: expected a value of type `{ty}`, found null");
            assert_eq!(told[0][2], message, "{query}");
        }
        let answer = other.graphql(query, json!({})).await;
        assert!(answer.get("data").is_some(), "{query}: {answer}");
    }
    let literal = create("{ status: null, node: { create: { name: \"b\" } } }").replace("($s: String)", "");
    refused(&app, &json!({ "query": literal })).await;
}

#[tokio::test]
async fn what_may_be_left_out_but_not_be_null_is_refused_before_anything_runs() {
    let app = TestApp::start().await;
    let operand = "a filter's operand must not be null";
    let rename = "mutation ($n: String) { a: createProfile(input: { name: \"a\" }) { profile { id } }
        updateProfile(input: { id: \"Profile:1\", name: $n }) { profile { id } } }";
    let find = "query ($n: [String!]) { customers(where: { and: [{ name: { in: $n } }] }) { totalCount } }";
    for (query, path, message) in [
        (rename, json!(["input", "name"]), "a name cannot be cleared"),
        (find, json!(["where", "and", 0, "name", "in"]), operand),
    ] {
        let variable = format!("variable $n: {message}");
        let expected = json!([["BAD_USER_INPUT", path, variable]]);
        assert_eq!(refusals(&app, query, &json!({ "n": null })).await, expected);
        let start = query.find("($n").unwrap();
        let literal = query.replace(&query[start..=query.find(')').unwrap()], "").replace("$n", "null");
        assert_eq!(refusals(&app, &literal, &json!({})).await, json!([["BAD_USER_INPUT", path, message]]));
    }
    assert_eq!(app.counts().await["profiles"]["totalCount"], 0);
}

#[tokio::test]
async fn numbers_at_the_bounds_are_read_alike_however_they_are_sent() {
    let app = TestApp::start().await;
    let variable = "query ($n: Int) { customers(first: $n) { totalCount } }";
    for number in ["-0", "0", "1", "100"] {
        app.data(&format!("{{ customers(first: {number}) {{ totalCount }} }}"), json!({})).await;
        app.data(variable, json!({ "n": serde_json::from_str::<Value>(number).unwrap() })).await;
    }
    for number in ["2147483648", "-2147483649", "1e40", "0.5"] {
        let variables = json!({ "n": serde_json::from_str::<Value>(number).unwrap() });
        assert_eq!(refusals(&app, variable, &variables).await[0][1], json!(["n"]), "{number}");
    }
    for number in ["99999999999999999999", "-99999999999999999999"] {
        let told = refusals(&app, &format!("{{ node(id: {number}) {{ id }} }}"), &json!({})).await;
        assert_eq!(
            (&told[0][0], &told[0][1]),
            (&json!("GRAPHQL_VALIDATION_FAILED"), &json!(["id"])),
            "{told}"
        );
        let variables = json!({ "n": serde_json::from_str::<Value>(number).unwrap() });
        let query = "query ($n: ID!) { node(id: $n) { id } }";
        assert_eq!(refusals(&app, query, &variables).await[0][1], json!(["n"]), "{number}");
    }
}

#[tokio::test]
async fn names_without_a_visible_character_are_blank_and_invisible_ends_are_dropped() {
    let app = TestApp::start().await;
    let create = "mutation ($n: String!) { createProfile(input: { name: $n }) { profile { name } } }";
    for name in
        ["\u{200b}", "\u{feff}", "\u{2800} \u{3164}", "\u{200d}\u{fe0f}", "\u{e0001}\u{202e}", "a\u{2028}b"]
    {
        assert_eq!(
            app.faults(create, json!({ "n": name })).await,
            json!([["BAD_USER_INPUT", ["input", "name"]]])
        );
    }
    for (sent, kept) in [
        ("\u{feff}Ada\u{200b}", "Ada"),
        ("\u{2764}\u{fe0f}", "\u{2764}\u{fe0f}"),
        ("می\u{200c}خواهم", "می\u{200c}خواهم"),
        ("e\u{301}", "e\u{301}"),
        ("a\u{200b}b", "a\u{200b}b"),
    ] {
        let data = app.data(create, json!({ "n": sent })).await;
        assert_eq!(data["createProfile"]["profile"]["name"], kept, "{sent:?}");
    }
    let find = "mutation ($n: String!, $s: String!) { createCustomer(input: {
        name: \"x\", profiles: [{ status: $s, node: { findOrCreate: { name: $n } } }]
    }) { customer { profiles { edges { status node { id } } } } } }";
    let data = app.data(find, json!({ "n": "Ada\u{ad}", "s": "\u{200b}on" })).await;
    let edge = &data["createCustomer"]["customer"]["profiles"]["edges"][0];
    assert_eq!(edge, &json!({ "status": "on", "node": { "id": "Profile:1" } }));
    let count = "query ($n: String) { profiles(where: { name: { eq: $n } }) { totalCount } }";
    for (name, expected) in [("Ada", 1), ("Ada\u{200b}", 0), ("\u{e9}", 0), ("e\u{301}", 1)] {
        let data = app.data(count, json!({ "n": name })).await;
        assert_eq!(data["profiles"]["totalCount"], expected, "{name:?}");
    }
}
