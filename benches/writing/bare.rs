//! The floor: loops that write the same rows with prepared statements, a transaction for each request.

use std::{
    error::Error,
    time::{Duration, Instant},
};

use rusqlite::Connection;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, QueryResult, Statement,
    TransactionTrait,
};

use crate::Write;

/// A database past the server.
pub enum Bare {
    File(Connection),
    Server(DatabaseConnection),
}

impl Bare {
    /// The file, opened as the server opens its own.
    pub fn file(path: &str) -> rusqlite::Result<Self> {
        let connection = Connection::open(path)?;
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON",
        )?;
        Ok(Bare::File(connection))
    }

    /// How many requests a second this writes by itself.
    pub async fn run(&self, write: Write, time: Duration, next: &mut u64) -> Result<f64, Box<dyn Error>> {
        let (start, first) = (Instant::now(), *next);
        while start.elapsed() < time {
            match self {
                Bare::File(connection) => {
                    connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
                    write_to_file(connection, write, *next)?;
                    connection.prepare_cached("COMMIT")?.execute([])?;
                }
                Bare::Server(connection) => {
                    let transaction = connection.begin().await?;
                    write_to_server(&transaction, write, *next).await?;
                    transaction.commit().await?;
                }
            }
            *next += 1;
        }
        Ok((*next - first) as f64 / start.elapsed().as_secs_f64())
    }
}

const CUSTOMER: &str = "INSERT INTO customer (name) VALUES (?) RETURNING id";
const PROFILE: &str = "INSERT INTO profile (name) VALUES (?) RETURNING id";
const EDGE: &str = "INSERT INTO customer_profile (customer_id, profile_id, status) VALUES (?, ?, 'active')";
const ATTACH: &str = "INSERT INTO customer_profile (customer_id, profile_id, status) VALUES (1, 1, ?) \
                      ON CONFLICT (customer_id, profile_id) DO UPDATE SET status = excluded.status, \
                      version = customer_profile.version + 1";
const ATTACH_MARIADB: &str = "INSERT INTO customer_profile (customer_id, profile_id, status) VALUES (1, 1, ?) \
                              ON DUPLICATE KEY UPDATE status = VALUES(status), version = version + 1";

fn write_to_file(connection: &Connection, write: Write, number: u64) -> rusqlite::Result<()> {
    if write == Write::Attach {
        return connection.prepare_cached(ATTACH)?.execute([number.to_string()]).map(|_| ());
    }
    let key = |sql, name| connection.prepare_cached(sql)?.query_row([name], |row| row.get::<_, i64>(0));
    let customer = key(CUSTOMER, format!("Customer {number}"))?;
    for letter in ["a", "b", "c"] {
        let profile = key(PROFILE, format!("{number}{letter}"))?;
        connection.prepare_cached(EDGE)?.execute([customer, profile])?;
    }
    Ok(())
}

async fn write_to_server(transaction: &DatabaseTransaction, write: Write, number: u64) -> Result<(), DbErr> {
    let backend = transaction.get_database_backend();
    if write == Write::Attach {
        let sql = if backend == DbBackend::MySql { ATTACH_MARIADB } else { ATTACH };
        let attach =
            Statement::from_sql_and_values(backend, placed(backend, sql), [number.to_string().into()]);
        return transaction.execute_raw(attach).await.map(|_| ());
    }
    let key = async |sql, name: String| {
        let insert = Statement::from_sql_and_values(backend, placed(backend, sql), [name.into()]);
        let row = transaction.query_one_raw(insert).await?;
        let missing = || DbErr::RecordNotInserted;
        row.as_ref().ok_or_else(missing).and_then(|row: &QueryResult| row.try_get_by_index::<i64>(0))
    };
    let customer = key(CUSTOMER, format!("Customer {number}")).await?;
    for letter in ["a", "b", "c"] {
        let profile = key(PROFILE, format!("{number}{letter}")).await?;
        let keys = [customer.into(), profile.into()];
        transaction.execute_raw(Statement::from_sql_and_values(backend, placed(backend, EDGE), keys)).await?;
    }
    Ok(())
}

/// PostgreSQL's parameters have numbers.
fn placed(backend: DbBackend, sql: &str) -> String {
    match backend {
        DbBackend::Postgres => sql.replacen('?', "$1", 1).replacen('?', "$2", 1),
        _ => sql.to_owned(),
    }
}
