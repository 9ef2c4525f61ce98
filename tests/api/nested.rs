//! The profiles at the ends of a new customer's edges: existing ones, new ones, and those of a name.

use serde_json::{Value, json};

use crate::{
    app::{TestApp, faults},
    customer::{CREATE, create, refused},
};

/// The profiles of a new customer named Ada, each as its status, ID and name.
async fn attached(app: &TestApp, profiles: Value) -> Value {
    let created = create(app, json!({ "name": "Ada", "profiles": profiles })).await;
    let edges = created["customer"]["profiles"]["edges"].as_array().unwrap();
    let short = |edge: &Value| json!([edge["status"], edge["node"]["id"], edge["node"]["name"]]);
    edges.iter().map(short).collect()
}

fn node_of(index: usize) -> Value {
    json!(["input", "profiles", index, "node"])
}

#[tokio::test]
async fn a_customer_comes_with_new_existing_and_found_profiles_each_with_its_status() {
    let app = TestApp::start().await;
    let (developer, writer) = (app.profile("Developer").await, app.profile("Writer").await);
    let profiles = json!([
        { "status": "planned", "node": { "create": { "name": "Captain" } } },
        { "status": "done", "node": { "findOrCreate": { "name": "Writer" } } },
        { "status": "on hold", "node": { "findOrCreate": { "name": "Scout" } } },
        { "status": "active", "node": { "id": developer } },
    ]);
    assert_eq!(
        attached(&app, profiles).await,
        json!([
            ["active", developer, "Developer"],
            ["done", writer, "Writer"],
            ["planned", "Profile:3", "Captain"],
            ["on hold", "Profile:4", "Scout"],
        ])
    );
    assert_eq!(app.counts().await["profiles"]["totalCount"], 4);
}

#[tokio::test]
async fn find_or_create_takes_the_oldest_profile_of_exactly_that_name() {
    let app = TestApp::start().await;
    app.profile("developer").await;
    let oldest = app.profile("Developer").await;
    app.profile("Developer").await;
    let profiles = json!([{ "node": { "findOrCreate": { "name": " Developer " } } }]);
    assert_eq!(attached(&app, profiles).await, json!([["active", oldest, "Developer"]]));
    let profiles = json!([{ "node": { "findOrCreate": { "name": "DEVELOPER" } } }]);
    assert_eq!(attached(&app, profiles).await, json!([["active", "Profile:4", "DEVELOPER"]]));
}

#[tokio::test]
async fn the_same_profile_twice_is_refused_with_both_positions_before_any_statement() {
    let app = TestApp::start().await;
    let named = |name: &str| json!({ "node": { "findOrCreate": { "name": name } } });
    let existing = json!({ "node": { "id": "Profile:1" } });
    for (profiles, second, first) in [
        (json!([named("Developer"), named("Writer"), named(" Developer")]), 2, 0),
        (json!([named("Writer"), existing, existing]), 2, 1),
    ] {
        let before = app.database.statement_count();
        let input = json!({ "input": { "name": "Ada", "profiles": profiles } });
        let answer = app.graphql(CREATE, input).await;
        assert_eq!(app.database.statement_count(), before);
        assert_eq!(faults(&answer), json!([["BAD_USER_INPUT", node_of(second)]]));
        let message = format!("the same node as in item {first} of this list");
        assert_eq!(answer["errors"][0]["message"], message);
    }
}

#[tokio::test]
async fn an_id_and_a_name_that_come_to_one_profile_are_refused() {
    let app = TestApp::start().await;
    let developer = app.profile("Developer").await;
    let (by_id, by_name) = (
        json!({ "node": { "id": developer } }),
        json!({ "node": { "findOrCreate": { "name": "Developer" } } }),
    );
    for profiles in [json!([by_id, by_name]), json!([by_name, by_id])] {
        let faults = refused(&app, json!({ "name": "Ada", "profiles": profiles })).await;
        assert_eq!(faults, json!([["BAD_USER_INPUT", node_of(1)]]));
    }
}

#[tokio::test]
async fn items_of_a_list_are_read_as_if_written_one_after_the_other() {
    let app = TestApp::start().await;
    let new = json!({ "node": { "create": { "name": "Developer" } } });
    let found = json!({ "node": { "findOrCreate": { "name": "Developer" } } });
    let created_and_found = json!({ "name": "Ada", "profiles": [new, found] });
    assert_eq!(refused(&app, created_and_found.clone()).await, json!([["BAD_USER_INPUT", node_of(1)]]));
    let found_and_created = attached(&app, json!([found, new])).await;
    let names: Value = found_and_created.as_array().unwrap().iter().map(|edge| edge[2].clone()).collect();
    assert_eq!(names, json!(["Developer", "Developer"]));
    assert_ne!(found_and_created[0][1], found_and_created[1][1]);
    // The one that is found is older than the one that is created before it.
    let customer = create(&app, created_and_found).await["customer"].take();
    assert_eq!(customer["profiles"]["totalCount"], 2);
    assert_eq!(attached(&app, json!([new, new])).await.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn every_profile_that_is_missing_is_reported() {
    let app = TestApp::start().await;
    let profiles = json!([
        { "node": { "id": "Profile:7" } },
        { "node": { "create": { "name": "Developer" } } },
        { "node": { "id": "Profile:9223372036854775807" } },
    ]);
    let input = json!({ "name": "Ada", "profiles": profiles });
    assert_eq!(
        refused(&app, input.clone()).await,
        json!([
            ["NOT_FOUND", ["input", "profiles", 0, "node", "id"]],
            ["NOT_FOUND", ["input", "profiles", 2, "node", "id"]],
        ])
    );
    let answer = app.graphql(CREATE, json!({ "input": input })).await;
    assert_eq!(answer["errors"][0]["message"], "there is no `Profile:7`");
    assert_eq!(answer["errors"][0]["path"], json!(["createCustomer"]));
}

#[tokio::test]
async fn nodes_that_cannot_be_read_are_not_called_the_same() {
    let app = TestApp::start().await;
    for (node, fault) in [
        (json!({ "id": "nonsense" }), json!(["node", "id"])),
        (json!({ "findOrCreate": { "name": " " } }), json!(["node", "findOrCreate", "name"])),
    ] {
        let input = json!({ "name": "Ada", "profiles": vec![json!({ "node": node }); 2] });
        let faults = refused(&app, input).await;
        assert_eq!(faults.as_array().unwrap().len(), 2, "{faults}");
        let rest = |index: usize| faults[index][1].as_array().unwrap()[3..].to_vec();
        assert_eq!([json!(rest(0)), json!(rest(1))], [fault.clone(), fault]);
    }
}

#[tokio::test]
async fn a_node_is_given_in_exactly_one_way() {
    let app = TestApp::start().await;
    for node in
        [json!({}), json!({ "id": "Profile:1", "create": { "name": "Developer" } }), json!({ "id": null })]
    {
        let input = json!({ "name": "Ada", "profiles": [{ "node": node }] });
        let faults = refused(&app, input).await;
        assert_eq!(faults[0], json!(["BAD_USER_INPUT", ["input", "profiles", 0, "node"]]), "{node}");
    }
}

#[tokio::test]
async fn an_edge_is_active_where_no_status_is_given() {
    let app = TestApp::start().await;
    let profiles = json!([{ "node": { "create": { "name": "Developer" } } }]);
    assert_eq!(attached(&app, profiles).await, json!([["active", "Profile:1", "Developer"]]));
}
