//! What a store's statements run on: the readers, or the request's transaction.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, StatementBuilder};

use super::Row;

/// The first parameter of every function of a store. All statements of the server go through it.
#[derive(Clone)]
pub struct Db {
    connection: Connection,
    statements: Arc<AtomicU64>,
}

#[derive(Clone)]
enum Connection {
    Pool(DatabaseConnection),
    Transaction(Arc<DatabaseTransaction>),
}

impl Db {
    pub(super) fn pool(pool: DatabaseConnection, statements: Arc<AtomicU64>) -> Self {
        Db { connection: Connection::Pool(pool), statements }
    }

    pub(super) fn transaction(transaction: Arc<DatabaseTransaction>, statements: Arc<AtomicU64>) -> Self {
        Db { connection: Connection::Transaction(transaction), statements }
    }

    /// Runs a statement that returns nothing.
    pub async fn execute(&self, statement: &impl StatementBuilder) -> Result<(), DbErr> {
        self.rows(statement, |_| Ok(())).await.map(|_| ())
    }

    /// Every row that the statement returns, each read by `read`, column after column.
    pub async fn rows<R>(
        &self,
        statement: &impl StatementBuilder,
        read: impl Fn(&mut Row<'_>) -> Result<R, DbErr>,
    ) -> Result<Vec<R>, DbErr> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        let statement = DbBackend::Sqlite.build(statement);
        // Without its values, which are nobody's business.
        tracing::debug!(sql = statement.sql, "statement");
        let rows = match &self.connection {
            Connection::Pool(pool) => pool.query_all_raw(statement).await?,
            Connection::Transaction(transaction) => transaction.query_all_raw(statement).await?,
        };
        rows.iter().map(|row| read(&mut Row::new(row))).collect()
    }
}
