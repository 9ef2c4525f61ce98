//! PostgreSQL and MariaDB: pools of connections, and a transaction for each request.

mod connect;
mod version;

use std::{
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};

use sea_orm::{DatabaseConnection, DatabaseTransaction, TransactionTrait};
use tokio::time::timeout;

use super::{
    Db, Failure, OpenError, Outcome, Url,
    handle::{Connection, GivenUp},
};
use crate::config;

pub use connect::{Use, connect};

/// A pool whose connections read and one whose connections write, so that neither waits for the other.
pub struct Server {
    reads: DatabaseConnection,
    writes: DatabaseConnection,
    /// How long a request waits for its transaction to begin.
    patience: Duration,
}

impl Server {
    /// Connects to the server at `url`, and to the one to read from if it is another one.
    ///
    /// Fails where there is none, and on one that is too old or another product.
    pub async fn open(url: &Url, settings: &config::Database) -> Result<Self, OpenError> {
        let replica = settings.read_url.as_deref().map(Url::parse).transpose()?;
        let read_url = replica.as_ref().unwrap_or(url);
        if read_url.backend() != url.backend() {
            return Err(OpenError::Url("the database to read from must be of the same kind"));
        }
        let reads = connect(read_url, settings, Use::Read).await?;
        version::check(&reads).await?;
        let writes = connect(url, settings, Use::Write).await?;
        version::check(&writes).await?;
        Ok(Server { reads, writes, patience: Duration::from_secs(settings.acquire_seconds) })
    }

    /// Runs `read` in a transaction whose statements all see the same state.
    pub async fn read<T>(
        &self,
        statements: &Arc<AtomicU64>,
        read: impl AsyncFnOnce(Db) -> T,
    ) -> Result<T, Failure> {
        let transaction = Arc::new(self.begin(&self.reads).await?);
        // Nobody waits for the end of a transaction that only read: it is rolled back when it is dropped.
        Ok(read(handle(&transaction, statements)).await)
    }

    /// Runs `write` in a transaction: all of it is kept, or nothing is.
    pub async fn write<T>(
        &self,
        statements: &Arc<AtomicU64>,
        write: impl AsyncFnOnce(Db) -> Outcome<T>,
    ) -> Result<T, Failure> {
        let transaction = Arc::new(self.begin(&self.writes).await?);
        let outcome = write(handle(&transaction, statements)).await;
        let transaction = Arc::into_inner(transaction).ok_or(Failure::GivenUp)?;
        match outcome {
            Outcome::Keep(answer) => {
                transaction.commit().await.map_err(|error| Failure::from(error).at_commit())?;
                Ok(answer)
            }
            Outcome::Undo(answer) => {
                // Where that fails, the connection is gone and everything is undone.
                let _ = transaction.rollback().await;
                Ok(answer)
            }
        }
    }

    /// Begins a transaction, on a connection that may have fallen silent since it was used.
    async fn begin(&self, pool: &DatabaseConnection) -> Result<DatabaseTransaction, Failure> {
        let begun = timeout(self.patience, pool.begin()).await;
        Ok(begun.map_err(|_| Failure::Exhausted)??)
    }

    /// Closes every connection, once what runs on it has ended, as far as the servers say so in time.
    pub async fn close(&self) {
        tokio::join!(self.close_pool(&self.reads), self.close_pool(&self.writes));
    }

    async fn close_pool(&self, pool: &DatabaseConnection) {
        match timeout(self.patience, pool.clone().close()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "connections cannot be closed"),
            Err(_) => tracing::warn!("connections were not closed in time"),
        }
    }
}

/// A request that is given up is dropped, and its transaction with it.
fn handle(transaction: &Arc<DatabaseTransaction>, statements: &Arc<AtomicU64>) -> Db {
    Db::new(Connection::Server(transaction.clone()), &GivenUp::default(), statements)
}
