//! What a request may write, and how long lists without pages may get.

use std::env;

use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::{
    app::TestApp,
    backend::{TestDatabase, sql},
    errors::refused,
    process::{Server, client, post, program},
    watch::{Watch, memory},
};

const CREATE: &str =
    "mutation ($input: CreateCustomersInput!) { createCustomers(input: $input) { customers { id } } }";

/// An input of that many customers with that many new profiles each.
fn customers(customers: usize, profiles: usize) -> Value {
    let edge = json!({ "node": { "create": { "name": "p" } } });
    let customer = json!({ "name": "c", "profiles": vec![edge; profiles] });
    json!({ "customers": vec![customer; customers] })
}

async fn message(app: &TestApp, query: &str, variables: Value) -> String {
    let answer = refused(app, &json!({ "query": query, "variables": variables })).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "QUERY_TOO_COMPLEX", "{answer}");
    answer["errors"][0]["message"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_request_that_would_write_too_much_is_refused_before_it_writes() {
    let app = TestApp::start().await;
    // One customer and its two rows for each profile: the profile and the association.
    let told = message(&app, CREATE, json!({ "input": customers(200, 120) })).await;
    assert!(told.starts_with("the request writes up to 48201 rows, more than the 25000 "), "{told}");
    assert!(told.contains("--max-writes"), "{told}");

    let aliases: String =
        (0..50).map(|n| format!("a{n}: createCustomers(input: $i) {{ __typename }} ")).collect();
    let query = format!("mutation ($i: CreateCustomersInput!) {{ {aliases} }}");
    let told = message(&app, &query, json!({ "i": customers(30, 10) })).await;
    assert!(told.starts_with("the request writes up to 31550 rows"), "{told}");
    assert_eq!(
        app.counts().await,
        json!({ "customers": { "totalCount": 0 }, "profiles": { "totalCount": 0 } })
    );
}

#[tokio::test]
async fn what_a_request_writes_is_counted_wherever_it_stands() {
    let app = TestApp::with(&["--max-writes", "10"]).await;
    let new = json!({ "node": { "create": { "name": "p" } } });
    let ids = |count: usize| (1..=count).map(|key| json!(format!("Profile:{key}"))).collect::<Vec<_>>();
    let edges = "{ node: { findOrCreate: { name: \"p\" } } } ".repeat(5);
    let names = "{ name: \"a\" } ".repeat(10);
    for (query, variables, writes) in [
        // Literals.
        (
            format!(
                "mutation {{ createCustomer(input: {{ name: \"c\", profiles: [{edges}] }}) {{ __typename }} }}"
            ),
            json!({}),
            11,
        ),
        (
            format!("mutation {{ createProfiles(input: {{ profiles: [{names}] }}) {{ __typename }} }}"),
            json!({}),
            11,
        ),
        // A variable that stands in a literal, as a list and as one of its items.
        (
            "mutation ($e: [CustomerProfileInput!]!) {
                createCustomer(input: { name: \"c\", profiles: $e }) { __typename }
            }"
            .to_owned(),
            json!({ "e": vec![new.clone(); 5] }),
            11,
        ),
        (
            "mutation ($c: CreateCustomerInput!) {
                createCustomers(input: { customers: [$c] }) { __typename }
            }"
            .to_owned(),
            json!({ "c": { "name": "c", "profiles": vec![new; 5] } }),
            12,
        ),
        // A default.
        (
            format!(
                "mutation ($e: [CreateProfileInput!]! = [{names}]) {{
                createProfiles(input: {{ profiles: $e }}) {{ __typename }}
            }}"
            ),
            json!({}),
            11,
        ),
        // IDs.
        (
            "mutation ($i: [ID!]!) {
                detachProfiles(input: { customerId: \"Customer:1\", profileIds: $i }) { __typename }
            }"
            .to_owned(),
            json!({ "i": ids(10) }),
            11,
        ),
        // Several fields, fragments among them.
        (
            "mutation ($i: DetachProfilesInput!) {
                a: detachProfiles(input: $i) { __typename } ...F
            }
            fragment F on Mutation { b: detachProfiles(input: $i) { __typename } }"
                .to_owned(),
            json!({ "i": { "customerId": "Customer:1", "profileIds": ids(5) } }),
            12,
        ),
    ] {
        let told = message(&app, &query, variables).await;
        assert!(
            told.starts_with(&format!("the request writes up to {writes} rows, more than the 10 ")),
            "{told}"
        );
    }
    let skipped = format!(
        "mutation {{ a: createProfile(input: {{ name: \"a\" }}) {{ __typename }}
            b: createProfiles(input: {{ profiles: [{names}] }}) @skip(if: true) {{ __typename }} }}"
    );
    app.data(&skipped, json!({})).await;
    let nine = format!(
        "mutation {{ createProfiles(input: {{ profiles: [{}] }}) {{ __typename }} }}",
        "{ name: \"a\" } ".repeat(9)
    );
    app.data(&nine, json!({})).await;
    app.data("query ($i: [ID!]!) { nodes(ids: $i) { id } }", json!({ "i": ids(20) })).await;
}

#[tokio::test]
async fn more_statuses_than_are_counted_are_refused_with_their_number() {
    let app = TestApp::start().await;
    app.seed(251, 2).await;
    app.sql("UPDATE customer_profile SET status = 'same' WHERE profile_id = 2").await;
    let query = "query ($w: ProfileCustomerWhere) {
        profile(id: \"Profile:1\") { customers(first: 0, where: $w) { statusCounts { status count } } }
    }";
    let answer = app.graphql(query, json!({})).await;
    let error = &answer["errors"][0];
    assert_eq!(error["extensions"]["code"], "QUERY_TOO_COMPLEX", "{answer}");
    assert_eq!(error["path"], json!(["profile"]), "{answer}");
    assert_eq!(
        error["message"],
        "the edges of `Profile:1` have 251 statuses, more than the 250 that `statusCounts` counts; narrow them \
         down with `where`"
    );

    let (data, statements) = app.counted(query, json!({ "w": { "status": { "ne": "7-1" } } })).await;
    let counts = data["profile"]["customers"]["statusCounts"].as_array().unwrap();
    assert_eq!((counts.len(), statements), (250, 2));
    let statuses: Vec<_> = counts.iter().map(|count| count["status"].as_str().unwrap()).collect();
    assert!(statuses.is_sorted());

    // One of several.
    let all = "{ profiles { nodes { customers(first: 0) { statusCounts { status } } } } }";
    assert!(
        app.graphql(all, json!({})).await["errors"][0]["message"].as_str().unwrap().contains("Profile:1")
    );
    let others = "{ profiles(where: { id: { eq: \"Profile:2\" } }) {
        nodes { customers(first: 0) { statusCounts { status count } } }
    } }";
    let counts =
        app.data(others, json!({})).await["profiles"]["nodes"][0]["customers"]["statusCounts"].take();
    assert_eq!(counts, json!([{ "status": "same", "count": 251 }]));
}

#[tokio::test]
async fn the_entries_of_status_counts_have_a_price() {
    let app = TestApp::with(&["--max-cost", "10000"]).await;
    let counts = |first: usize| {
        format!(
            "{{ customers(first: {first}) {{ nodes {{ profiles {{ statusCounts {{ status count }} }} }} }} }}"
        )
    };
    app.data(&counts(10), json!({})).await;
    message(&app, &counts(20), json!({})).await;
}

#[tokio::test]
async fn so_many_nodes_may_be_detached_at_once_if_their_ids_are_not_asked_for() {
    let app = TestApp::start().await;
    app.seed(101, 1).await;
    app.sql("INSERT INTO customer (name) SELECT one.name FROM customer AS one, customer AS other LIMIT 9900")
        .await;
    app.sql(
        "INSERT INTO customer_profile (customer_id, profile_id, status)
         SELECT id, 1, 'new' FROM customer WHERE id > 101",
    )
    .await;
    let set = |detached: &str| {
        format!(
            "mutation {{ setCustomers(input: {{ profileId: \"Profile:1\", customers: [] }}) {{
                profile {{ customers {{ totalCount }} }} {detached}
            }} }}"
        )
    };
    let answer = app.graphql(&set("detachedCustomerIds"), json!({})).await;
    let error = &answer["errors"][0];
    assert_eq!(error["extensions"]["code"], "QUERY_TOO_COMPLEX", "{answer}");
    assert_eq!(
        error["message"],
        "10001 nodes would be detached, more than the 10000 whose IDs are answered; leave their IDs out of the \
         selection"
    );
    let data = app.data(&set(""), json!({})).await;
    assert_eq!(data["setCustomers"]["profile"]["customers"]["totalCount"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_with_many_edges_takes_no_memory_for_each() {
    const DOUBLINGS: usize = 18;
    const EDGES: usize = 1 << DOUBLINGS;
    let database = TestDatabase::create().await;
    let environment = [("LISTEN", "127.0.0.1:0"), ("LOG", "off"), ("DATABASE_URL", database.url.as_str())];
    let server = Server::of(program(&env::temp_dir(), &[], &environment)).await;
    let connection = database.connect().await;
    let double = "INSERT INTO customer (name) SELECT name FROM customer";
    let attach = "INSERT INTO customer_profile (customer_id, profile_id, status)
        SELECT id, 1, CONCAT('status ', id) FROM customer";
    let ends = ["INSERT INTO customer (name) VALUES ('c')", "INSERT INTO profile (name) VALUES ('p')"];
    for statement in ends.into_iter().chain([double; DOUBLINGS]).chain([attach]) {
        connection.execute_unprepared(&sql(statement)).await.unwrap();
    }
    let before = memory(server.id());
    let watch = Watch::start(&server);
    let client = client();
    for query in [
        "{ profile(id: \"Profile:1\") { customers(first: 0) { statusCounts { status count } } } }",
        "mutation { setCustomers(input: { profileId: \"Profile:1\", customers: [] }) { detachedCustomerIds } }",
    ] {
        let answer = post(&client, &server.url, query, json!({})).await.unwrap();
        let error = &answer["errors"][0];
        assert_eq!(error["extensions"]["code"], "QUERY_TOO_COMPLEX", "{answer}");
        assert!(error["message"].as_str().unwrap().contains(&EDGES.to_string()), "{answer}");
    }
    let seen = watch.end().await;
    let grown = seen.memory.saturating_sub(before) / (1024 * 1024);
    // The file is mapped, and counts as memory.
    assert!(grown < 128, "{grown} MiB more");
    assert!(seen.slowest.as_secs() < 1, "{seen:?}");
}
