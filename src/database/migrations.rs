//! The schema of the database, brought from one version to another on a connection of its own.
//!
//! Servers that start at once do it one after the other: under the lock that each kind of database has for
//! that.

use std::time::Duration;

use migration::{IntoSchemaManagerConnection, Migration, Migrator, MigratorTrait, SchemaManager};
use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
    sea_query::{Order, Query},
};
use tokio::sync::Mutex;

use super::{
    Failure, Url,
    begun::Begun,
    server::{self, Use},
    sqlite,
};
use crate::config;

/// Brings the schema up to this version, and returns the names of the migrations that were missing.
///
/// Where statements that change the schema can be undone, everything happens in one transaction, so that an
/// interrupted migration leaves nothing behind. Elsewhere it is reported.
pub async fn up(
    url: &Url,
    settings: &config::Database,
    under_way: &Mutex<()>,
) -> Result<Vec<String>, Failure> {
    let connection = connect(url, settings).await?;
    let missing = match url.backend() {
        DbBackend::MySql => {
            refuse_newer(&connection).await?;
            let begun = Begun::lock(&connection, under_way).await?;
            let missing = pending(&connection).await?;
            for name in &missing {
                begun.during(name, Migrator::up(&connection, Some(1))).await?;
            }
            missing
        }
        _ => {
            let transaction = begin(&connection).await?;
            refuse_newer(&transaction).await?;
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
pub async fn down(
    url: &Url,
    settings: &config::Database,
    under_way: &Mutex<()>,
) -> Result<Vec<String>, Failure> {
    let connection = connect(url, settings).await?;
    let last = match url.backend() {
        DbBackend::MySql => {
            refuse_newer(&connection).await?;
            let begun = Begun::lock(&connection, under_way).await?;
            let last = last(&connection).await?;
            if let Some(name) = &last {
                begun.during(name, Migrator::down(&connection, Some(1))).await?;
            }
            last
        }
        _ => {
            let transaction = begin(&connection).await?;
            refuse_newer(&transaction).await?;
            let last = last(&transaction).await?;
            Migrator::down(&transaction, Some(1)).await?;
            transaction.commit().await?;
            last
        }
    };
    connection.close().await?;
    Ok(last.into_iter().collect())
}

/// Where a database stands with a migration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MigrationState {
    Applied,
    Pending,
    /// Applied, and of a newer version than this one.
    Unknown,
}

/// The name of each migration, oldest first, and where the database stands with it.
pub async fn status(
    url: &Url,
    settings: &config::Database,
) -> Result<Vec<(String, MigrationState)>, Failure> {
    let connection = connect(url, settings).await?;
    let applied = recorded(&connection).await?;
    connection.close().await?;
    let state = |name: &String| match applied.contains(name) {
        true => MigrationState::Applied,
        false => MigrationState::Pending,
    };
    let known = known().into_iter().map(|name| (state(&name), name));
    let unknown = newer(&applied).into_iter().map(|name| (MigrationState::Unknown, name));
    Ok(known.chain(unknown).map(|(state, name)| (name, state)).collect())
}

/// The same where there is no database yet.
pub fn all_pending() -> Vec<(String, MigrationState)> {
    known().into_iter().map(|name| (name, MigrationState::Pending)).collect()
}

/// The names of this version's migrations, oldest first.
fn known() -> Vec<String> {
    Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect()
}

/// The names of the migrations that were applied, also of those that this version does not know.
async fn recorded<'c>(connection: impl IntoSchemaManagerConnection<'c>) -> Result<Vec<String>, DbErr> {
    let manager = SchemaManager::new(connection);
    if !manager.has_table("seaql_migrations").await? {
        return Ok(Vec::new());
    }
    let select =
        Query::select().column("version").from("seaql_migrations").order_by("version", Order::Asc).take();
    let rows = manager.get_connection().query_all(&select).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

fn newer(applied: &[String]) -> Vec<String> {
    let known = known();
    applied.iter().filter(|name| !known.contains(name)).cloned().collect()
}

/// What a newer version has done, this one neither understands nor takes back.
async fn refuse_newer<'c>(connection: impl IntoSchemaManagerConnection<'c>) -> Result<(), Failure> {
    let newer = newer(&recorded(connection).await?);
    if newer.is_empty() {
        return Ok(());
    }
    let names = newer.join(", ");
    Err(Failure::Migration(format!(
        "it was migrated by a newer version of this program ({names}), run that one"
    )))
}

async fn connect(url: &Url, settings: &config::Database) -> Result<DatabaseConnection, Failure> {
    if url.backend() != DbBackend::Sqlite {
        return server::connect(url, settings, Use::Migrate).await;
    }
    let patience = Duration::from_secs(settings.acquire_seconds);
    let file =
        sqlite::File::of_url(url.as_str()).map_err(|error| Failure::Migration(error.to_string()))?.path;
    // Of the URL nothing counts but the file, as for the connections that serve.
    let mut options = ConnectOptions::new("sqlite:");
    options
        .max_connections(1)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |sqlite| sqlite.filename(&file).busy_timeout(patience));
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
