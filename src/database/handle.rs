//! What a store's statements run on: a connection, for as long as one request has it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU8, AtomicU64, Ordering},
    },
    time::Instant,
};

use async_graphql::Value as AnswerValue;
use futures_util::TryStreamExt;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, Statement, StatementBuilder,
    sea_query::{DynIden, IntoIden, Value},
};

use tokio::task::coop::consume_budget;

use super::{Failure, Row, size, sqlite::Sqlite};
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
    /// With how many bytes a statement may have, and its values.
    Server(Arc<DatabaseTransaction>, usize),
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
            Connection::Server(transaction, _) => transaction.get_database_backend(),
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
            Connection::Server(transaction, max) => {
                size::check(&statement, *max)?;
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

/// Whether a request has been given up. Whoever runs it and whoever waits for it see that alike: of giving it up and
/// settling it, what comes first is what counts.
#[derive(Clone, Default)]
pub struct GivenUp {
    stage: Arc<AtomicU8>,
    until: Option<Instant>,
}

const RUNNING: u8 = 0;
const SETTLED: u8 = 1;
const GIVEN_UP: u8 = 2;

impl GivenUp {
    /// The same request, whose statements fail from that moment on.
    pub fn at(&self, moment: Instant) -> Self {
        GivenUp { stage: self.stage.clone(), until: Some(moment) }
    }

    /// Gives the request up unless it has been settled, and returns whether it is given up: then nothing of it is
    /// kept.
    pub fn set(&self) -> bool {
        self.advance(GIVEN_UP)
    }

    /// Settles the request unless it has been given up, and returns whether it is settled: then the end of its
    /// transaction says what is kept.
    pub fn settle(&self) -> bool {
        self.advance(SETTLED)
    }

    fn advance(&self, stage: u8) -> bool {
        let before = self.stage.compare_exchange(RUNNING, stage, Ordering::AcqRel, Ordering::Acquire);
        before.is_ok() || before == Err(stage)
    }

    pub fn is_set(&self) -> bool {
        self.stage.load(Ordering::Acquire) == GIVEN_UP
            || self.until.is_some_and(|moment| Instant::now() >= moment)
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_was_settled_is_not_given_up_and_what_was_given_up_is_not_settled() {
        let (settled, given_up) = (GivenUp::default(), GivenUp::default());
        assert!(settled.settle() && !settled.set() && settled.settle());
        assert!(given_up.set() && !given_up.settle() && given_up.set());
        assert_eq!((settled.is_set(), given_up.is_set()), (false, true));
    }

    #[test]
    fn a_request_is_given_up_when_its_time_is_over_and_settled_all_the_same() {
        let request = GivenUp::default();
        assert!(request.at(Instant::now()).is_set());
        assert!(!request.at(Instant::now() + Duration::from_secs(60)).is_set());
        assert!(!request.is_set() && request.settle());
    }
}
