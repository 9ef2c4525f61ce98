//! How many statements a request runs: as many as it selects connections and counts, whatever the rows.

use sea_orm::DbBackend;
use serde_json::{Value, json};

use crate::{app::TestApp, backend::backend};

/// A server with that many customers and profiles, all attached to all.
async fn seeded(customers: u32, profiles: u32) -> TestApp {
    let app = TestApp::start().await;
    app.seed(customers, profiles).await;
    app
}

#[tokio::test]
async fn a_query_runs_a_statement_for_each_connection_and_each_count_that_it_selects() {
    let app = seeded(3, 3).await;
    for (query, statements) in [
        ("{ __typename }", 0),
        ("{ customers { __typename } }", 0),
        ("{ customers { totalCount } }", 1),
        ("{ customers { nodes { id } } }", 1),
        ("{ customers { pageInfo { hasNextPage } } }", 1),
        ("{ customers { edges { cursor } nodes { name } pageInfo { endCursor } } }", 1),
        ("{ customers { totalCount edges { cursor } } }", 2),
        ("{ customers { nodes { id } } profiles { nodes { id } } }", 2),
        ("{ customers { nodes { profiles { __typename } } } }", 1),
        ("{ customers { nodes { profiles { totalCount } } } }", 2),
        ("{ customers { nodes { profiles { edges { status } } } } }", 2),
        ("{ customers { nodes { profiles { totalCount nodes { name } } } } }", 3),
        ("{ customers { totalCount nodes { profiles { totalCount edges { node { name } } } } } }", 4),
        (
            "{ customers { nodes { profiles { nodes { customers { nodes { profiles { nodes { id } } } } } } } } }",
            4,
        ),
        (r#"{ customer(id: "Customer:1") { name } }"#, 1),
        (r#"{ customer(id: "Customer:9") { profiles { nodes { name } } } }"#, 2),
        (r#"{ customers { nodes { profile(id: "Profile:1") { status node { name } } } } }"#, 2),
    ] {
        assert_eq!(app.counted(query, Value::Null).await.1, statements, "{query}");
    }
}

#[tokio::test]
async fn the_number_of_statements_does_not_depend_on_the_number_of_rows() {
    let query = r#"{
      customers(first: 100) {
        totalCount
        edges {
          node {
            name
            profiles(first: 3) {
              totalCount
              edges { status node { name customers(last: 2) { nodes { name
                profiles(first: 1) { totalCount nodes { id } }
              } } } }
            }
            profile(id: "Profile:1") { status }
          }
        }
      }
    }"#;
    for rows in [0, 1, 10, 100] {
        let (data, statements) = seeded(rows, rows).await.counted(query, Value::Null).await;
        assert_eq!(data["customers"]["edges"].as_array().unwrap().len(), rows as usize);
        assert_eq!(statements, 8, "{rows}");
    }
}

#[tokio::test]
async fn a_filter_an_order_and_a_position_take_no_statement_of_their_own() {
    let filters = [
        r#"name: { contains: "1", ignoreCase: true }"#,
        r#"id: { in: ["KIND:1", "KIND:2", "KIND:3"] }"#,
        r#"createdAt: { gt: "2020-01-01T00:00:00Z" }"#,
        r#"EDGES: { some: { status: { ne: "1-1" }, node: { name: { startsWith: "FAR" } } } }"#,
        r#"EDGES: { some: { node: { name: { in: ["FAR1", "FAR2"] } } } }"#,
        r#"EDGES: { every: { status: { contains: "-" } } }"#,
        r#"EDGES: { none: { node: { BACK: { some: { status: { eq: "2-2" } } } } } }"#,
        r#"EDGES: { count: { gte: 1 } }"#,
        r#"and: [{ not: { name: { eq: "x" } } }], or: [{ name: { ne: "y" } }, { EDGES: { none: {} } }]"#,
    ];
    let pages = [
        "first: 2",
        "last: 2",
        "first: 2, orderBy: [{ name: DESC }, { createdAt: ASC }]",
        "last: 2, orderBy: [{ updatedAt: DESC }]",
    ];
    let sides = [["customers", "profiles", "Customer", "P"], ["profiles", "customers", "Profile", "C"]];
    for rows in [0, 1, 10] {
        let app = seeded(rows, rows).await;
        for ([near, edges, kind, far], filter) in
            sides.into_iter().flat_map(|side| filters.map(|filter| (side, filter)))
        {
            let filter = filter.replace("EDGES", edges).replace("BACK", near);
            let filter = filter.replace("KIND", kind).replace("FAR", far);
            for page in pages {
                let query =
                    format!("{{ {near}({page}, where: {{ {filter} }}) {{ totalCount nodes {{ id }} }} }}");
                assert_eq!(app.counted(&query, Value::Null).await.1, 2, "{query}");
            }
        }
    }
}

#[tokio::test]
async fn counts_pages_and_counts_by_status_of_edges_take_a_statement_for_all_parents() {
    let filters = [
        "{}",
        r#"{ status: { contains: "1" } }"#,
        r#"{ node: { name: { startsWith: "FAR" } } }"#,
        r#"{ not: { node: { EDGES: { some: { status: { eq: "1-1" } } } } } }"#,
    ];
    let pages = [
        "first: 2",
        "last: 2, orderBy: [{ status: DESC }]",
        "first: 2, orderBy: [{ node: { name: ASC } }, { createdAt: DESC }]",
    ];
    for rows in [0, 1, 10] {
        let app = seeded(rows, rows).await;
        for [near, edges, far] in [["customers", "profiles", "P"], ["profiles", "customers", "C"]] {
            for (filter, page) in filters.into_iter().flat_map(|filter| pages.map(|page| (filter, page))) {
                let filter = filter.replace("EDGES", near).replace("FAR", far);
                let query = format!(
                    "{{ {near} {{ nodes {{ {edges}({page}, where: {filter}) {{
                        totalCount statusCounts {{ status count }} edges {{ status node {{ name }} }}
                    }} }} }} }}"
                );
                assert_eq!(app.counted(&query, Value::Null).await.1, 4, "{query}");
            }
        }
    }
}

#[tokio::test]
async fn ten_thousand_edges_take_three_statements_and_are_those_that_were_written() {
    let app = seeded(100, 100).await;
    let query = "{ customers(first: 100) { edges { node { profiles(first: 100) {
        totalCount edges { status node { name } }
    } } } } }";
    let (data, statements) = app.counted(query, Value::Null).await;
    assert_eq!(statements, 3);
    let profiles = |customer: u32| {
        let edges = (1..=100).map(
            |key| json!({ "status": format!("{customer}-{key}"), "node": { "name": format!("P{key}") } }),
        );
        json!({ "totalCount": 100, "edges": edges.collect::<Value>() })
    };
    let edges = (1..=100).map(|customer| json!({ "node": { "profiles": profiles(customer) } }));
    assert_eq!(data["customers"]["edges"], edges.collect::<Value>());
}

#[tokio::test]
async fn aliases_with_other_arguments_are_levels_of_their_own() {
    let app = seeded(2, 3).await;
    let query = "{ customers { nodes {
        one: profiles(first: 1) { edges { status } }
        two: profiles(last: 2) { edges { status } }
        three: profiles(first: 0) { totalCount }
    } } }";
    let (data, statements) = app.counted(query, Value::Null).await;
    assert_eq!(statements, 4);
    let edges = |customer: u32, keys: &[u32]| {
        let edges = keys.iter().map(|key| json!({ "status": format!("{customer}-{key}") }));
        json!({ "edges": edges.collect::<Value>() })
    };
    let node = |customer| {
        let (one, two) = (edges(customer, &[1]), edges(customer, &[2, 3]));
        json!({ "one": one, "two": two, "three": { "totalCount": 3 } })
    };
    assert_eq!(data["customers"]["nodes"], json!([node(1), node(2)]));
}

#[tokio::test]
async fn aliases_with_the_same_arguments_share_a_level() {
    let app = seeded(2, 2).await;
    let query = "query ($size: Int = 1, $absent: Int) { customers { nodes {
        a: profiles(first: 1) { edges { status } }
        b: profiles(first: $size) { edges { cursor node { id } } }
        c: profiles(first: 1, last: $absent, after: null) { nodes { name } pageInfo { hasNextPage } }
    } } }";
    let (data, statements) = app.counted(query, Value::Null).await;
    assert_eq!(statements, 2);
    let second = &data["customers"]["nodes"][1];
    assert_eq!(second["a"], json!({ "edges": [{ "status": "2-1" }] }));
    assert_eq!(second["b"]["edges"][0]["node"], json!({ "id": "Profile:1" }));
    assert_eq!(second["c"], json!({ "nodes": [{ "name": "P1" }], "pageInfo": { "hasNextPage": true } }));
}

#[tokio::test]
async fn what_is_left_out_runs_no_statement() {
    let app = seeded(2, 2).await;
    let query = "query ($with: Boolean = false) {
        customers {
          totalCount @include(if: $with)
          nodes { id profiles @include(if: $with) { totalCount } ...More @include(if: $with) }
        }
        profiles @skip(if: true) { totalCount }
    }
    fragment More on Customer { more: profiles(first: 1) { nodes { name } } }";
    assert_eq!(app.counted(query, json!({})).await.1, 1);
    assert_eq!(app.counted(query, json!({ "with": true })).await.1, 4);
}

#[tokio::test]
async fn a_customer_of_a_hundred_profiles_is_created_in_as_many_statements_as_one_of_one() {
    let query = "mutation ($profiles: [CustomerProfileInput!]!) {
        createCustomer(input: { name: \"Ada\", profiles: $profiles }) {
          customer { profiles(first: 100) {
            totalCount edges { status node { name customers { totalCount } } }
          } }
          customerEdge { cursor node { profiles(first: 100) { nodes { id } } } }
        }
    }";
    let app = TestApp::start().await;
    let mut counts = Vec::new();
    for number in [1, 10, 100] {
        let profile = |key: u32| {
            let profile = json!({ "create": { "name": format!("P{key}") } });
            json!({ "status": format!("s{key}"), "node": profile })
        };
        let profiles: Value = (1..=number).map(profile).collect();
        let (data, statements) = app.counted(query, json!({ "profiles": profiles })).await;
        let edge = |key: u32| {
            let node = json!({ "name": format!("P{key}"), "customers": { "totalCount": 1 } });
            json!({ "status": format!("s{key}"), "node": node })
        };
        let created = &data["createCustomer"]["customer"]["profiles"];
        let edges: Value = (1..=number).map(edge).collect();
        assert_eq!(*created, json!({ "totalCount": number, "edges": edges }));
        counts.push(statements);
    }
    // The customer, its profiles, the associations; then the customer, its page, its count, and theirs. MariaDB
    // takes new profiles in portions, and locks the customer and looks for the associations first.
    match backend() {
        DbBackend::MySql => assert_eq!(counts, [9, 10, 11]),
        _ => assert_eq!(counts, [7, 7, 7]),
    }
}

#[tokio::test]
async fn profiles_of_all_kinds_are_attached_in_as_many_statements_whatever_their_number() {
    let query = "mutation ($profiles: [CustomerProfileInput!]!) {
        createCustomer(input: { name: \"Ada\", profiles: $profiles }) { customer { id } }
    }";
    let app = seeded(0, 100).await;
    let mut counts = Vec::new();
    for number in [1, 10, 80] {
        let profiles: Value = (1..=number)
            .flat_map(|key| {
                [
                    json!({ "node": { "id": format!("Profile:{key}") } }),
                    json!({ "node": { "create": { "name": "New" } } }),
                    json!({ "node": { "findOrCreate": { "name": format!("Found {number} {key}") } } }),
                ]
            })
            .collect();
        counts.push(app.counted(query, json!({ "profiles": profiles })).await.1);
    }
    // Names that are looked for are locked first, but on SQLite.
    match backend() {
        DbBackend::Sqlite => assert_eq!(counts, [6, 6, 6]),
        DbBackend::Postgres => assert_eq!(counts, [7, 7, 7]),
        _ => assert_eq!(counts, [9, 10, 10]),
    }
}

#[tokio::test]
async fn attaching_takes_three_statements_and_one_for_each_object_and_connection_of_the_answer() {
    let app = seeded(50, 50).await;
    app.sql("UPDATE customer_profile SET status = 'active'").await;
    for (selected, statements) in [
        ("outcome", 3),
        ("customer { name }", 4),
        ("customerProfileEdge { status node { name } }", 4),
        ("customer { profiles(first: 100) { totalCount nodes { customers { nodes { id } } } } }", 7),
        ("customer { id } profile { id } customerProfileEdge { id } profileCustomerEdge { id }", 7),
    ] {
        let query = format!(
            "mutation {{
               attachProfile(input: {{ customerId: \"Customer:1\", profileId: \"Profile:1\" }}) {{ {selected} }}
             }}"
        );
        // MariaDB locks the customer and looks for the association, which it does not write if it is there.
        let statements = if backend() == DbBackend::MySql { statements + 1 } else { statements };
        assert_eq!(app.counted(&query, Value::Null).await.1, statements, "{selected}");
    }
}
