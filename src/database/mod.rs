//! The database: opening and migrating it, and what statements run on.

pub mod array;
mod failure;
mod handle;
mod row;
mod sqlite;

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use migration::{Migration, MigrationStatus, Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr};

pub use failure::{exhausted, lost_to_another};
pub use handle::Db;
pub use row::Row;

/// An open database: one connection that writes and several that read.
#[derive(Clone)]
pub struct Database {
    writer: DatabaseConnection,
    readers: DatabaseConnection,
    statements: Arc<AtomicU64>,
}

impl Database {
    /// Opens the database at `url`, creating the file where there is none.
    ///
    /// Fails on a URL of another kind, and where the file cannot be opened.
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        let (writer, readers) = sqlite::open(url).await?;
        Ok(Database { writer, readers, statements: Arc::default() })
    }

    /// The handle of requests that only read.
    pub fn reading(&self) -> Db {
        Db::pool(self.readers.clone(), self.statements.clone())
    }

    /// Opens the transaction of a request that writes. It waits until no other one is open.
    pub async fn begin(&self) -> Result<Transaction, DbErr> {
        let transaction = Arc::new(sqlite::begin(&self.writer).await?);
        Ok(Transaction { transaction, statements: self.statements.clone() })
    }

    /// Has `write` write in a transaction of its own: all of it is kept, or nothing where it fails.
    pub async fn write<T>(&self, write: impl AsyncFnOnce(&Db) -> Result<T, DbErr>) -> Result<T, DbErr> {
        let transaction = self.begin().await?;
        let written = write(&transaction.handle()).await?;
        transaction.commit().await?;
        Ok(written)
    }

    /// How many statements have run since the database was opened; migrations and the opening and
    /// closing of transactions do not count.
    pub fn statement_count(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Whether the database answers.
    pub async fn answers(&self) -> bool {
        self.readers.execute_unprepared("SELECT 1 FROM customer LIMIT 1").await.is_ok()
    }

    /// Brings the schema up to this version, and returns the names of the migrations that were missing.
    ///
    /// Everything happens in one transaction, so that servers that start at once do not meet, and an
    /// interrupted migration leaves nothing behind.
    pub async fn migrate_up(&self) -> Result<Vec<String>, DbErr> {
        let transaction = sqlite::begin(&self.writer).await?;
        let pending = Migrator::get_pending_migrations(&transaction).await?;
        Migrator::up(&transaction, None).await?;
        transaction.commit().await?;
        Ok(pending.iter().map(name).collect())
    }

    /// Takes the newest migration back, with the data in its tables, and returns its name if there was
    /// one.
    pub async fn migrate_down(&self) -> Result<Vec<String>, DbErr> {
        let transaction = sqlite::begin(&self.writer).await?;
        let applied = Migrator::get_applied_migrations(&transaction).await?;
        Migrator::down(&transaction, Some(1)).await?;
        transaction.commit().await?;
        Ok(applied.last().map(name).into_iter().collect())
    }

    /// The name of each migration, oldest first, and whether it has been applied.
    pub async fn migrations(&self) -> Result<Vec<(String, bool)>, DbErr> {
        let migrations = Migrator::get_migration_with_status_read_only(&self.readers).await?;
        let applied = |migration: &Migration| migration.status() == MigrationStatus::Applied;
        Ok(migrations.iter().map(|migration| (name(migration), applied(migration))).collect())
    }

    /// Closes every connection, once its statement has ended.
    pub async fn close(self) -> Result<(), DbErr> {
        self.readers.close().await?;
        self.writer.close().await
    }
}

fn name(migration: &Migration) -> String {
    migration.name().to_owned()
}

/// Why a database cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The URL is of no kind that is served.
    #[error("{0}")]
    Url(&'static str),
    /// The database refused.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// The transaction of a request that writes. Dropped without a word, it is rolled back.
pub struct Transaction {
    transaction: Arc<DatabaseTransaction>,
    statements: Arc<AtomicU64>,
}

impl Transaction {
    /// The handle of the request's resolvers. All of them must be gone before the end.
    pub fn handle(&self) -> Db {
        Db::transaction(self.transaction.clone(), self.statements.clone())
    }

    /// Keeps what was written: once this returns, it is on the disk.
    pub async fn commit(self) -> Result<(), DbErr> {
        self.alone()?.commit().await
    }

    /// Undoes what was written.
    pub async fn rollback(self) -> Result<(), DbErr> {
        self.alone()?.rollback().await
    }

    fn alone(self) -> Result<DatabaseTransaction, DbErr> {
        let in_use = || DbErr::Custom("the transaction is still in use".to_owned());
        Arc::into_inner(self.transaction).ok_or_else(in_use)
    }
}
