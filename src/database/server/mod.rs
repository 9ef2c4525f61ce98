//! PostgreSQL and MariaDB: pools of connections, and a transaction for each request.

mod connect;
mod inquiry;
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
    without_password,
};
use crate::config;

use self::inquiry::Inquiry;
pub use connect::{Use, connect};

/// A pool whose connections read and one whose connections write, so that neither waits for the other.
pub struct Server {
    reads: DatabaseConnection,
    writes: DatabaseConnection,
    /// Of the server to read from, and of the one to write to.
    inquiries: [Inquiry; 2],
    /// How long a request waits for its transaction to begin.
    patience: Duration,
}

impl Server {
    /// Connects to the server at `url`, and to the one to read from if it is another one.
    ///
    /// Fails where there is none, and on one that is too old or another product.
    pub async fn open(url: &Url, settings: &config::Database) -> Result<Self, OpenError> {
        let replica = settings.read_url.as_deref().map(parse_replica).transpose()?;
        let read_url = replica.as_ref().unwrap_or(url);
        if read_url.backend() != url.backend() {
            return Err(OpenError::Url("the database to read from must be of the same kind"));
        }
        let patience = Duration::from_secs(settings.acquire_seconds);
        let inquiries = [Inquiry::new(read_url, patience)?, Inquiry::new(url, patience)?];
        let reads = open(read_url, settings, Use::Read).await;
        let reads = reads.map_err(|error| match &replica {
            Some(replica) => OpenError::Replica(replica.to_string(), Box::new(error)),
            None => error,
        })?;
        let writes = open(url, settings, Use::Write).await?;
        Ok(Server { reads, writes, inquiries, patience })
    }

    /// Runs `read` in a transaction whose statements all see the same state.
    pub async fn read<T>(
        &self,
        statements: &Arc<AtomicU64>,
        read: impl AsyncFnOnce(Db) -> T,
    ) -> Result<T, Failure> {
        let transaction = Arc::new(self.begin(Use::Read).await?);
        // Nobody waits for the end of a transaction that only read: it is rolled back when it is dropped.
        Ok(read(handle(&transaction, statements)).await)
    }

    /// Runs `write` in a transaction: all of it is kept, or nothing is.
    pub async fn write<T>(
        &self,
        statements: &Arc<AtomicU64>,
        write: impl AsyncFnOnce(Db) -> Outcome<T>,
    ) -> Result<T, Failure> {
        let transaction = Arc::new(self.begin(Use::Write).await?);
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
    async fn begin(&self, purpose: Use) -> Result<DatabaseTransaction, Failure> {
        let [of_reads, of_writes] = &self.inquiries;
        let (pool, inquiry) = match purpose {
            Use::Read => (&self.reads, of_reads),
            _ => (&self.writes, of_writes),
        };
        let begun = timeout(self.patience, pool.begin()).await;
        let begun = begun.map_or(Err(Failure::Exhausted), |begun| Ok(begun?));
        if let Err(Failure::Exhausted) = begun {
            inquiry.begin();
        }
        begun
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

/// Connects to a server that is served by.
async fn open(url: &Url, settings: &config::Database, purpose: Use) -> Result<DatabaseConnection, OpenError> {
    let pool = connect(url, settings, purpose).await?;
    version::check(&pool).await?;
    Ok(pool)
}

fn parse_replica(url: &str) -> Result<Url, OpenError> {
    Url::parse(url).map_err(|error| OpenError::Replica(without_password(url), Box::new(error)))
}

/// A request that is given up is dropped, and its transaction with it.
fn handle(transaction: &Arc<DatabaseTransaction>, statements: &Arc<AtomicU64>) -> Db {
    Db::new(Connection::Server(transaction.clone()), &GivenUp::default(), statements)
}
