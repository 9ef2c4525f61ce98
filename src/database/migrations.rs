//! The schema of the database, brought from one version to another on a connection of its own.

use migration::{Migration, MigrationStatus, Migrator, MigratorTrait};
use sea_orm::{
    ConnectOptions, DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};

use super::sqlite::PATIENCE;

/// Brings the schema up to this version, and returns the names of the migrations that were missing.
///
/// Everything happens in one transaction, so that servers that start at once do not meet, and an
/// interrupted migration leaves nothing behind.
pub async fn up(url: &str) -> Result<Vec<String>, DbErr> {
    let connection = connect(url).await?;
    let transaction = begin(&connection).await?;
    let pending = Migrator::get_pending_migrations(&transaction).await?;
    Migrator::up(&transaction, None).await?;
    transaction.commit().await?;
    connection.close().await?;
    Ok(pending.iter().map(name).collect())
}

/// Takes the newest migration back, with the data in its tables, and returns its name if there was one.
pub async fn down(url: &str) -> Result<Vec<String>, DbErr> {
    let connection = connect(url).await?;
    let transaction = begin(&connection).await?;
    let applied = Migrator::get_applied_migrations(&transaction).await?;
    Migrator::down(&transaction, Some(1)).await?;
    transaction.commit().await?;
    connection.close().await?;
    Ok(applied.last().map(name).into_iter().collect())
}

/// The name of each migration, oldest first, and whether it has been applied.
pub async fn status(url: &str) -> Result<Vec<(String, bool)>, DbErr> {
    let connection = connect(url).await?;
    let migrations = Migrator::get_migration_with_status_read_only(&connection).await?;
    connection.close().await?;
    let applied = |migration: &Migration| migration.status() == MigrationStatus::Applied;
    Ok(migrations.iter().map(|migration| (name(migration), applied(migration))).collect())
}

/// The same where there is no database yet.
pub fn all_pending() -> Vec<(String, bool)> {
    Migrator::migrations().iter().map(|migration| (migration.name().to_owned(), false)).collect()
}

async fn connect(url: &str) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(1)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(|sqlite| sqlite.busy_timeout(PATIENCE));
    sea_orm::Database::connect(options).await
}

/// A transaction that waits for its turn before it reads what is to be done.
async fn begin(connection: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let sqlite_transaction_mode = Some(SqliteTransactionMode::Immediate);
    let options = TransactionOptions { sqlite_transaction_mode, ..Default::default() };
    connection.begin_with_options(options).await
}

fn name(migration: &Migration) -> String {
    migration.name().to_owned()
}
