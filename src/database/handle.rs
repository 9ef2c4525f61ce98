//! What a store's statements run on: a connection, for as long as one request has it.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use rusqlite::Statement;
use sea_orm::{
    DbBackend, DbErr, StatementBuilder,
    sea_query::{Value, Values},
};

use super::{Failure, Row, sqlite::Sqlite};

/// The first parameter of every function of a store. All statements of the server go through it.
#[derive(Clone)]
pub struct Db {
    connection: Sqlite,
    given_up: GivenUp,
    statements: Arc<AtomicU64>,
}

impl Db {
    /// The handle of one request. Its statements add to the count of all `statements`.
    pub(super) fn new(connection: &Sqlite, given_up: &GivenUp, statements: &Arc<AtomicU64>) -> Self {
        Db { connection: connection.clone(), given_up: given_up.clone(), statements: statements.clone() }
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
        if self.given_up.is_set() {
            return Err(Failure::GivenUp);
        }
        self.statements.fetch_add(1, Ordering::Relaxed);
        let statement = DbBackend::Sqlite.build(statement);
        // Without its values, which are nobody's business.
        tracing::debug!(sql = statement.sql, "statement");
        let connection = self.connection.lock();
        let mut prepared = connection.prepare_cached(&statement.sql)?;
        bind(&mut prepared, &statement.values)?;
        let (mut found, mut rows) = (prepared.raw_query(), Vec::new());
        while let Some(row) = found.next()? {
            rows.push(read(&mut Row::new(row))?);
        }
        Ok(rows)
    }
}

fn bind(prepared: &mut Statement<'_>, values: &Option<Values>) -> Result<(), Failure> {
    let values = values.iter().flat_map(|values| &values.0);
    for (index, value) in (1..).zip(values) {
        match value {
            Value::Int(number) => prepared.raw_bind_parameter(index, number)?,
            Value::BigInt(number) => prepared.raw_bind_parameter(index, number)?,
            // A LIMIT, which is small.
            Value::BigUnsigned(number) => {
                prepared.raw_bind_parameter(index, number.map(u64::cast_signed))?;
            }
            Value::String(text) => prepared.raw_bind_parameter(index, text)?,
            other => return Err(DbErr::Type(format!("no statement binds {other:?}")).into()),
        }
    }
    Ok(())
}

/// Whether a request has been given up.
#[derive(Clone, Default)]
pub struct GivenUp(Arc<AtomicBool>);

impl GivenUp {
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
        self.0.0.store(true, Ordering::Relaxed);
    }
}
