//! The database: opening and migrating it, and what statements run on.

pub mod array;
mod failure;
mod handle;
mod migrations;
mod readers;
mod row;
mod sqlite;
mod writer;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use sea_orm::{DbErr, sea_query::Query};

use self::{readers::Readers, writer::Writer};

pub use failure::Failure;
pub use handle::Db;
pub use row::Row;
pub use writer::Outcome;

/// An open database: one connection that writes and several that read.
///
/// There is one writer because SQLite has one: requests wait for it in a queue, where with several
/// connections they would fail with SQLITE_BUSY.
#[derive(Clone)]
pub struct Database {
    url: Arc<str>,
    writer: Arc<Writer>,
    readers: Arc<Readers>,
    statements: Arc<AtomicU64>,
}

impl Database {
    /// Opens the database at `url`, creating the file where there is none.
    ///
    /// Fails on a URL of another kind, and where the file cannot be opened.
    pub fn open(url: &str) -> Result<Self, OpenError> {
        let file = sqlite::file(url)?;
        let cores = thread::available_parallelism().map_or(2, |cores| cores.get() as u32);
        let writer = Arc::new(Writer::open(&file)?);
        let readers = Arc::new(Readers::open(&file, cores.clamp(4, 16))?);
        Ok(Database { url: url.into(), writer, readers, statements: Arc::default() })
    }

    /// Runs a request that only reads, on a handle whose statements all see the same state.
    ///
    /// It runs on a thread where it may wait for the disk, and nothing of it may wait for anything else
    /// that this database does. If the returned future is dropped, its statements fail with
    /// [`Failure::GivenUp`].
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl AsyncFnOnce(Db) -> T + Send + 'static,
    ) -> Result<T, Failure> {
        self.readers.run(&self.statements, read).await
    }

    /// Runs a request that writes, as [`Database::read`] does one that reads, in a transaction: all that
    /// it wrote is kept, or nothing is. Once this returns what was to be kept, it is on the disk.
    ///
    /// Fails with [`Failure::Lost`] where another request got in the way.
    pub async fn write<T: Send + 'static>(
        &self,
        write: impl AsyncFnOnce(Db) -> Outcome<T> + Send + 'static,
    ) -> Result<T, Failure> {
        self.writer.run(&self.statements, write).await
    }

    /// How many statements have run since the database was opened; migrations and the opening and
    /// closing of transactions do not count.
    pub fn statement_count(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Whether the database answers.
    pub async fn answers(&self) -> bool {
        let any = Query::select().column("id").from("customer").limit(1).take();
        let answered = self.read(async move |db| db.execute(&any).await).await;
        matches!(answered, Ok(Ok(())))
    }

    /// Brings the schema up to this version, and returns the names of the migrations that were missing.
    pub async fn migrate_up(&self) -> Result<Vec<String>, DbErr> {
        migrations::up(&self.url).await
    }

    /// Takes the newest migration back, with the data in its tables, and returns its name if there was
    /// one.
    pub async fn migrate_down(&self) -> Result<Vec<String>, DbErr> {
        migrations::down(&self.url).await
    }

    /// The name of each migration, oldest first, and whether it has been applied to the database at `url`.
    /// It only looks: where there is no file, it creates none.
    pub async fn migrations(url: &str) -> Result<Vec<(String, bool)>, OpenError> {
        if !sqlite::file(url)?.exists() {
            return Ok(migrations::all_pending());
        }
        Ok(migrations::status(url).await.map_err(Failure::from)?)
    }

    /// Closes every connection, once what runs on it has ended.
    pub async fn close(self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// Why a database cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The URL is of no kind that is served.
    #[error("{0}")]
    Url(&'static str),
    /// The database refused.
    #[error(transparent)]
    Database(#[from] Failure),
}
