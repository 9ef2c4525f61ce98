//! PostgreSQL and MariaDB: pools of connections, and a transaction for each request.

mod connect;
mod inquiry;
mod version;

use std::{
    sync::{Arc, atomic::AtomicU64},
    time::{Duration, Instant},
};

use sea_orm::{DatabaseConnection, DatabaseTransaction, TransactionTrait};
use tokio::time::{timeout, timeout_at};

use super::{
    Answers, Db, Failure, GRACE, OpenError, Outcome, Url,
    handle::{Connection, GivenUp},
    without_password,
};
use crate::config;

use self::inquiry::Inquiry;
pub use connect::{Use, connect};

/// A pool whose connections read and one whose connections write, so that neither waits for the other.
pub struct Server {
    reads: Pool,
    writes: Pool,
    /// To look at the server, and at the one to read from if it is another one: apart from what requests use, so that
    /// a busy server is no dead one.
    looks: Looks,
    /// How long a request waits for its transaction to begin.
    patience: Duration,
}

struct Pool {
    connections: DatabaseConnection,
    /// Why there is none to be had.
    inquiry: Inquiry,
    /// How many bytes the server takes of a statement, and of its values.
    max_statement: usize,
}

struct Looks {
    primary: DatabaseConnection,
    replica: Option<DatabaseConnection>,
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
        let reads = open(read_url, settings, Use::Read).await;
        let reads = reads.map_err(|error| match &replica {
            Some(replica) => OpenError::Replica(replica.to_string(), Box::new(error)),
            None => error,
        })?;
        let writes = open(url, settings, Use::Write).await?;
        let looks = Looks {
            primary: connect(url, settings, Use::Look).await?,
            replica: match &replica {
                Some(replica) => Some(connect(replica, settings, Use::Look).await?),
                None => None,
            },
        };
        Ok(Server { reads, writes, looks, patience })
    }

    /// Whether the servers answer `look` in that time.
    pub async fn answers<L>(&self, patience: Duration, look: L) -> Answers
    where
        L: AsyncFnOnce(Db) -> Result<(), Failure> + Copy,
    {
        let primary = timeout(patience, self.looked(&self.looks.primary, look));
        let Some(replica) = &self.looks.replica else {
            let answered = matches!(primary.await, Ok(Ok(())));
            return Answers { reads: answered, writes: answered };
        };
        let (reads, writes) = tokio::join!(timeout(patience, self.looked(replica, look)), primary);
        Answers { reads: matches!(reads, Ok(Ok(()))), writes: matches!(writes, Ok(Ok(()))) }
    }

    async fn looked(
        &self,
        pool: &DatabaseConnection,
        look: impl AsyncFnOnce(Db) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let transaction = Arc::new(self.begin_on(pool).await?);
        look(handle(&transaction, &Arc::default(), usize::MAX)).await
    }

    /// Runs `read` in a transaction whose statements all see the same state.
    pub async fn read<T>(
        &self,
        statements: &Arc<AtomicU64>,
        read: impl AsyncFnOnce(Db) -> T,
    ) -> Result<T, Failure> {
        let transaction = Arc::new(self.begin(&self.reads).await?);
        // Nobody waits for the end of a transaction that only read: it is rolled back when it is dropped.
        Ok(read(handle(&transaction, statements, self.reads.max_statement)).await)
    }

    /// Runs `write` in a transaction: all of it is kept, or nothing is.
    ///
    /// One that has not come to its end by the deadline is dropped, and undone with that. One that commits by then is
    /// waited for a little longer.
    pub async fn write<T>(
        &self,
        statements: &Arc<AtomicU64>,
        deadline: Instant,
        write: impl AsyncFnOnce(Db) -> Outcome<T>,
    ) -> Result<T, Failure> {
        let run = async {
            let transaction = Arc::new(self.begin(&self.writes).await?);
            let outcome = write(handle(&transaction, statements, self.writes.max_statement)).await;
            let transaction = Arc::into_inner(transaction).ok_or(Failure::GivenUp)?;
            Ok::<_, Failure>((transaction, outcome))
        };
        let (transaction, outcome) =
            timeout_at(deadline.into(), run).await.map_err(|_| Failure::GivenUp)??;
        let patience = deadline.saturating_duration_since(Instant::now()) + GRACE;
        match outcome {
            Outcome::Keep(answer) => {
                let committed = timeout(patience, transaction.commit()).await;
                let silent = |_| Failure::Uncertain("it did not answer to COMMIT in time".to_owned());
                committed.map_err(silent)?.map_err(|error| Failure::from(error).at_commit())?;
                Ok(answer)
            }
            Outcome::Undo(answer) => {
                // Where that fails or takes too long, everything is undone with the connection.
                let _ = timeout(patience, transaction.rollback()).await;
                Ok(answer)
            }
        }
    }

    /// Begins a transaction, on a connection that may have fallen silent since it was used.
    async fn begin(&self, pool: &Pool) -> Result<DatabaseTransaction, Failure> {
        let begun = self.begin_on(&pool.connections).await;
        if let Err(Failure::Exhausted) = begun {
            pool.inquiry.begin();
        }
        begun
    }

    async fn begin_on(&self, pool: &DatabaseConnection) -> Result<DatabaseTransaction, Failure> {
        let begun = timeout(self.patience, pool.begin()).await;
        Ok(begun.map_err(|_| Failure::Exhausted)??)
    }

    /// Closes every connection, once what runs on it has ended, as far as the servers say so in time.
    pub async fn close(&self) {
        let close_replica = async {
            if let Some(replica) = &self.looks.replica {
                self.close_pool(replica).await;
            }
        };
        let close_looks = async { tokio::join!(self.close_pool(&self.looks.primary), close_replica) };
        let [reads, writes] = [&self.reads, &self.writes].map(|pool| self.close_pool(&pool.connections));
        tokio::join!(reads, writes, close_looks);
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
async fn open(url: &Url, settings: &config::Database, purpose: Use) -> Result<Pool, OpenError> {
    let inquiry = Inquiry::new(url, Duration::from_secs(settings.acquire_seconds))?;
    let connections = connect(url, settings, purpose).await?;
    let max_statement = version::check(&connections).await?;
    Ok(Pool { connections, inquiry, max_statement })
}

fn parse_replica(url: &str) -> Result<Url, OpenError> {
    Url::parse(url).map_err(|error| OpenError::Replica(without_password(url), Box::new(error)))
}

/// A request that is given up is dropped, and its transaction with it.
fn handle(transaction: &Arc<DatabaseTransaction>, statements: &Arc<AtomicU64>, max_statement: usize) -> Db {
    Db::new(Connection::Server(transaction.clone(), max_statement), &GivenUp::default(), statements)
}
