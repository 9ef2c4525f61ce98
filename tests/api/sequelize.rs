//! What docs/from-sequelize.md says: its requests and answers, and its models on the server's file.

use serde_json::json;

use crate::{
    app::{TestApp, faults},
    readme::{blocks, follow},
};

const GUIDE: &str = include_str!("../../docs/from-sequelize.md");

#[tokio::test]
async fn every_request_is_answered_as_the_guide_says() {
    follow(&TestApp::start().await, GUIDE).await;
}

#[test]
fn every_request_of_the_guide_has_its_answer() {
    let languages: Vec<_> = blocks(GUIDE).into_iter().map(|(language, _)| language).collect();
    let requests = languages.iter().filter(|language| **language == "graphql").count();
    let answered = languages.windows(2).filter(|pair| *pair == ["graphql", "json"]).count();
    assert_eq!(answered, requests);
}

/// The statements are those that Sequelize 6 sends for the guide's models.
#[tokio::test]
async fn what_an_application_with_the_models_of_the_guide_writes_is_served_with_its_versions() {
    let app = TestApp::start().await;
    let now = "'2026-01-02 03:04:05.678 +00:00'";
    for (table, columns, values) in [
        ("customer", "`id`,`name`", "NULL,'Ada'"),
        ("profile", "`id`,`name`", "NULL,'Developer'"),
        ("customer_profile", "`customer_id`,`profile_id`,`status`", "1,1,'invited'"),
    ] {
        let columns = format!("{columns},`version`,`created_at`,`updated_at`");
        app.sql(&format!("INSERT INTO `{table}` ({columns}) VALUES ({values},1,{now},{now})")).await;
    }
    app.sql("UPDATE `customer` SET `name`='Ada L',`version`=2 WHERE `id` = 1 AND `version` = 1").await;

    let rename = "mutation ($expected: Int) {
        updateCustomer(input: { id: \"Customer:1\", name: \"Ada Lovelace\", expectedVersion: $expected }) {
          customer { name version createdAt profiles { edges { status version node { name version } } } }
        }
    }";
    let stale = app.graphql(rename, json!({ "expected": 1 })).await;
    assert_eq!(faults(&stale), json!([["VERSION_CONFLICT", ["input", "expectedVersion"]]]));
    let data = app.data(rename, json!({ "expected": 2 })).await;
    let node = json!({ "name": "Developer", "version": 1 });
    let customer = json!({
        "name": "Ada Lovelace", "version": 3, "createdAt": "2026-01-02T03:04:05.678000Z",
        "profiles": { "edges": [{ "status": "invited", "version": 1, "node": node }] },
    });
    assert_eq!(data["updateCustomer"]["customer"], customer);
}
