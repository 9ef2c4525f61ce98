//! A database that other applications use as well, among them some that were written with an ORM.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    customer::{self, ToProfiles},
    customer_profile,
    profile::{self, ToCustomers},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait,
    QueryFilter, Statement,
};
use serde_json::{Value, json};

use crate::app::{TestApp, faults};

const READ: &str = "{
    customers { nodes {
        name phoneNumber version createdAt updatedAt
        profiles { edges { status version createdAt updatedAt node { name version createdAt updatedAt } } }
    } }
}";

async fn execute(sqlite: &DatabaseConnection, statements: &[&str]) {
    for statement in statements {
        sqlite.execute_unprepared(statement).await.unwrap();
    }
}

/// The first column of every row.
async fn texts(sqlite: &DatabaseConnection, select: &str) -> Vec<String> {
    let statement = Statement::from_string(sqlite.get_database_backend(), select);
    let rows = sqlite.query_all_raw(statement).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

/// Two customers of one profile each, written by the server.
async fn written_by_the_server() -> TestApp {
    let app = TestApp::start().await;
    let create = "mutation {
        one: createCustomer(input: { name: \"Ada\", phoneNumber: \"123\", profiles: [
            { status: \"done\", node: { create: { name: \"Developer\" } } }
        ] }) { customer { id } }
        other: createCustomer(input: { name: \"Grace\", profiles: [
            { node: { findOrCreate: { name: \"Developer\" } } }
        ] }) { customer { id } }
    }";
    app.data(create, json!({})).await;
    app
}

fn assert_recent(moment: &Value) {
    let age = Utc::now() - moment.as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
    assert!(age >= TimeDelta::zero() && age < TimeDelta::minutes(5), "{moment}");
}

#[tokio::test]
async fn rows_of_the_columns_that_another_application_knows_are_served() {
    let app = TestApp::start().await;
    let insert = [
        "INSERT INTO customer (name, phone_number) VALUES ('Ada', '123'), ('Grace', NULL)",
        "INSERT INTO profile (name) VALUES ('Developer'), ('Writer')",
        "INSERT INTO customer_profile (customer_id, profile_id) VALUES (1, 1)",
        "INSERT INTO customer_profile (customer_id, profile_id, status) VALUES (1, 2, 'done')",
    ];
    execute(&app.connect().await, &insert).await;

    let mut customers = app.data(READ, json!({})).await["customers"]["nodes"].take();
    let mut edges = customers[0]["profiles"]["edges"].take();
    for row in [&edges[0], &edges[0]["node"], &customers[0], &customers[1]] {
        assert_eq!(row["version"], 1);
        assert_recent(&row["createdAt"]);
        assert_eq!(row["createdAt"], row["updatedAt"]);
    }
    assert_eq!((&customers[0]["name"], &customers[0]["phoneNumber"]), (&json!("Ada"), &json!("123")));
    assert_eq!(customers[1]["phoneNumber"], Value::Null);
    let short = |edge: &mut Value| json!([edge["status"], edge["node"]["name"]]);
    let short: Vec<_> = edges.as_array_mut().unwrap().iter_mut().map(short).collect();
    assert_eq!(json!(short), json!([["active", "Developer"], ["done", "Writer"]]));
}

#[tokio::test]
async fn the_server_changes_rows_of_another_application_as_its_own() {
    let app = TestApp::start().await;
    let insert = [
        "INSERT INTO customer (name) VALUES ('Ada')",
        "INSERT INTO profile (name) VALUES ('Developer')",
        "INSERT INTO customer_profile (customer_id, profile_id, created_at, updated_at)
         VALUES (1, 1, '2026-01-02 03:04:05.678 +00:00', '2026-01-02 03:04:05.678 +00:00')",
    ];
    let sqlite = app.connect().await;
    execute(&sqlite, &insert).await;
    let attach = "mutation { attachProfile(input: {
        customerId: \"Customer:1\", profileId: \"Profile:1\", status: \"done\"
    }) { outcome customerProfileEdge { version createdAt updatedAt } } }";
    let payload = app.data(attach, json!({})).await["attachProfile"].take();
    assert_eq!(payload["outcome"], "UPDATED");
    assert_eq!(payload["customerProfileEdge"]["version"], 2);
    assert_eq!(payload["customerProfileEdge"]["createdAt"], "2026-01-02T03:04:05.678000Z");
    assert_recent(&payload["customerProfileEdge"]["updatedAt"]);
}

#[tokio::test]
async fn the_server_writes_moments_of_fixed_width_with_their_offset() {
    let app = written_by_the_server().await;
    let sqlite = app.connect().await;
    execute(&sqlite, &["INSERT INTO customer (name) VALUES ('by default')"]).await;
    for table in ["customer", "profile", "customer_profile"] {
        for column in ["created_at", "updated_at"] {
            let moments = texts(&sqlite, &format!("SELECT {column} FROM {table}")).await;
            assert!(!moments.is_empty());
            for moment in moments {
                assert_eq!(moment.len(), "2026-01-02 03:04:05.678901+00:00".len(), "{moment}");
                assert!(moment.ends_with("+00:00"), "{moment}");
                assert_recent(&json!(moment.replacen(' ', "T", 1)));
            }
        }
    }
}

#[tokio::test]
async fn the_tables_refuse_what_the_server_would_refuse() {
    let app = written_by_the_server().await;
    let sqlite = app.connect().await;
    let (long, long_number) = ("a".repeat(256), "1".repeat(65));
    for statement in [
        "INSERT INTO customer (name) VALUES ('')",
        "INSERT INTO customer (name) VALUES (NULL)",
        "INSERT INTO customer (phone_number) VALUES ('123')",
        "INSERT INTO profile (name) VALUES ('')",
        "INSERT INTO customer (name, phone_number) VALUES ('Ada', '')",
        "INSERT INTO customer (name, version) VALUES ('Ada', 0)",
        "INSERT INTO customer_profile (customer_id, profile_id) VALUES (1, 99)",
        "INSERT INTO customer_profile (customer_id, profile_id) VALUES (1, 1)",
        "UPDATE customer_profile SET status = ''",
        "UPDATE customer_profile SET status = NULL",
        &format!("INSERT INTO customer (name) VALUES ('{long}')"),
        &format!("INSERT INTO profile (name) VALUES ('{long}')"),
        &format!("INSERT INTO customer (name, phone_number) VALUES ('Ada', '{long_number}')"),
        &format!("UPDATE customer_profile SET status = '{long}'"),
    ] {
        assert!(sqlite.execute_unprepared(statement).await.is_err(), "{statement}");
    }
    let longest = "👩".repeat(255);
    execute(&sqlite, &[&format!("INSERT INTO customer (name) VALUES ('{longest}')")]).await;
}

#[tokio::test]
async fn edges_go_with_the_row_at_either_end_and_its_key_is_not_given_again() {
    let app = written_by_the_server().await;
    let sqlite = app.connect().await;
    execute(&sqlite, &["DELETE FROM customer WHERE name = 'Grace'"]).await;
    let query = "{ profiles { nodes { customers { totalCount nodes { name } } } } }";
    let data = app.data(query, json!({})).await;
    let customers = json!({ "customers": { "totalCount": 1, "nodes": [{ "name": "Ada" }] } });
    assert_eq!(data["profiles"]["nodes"], json!([customers]));
    assert_eq!(app.customer("Alan").await, "Customer:3");

    execute(&sqlite, &["DELETE FROM profile"]).await;
    assert_eq!(texts(&sqlite, "SELECT status FROM customer_profile").await, Vec::<String>::new());
}

#[tokio::test]
async fn the_entities_read_what_the_server_wrote() {
    let app = written_by_the_server().await;
    let sqlite = app.connect().await;

    let ada = customer::Entity::find_by_id(1).one(&sqlite).await.unwrap().unwrap();
    assert_eq!((ada.name.as_str(), ada.phone_number.as_deref(), ada.version), ("Ada", Some("123"), 1));
    assert_recent(&json!(ada.created_at));
    assert_eq!(ada.created_at, ada.updated_at);

    let junction = customer_profile::Entity::find_by_id((1, 1)).one(&sqlite).await.unwrap().unwrap();
    assert_eq!((junction.status.as_str(), junction.version), ("done", 1));
}

#[tokio::test]
async fn the_relations_of_the_entities_lead_from_either_end_to_the_other() {
    let app = written_by_the_server().await;
    let sqlite = app.connect().await;
    let names = |profiles: &[profile::Model]| -> Vec<String> {
        profiles.iter().map(|profile| profile.name.clone()).collect()
    };

    let linked = customer::Entity::find().find_with_linked(ToProfiles).all(&sqlite).await.unwrap();
    let linked: Vec<_> = linked.iter().map(|(one, many)| (one.name.as_str(), names(many))).collect();
    let developer = vec!["Developer".to_owned()];
    assert_eq!(linked, [("Ada", developer.clone()), ("Grace", developer.clone())]);
    let related = customer::Entity::find().find_with_related(profile::Entity).all(&sqlite).await.unwrap();
    let related: Vec<_> = related.iter().map(|(one, many)| (one.name.as_str(), names(many))).collect();
    assert_eq!(related, linked);

    let back = profile::Entity::find().find_with_linked(ToCustomers).all(&sqlite).await.unwrap();
    assert_eq!(back[0].1.len(), 2);

    let edges = customer_profile::Entity::find().find_also_related(profile::Entity);
    let edges = edges.filter(customer_profile::Column::Status.eq("done")).all(&sqlite).await.unwrap();
    let [(junction, Some(profile))] = edges.as_slice() else { panic!("{edges:?}") };
    assert_eq!((junction.customer_id, profile.name.as_str()), (1, "Developer"));
}

#[tokio::test]
async fn what_is_written_with_the_entities_is_served() {
    let app = TestApp::start().await;
    let sqlite = app.connect().await;
    let ada = customer::ActiveModel { name: Set("Ada".to_owned()), ..Default::default() };
    let ada = ada.insert(&sqlite).await.unwrap();
    let change = customer::ActiveModel { id: Set(ada.id), version: Set(2), ..Default::default() };
    change.update(&sqlite).await.unwrap();
    let data = app.data("{ customers { nodes { name version createdAt } } }", json!({})).await;
    let node = &data["customers"]["nodes"][0];
    assert_eq!((&node["name"], &node["version"]), (&json!("Ada"), &json!(2)));
    assert_recent(&node["createdAt"]);

    // SeaORM writes moments as RFC 3339 does, which would sort otherwise.
    let change = customer::ActiveModel { id: Set(ada.id), updated_at: Set(Utc::now()), ..Default::default() };
    let refusal = change.update(&sqlite).await.unwrap_err().to_string();
    assert!(refusal.contains("customer.updated_at takes a moment in UTC as text"), "{refusal}");
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
