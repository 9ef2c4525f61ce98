//! What a store's statements run on: a connection, for as long as one request has it.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, Statement, StatementBuilder,
    sea_query::{DynIden, IntoIden, Value},
};

use super::{Failure, Row, sqlite::Sqlite};

/// The first parameter of every function of a store. All statements of the server go through it.
#[derive(Clone)]
pub struct Db {
    connection: Connection,
    given_up: GivenUp,
    statements: Arc<AtomicU64>,
}

/// The connection of one request.
#[derive(Clone)]
pub(super) enum Connection {
    Sqlite(Sqlite),
    Server(Arc<DatabaseTransaction>),
}

impl Db {
    /// The handle of one request. Its statements add to the count of all `statements`.
    pub(super) fn new(connection: Connection, given_up: &GivenUp, statements: &Arc<AtomicU64>) -> Self {
        Db { connection, given_up: given_up.clone(), statements: statements.clone() }
    }

    /// Whose statements it runs.
    pub fn backend(&self) -> DbBackend {
        match &self.connection {
            Connection::Sqlite(_) => DbBackend::Sqlite,
            Connection::Server(transaction) => transaction.get_database_backend(),
        }
    }

    /// Runs a statement that returns nothing.
    pub async fn execute(&self, statement: &impl StatementBuilder) -> Result<(), Failure> {
        self.rows(statement, |_| Ok(())).await.map(|_| ())
    }

    /// Every row that the statement returns, each read by `read`, column after column.
    pub async fn rows<R>(
        &self,
        statement: &impl StatementBuilder,
        read: impl Fn(&mut Row<'_>) -> Result<R, Failure>,
    ) -> Result<Vec<R>, Failure> {
        self.run(self.backend().build(statement), read).await
    }

    /// These columns of every row that the statement writes or deletes.
    ///
    /// SeaORM leaves RETURNING out for MariaDB, which has it for both since 10.5.
    pub async fn written<R>(
        &self,
        statement: &impl StatementBuilder,
        columns: impl IntoIterator<Item = impl IntoIden>,
        read: impl Fn(&mut Row<'_>) -> Result<R, Failure>,
    ) -> Result<Vec<R>, Failure> {
        let mut statement = self.backend().build(statement);
        let quote = if self.backend() == DbBackend::MySql { '`' } else { '"' };
        let quoted = |column: DynIden| format!("{quote}{}{quote}", column.inner());
        let columns: Vec<_> = columns.into_iter().map(|column| quoted(column.into_iden())).collect();
        statement.sql += &format!(" RETURNING {}", columns.join(", "));
        self.run(statement, read).await
    }

    async fn run<R>(
        &self,
        mut statement: Statement,
        read: impl Fn(&mut Row<'_>) -> Result<R, Failure>,
    ) -> Result<Vec<R>, Failure> {
        if self.given_up.is_set() {
            return Err(Failure::GivenUp);
        }
        self.statements.fetch_add(1, Ordering::Relaxed);
        // Without its values, which are nobody's business.
        tracing::debug!(sql = statement.sql, "statement");
        match &self.connection {
            Connection::Sqlite(connection) => connection.rows(&statement, read),
            Connection::Server(transaction) => {
                if self.backend() == DbBackend::MySql {
                    without_zones(&mut statement);
                }
                let rows = transaction.query_all_raw(statement).await.map_err(Failure::from);
                // MariaDB has rolled back by then, and would keep what came after.
                if let Err(Failure::Lost) = rows {
                    self.given_up.set();
                }
                rows?.iter().map(|row| read(&mut Row::of_server(row))).collect()
            }
        }
    }
}

/// MariaDB compares moments with a zone as its type TIMESTAMP, which ends in 2038; its columns have none.
fn without_zones(statement: &mut Statement) {
    for value in statement.values.iter_mut().flat_map(|values| &mut values.0) {
        if let Value::ChronoDateTimeUtc(moment) = value {
            *value = Value::ChronoDateTime(moment.map(|moment| moment.naive_utc()));
        }
    }
}

/// Whether a request has been given up.
#[derive(Clone, Default)]
pub struct GivenUp(Arc<AtomicBool>);

impl GivenUp {
    pub fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Kept by whoever waits for a request, which is given up when this is dropped.
#[derive(Default)]
pub struct Awaited(GivenUp);

impl Awaited {
    /// What the request looks at.
    pub fn given_up(&self) -> GivenUp {
        self.0.clone()
    }
}

impl Drop for Awaited {
    fn drop(&mut self) {
        self.0.set();
    }
}
