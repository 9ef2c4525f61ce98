//! Cursors that somebody made up: each is a position that works, or is refused by name.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::app::TestApp;

/// The orders of nodes, and those of edges.
const OF_NODES: [&str; 3] = ["createdAt: ASC", "name: DESC", "updatedAt: DESC"];
const OF_EDGES: [&str; 5] =
    ["createdAt: ASC", "status: DESC", "updatedAt: DESC", "node: { name: ASC }", "node: { createdAt: DESC }"];

/// What no row has at a moment, though it is written like one or nearly so.
const NO_MOMENTS: [&str; 14] = [
    "-9000-01-01 00:00:00.000000+00:00",
    "-0100-01-01 00:00:00.000000+00:00",
    "+10000-01-01 00:00:00.000000+00:00",
    "+262000-01-01 00:00:00.000000+00:00",
    "0000-01-01 00:00:00.000000+00:01",
    "9999-12-31 23:59:59.999999-00:01",
    "2016-12-31 23:59:60.000000+00:00",
    "2026-01-01 00:00:00.123456789+00:00",
    "2026-01-01 12:00:00.000000+14:00",
    "2026-01-01T00:00:00.678Z",
    "2026-01-01 00:00:00.",
    "1700000000000",
    "infinity",
    "",
];

/// What a row may have at a moment, though none has.
const MOMENTS: [&str; 6] = [
    "0000-01-01 00:00:00.000000+00:00",
    "0001-01-01 00:00:00.000000+00:00",
    "9999-12-31 23:59:59.999999+00:00",
    "2026-01-01 00:00:00 +00:00",
    "2026-01-01 00:00:00",
    "2038-01-19 03:14:08.000000+00:00",
];

/// A connection in one order, after a cursor or from its start.
fn query(field: &str, order: &str) -> String {
    let page = |field: &str| {
        format!(
            "page: {field}(first: 3, after: $after, orderBy: [{{ {order} }}]) {{ edges {{ cursor node {{ id }} }} }}"
        )
    };
    let selected = match field.split_once('.') {
        Some((above, field)) => format!("above: {above} {{ {} }}", page(field)),
        None => page(field),
    };
    format!("query ($after: String) {{ {selected} }}")
}

fn decoded(cursor: &str) -> (Value, Vec<Value>) {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(cursor).unwrap()).unwrap()
}

fn encoded(fingerprint: &Value, position: &[Value]) -> String {
    URL_SAFE_NO_PAD.encode(json!([fingerprint, position]).to_string())
}

/// The position with another value in each place, in turn.
fn forgeries(position: &[Value]) -> Vec<(Vec<Value>, Value)> {
    let texts = ["", "\u{10ffff}", "%_\\'\"", "\u{1f600}", "null"].map(|text| json!(text));
    let numbers = [json!(0), json!(-1), json!(i64::MIN), json!(i64::MAX)];
    let others = [
        Value::Null,
        json!(true),
        json!(1.5),
        json!(u64::MAX),
        json!([1]),
        json!({ "id": 1 }),
        json!("a\0b"),
        json!("x".repeat(256)),
        json!("x".repeat(100_000)),
    ];
    let moments = NO_MOMENTS.iter().chain(&MOMENTS).map(|text| json!(text));
    let values: Vec<Value> = texts.into_iter().chain(numbers).chain(others).chain(moments).collect();
    let mut forged = Vec::new();
    for at in 0..position.len() {
        for value in &values {
            let mut position = position.to_vec();
            position[at] = value.clone();
            forged.push((position, value.clone()));
        }
    }
    forged
}

#[tokio::test]
async fn a_made_up_cursor_is_a_position_or_refused_in_every_order() {
    let app = TestApp::start().await;
    app.seed(3, 3).await;
    let orders = [
        ("customers", &OF_NODES[..]),
        ("profiles", &OF_NODES),
        ("customer(id: \"Customer:1\").profiles", &OF_EDGES),
        ("profile(id: \"Profile:1\").customers", &OF_EDGES),
    ];
    for (field, orders) in orders {
        for order in orders {
            let query = query(field, order);
            let first = app.data(&query, json!({})).await;
            let cursor =
                first.pointer("/page/edges/0/cursor").or(first.pointer("/above/page/edges/0/cursor"));
            let (fingerprint, position) = decoded(cursor.unwrap().as_str().unwrap());
            assert_eq!(encoded(&fingerprint, &position), *cursor.unwrap());
            for (forged, value) in forgeries(&position) {
                let answer = app.graphql(&query, json!({ "after": encoded(&fingerprint, &forged) })).await;
                let Some(errors) = answer["errors"].as_array() else { continue };
                let wanted = json!({ "code": "BAD_USER_INPUT", "field": ["after"] });
                assert!(
                    errors.iter().all(|error| error["extensions"] == wanted),
                    "{order} {value}: {answer}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_cursor_with_a_moment_that_no_row_can_have_is_refused() {
    let app = TestApp::start().await;
    app.seed(3, 1).await;
    let query = query("customers", "createdAt: ASC");
    let first = app.data(&query, json!({})).await;
    let (fingerprint, position) = decoded(first["page"]["edges"][0]["cursor"].as_str().unwrap());
    for moment in NO_MOMENTS {
        let cursor = encoded(&fingerprint, &[json!(moment), position[1].clone()]);
        let faults = app.graphql(&query, json!({ "after": cursor })).await["errors"][0]["extensions"].take();
        assert_eq!(faults, json!({ "code": "BAD_USER_INPUT", "field": ["after"] }), "{moment}");
    }
    for (moment, rows) in MOMENTS.into_iter().zip([3, 3, 0]) {
        let cursor = encoded(&fingerprint, &[json!(moment), json!(0)]);
        let page = app.data(&query, json!({ "after": cursor })).await;
        assert_eq!(page["page"]["edges"].as_array().unwrap().len(), rows, "{moment}");
    }
}
