//! What is asked: one query a case, and the values that it is asked with.

use fastrand::Rng;
use rusqlite::{Connection, Result};
use serde_json::{Value, json};

/// A query, and where the bare handler answers it.
pub struct Case {
    pub name: &'static str,
    pub path: &'static str,
    pub query: &'static str,
    /// The values it is asked with, one after the other; given the database and its number of customers.
    pub asked: fn(&Connection, u32) -> Result<Vec<Asked>>,
}

/// The same question in both forms: the variables of the query, and what the bare handler reads.
#[derive(Default)]
pub struct Asked {
    pub variables: Value,
    pub bare: Value,
    /// The query that gives the cursor for `after`, and its variables.
    pub cursor: Option<(&'static str, Value)>,
}

pub const CASES: [Case; 10] = [
    Case {
        name: "one customer, all profiles",
        path: "/point",
        query: "query($id: ID!) { customer(id: $id) { id name phoneNumber \
                profiles(first: 100) { edges { status node { id name } } } } }",
        asked: points,
    },
    Case { name: "50 customers, all profiles", path: "/page", query: PAGE, asked: once },
    Case { name: "the same after row 90 %", path: "/page", query: PAGE, asked: after_key },
    Case {
        name: "the same by name",
        path: "/page-by-name",
        query: "query($after: String) { customers(first: 50, after: $after, orderBy: [{name: ASC}]) { \
                edges { node { id name phoneNumber \
                profiles(first: 100) { edges { status node { id name } } } } } } }",
        asked: after_name,
    },
    Case { name: "50 by an edge, by name", path: "/filtered", query: BY_EDGE, asked: shared },
    Case { name: "20 by an edge, by name", path: "/filtered-few", query: BY_EDGE, asked: rare },
    Case { name: "none by an edge, by name", path: "/filtered-few", query: BY_EDGE, asked: nobody },
    Case {
        name: "20 profiles, 3 customers each",
        path: "/profiles",
        query: "{ profiles(first: 20) { edges { node { id name \
                customers(first: 3) { edges { status node { id name } } } } } } }",
        asked: once,
    },
    Case { name: "count of customers", path: "/count", query: "{ customers { totalCount } }", asked: once },
    Case {
        name: "count of the shared profile",
        path: "/shared-count",
        query: r#"{ profile(id: "Profile:1") { customers { totalCount } } }"#,
        asked: once,
    },
];

const PAGE: &str = "query($after: String) { customers(first: 50, after: $after) { edges { node { \
                    id name phoneNumber profiles(first: 100) { edges { status node { id name } } } } } } }";

const BY_EDGE: &str = "query($status: String!, $name: String!) { customers(first: 50, orderBy: [{name: ASC}], \
                       where: {profiles: {some: {status: {eq: $status}, node: {name: {eq: $name}}}}}) { \
                       edges { node { id name } } } }";

const CURSOR: &str = "query($id: ID!) { customers(where: {id: {eq: $id}}) { pageInfo { endCursor } } }";

const CURSOR_BY_NAME: &str = "query($id: ID!) { customers(where: {id: {eq: $id}}, orderBy: [{name: ASC}]) { \
                              pageInfo { endCursor } } }";

fn once(_: &Connection, _: u32) -> Result<Vec<Asked>> {
    Ok(vec![Asked { variables: json!({}), bare: json!({}), cursor: None }])
}

fn points(_: &Connection, customers: u32) -> Result<Vec<Asked>> {
    let mut random = Rng::with_seed(1);
    let mut point = || {
        let key = random.u32(1..=customers);
        Asked { variables: json!({ "id": customer(key.into()) }), bare: json!({ "id": key }), cursor: None }
    };
    Ok((0..1_000).map(|_| point()).collect())
}

fn after_key(database: &Connection, customers: u32) -> Result<Vec<Asked>> {
    let sql = "SELECT id, '' FROM customer ORDER BY id LIMIT 1 OFFSET ?";
    after(database, sql, customers, CURSOR)
}

fn after_name(database: &Connection, customers: u32) -> Result<Vec<Asked>> {
    let sql = "SELECT id, name FROM customer ORDER BY name, id LIMIT 1 OFFSET ?";
    after(database, sql, customers, CURSOR_BY_NAME)
}

/// The page after the last row of the first nine tenths.
fn after(database: &Connection, sql: &str, customers: u32, cursor: &'static str) -> Result<Vec<Asked>> {
    let last = u64::from(customers) * 9 / 10 - 1;
    let (key, name): (i64, String) =
        database.query_row(sql, [last as i64], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let bare = json!({ "after": key, "after_name": name });
    let cursor = Some((cursor, json!({ "id": customer(key) })));
    Ok(vec![Asked { variables: json!({}), bare, cursor }])
}

/// The profile that all have and a status that at least one association in ten has: of customers of any
/// number the same part is found, and it fills a page of the fewest.
fn shared(database: &Connection, _: u32) -> Result<Vec<Asked>> {
    let name = name_of_shared(database)?;
    Ok(["active", "paused", "invited"].map(|status| by_edge(status, &name)).into())
}

/// As many customers of any number.
fn rare(_: &Connection, _: u32) -> Result<Vec<Asked>> {
    Ok(vec![by_edge("active", "Rare")])
}

/// A status that nobody has, of the profile that all have and of the rare one.
fn nobody(database: &Connection, _: u32) -> Result<Vec<Asked>> {
    Ok(vec![by_edge("unheard of", &name_of_shared(database)?), by_edge("unheard of", "Rare")])
}

fn name_of_shared(database: &Connection) -> Result<String> {
    database.query_row("SELECT name FROM profile WHERE id = 1", [], |row| row.get(0))
}

fn by_edge(status: &str, name: &str) -> Asked {
    let variables = json!({ "status": status, "name": name });
    Asked { bare: variables.clone(), variables, cursor: None }
}

fn customer(key: i64) -> String {
    format!("Customer:{key}")
}
