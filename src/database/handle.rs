//! What a store's statements run on: a connection, for as long as one request has it.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use async_graphql::Value as AnswerValue;
use futures_util::TryStreamExt;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, Statement, StatementBuilder,
    sea_query::{DynIden, IntoIden, Value},
};

use tokio::task::coop::consume_budget;

use super::{Failure, Row, sqlite::Sqlite};
use crate::budget::Budget;

/// The first parameter of every function of a store. All statements of the server go through it.
#[derive(Clone)]
pub struct Db {
    connection: Connection,
    given_up: GivenUp,
    statements: Arc<AtomicU64>,
    /// What its request may spend; nobody's bound where it is no client's.
    budget: Option<Budget>,
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
        Db { connection, given_up: given_up.clone(), statements: statements.clone(), budget: None }
    }

    /// The same handle, for a request that spends of this budget, from its start.
    pub fn within(self, budget: &Budget) -> Self {
        budget.restart();
        Db { budget: Some(budget.clone()), ..self }
    }

    /// What its request may spend, if there is a bound.
    pub fn budget(&self) -> Option<&Budget> {
        self.budget.as_ref()
    }

    /// Spends bytes of the answer on the fields of an object. Fails where the request was given up.
    pub fn spend_object<'a>(
        &self,
        fields: impl Iterator<Item = (&'a str, &'a AnswerValue)>,
    ) -> Result<(), Failure> {
        if self.given_up.is_set() {
            return Err(Failure::GivenUp);
        }
        match &self.budget {
            Some(budget) => Ok(budget.spend_object(fields)?),
            None => Ok(()),
        }
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
        let read = |row: &mut Row<'_>| {
            let value = read(row)?;
            self.spend_row(row)?;
            Ok(value)
        };
        match &self.connection {
            Connection::Sqlite(connection) => connection.rows(&statement, read),
            Connection::Server(transaction) => {
                if self.backend() == DbBackend::MySql {
                    without_zones(&mut statement);
                }
                let rows = streamed(transaction, statement, read).await;
                // MariaDB has rolled back by then, and would keep what came after.
                if let Err(Failure::Lost) = rows {
                    self.given_up.set();
                }
                rows
            }
        }
    }

    fn spend_row(&self, row: &Row<'_>) -> Result<(), Failure> {
        if self.given_up.is_set() {
            return Err(Failure::GivenUp);
        }
        match &self.budget {
            Some(budget) => Ok(budget.spend_row(row.texts())?),
            None => Ok(()),
        }
    }
}

/// Reads rows as they arrive, so that they are refused before there are too many of them.
async fn streamed<R>(
    transaction: &DatabaseTransaction,
    statement: Statement,
    read: impl Fn(&mut Row<'_>) -> Result<R, Failure>,
) -> Result<Vec<R>, Failure> {
    let mut rows = sea_orm::StreamTrait::stream_raw(transaction, statement).await?;
    let mut found = Vec::new();
    while let Some(row) = rows.try_next().await? {
        found.push(read(&mut Row::of_server(&row))?);
        consume_budget().await;
    }
    Ok(found)
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
