//! The schema of the database, brought from one version to another on a connection of its own.
//!
//! Servers that start at once do it one after the other: under the lock that each kind of database has for
//! that.

use std::time::Duration;

use migration::{Migration, MigrationStatus, Migrator, MigratorTrait};
use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};

use super::{
    Failure, Url,
    begun::Begun,
    server::{self, Use},
};
use crate::config;

/// Brings the schema up to this version, and returns the names of the migrations that were missing.
///
/// Where statements that change the schema can be undone, everything happens in one transaction, so that an
/// interrupted migration leaves nothing behind. Elsewhere it is reported.
pub async fn up(url: &Url, settings: &config::Database) -> Result<Vec<String>, Failure> {
    let connection = connect(url, settings).await?;
    let missing = match url.backend() {
        DbBackend::MySql => {
            let begun = Begun::lock(&connection).await?;
            let missing = pending(&connection).await?;
            for name in &missing {
                begun.during(name, Migrator::up(&connection, Some(1))).await?;
            }
            missing
        }
        _ => {
            let transaction = begin(&connection).await?;
            let missing = pending(&transaction).await?;
            Migrator::up(&transaction, None).await?;
            transaction.commit().await?;
            missing
        }
    };
    connection.close().await?;
    Ok(missing)
}

/// Takes the newest migration back, with the data in its tables, and returns its name if there was one.
pub async fn down(url: &Url, settings: &config::Database) -> Result<Vec<String>, Failure> {
    let connection = connect(url, settings).await?;
    let last = match url.backend() {
        DbBackend::MySql => {
            let begun = Begun::lock(&connection).await?;
            let last = last(&connection).await?;
            if let Some(name) = &last {
                begun.during(name, Migrator::down(&connection, Some(1))).await?;
            }
            last
        }
        _ => {
            let transaction = begin(&connection).await?;
            let last = last(&transaction).await?;
            Migrator::down(&transaction, Some(1)).await?;
            transaction.commit().await?;
            last
        }
    };
    connection.close().await?;
    Ok(last.into_iter().collect())
}

/// The name of each migration, oldest first, and whether it has been applied.
pub async fn status(url: &Url, settings: &config::Database) -> Result<Vec<(String, bool)>, Failure> {
    let connection = connect(url, settings).await?;
    let migrations = Migrator::get_migration_with_status_read_only(&connection).await?;
    connection.close().await?;
    let applied = |migration: &Migration| migration.status() == MigrationStatus::Applied;
    Ok(migrations.iter().map(|migration| (name(migration), applied(migration))).collect())
}

/// The same where there is no database yet.
pub fn all_pending() -> Vec<(String, bool)> {
    Migrator::migrations().iter().map(|migration| (migration.name().to_owned(), false)).collect()
}

async fn connect(url: &Url, settings: &config::Database) -> Result<DatabaseConnection, Failure> {
    if url.backend() != DbBackend::Sqlite {
        return server::connect(url, settings, Use::Migrate).await;
    }
    let patience = Duration::from_secs(settings.acquire_seconds);
    let mut options = ConnectOptions::new(url.as_str());
    options
        .max_connections(1)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |sqlite| sqlite.busy_timeout(patience));
    Ok(sea_orm::Database::connect(options).await?)
}

/// A transaction that waits for its turn before it reads what is to be done.
async fn begin(connection: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    // Of SQLite alone; it is the lock there.
    let sqlite_transaction_mode = Some(SqliteTransactionMode::Immediate);
    let options = TransactionOptions { sqlite_transaction_mode, ..Default::default() };
    let transaction = connection.begin_with_options(options).await?;
    if connection.get_database_backend() == DbBackend::Postgres {
        let lock = "SELECT pg_advisory_xact_lock(hashtext('customer-graph migrations'))";
        transaction.execute_unprepared(lock).await?;
    }
    Ok(transaction)
}

async fn pending(connection: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    Ok(Migrator::get_pending_migrations(connection).await?.iter().map(name).collect())
}

async fn last(connection: &impl ConnectionTrait) -> Result<Option<String>, DbErr> {
    Ok(Migrator::get_applied_migrations(connection).await?.last().map(name))
}

fn name(migration: &Migration) -> String {
    migration.name().to_owned()
}
