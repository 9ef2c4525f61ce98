//! The database: opening and migrating it, and what statements run on.

pub mod array;
mod begun;
mod cause;
mod clock;
mod failure;
mod handle;
mod health;
pub mod lock;
mod migrations;
mod moment;
mod parameters;
mod refusal;
mod row;
mod server;
pub mod size;
mod sqlite;
mod url;

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use sea_orm::{DbBackend, sea_query::Query};
use tokio::sync::Mutex;

use self::{
    health::Health,
    server::Server,
    sqlite::{Readers, Writer},
};
use crate::config;

pub use clock::latest;
pub use failure::Failure;
pub use handle::Db;
pub use health::Answers;
pub use migrations::MigrationState;
pub use refusal::{BackupError, OpenError};
pub use row::Row;
pub use sqlite::CopyError;
pub use url::{Url, without_password};

/// How long the end of a transaction is waited for once the time of its request is over.
const GRACE: Duration = Duration::from_secs(1);

/// As good as no deadline.
const ENDLESS: Duration = Duration::from_secs(10 * 365 * 24 * 60 * 60);

/// An open database.
#[derive(Clone)]
pub struct Database {
    url: Url,
    settings: config::Database,
    engine: Engine,
    health: Arc<Health>,
    statements: Arc<AtomicU64>,
    /// Held while a migration is under way that could not be undone.
    migration: Arc<Mutex<()>>,
}

#[derive(Clone)]
enum Engine {
    /// One connection that writes and several that read. There is one writer because SQLite has one:
    /// requests wait for it in a queue, where with several connections they would fail with SQLITE_BUSY.
    Sqlite(Arc<Writer>, Arc<Readers>),
    Server(Arc<Server>),
}

/// What a request that writes came to.
pub enum Outcome<T> {
    /// What it wrote is to be kept.
    Keep(T),
    /// Nothing of it is to be kept.
    Undo(T),
}

impl Database {
    /// Opens the database that the settings name. A SQLite file is created where there is none.
    ///
    /// Fails on a URL of another kind, where the file cannot be opened, and where there is no server or
    /// one that is not served by.
    pub async fn open(settings: &config::Database) -> Result<Self, OpenError> {
        let url = Url::parse(&settings.url)?;
        let engine = match url.backend() {
            DbBackend::Sqlite => open_sqlite(&url, settings)?,
            _ => Engine::Server(Arc::new(Server::open(&url, settings).await?)),
        };
        let (settings, statements) = (settings.clone(), Arc::default());
        Ok(Database { url, settings, engine, health: Arc::default(), statements, migration: Arc::default() })
    }

    /// The same database, whose statements do not add to [`Database::statement_count`].
    pub fn uncounted(&self) -> Self {
        Database { statements: Arc::default(), ..self.clone() }
    }

    /// Whether a request that only reads may lose to another transaction, and is then run again. On SQLite none does.
    pub fn may_lose_reads(&self) -> bool {
        matches!(self.engine, Engine::Server(_))
    }

    /// Opens the database that the settings name, and never creates a file.
    pub async fn open_existing(settings: &config::Database) -> Result<Self, OpenError> {
        let url = Url::parse(&settings.url)?;
        if url.backend() == DbBackend::Sqlite {
            sqlite::File::of_url(url.as_str())?.must_exist()?;
        }
        Database::open(settings).await
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
        match &self.engine {
            Engine::Sqlite(_, readers) => readers.run(&self.statements, read).await,
            Engine::Server(server) => server.read(&self.statements, read).await,
        }
    }

    /// Runs a request that writes, as [`Database::read`] does one that reads, in a transaction: all that
    /// it wrote is kept, or nothing is. Once this returns what was to be kept, it is on the disk.
    ///
    /// It may be run more than once; what the runs before the last one wrote is undone. Fails with [`Failure::Lost`]
    /// where another request got in the way, and with [`Failure::Uncertain`] where something may have been kept; after
    /// any other failure nothing was.
    pub async fn write<T: Send + 'static>(
        &self,
        write: impl AsyncFnMut(Db) -> Outcome<T> + Send + 'static,
    ) -> Result<T, Failure> {
        self.write_by(Instant::now() + ENDLESS, write).await
    }

    /// Runs a request that writes, as [`Database::write`] does. One that has not ended by the deadline is undone, and
    /// fails with [`Failure::GivenUp`].
    pub async fn write_by<T: Send + 'static>(
        &self,
        deadline: Instant,
        write: impl AsyncFnMut(Db) -> Outcome<T> + Send + 'static,
    ) -> Result<T, Failure> {
        match &self.engine {
            Engine::Sqlite(writer, _) => writer.run(&self.statements, deadline, write).await,
            Engine::Server(server) => server.write(&self.statements, deadline, write).await,
        }
    }

    /// Whether requests run on threads of the database's own, where they may compute for long.
    pub fn has_threads(&self) -> bool {
        matches!(self.engine, Engine::Sqlite(..))
    }

    /// How many statements have run since the database was opened; migrations and the opening and
    /// closing of transactions do not count.
    pub fn statement_count(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Whether the database answers in that time, and the one to read from if it is another one. However much requests
    /// have to do does not matter, and however many ask at once, it is looked at once for all of them.
    pub async fn answers(&self, patience: Duration) -> Answers {
        let looked = async {
            match &self.engine {
                Engine::Sqlite(_, readers) => readers.answers(patience, look).await,
                Engine::Server(server) => server.answers(patience, look).await,
            }
        };
        self.health.share(patience, looked).await
    }

    /// Brings the schema up to this version, and returns the names of the migrations that were missing.
    pub async fn migrate_up(&self) -> Result<Vec<String>, Failure> {
        migrations::up(&self.url, &self.settings, &self.migration).await
    }

    /// Waits for the end of a migration that is under way and could not be undone, as on MariaDB. No other begins as
    /// long as what this returns is there.
    pub async fn end_migration(&self) -> impl Drop + use<> {
        self.migration.clone().lock_owned().await
    }

    /// Takes the newest migration back, with the data in its tables, and returns its name if there was
    /// one.
    pub async fn migrate_down(&self) -> Result<Vec<String>, Failure> {
        migrations::down(&self.url, &self.settings, &self.migration).await
    }

    /// The name of each migration, oldest first, and where the database that the settings name stands with it.
    /// It only looks: where there is no file, it creates none.
    pub async fn migrations(settings: &config::Database) -> Result<Vec<(String, MigrationState)>, OpenError> {
        let url = Url::parse(&settings.url)?;
        if url.backend() == DbBackend::Sqlite {
            let file = sqlite::File::of_url(url.as_str())?;
            if !file.path.exists() {
                return Ok(migrations::all_pending());
            }
            let status = migrations::status(&url, settings).await;
            return status.map_err(|failure| sqlite::explain(&file.path, failure));
        }
        Ok(migrations::status(&url, settings).await?)
    }

    /// Copies the SQLite file that the settings name to a new file, as it is at one moment, while others
    /// read and write it. Once this returns, the copy is whole and on the disk.
    ///
    /// It blocks while it works.
    pub fn copy(settings: &config::Database, copy: &Path) -> Result<(), BackupError> {
        let url = Url::parse(&settings.url)?;
        let program = match url.backend() {
            DbBackend::Sqlite => {
                let patience = Duration::from_secs(settings.acquire_seconds);
                let file = sqlite::File::of_url(url.as_str())?;
                file.must_exist()?;
                return sqlite::copy(&file.path, copy, patience).map_err(|error| match error {
                    CopyError::Database(failure) => sqlite::explain(&file.path, failure).into(),
                    other => other.into(),
                });
            }
            DbBackend::MySql => "mariadb-dump",
            _ => "pg_dump",
        };
        Err(BackupError::Server(program))
    }

    /// Closes every connection, once what runs on it has ended.
    pub async fn close(self) {
        match self.engine {
            Engine::Sqlite(writer, readers) => {
                readers.close().await;
                writer.close().await;
            }
            Engine::Server(server) => server.close().await,
        }
    }
}

/// Reads something that is there once migrations have run.
async fn look(db: Db) -> Result<(), Failure> {
    db.execute(&Query::select().column("id").from("customer").limit(1).take()).await
}

fn open_sqlite(url: &Url, settings: &config::Database) -> Result<Engine, OpenError> {
    if settings.read_url.is_some() {
        return Err(OpenError::Url(
            "a SQLite file has no replica to read from, leave `--database-read-url` (or DATABASE_READ_URL) out",
        ));
    }
    let file = sqlite::File::of_url(url.as_str())?;
    if !file.creates {
        file.must_exist()?;
    }
    let file = file.path;
    let cores = thread::available_parallelism().map_or(2, |cores| cores.get() as u32);
    let size = settings.connections.unwrap_or(cores.clamp(4, 16));
    let patience = Duration::from_secs(settings.acquire_seconds);
    let writer = Writer::open(&file, patience).map_err(|failure| sqlite::explain(&file, failure))?;
    let readers = Readers::open(&file, size, patience).map_err(|failure| sqlite::explain(&file, failure))?;
    Ok(Engine::Sqlite(Arc::new(writer), Arc::new(readers)))
}
