//! How SQLite executes what the server asks of it: by its indexes, and without sorting.

use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::process::{Server, program};

/// 2,000 customers, 20 profiles, five edges a customer, of which one goes to profile 1.
const DATA: &str = "
    WITH RECURSIVE keys(key) AS (SELECT 1 UNION ALL SELECT key + 1 FROM keys LIMIT 2000)
    INSERT INTO customer (name) SELECT 'Customer ' || (key % 500) FROM keys;
    INSERT INTO profile (name) SELECT 'Profile ' || id FROM customer LIMIT 20;
    INSERT INTO customer_profile (customer_id, profile_id, status)
        SELECT customer.id, profile.id, CASE profile.id % 3 WHEN 0 THEN 'paused' ELSE 'active' END
        FROM customer, profile WHERE profile.id = 1 OR (customer.id + profile.id) % 5 = 0;
";

/// A server that logs its statements, on data that SQLite has statistics of or not.
async fn started(directory: &TempDir, statistics: bool) -> (Server, DatabaseConnection) {
    let environment = [("LISTEN", "127.0.0.1:0"), ("LOG", "off,customer_graph::database=debug")];
    let server = Server::of(program(directory.path(), &[], &environment)).await;
    let sqlite = connected(directory).await;
    sqlite.execute_unprepared(DATA).await.unwrap();
    if statistics {
        sqlite.execute_unprepared("ANALYZE").await.unwrap();
    }
    (server, sqlite)
}

async fn connected(directory: &TempDir) -> DatabaseConnection {
    let file = directory.path().join("customer-graph.db");
    sea_orm::Database::connect(format!("sqlite:{}", file.display())).await.unwrap()
}

/// The steps of the plans of the statements that these requests take, but for those over bound lists.
async fn steps(requests: &[(&str, Value)]) -> Vec<String> {
    planned(requests, true).await
}

async fn planned(requests: &[(&str, Value)], statistics: bool) -> Vec<String> {
    let directory = TempDir::new().unwrap();
    let (server, sqlite) = started(&directory, statistics).await;
    for (query, variables) in requests {
        server.data(query, variables.clone()).await;
    }
    server.signal("TERM").await;
    let (_, log) = server.end().await;
    let mut steps = Vec::new();
    for line in log.lines() {
        let Some((_, sql)) = line.split_once("statement sql=") else { continue };
        let sql: String = serde_json::from_str(sql).unwrap();
        let explain =
            Statement::from_string(sqlite.get_database_backend(), format!("EXPLAIN QUERY PLAN {sql}"));
        for row in sqlite.query_all_raw(explain).await.unwrap() {
            let step: String = row.try_get("", "detail").unwrap();
            if !step.contains("VIRTUAL TABLE") {
                steps.push(step);
            }
        }
    }
    assert!(!steps.is_empty(), "{log}");
    steps
}

fn sorts(steps: &[String]) -> Vec<&String> {
    steps.iter().filter(|step| step.contains("TEMP B-TREE")).collect()
}

fn scans(steps: &[String]) -> Vec<&String> {
    steps.iter().filter(|step| step.starts_with("SCAN")).collect()
}

#[tokio::test]
async fn a_point_read_searches_keys_alone() {
    let query =
        "{ customer(id: \"Customer:7\") { name profiles { totalCount edges { status node { name } } } } }";
    let steps = steps(&[(query, json!({}))]).await;
    assert_eq!((scans(&steps), sorts(&steps)), (vec![], vec![]), "{steps:#?}");
}

#[tokio::test]
async fn nested_pages_search_keys_alone_from_either_side() {
    let requests = [
        "{ customers(first: 50) { nodes { profiles(first: 100) { edges { status node { name } } } } } }",
        "{ customers(first: 5) { nodes { profiles(last: 2) { edges { status node { name } } } } } }",
        "{ profiles(first: 20) { nodes { customers(first: 3) { edges { status node { name } } } } } }",
        "{ profiles(first: 20) { nodes { customers(last: 3) { totalCount edges { status } } } } }",
    ];
    let steps = steps(&requests.map(|query| (query, json!({})))).await;
    let roots = ["SCAN customer", "SCAN customer", "SCAN profile", "SCAN profile"];
    assert_eq!(
        (scans(&steps), sorts(&steps)),
        (roots.map(str::to_owned).iter().collect(), vec![]),
        "{steps:#?}"
    );
}

#[tokio::test]
async fn an_order_that_an_index_has_takes_no_sort() {
    let requests = [
        "{ customers(orderBy: [{ name: ASC }]) { nodes { name } } }",
        "{ customers(orderBy: [{ name: DESC }]) { nodes { name } } }",
        "{ customers(last: 5, orderBy: [{ createdAt: DESC }]) { nodes { name } } }",
        "{ profiles(orderBy: [{ createdAt: ASC }]) { nodes { name } } }",
        "{ customers(where: { name: { startsWith: \"Customer 4\" } }, orderBy: [{ name: ASC }]) { nodes { id } } }",
    ];
    let steps = steps(&requests.map(|query| (query, json!({})))).await;
    assert_eq!(sorts(&steps), Vec::<&String>::new(), "{steps:#?}");
    assert!(scans(&steps).iter().all(|step| step.contains("USING INDEX")), "{steps:#?}");
}

#[tokio::test]
async fn a_page_after_a_cursor_searches_for_it() {
    let directory = TempDir::new().unwrap();
    let (server, _) = started(&directory, true).await;
    let query = "{ a: customers { pageInfo { endCursor } } b: customers(orderBy: [{ name: DESC }]) { pageInfo { endCursor } } }";
    let cursors = server.data(query, json!({})).await;
    let after = "query ($a: String, $b: String) {
        customers(after: $a) { nodes { id } }
        b: customers(after: $b, orderBy: [{ name: DESC }]) { nodes { id } }
    }";
    let variables =
        json!({ "a": cursors["a"]["pageInfo"]["endCursor"], "b": cursors["b"]["pageInfo"]["endCursor"] });
    let steps = steps(&[(after, variables)]).await;
    assert_eq!((scans(&steps), sorts(&steps)), (vec![], vec![]), "{steps:#?}");
}

#[tokio::test]
async fn edges_by_status_are_read_off_an_index_up_to_the_page() {
    let requests = [
        "{ customer(id: \"Customer:7\") { profiles(first: 2, orderBy: [{ status: DESC }]) { nodes { name } } } }",
        "{ profile(id: \"Profile:1\") { customers(first: 3, orderBy: [{ status: ASC }]) { nodes { name } } } }",
        "{ profile(id: \"Profile:1\") { customers(first: 3, where: { status: { eq: \"active\" } }) { nodes { name } } } }",
    ];
    let steps = steps(&requests.map(|query| (query, json!({})))).await;
    // The page itself, a few rows, is put in order at the end; the edges it is cut from are not.
    let sorted: Vec<_> = sorts(&steps);
    assert_eq!(sorted.len(), requests.len(), "{steps:#?}");
    assert_eq!(scans(&steps), vec!["SCAN collected"; requests.len()], "{steps:#?}");
}

#[tokio::test]
async fn rows_with_few_edges_are_found_by_them_and_others_in_the_order_of_the_page() {
    let customers = "{ customers(
        where: { profiles: { some: { status: { eq: \"active\" }, node: { name: { eq: \"Profile 3\" } } } } },
        orderBy: [{ name: ASC }]
    ) { nodes { name } } }";
    let profiles = "{ profiles(
        where: { and: [{ customers: { some: { node: { id: { in: [\"Customer:3\"] } } } } }] },
        orderBy: [{ createdAt: DESC }], last: 3
    ) { nodes { name } } }";
    // With statistics SQLite knows that twenty profiles are sooner read than sought.
    for (query, table, order, statistics) in [
        (customers, "customer", "name", false),
        (customers, "customer", "name", true),
        (profiles, "profile", "created_at", false),
    ] {
        let steps = planned(&[(query, json!({}))], statistics).await;
        let in_order = format!("SCAN {table} USING COVERING INDEX {table}_{order}");
        // The lists of keys are read as they are made.
        let read = ["SCAN CONSTANT ROW", &in_order, "SCAN collected", "SCAN collected"];
        assert_eq!(scans(&steps), read, "{steps:#?}");
        let by_key = format!("SEARCH {table} USING INTEGER PRIMARY KEY (rowid=?)");
        // Out of the few, and for the page.
        assert_eq!(steps.iter().filter(|step| **step == by_key).count(), 2, "{steps:#?}");
        assert_eq!(sorts(&steps).len(), 2, "{steps:#?}");
        assert!(!steps.iter().any(|step| step.contains("AUTOMATIC")), "{steps:#?}");
    }
}

#[tokio::test]
async fn rows_are_counted_from_their_edges() {
    let query = "{ customers(where: { profiles: { some: { node: { name: { eq: \"Profile 3\" } } } } }) { totalCount } }";
    for statistics in [false, true] {
        let steps = planned(&[(query, json!({}))], statistics).await;
        assert_eq!(scans(&steps), Vec::<&String>::new(), "{steps:#?}");
    }
}

#[tokio::test]
async fn edges_to_a_node_of_that_name_are_found_by_its_key() {
    let query = "{ profile(id: \"Profile:1\") {
        customers(where: { node: { name: { eq: \"Customer 3\" } } }) { totalCount nodes { id } }
    } }";
    for statistics in [false, true] {
        let steps = planned(&[(query, json!({}))], statistics).await;
        let by_both = "(profile_id=? AND customer_id=?)";
        assert_eq!(steps.iter().filter(|step| step.contains(by_both)).count(), 2, "{steps:#?}");
    }
}

#[tokio::test]
async fn edges_of_each_status_are_counted_as_an_index_has_them() {
    let requests = [
        "{ profiles { nodes { customers { statusCounts { status count } } } } }",
        "{ customers { nodes { profiles { statusCounts { status count } } } } }",
    ];
    for statistics in [false, true] {
        let steps = planned(&requests.map(|query| (query, json!({}))), statistics).await;
        assert!(sorts(&steps).is_empty(), "{steps:#?}");
    }
}

#[tokio::test]
async fn writes_search_keys_and_names_alone() {
    let query = "mutation {
        createCustomer(input: { name: \"Ada\", profiles: [
            { node: { findOrCreate: { name: \"Profile 3\" } } }, { node: { id: \"Profile:4\" } }
        ] }) { customer { id } }
        setProfiles(input: { customerId: \"Customer:7\", profiles: [{ node: { id: \"Profile:4\" } }] }) { detachedProfileIds }
        updateCustomerProfile(input: { customerId: \"Customer:7\", profileId: \"Profile:4\", status: \"x\" }) {
            customerProfileEdge { version }
        }
        deleteCustomer(input: { id: \"Customer:9\" }) { detachedProfileCount }
    }";
    let steps = steps(&[(query, json!({}))]).await;
    assert_eq!(scans(&steps), Vec::<&String>::new(), "{steps:#?}");
}

#[tokio::test]
async fn a_nested_page_is_bounded_before_sqlite_has_statistics() {
    let requests = [
        "{ profiles(first: 20) { nodes { customers(first: 3) { edges { status node { name } } } } } }",
        "{ customers(first: 20) { nodes { profiles(first: 3) { edges { status node { name } } } } } }",
    ];
    for statistics in [false, true] {
        let steps = planned(&requests.map(|query| (query, json!({}))), statistics).await;
        for bounded in ["(profile_id=? AND customer_id<?)", "(customer_id=? AND profile_id<?)"] {
            assert!(steps.iter().any(|step| step.contains(bounded)), "{bounded}: {steps:#?}");
        }
    }
}
