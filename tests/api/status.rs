//! The status that an input leaves out: `active` for a new association, and as it was for one that exists.

use serde_json::{Value, json};

use crate::{
    app::TestApp,
    lists::{SIDES, edges, input},
    servers::Servers,
};

const ATTACH: &str = "mutation ($input: AttachProfileInput!) {
    attachProfile(input: $input) {
        outcome customerProfileEdge { status version createdAt updatedAt } profileCustomerEdge { status version }
    }
}";

/// A server with three customers and three profiles, of which the first of each are attached as `paused`.
async fn paused() -> TestApp {
    let app = TestApp::start().await;
    for name in ["1", "2", "3"] {
        app.customer(name).await;
        app.profile(name).await;
    }
    app.data(ATTACH, json!({ "input": pair(json!({ "status": "paused" })) })).await;
    app
}

/// The pair of customer 1 and profile 1, with these other fields.
fn pair(mut others: Value) -> Value {
    others["customerId"] = json!("Customer:1");
    others["profileId"] = json!("Profile:1");
    others
}

/// Status, version and times of the pair.
async fn row(app: &TestApp) -> Value {
    let query = "{ customer(id: \"Customer:1\") { profile(id: \"Profile:1\") {
        status version createdAt updatedAt
    } } }";
    app.data(query, json!({})).await["customer"]["profile"].take()
}

/// Of each item its outcome, status and version.
fn short(written: &Value) -> Value {
    let items = written["attached"].as_array().unwrap().iter();
    items.map(|item| json!([item["outcome"], item["edge"]["status"], item["edge"]["version"]])).collect()
}

#[tokio::test]
async fn attaching_again_without_a_status_keeps_the_one_there_is() {
    let app = paused().await;
    let before = row(&app).await;
    for others in [json!({}), json!({ "onExisting": "UPDATE" }), json!({ "onExisting": "KEEP" })] {
        let data = app.data(ATTACH, json!({ "input": pair(others) })).await;
        let mut edge = before.clone();
        assert_eq!(data["attachProfile"]["outcome"], "UNCHANGED");
        assert_eq!(data["attachProfile"]["customerProfileEdge"], edge.take());
        assert_eq!(data["attachProfile"]["profileCustomerEdge"], json!({ "status": "paused", "version": 1 }));
    }
    let input = json!({ "input": pair(json!({ "onExisting": "ERROR" })) });
    assert_eq!(app.faults(ATTACH, input).await, json!([["ALREADY_ATTACHED", ["input"]]]));
    assert_eq!(row(&app).await, before);
}

#[tokio::test]
async fn a_variable_that_is_left_out_is_a_status_that_is_left_out() {
    let app = paused().await;
    for mutation in [
        "mutation ($s: String) { attachProfile(input: {
            customerId: \"Customer:1\", profileId: \"Profile:1\", status: $s
        }) { outcome } }",
        "mutation ($s: String) { attachProfiles(input: {
            customerId: \"Customer:1\", profiles: [{ status: $s, node: { id: \"Profile:1\" } }]
        }) { attached { outcome } } }",
        "mutation ($s: String) { setCustomers(input: {
            profileId: \"Profile:1\", customers: [{ status: $s, node: { id: \"Customer:1\" } }]
        }) { attached { outcome } } }",
    ] {
        app.data(mutation, json!({})).await;
        assert_eq!(row(&app).await["status"], "paused", "{mutation}");
        assert_eq!(row(&app).await["version"], 1, "{mutation}");
    }
}

#[tokio::test]
async fn lists_keep_the_status_of_items_without_one_and_write_that_of_the_others() {
    for (near, far) in SIDES {
        for verb in ["attach", "set"] {
            let app = paused().await;
            let node = |key: usize| json!({ "id": format!("{far}:{key}") });
            let items = json!([
                { "status": "trial", "node": node(3) },
                { "node": node(2) },
                { "node": node(1) },
            ]);
            let data = app.data(&edges(verb, near, far), input(near, far, items)).await;
            let expected =
                json!([["ATTACHED", "trial", 1], ["ATTACHED", "active", 1], ["UNCHANGED", "paused", 1]]);
            assert_eq!(short(&data["written"]), expected, "{verb} {near}");

            let items = json!([
                { "status": "done", "node": node(2) },
                { "node": node(3) },
                { "status": "done", "node": node(1) },
            ]);
            let data = app.data(&edges(verb, near, far), input(near, far, items)).await;
            let expected = json!([["UPDATED", "done", 2], ["UNCHANGED", "trial", 1], ["UPDATED", "done", 2]]);
            assert_eq!(short(&data["written"]), expected, "{verb} {near}");
        }
    }
}

#[tokio::test]
async fn a_profile_that_is_found_by_its_name_keeps_its_status_too() {
    let app = paused().await;
    let item = |name: &str| json!({ "node": { "findOrCreate": { "name": name } } });
    let items = json!([item("1"), item("2"), item("new")]);
    for verb in ["attach", "set"] {
        let mutation = edges(verb, "Customer", "Profile");
        let data = app.data(&mutation, input("Customer", "Profile", items.clone())).await;
        let outcomes = short(&data["written"]);
        assert_eq!(outcomes[0], json!(["UNCHANGED", "paused", 1]));
        let new = if verb == "attach" { "ATTACHED" } else { "UNCHANGED" };
        assert_eq!(outcomes[1], json!([new, "active", 1]));
        assert_eq!(outcomes[2], json!([new, "active", 1]));
    }
}

#[tokio::test]
async fn new_nodes_have_active_edges_where_no_status_is_given() {
    let app = paused().await;
    let data = app
        .data(
            "mutation {
                createCustomer(input: { name: \"x\", profiles: [
                    { node: { id: \"Profile:1\" } } { status: \"done\", node: { create: { name: \"y\" } } }
                ] }) { customer { profiles { edges { status } } } }
                createProfiles(input: { profiles: [{ name: \"z\", customers: [
                    { node: { id: \"Customer:1\" } } { node: { create: { name: \"w\" } } }
                ] }] }) { profiles { customers { edges { status } } } }
            }",
            json!({}),
        )
        .await;
    let edges = |statuses: [&str; 2]| json!(statuses.map(|status| json!({ "status": status })));
    assert_eq!(data["createCustomer"]["customer"]["profiles"]["edges"], edges(["active", "done"]));
    assert_eq!(data["createProfiles"]["profiles"][0]["customers"]["edges"], edges(["active", "active"]));
}

#[tokio::test]
async fn a_status_that_is_null_is_refused_with_its_place() {
    let app = paused().await;
    let status = json!({ "status": null, "node": { "id": "Profile:1" } });
    for (mutation, input, field) in [
        ("attachProfile", pair(json!({ "status": null })), json!(["status"])),
        (
            "attachProfiles",
            json!({ "customerId": "Customer:1", "profiles": [status] }),
            json!(["profiles", 0, "status"]),
        ),
        (
            "setProfiles",
            json!({ "customerId": "Customer:1", "profiles": [status] }),
            json!(["profiles", 0, "status"]),
        ),
        ("createCustomer", json!({ "name": "new", "profiles": [status] }), json!(["profiles", 0, "status"])),
    ] {
        let ty = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
        let query = format!("mutation ($input: {ty}!) {{ {mutation}(input: $input) {{ __typename }} }}");
        let mut path = vec![json!("input")];
        path.extend(field.as_array().unwrap().iter().cloned());
        let faults = app.faults(&query, json!({ "input": input })).await;
        assert_eq!(faults, json!([["BAD_USER_INPUT", path]]), "{mutation}");
    }
    assert_eq!(row(&app).await["version"], 1);
}

#[tokio::test]
async fn statuses_given_and_left_out_take_one_statement_as_each_alone_does() {
    let app = paused().await;
    let count = async |items: Value| {
        let (_, statements) =
            app.counted(&edges("attach", "Customer", "Profile"), input("Customer", "Profile", items)).await;
        statements
    };
    let item = |key: usize| json!({ "node": { "id": format!("Profile:{key}") } });
    let given = |status: &str, key: usize| json!({ "status": status, "node": item(key)["node"] });
    count(json!([given("x", 1), given("x", 2)])).await;
    let alone = count(json!([given("y", 1), given("y", 2)])).await;
    assert_eq!(count(json!([given("z", 1), item(2)])).await, alone);
    assert!(count(json!([item(1), item(2)])).await <= alone);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_that_attach_at_once_the_one_without_a_status_never_takes_the_others_away() {
    for count in [1, 2] {
        let servers = Servers::start(count).await;
        let attach = |status: &str| {
            format!(
                "mutation {{ attachProfiles(input: {{ customerId: \"Customer:1\", profiles: [
                    {{ {status} node: {{ id: \"Profile:1\" }} }}
                    {{ {status} node: {{ id: \"Profile:2\" }} }}
                    {{ node: {{ id: \"Profile:3\" }} }}
                ] }}) {{ attached {{ outcome edge {{ status }} }} }} }}"
            )
        };
        let answers = servers
            .race(|client| {
                let request = |number: usize| match client % 2 {
                    0 => attach(&format!("status: \"{client}-{number}\"")),
                    _ => attach(""),
                };
                (0..8).map(request).collect()
            })
            .await;
        assert!(answers.iter().all(|answer| answer.get("errors").is_none()), "{answers:?}");
        for answer in &answers {
            let attached = answer["data"]["attachProfiles"]["attached"].as_array().unwrap();
            assert!(attached[2]["outcome"] != "UPDATED" && attached[2]["edge"]["status"] == "active");
        }
        let rows = "SELECT CONCAT(status, ' ', version) FROM customer_profile ORDER BY profile_id";
        let rows = servers.rows(rows).await;
        assert_eq!(rows[0], rows[1], "both were written by one request");
        assert_eq!(rows[2], "active 1");
        let (status, version) = rows[0].split_once(' ').unwrap();
        assert_ne!(status, "active", "{rows:?}");
        // Each of the 48 requests that gave a status wrote another one; one of those may have been the first.
        let version: usize = version.parse().unwrap();
        assert!(version == 48 || version == 49, "{rows:?}");
    }
}
