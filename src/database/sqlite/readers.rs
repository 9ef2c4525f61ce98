//! The connections that read. A query has one of them from its first statement to its last.

use std::{
    panic,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::AtomicU64},
    time::Duration,
};

use tokio::{
    runtime::Handle,
    sync::{OwnedSemaphorePermit, Semaphore},
    task,
    time::timeout,
};
use tracing::Span;

use super::Sqlite;
use crate::database::{
    Answers, Db, Failure,
    handle::{Awaited, Connection, GivenUp},
};

/// The idle connections, and a permit for each.
pub struct Readers {
    idle: Mutex<Vec<Sqlite>>,
    permits: Arc<Semaphore>,
    size: u32,
    patience: Duration,
    /// The connection that is looked at whether the file can be read, apart from the others so that busy ones do not
    /// matter, and the permit for it.
    look: Mutex<Option<Sqlite>>,
    look_permit: Arc<Semaphore>,
}

impl Readers {
    /// So many connections to a file that has a writer. `patience` is how long a query waits for one.
    pub fn open(file: &Path, size: u32, patience: Duration) -> Result<Self, Failure> {
        let idle = (0..size).map(|_| Sqlite::reader(file, patience)).collect::<Result<Vec<_>, _>>()?;
        let permits = Arc::new(Semaphore::new(idle.len()));
        let (look, look_permit) =
            (Mutex::new(Some(Sqlite::reader(file, patience)?)), Arc::new(Semaphore::new(1)));
        Ok(Readers { idle: Mutex::new(idle), permits, size, patience, look, look_permit })
    }

    /// Whether the file answers `look` in that time. A look that got stuck is not followed by others.
    pub async fn answers(
        &self,
        patience: Duration,
        look: impl AsyncFnOnce(Db) -> Result<(), Failure> + Send + 'static,
    ) -> Answers {
        let connection = self.look.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(connection) = connection else { return Answers::default() };
        let permit = self.look_permit.clone();
        let looked = timeout(patience, async {
            let permit = permit.acquire_owned().await.map_err(|_| Failure::Exhausted)?;
            let runtime = Handle::current();
            let look = move || {
                let db = Db::new(Connection::Sqlite(connection), &GivenUp::default(), &Arc::default());
                let looked = runtime.block_on(look(db));
                drop(permit);
                looked
            };
            task::spawn_blocking(look).await.unwrap_or(Err(Failure::GivenUp))
        });
        let answered = matches!(looked.await, Ok(Ok(())));
        Answers { reads: answered, writes: answered }
    }

    /// Runs `read` in one transaction, so that all its statements see the same state, on a thread that
    /// may wait for the disk. If it is given up, its statements fail.
    pub async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        statements: &Arc<AtomicU64>,
        read: impl AsyncFnOnce(Db) -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let reader = self.reader().await?;
        let awaited = Awaited::default();
        let given_up = awaited.given_up();
        let db = Db::new(Connection::Sqlite(reader.connection.clone()), &given_up, statements);
        let (runtime, span) = (Handle::current(), Span::current());
        let query = move || {
            reader.connection.control("BEGIN")?;
            reader.connection.watch(&given_up)?;
            Ok(span.in_scope(|| runtime.block_on(read(db))))
        };
        match task::spawn_blocking(query).await {
            Ok(answer) => answer,
            Err(failure) => match failure.try_into_panic() {
                Ok(cause) => panic::resume_unwind(cause),
                Err(_) => Err(Failure::GivenUp),
            },
        }
    }

    async fn reader(self: &Arc<Self>) -> Result<Reader, Failure> {
        let permit = timeout(self.patience, self.permits.clone().acquire_owned()).await;
        let Ok(Ok(permit)) = permit else { return Err(Failure::Exhausted) };
        let connection = self.idle().pop().ok_or(Failure::Exhausted)?;
        Ok(Reader { connection, readers: self.clone(), _permit: permit })
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Sqlite>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the queries that run, and lets nobody read any longer.
    pub async fn close(&self) {
        let _all = self.permits.acquire_many(self.size).await;
        self.permits.close();
        self.look_permit.close();
        self.look.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.idle().clear();
    }
}

/// The connection of one query. It goes back when this is dropped, however the query ended.
struct Reader {
    connection: Sqlite,
    readers: Arc<Readers>,
    _permit: OwnedSemaphorePermit,
}

impl Drop for Reader {
    fn drop(&mut self) {
        let ended = self.connection.watch_no_longer().and_then(|()| self.connection.rollback());
        if let Err(failure) = ended {
            tracing::error!(%failure, "a query cannot be ended");
        }
        self.readers.idle().push(self.connection.clone());
    }
}
