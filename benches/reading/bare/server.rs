//! On PostgreSQL and MariaDB: a statement for the rows and one for the edges of all of them, without a
//! transaction.

use std::{collections::HashMap, error::Error};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    routing::{MethodRouter, post},
};
use sea_orm::{DatabaseConnection, DbBackend, DbErr, QueryResult, Value};
use serde::Serialize;

use super::{
    Count, Customer, CustomerField, CustomersField, Data, Edges, Input, Named, Node, Profile, ProfileField,
    ProfilesField, StatusNode, respond,
};
use crate::data::{self, rows};

type Result<T> = std::result::Result<T, DbErr>;

/// A path for each case.
pub async fn router(url: &str) -> std::result::Result<Router, Box<dyn Error>> {
    Ok(Router::new()
        .route("/point", answering(point))
        .route("/page", answering(page))
        .route("/page-by-name", answering(page_by_name))
        .route("/filtered", answering(filtered))
        .route("/filtered-few", answering(filtered))
        .route("/profiles", answering(profiles))
        .route("/count", answering(total_count))
        .route("/shared-count", answering(shared_count))
        .with_state(data::connect(url).await?))
}

fn answering<T, F>(read: fn(DatabaseConnection, Input) -> F) -> MethodRouter<DatabaseConnection>
where
    T: Serialize + 'static,
    F: Future<Output = Result<T>> + Send + 'static,
{
    post(async move |State(database): State<DatabaseConnection>, body: Bytes| {
        respond(answer(database, &body, read).await)
    })
}

async fn answer<T: Serialize, F: Future<Output = Result<T>>>(
    database: DatabaseConnection,
    body: &[u8],
    read: fn(DatabaseConnection, Input) -> F,
) -> std::result::Result<Vec<u8>, Box<dyn Error>> {
    let data = read(database, serde_json::from_slice(body)?).await?;
    Ok(serde_json::to_vec(&Data { data })?)
}

async fn point(database: DatabaseConnection, input: Input) -> Result<CustomerField<Option<Customer>>> {
    let sql = "SELECT id, name, phone_number FROM customer WHERE id = ?";
    Ok(CustomerField { customer: customers(&database, sql, [input.id.into()]).await?.pop() })
}

async fn page(database: DatabaseConnection, input: Input) -> Result<CustomersField<Edges<Node<Customer>>>> {
    let sql = "SELECT id, name, phone_number FROM customer WHERE id > ? ORDER BY id LIMIT 50";
    Ok(connection(customers(&database, sql, [input.after.into()]).await?))
}

async fn page_by_name(
    database: DatabaseConnection,
    Input { after_name, after, .. }: Input,
) -> Result<CustomersField<Edges<Node<Customer>>>> {
    let sql = "SELECT id, name, phone_number FROM customer WHERE name >= ? AND (name > ? OR id > ?) \
               ORDER BY name, id LIMIT 50";
    let values = [after_name.clone().into(), after_name.into(), after.into()];
    Ok(connection(customers(&database, sql, values).await?))
}

fn connection<T>(nodes: Vec<T>) -> CustomersField<Edges<Node<T>>> {
    CustomersField { customers: Edges { edges: nodes.into_iter().map(|node| Node { node }).collect() } }
}

async fn customers(
    database: &DatabaseConnection,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<Customer>> {
    let read = |row: &QueryResult| Ok((row.try_get_by_index(0)?, (text(row, 1)?, row.try_get_by_index(2)?)));
    let rows: Vec<(i64, (String, Option<String>))> = rows(database, sql, values, read).await?;
    let of_each = match database.get_database_backend() {
        DbBackend::Postgres => {
            "SELECT e.customer_id, e.status, p.id, p.name FROM unnest(CAST(? AS bigint[])) AS near \
             CROSS JOIN LATERAL (SELECT * FROM customer_profile WHERE customer_id = near \
             ORDER BY profile_id LIMIT 100) e JOIN profile p ON p.id = e.profile_id \
             ORDER BY e.customer_id, e.profile_id"
        }
        // It knows that nobody has more than a page of them.
        _ => {
            "SELECT e.customer_id, e.status, p.id, p.name \
             FROM JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT PATH '$')) near \
             STRAIGHT_JOIN customer_profile e ON e.customer_id = near.id \
             STRAIGHT_JOIN profile p ON p.id = e.profile_id ORDER BY e.customer_id, e.profile_id"
        }
    };
    let keys: Vec<i64> = rows.iter().map(|(key, _)| *key).collect();
    let mut edges = edges(database, of_each, [list(database, &keys)], "Profile").await?;
    let complete = |(key, (name, phone_number))| {
        let (id, edges) = (format!("Customer:{key}"), edges.remove(&key).unwrap_or_default());
        Customer { id, name, phone_number, profiles: Edges { edges } }
    };
    Ok(rows.into_iter().map(complete).collect())
}

/// Keys as one bound value.
fn list(database: &DatabaseConnection, keys: &[i64]) -> Value {
    let keys: Vec<String> = keys.iter().map(i64::to_string).collect();
    let keys = keys.join(",");
    match database.get_database_backend() {
        DbBackend::Postgres => format!("{{{keys}}}").into(),
        _ => format!("[{keys}]").into(),
    }
}

/// Edges by the keys of their near ends.
async fn edges(
    database: &DatabaseConnection,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
    ty: &str,
) -> Result<HashMap<i64, Vec<StatusNode>>> {
    let mut edges = HashMap::<i64, Vec<StatusNode>>::new();
    let read = |row: &QueryResult| {
        let id = format!("{ty}:{}", row.try_get_by_index::<i64>(2)?);
        let edge = StatusNode { status: text(row, 1)?, node: Named { id, name: text(row, 3)? } };
        Ok((row.try_get_by_index(0)?, edge))
    };
    for (near, edge) in rows(database, sql, values, read).await? {
        edges.entry(near).or_default().push(edge);
    }
    Ok(edges)
}

fn text(row: &QueryResult, index: usize) -> Result<String> {
    row.try_get_by_index(index)
}

async fn filtered(
    database: DatabaseConnection,
    Input { status, name, .. }: Input,
) -> Result<CustomersField<Edges<Node<Named>>>> {
    let sql = "SELECT c.id, c.name FROM customer c WHERE EXISTS (\
               SELECT 1 FROM customer_profile e JOIN profile p ON p.id = e.profile_id \
               WHERE e.customer_id = c.id AND e.status = ? AND p.name = ?) \
               ORDER BY c.name, c.id LIMIT 50";
    let read = |row: &QueryResult| {
        Ok(Named { id: format!("Customer:{}", row.try_get_by_index::<i64>(0)?), name: text(row, 1)? })
    };
    Ok(connection(rows(&database, sql, [status.into(), name.into()], read).await?))
}

async fn profiles(database: DatabaseConnection, _: Input) -> Result<ProfilesField<Edges<Node<Profile>>>> {
    let read = |row: &QueryResult| Ok((row.try_get_by_index(0)?, text(row, 1)?));
    let rows: Vec<(i64, String)> =
        rows(&database, "SELECT id, name FROM profile ORDER BY id LIMIT 20", [], read).await?;
    let mut edges =
        edges(&database, &first_three(rows.len()), rows.iter().map(|(key, _)| (*key).into()), "Customer")
            .await?;
    let complete = |(key, name)| {
        let (id, edges) = (format!("Profile:{key}"), edges.remove(&key).unwrap_or_default());
        Node { node: Profile { id, name, customers: Edges { edges } } }
    };
    Ok(ProfilesField { profiles: Edges { edges: rows.into_iter().map(complete).collect() } })
}

/// The first three edges of each of so many profiles.
fn first_three(profiles: usize) -> String {
    let of_one = "(SELECT e.profile_id, e.status, c.id, c.name FROM customer_profile e \
                  JOIN customer c ON c.id = e.customer_id WHERE e.profile_id = ? \
                  ORDER BY e.customer_id LIMIT 3)";
    vec![of_one; profiles].join(" UNION ALL ")
}

async fn total_count(database: DatabaseConnection, _: Input) -> Result<CustomersField<Count>> {
    Ok(CustomersField { customers: count(&database, "SELECT count(*) FROM customer").await? })
}

async fn shared_count(database: DatabaseConnection, _: Input) -> Result<ProfileField<CustomersField<Count>>> {
    let sql = "SELECT count(*) FROM customer_profile WHERE profile_id = 1";
    Ok(ProfileField { profile: CustomersField { customers: count(&database, sql).await? } })
}

async fn count(database: &DatabaseConnection, sql: &str) -> Result<Count> {
    let counts: Vec<i64> = rows(database, sql, [], |row| row.try_get_by_index(0)).await?;
    Ok(Count { total_count: counts.into_iter().sum() })
}
