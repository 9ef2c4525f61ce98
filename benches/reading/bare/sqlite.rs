//! On SQLite: with rusqlite, on one connection.

use std::{
    error::Error,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    routing::{MethodRouter, post},
};
use rusqlite::{Connection, OpenFlags, Params, Result, Row, config::DbConfig, params};
use serde::Serialize;

use super::{
    Count, Customer, CustomerField, CustomersField, Data, Edges, Input, Named, Node, Profile, ProfileField,
    ProfilesField, StatusNode, respond,
};

type Database = Arc<Mutex<Connection>>;

/// A path for each case.
pub fn router(file: &Path) -> Result<Router> {
    let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.execute_batch("PRAGMA cache_size = -65536; PRAGMA mmap_size = 268435456")?;
    // As the server has it: a statement with a bound LIMIT stays compiled.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(Router::new()
        .route("/point", answering(point))
        .route("/page", answering(page))
        .route("/page-by-name", answering(page_by_name))
        .route("/filtered", answering(filtered))
        .route("/filtered-few", answering(filtered_few))
        .route("/profiles", answering(profiles))
        .route("/count", answering(total_count))
        .route("/shared-count", answering(shared_count))
        .with_state(Arc::new(Mutex::new(connection))))
}

fn answering<T: Serialize + 'static>(read: fn(&Connection, &Input) -> Result<T>) -> MethodRouter<Database> {
    post(async move |State(database): State<Database>, body: Bytes| respond(answer(&database, &body, read)))
}

fn answer<T: Serialize>(
    database: &Database,
    body: &[u8],
    read: fn(&Connection, &Input) -> Result<T>,
) -> std::result::Result<Vec<u8>, Box<dyn Error>> {
    let input = serde_json::from_slice(body)?;
    let data = read(&database.lock().unwrap_or_else(PoisonError::into_inner), &input)?;
    Ok(serde_json::to_vec(&Data { data })?)
}

fn rows<T>(
    database: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnMut(&Row<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    database.prepare_cached(sql)?.query_map(params, read)?.collect()
}

fn point(database: &Connection, input: &Input) -> Result<CustomerField<Option<Customer>>> {
    let sql = "SELECT id, name, phone_number FROM customer WHERE id = ?";
    Ok(CustomerField { customer: rows(database, sql, [input.id], |row| customer(database, row))?.pop() })
}

fn page(database: &Connection, input: &Input) -> Result<CustomersField<Edges<Node<Customer>>>> {
    let sql = "SELECT id, name, phone_number FROM customer WHERE id > ? ORDER BY id LIMIT 50";
    customers(database, sql, [input.after])
}

fn page_by_name(database: &Connection, input: &Input) -> Result<CustomersField<Edges<Node<Customer>>>> {
    let sql = "SELECT id, name, phone_number FROM customer WHERE (name, id) > (?, ?) \
               ORDER BY name, id LIMIT 50";
    customers(database, sql, params![input.after_name, input.after])
}

fn customers(
    database: &Connection,
    sql: &str,
    params: impl Params,
) -> Result<CustomersField<Edges<Node<Customer>>>> {
    let edges = rows(database, sql, params, |row| Ok(Node { node: customer(database, row)? }))?;
    Ok(CustomersField { customers: Edges { edges } })
}

fn customer(database: &Connection, row: &Row<'_>) -> Result<Customer> {
    let key: i64 = row.get(0)?;
    let sql = "SELECT e.status, p.id, p.name FROM customer_profile e JOIN profile p ON p.id = e.profile_id \
               WHERE e.customer_id = ? ORDER BY e.profile_id LIMIT 100";
    let edges = rows(database, sql, [key], |row| edge("Profile", row))?;
    Ok(Customer {
        id: format!("Customer:{key}"),
        name: row.get(1)?,
        phone_number: row.get(2)?,
        profiles: Edges { edges },
    })
}

fn edge(ty: &str, row: &Row<'_>) -> Result<StatusNode> {
    let key: i64 = row.get(1)?;
    Ok(StatusNode { status: row.get(0)?, node: Named { id: format!("{ty}:{key}"), name: row.get(2)? } })
}

fn filtered(database: &Connection, input: &Input) -> Result<CustomersField<Edges<Node<Named>>>> {
    let sql = "SELECT c.id, c.name FROM customer c WHERE EXISTS (\
               SELECT 1 FROM customer_profile e JOIN profile p ON p.id = e.profile_id \
               WHERE e.customer_id = c.id AND e.status = ? AND p.name = ?) \
               ORDER BY c.name, c.id LIMIT 50";
    named(database, sql, input)
}

/// The same for who knows that few have the profile.
fn filtered_few(database: &Connection, input: &Input) -> Result<CustomersField<Edges<Node<Named>>>> {
    let sql = "SELECT c.id, c.name FROM profile p CROSS JOIN customer_profile e CROSS JOIN customer c \
               WHERE e.profile_id = p.id AND c.id = e.customer_id AND e.status = ? AND p.name = ? \
               ORDER BY c.name, c.id LIMIT 50";
    named(database, sql, input)
}

fn named(database: &Connection, sql: &str, input: &Input) -> Result<CustomersField<Edges<Node<Named>>>> {
    let edges = rows(database, sql, [&input.status, &input.name], |row| {
        let id = format!("Customer:{}", row.get::<_, i64>(0)?);
        Ok(Node { node: Named { id, name: row.get(1)? } })
    })?;
    Ok(CustomersField { customers: Edges { edges } })
}

fn profiles(database: &Connection, _: &Input) -> Result<ProfilesField<Edges<Node<Profile>>>> {
    let nested = "SELECT e.status, c.id, c.name FROM customer_profile e JOIN customer c ON c.id = e.customer_id \
                  WHERE e.profile_id = ? ORDER BY e.customer_id LIMIT 3";
    let edges = rows(database, "SELECT id, name FROM profile ORDER BY id LIMIT 20", [], |row| {
        let key: i64 = row.get(0)?;
        let edges = rows(database, nested, [key], |row| edge("Customer", row))?;
        let (id, name) = (format!("Profile:{key}"), row.get(1)?);
        Ok(Node { node: Profile { id, name, customers: Edges { edges } } })
    })?;
    Ok(ProfilesField { profiles: Edges { edges } })
}

fn total_count(database: &Connection, _: &Input) -> Result<CustomersField<Count>> {
    Ok(CustomersField { customers: count(database, "SELECT count(*) FROM customer")? })
}

fn shared_count(database: &Connection, _: &Input) -> Result<ProfileField<CustomersField<Count>>> {
    let count = count(database, "SELECT count(*) FROM customer_profile WHERE profile_id = 1")?;
    Ok(ProfileField { profile: CustomersField { customers: count } })
}

fn count(database: &Connection, sql: &str) -> Result<Count> {
    let total_count = database.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    Ok(Count { total_count })
}
