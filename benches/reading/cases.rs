//! What is asked: one query a case, and the values that it is asked with.

use fastrand::Rng;
use sea_orm::{DatabaseConnection, DbErr, QueryResult};
use serde_json::{Value, json};

use crate::data::rows;

/// A query, and where the bare handler answers it.
pub struct Case {
    pub name: &'static str,
    pub path: &'static str,
    pub query: &'static str,
    pub asking: Asking,
}

/// What a query is asked for, in turn.
pub enum Asking {
    Once,
    /// Any of the customers.
    Points,
    /// The page after the last row of the first nine tenths, by key.
    AfterKey,
    /// The same by name.
    AfterName,
    /// The profile that all have and a status that at least one association in ten has: of customers of any
    /// number the same part is found, and it fills a page of the fewest.
    Shared,
    /// As many customers of any number.
    Rare,
    /// A status that nobody has, of the profile that all have and of the rare one.
    Nobody,
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
        asking: Asking::Points,
    },
    Case { name: "50 customers, all profiles", path: "/page", query: PAGE, asking: Asking::Once },
    Case { name: "the same after row 90 %", path: "/page", query: PAGE, asking: Asking::AfterKey },
    Case {
        name: "the same by name",
        path: "/page-by-name",
        query: "query($after: String) { customers(first: 50, after: $after, orderBy: [{name: ASC}]) { \
                edges { node { id name phoneNumber \
                profiles(first: 100) { edges { status node { id name } } } } } } }",
        asking: Asking::AfterName,
    },
    Case { name: "50 by an edge, by name", path: "/filtered", query: BY_EDGE, asking: Asking::Shared },
    Case { name: "20 by an edge, by name", path: "/filtered-few", query: BY_EDGE, asking: Asking::Rare },
    Case { name: "none by an edge, by name", path: "/filtered-few", query: BY_EDGE, asking: Asking::Nobody },
    Case {
        name: "20 profiles, 3 customers each",
        path: "/profiles",
        query: "{ profiles(first: 20) { edges { node { id name \
                customers(first: 3) { edges { status node { id name } } } } } } }",
        asking: Asking::Once,
    },
    Case {
        name: "count of customers",
        path: "/count",
        query: "{ customers { totalCount } }",
        asking: Asking::Once,
    },
    Case {
        name: "count of the shared profile",
        path: "/shared-count",
        query: r#"{ profile(id: "Profile:1") { customers { totalCount } } }"#,
        asking: Asking::Once,
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

impl Asking {
    /// The questions, given the database and its number of customers.
    pub async fn asked(&self, database: &DatabaseConnection, customers: u32) -> Result<Vec<Asked>, DbErr> {
        let last = u64::from(customers) * 9 / 10 - 1;
        Ok(match self {
            Asking::Once => vec![Asked { variables: json!({}), bare: json!({}), cursor: None }],
            Asking::Points => points(database).await?,
            Asking::AfterKey => after(database, "id", last, CURSOR).await?,
            Asking::AfterName => after(database, "name, id", last, CURSOR_BY_NAME).await?,
            Asking::Shared => {
                let name = name_of_shared(database).await?;
                ["active", "paused", "invited"].map(|status| by_edge(status, &name)).into()
            }
            Asking::Rare => vec![by_edge("active", "Rare")],
            Asking::Nobody => {
                vec![by_edge("unheard of", &name_of_shared(database).await?), by_edge("unheard of", "Rare")]
            }
        })
    }
}

async fn points(database: &DatabaseConnection) -> Result<Vec<Asked>, DbErr> {
    let keys: Vec<i64> = rows(database, "SELECT id FROM customer", [], |row| row.try_get_by_index(0)).await?;
    let mut random = Rng::with_seed(1);
    let mut point = || {
        let key = keys[random.usize(..keys.len())];
        Asked { variables: json!({ "id": customer(key) }), bare: json!({ "id": key }), cursor: None }
    };
    Ok((0..1_000).map(|_| point()).collect())
}

/// The page after the row that so many come before.
async fn after(
    database: &DatabaseConnection,
    order: &str,
    before: u64,
    cursor: &'static str,
) -> Result<Vec<Asked>, DbErr> {
    let sql = format!("SELECT id, name FROM customer ORDER BY {order} LIMIT 1 OFFSET {before}");
    let read = |row: &QueryResult| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?));
    let rows: Vec<(i64, String)> = rows(database, &sql, [], read).await?;
    let asked = |(key, name)| {
        let cursor = Some((cursor, json!({ "id": customer(key) })));
        Asked { variables: json!({}), bare: json!({ "after": key, "after_name": name }), cursor }
    };
    Ok(rows.into_iter().map(asked).collect())
}

async fn name_of_shared(database: &DatabaseConnection) -> Result<String, DbErr> {
    let sql = "SELECT name FROM profile WHERE id = 1";
    let names: Vec<String> = rows(database, sql, [], |row| row.try_get_by_index(0)).await?;
    Ok(names.concat())
}

fn by_edge(status: &str, name: &str) -> Asked {
    let variables = json!({ "status": status, "name": name });
    Asked { bare: variables.clone(), variables, cursor: None }
}

fn customer(key: i64) -> String {
    format!("Customer:{key}")
}
