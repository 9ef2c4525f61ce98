//! Mutations that take lists, from either side.

use serde_json::{Value, json};

use crate::app::{TestApp, faults};

/// The near and the far end of each side.
pub const SIDES: [(&str, &str); 2] = [("Customer", "Profile"), ("Profile", "Customer")];

/// A mutation of lists from the side of `near`, as in `attach`.
pub fn edges(verb: &str, near: &str, far: &str) -> String {
    let (type_verb, field) = (format!("{}{}", verb[..1].to_uppercase(), &verb[1..]), near.to_lowercase());
    let detached = if verb == "set" { format!("detached: detached{far}Ids") } else { String::new() };
    format!(
        "mutation ($input: {type_verb}{far}sInput!) {{
            written: {verb}{far}s(input: $input) {{
                near: {field} {{ id edges: {}s {{ totalCount }} }}
                attached {{ outcome edge {{ status version node {{ id }} }} }}
                {detached}
            }}
        }}",
        far.to_lowercase()
    )
}

fn detach(near: &str, far: &str) -> String {
    let (field, list) = (near.to_lowercase(), far.to_lowercase());
    format!(
        "mutation ($input: Detach{far}sInput!) {{
            detach{far}s(input: $input) {{
                near: {field} {{ edges: {list}s {{ totalCount }} }} detached: detached{far}Ids
            }}
        }}"
    )
}

fn create_many(near: &str) -> String {
    let list = near.to_lowercase();
    format!(
        "mutation ($input: Create{near}sInput!) {{ create{near}s(input: $input) {{ {list}s {{ id }} }} }}"
    )
}

/// The input of a mutation of lists about the near end of key 1.
pub fn input(near: &str, far: &str, items: Value) -> Value {
    json!({ "input": { near.to_lowercase() + "Id": format!("{near}:1"), far.to_lowercase() + "s": items } })
}

pub fn edge(status: &str, far: &str, key: usize) -> Value {
    json!({ "status": status, "node": { "id": format!("{far}:{key}") } })
}

/// Of each item its outcome, and the far end's key, status and version.
fn short(written: &Value) -> Vec<String> {
    let short = |item: &Value| {
        let (edge, id) = (&item["edge"], item["edge"]["node"]["id"].as_str().unwrap());
        let (_, key) = id.split_once(':').unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        format!("{} {key} {} {}", text(&item["outcome"]), text(&edge["status"]), edge["version"])
    };
    written["attached"].as_array().unwrap().iter().map(short).collect()
}

#[tokio::test]
async fn many_are_created_in_their_order_each_with_its_edges() {
    let app = TestApp::start().await;
    let create = "mutation {
        createProfiles(input: { profiles: [{ name: \"Writer\" }, { name: \"Captain\", customers: [
            { status: \"done\", node: { create: { name: \"Ada\", phoneNumber: \"123\" } } }
        ] }] }) { profiles { id name customers { edges { status node { id phoneNumber } } } } }
        createCustomers(input: { customers: [
            { name: \"Grace\", profiles: [{ node: { findOrCreate: { name: \"Scout\" } } }] },
            { name: \"Alan\", profiles: [
                { status: \"on hold\", node: { findOrCreate: { name: \"Scout\" } } }, { node: { id: \"Profile:1\" } }
            ] }
        ] }) { customers { id name profiles { edges { status node { id } } } } }
        none: createCustomers(input: { customers: [] }) { customers { id } }
    }";
    let edge = |status: &str, node: Value| json!({ "edges": [{ "status": status, "node": node }] });
    let captain = edge("done", json!({ "id": "Customer:1", "phoneNumber": "123" }));
    let alan = [
        json!({ "status": "active", "node": { "id": "Profile:1" } }),
        json!({ "status": "on hold", "node": { "id": "Profile:3" } }),
    ];
    let expected = json!({
        "createProfiles": { "profiles": [
            { "id": "Profile:1", "name": "Writer", "customers": { "edges": [] } },
            { "id": "Profile:2", "name": "Captain", "customers": captain },
        ] },
        "createCustomers": { "customers": [
            { "id": "Customer:2", "name": "Grace", "profiles": edge("active", json!({ "id": "Profile:3" })) },
            { "id": "Customer:3", "name": "Alan", "profiles": { "edges": alan } },
        ] },
        "none": { "customers": [] },
    });
    assert_eq!(app.data(create, json!({})).await, expected);
}

#[tokio::test]
async fn each_pair_of_a_list_has_its_outcome_in_the_order_of_the_list() {
    for (near, far) in SIDES {
        let app = TestApp::start().await;
        app.seed(4, 4).await;
        app.sql("DELETE FROM customer_profile WHERE customer_id = 3 OR profile_id = 3").await;
        let items = json!([edge("new", far, 3), edge("1-1", far, 1), edge("new", far, 2)]);
        let query = edges("attach", near, far);
        let mut refused = input(near, far, items.clone());
        refused["input"]["onExisting"] = json!("ERROR");
        let place = |index: usize| json!(["input", far.to_lowercase() + "s", index, "node"]);
        let faults = json!([["ALREADY_ATTACHED", place(1)], ["ALREADY_ATTACHED", place(2)]]);
        assert_eq!(app.faults(&query, refused).await, faults);

        let written = app.data(&query, input(near, far, items)).await["written"].take();
        assert_eq!(short(&written), ["ATTACHED 3 new 1", "UNCHANGED 1 1-1 1", "UPDATED 2 new 2"]);
        assert_eq!(written["near"]["edges"]["totalCount"], 4);
        let mut kept = input(near, far, json!([edge("other", far, 2)]));
        kept["input"]["onExisting"] = json!("KEEP");
        assert_eq!(short(&app.data(&query, kept).await["written"]), ["UNCHANGED 2 new 2"]);
    }
}

#[tokio::test]
async fn a_set_attaches_exactly_the_listed_and_keeps_what_stays_as_it_is() {
    for (near, far) in SIDES {
        let app = TestApp::start().await;
        app.seed(4, 4).await;
        app.sql("DELETE FROM customer_profile WHERE customer_id = 3 OR profile_id = 3").await;
        let items = json!([edge("new", far, 3), edge("1-1", far, 1)]);
        let query = edges("set", near, far);
        let written = app.data(&query, input(near, far, items)).await["written"].take();
        assert_eq!(short(&written), ["ATTACHED 3 new 1", "UNCHANGED 1 1-1 1"]);
        assert_eq!(written["detached"], json!([format!("{far}:2"), format!("{far}:4")]));
        assert_eq!(written["near"]["edges"]["totalCount"], 2);

        let written = app.data(&query, input(near, far, json!([]))).await["written"].take();
        assert_eq!(written["detached"], json!([format!("{far}:1"), format!("{far}:3")]));
        assert_eq!((&written["near"]["edges"]["totalCount"], &written["attached"]), (&json!(0), &json!([])));
    }
}

#[tokio::test]
async fn a_detach_passes_over_what_is_not_attached() {
    for (near, far) in SIDES {
        let app = TestApp::start().await;
        app.seed(3, 3).await;
        app.sql("DELETE FROM customer_profile WHERE customer_id = 2 OR profile_id = 2").await;
        let ids: Vec<_> = [3, 2, 99, 1, 3].iter().map(|key| format!("{far}:{key}")).collect();
        let detach_input = json!({ "input": {
            near.to_lowercase() + "Id": format!("{near}:1"), far.to_lowercase() + "Ids": ids
        } });
        let data = app.data(&detach(near, far), detach_input).await;
        let detached = &data[format!("detach{far}s")];
        assert_eq!(detached["detached"], json!([format!("{far}:3"), format!("{far}:1")]));
        assert_eq!(detached["near"]["edges"]["totalCount"], 0);
    }
}

#[tokio::test]
async fn all_missing_nodes_of_a_list_are_told() {
    for (near, far) in SIDES {
        let app = TestApp::start().await;
        app.seed(2, 2).await;
        let items = json!([edge("a", far, 7), edge("b", far, 1), edge("c", far, 9)]);
        let place = |index: usize| json!(["input", far.to_lowercase() + "s", index, "node", "id"]);
        let faults = json!([["NOT_FOUND", place(0)], ["NOT_FOUND", place(2)]]);
        for verb in ["attach", "set"] {
            let query = edges(verb, near, far);
            assert_eq!(app.faults(&query, input(near, far, items.clone())).await, faults);
        }
    }
}

/// A list of this many items for each mutation that takes one, where the faulty ones have no ID, no name or
/// no status; with the place of the list, and the way from an item to its fault.
fn long(count: usize, faulty: &[usize]) -> Vec<(String, Value, String, Vec<&'static str>)> {
    let mut all = Vec::new();
    for (near, far) in SIDES {
        let of = |sound: &dyn Fn(usize) -> Value, fault: Value| -> Value {
            let item = |index| if faulty.contains(&index) { fault.clone() } else { sound(index) };
            (0..count).map(item).collect()
        };
        let list = far.to_lowercase() + "s";
        let new = |index| json!({ "node": { "create": { "name": format!("n{index}") } } });
        let no_status = json!({ "status": " ", "node": { "create": { "name": "new" } } });
        let items = of(&new, no_status);
        for verb in ["attach", "set"] {
            all.push((edges(verb, near, far), input(near, far, items.clone()), list.clone(), vec!["status"]));
        }
        let create = format!(
            "mutation ($input: Create{near}Input!) {{ create{near}(input: $input) {{ {} {{ id }} }} }}",
            near.to_lowercase()
        );
        let new_one = json!({ "input": { "name": "new", list.clone(): items } });
        all.push((create, new_one, list.clone(), vec!["status"]));
        let (names, ids) = (
            of(&|index| json!({ "name": format!("n{index}") }), json!({ "name": "" })),
            of(&|index| json!(format!("{far}:{}", index + 1)), json!("")),
        );
        let many = json!({ "input": { near.to_lowercase() + "s": names } });
        all.push((create_many(near), many, near.to_lowercase() + "s", vec!["name"]));
        let (near_id, far_ids) = (near.to_lowercase() + "Id", far.to_lowercase() + "Ids");
        let gone = json!({ "input": { near_id: format!("{near}:1"), far_ids.clone(): ids } });
        all.push((detach(near, far), gone, far_ids, vec![]));
    }
    all
}

/// Everything there is, in numbers.
async fn counted(app: &TestApp) -> Value {
    let query = "{ customers { totalCount nodes { profiles { totalCount } } } profiles { totalCount } }";
    app.data(query, json!({})).await
}

#[tokio::test]
async fn a_long_list_tells_its_faults_with_their_positions_and_keeps_nothing() {
    let app = TestApp::start().await;
    app.seed(1, 1).await;
    let before = counted(&app).await;
    let many: Vec<usize> = (100..200).step_by(3).collect();
    for (faulty, told) in [(&[0, 7, 199, 249][..], 4), (&many, 20)] {
        for (query, variables, list, way) in long(250, faulty) {
            let place = |index: &usize| {
                let mut place = vec![json!("input"), json!(list), json!(index)];
                place.extend(way.iter().map(|step| json!(step)));
                json!(["BAD_USER_INPUT", place])
            };
            let expected: Value = faulty[..told].iter().map(place).collect();
            assert_eq!(app.faults(&query, variables).await, expected, "{query}");
            assert_eq!(counted(&app).await, before, "{query}");
        }
    }
}

#[tokio::test]
async fn faults_of_every_kind_are_told_in_the_order_of_the_list() {
    let app = TestApp::start().await;
    app.seed(1, 250).await;
    let mut items: Vec<_> = (1..=250).map(|key| edge("new", "Profile", key)).collect();
    items[3]["status"] = json!("a\nb");
    items[99]["node"] = json!({ "id": "Customer:1" });
    items[150] = json!({ "status": "", "node": { "create": { "name": "x".repeat(256) } } });
    items[249]["node"] = json!({ "id": "Profile:1" });
    let place = |index: usize, way: &[&str]| {
        let start = [json!("input"), json!("profiles"), json!(index)];
        let place: Value = start.into_iter().chain(way.iter().map(|step| json!(step))).collect();
        json!(["BAD_USER_INPUT", place])
    };
    let expected = json!([
        place(3, &["status"]),
        place(99, &["node", "id"]),
        place(150, &["status"]),
        place(150, &["node", "create", "name"]),
        place(249, &["node"]),
    ]);
    let before = counted(&app).await;
    for verb in ["attach", "set"] {
        let query = edges(verb, "Customer", "Profile");
        assert_eq!(app.faults(&query, input("Customer", "Profile", json!(items))).await, expected);
    }
    assert_eq!(counted(&app).await, before);
}

#[tokio::test]
async fn a_list_has_at_most_250_items() {
    let app = TestApp::start().await;
    for (query, variables, list, _) in long(251, &[]) {
        let answer = app.graphql(&query, variables).await;
        assert_eq!(faults(&answer), json!([["BAD_USER_INPUT", ["input", list]]]), "{query}");
    }
    for (query, variables, ..) in long(250, &[]) {
        let app = TestApp::start().await;
        app.seed(1, 1).await;
        app.data(&query, variables).await;
    }
}
