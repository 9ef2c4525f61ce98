//! SQLite: how its connections are set up.

use std::{ffi::c_int, ptr, thread, time::Duration};

use sea_orm::{
    ConnAcquireErr, ConnectOptions, DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
    sqlx::{
        self,
        sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous},
    },
};

use super::{OpenError, failure::lost_to_another};

/// How long a request waits for a connection, and a connection for another process's lock.
const PATIENCE: Duration = Duration::from_secs(5);

/// The connection that writes, and the ones that read.
///
/// There is one writer because SQLite has one: requests wait for it in a queue, where with several
/// connections they would fail with SQLITE_BUSY.
pub async fn open(url: &str) -> Result<(DatabaseConnection, DatabaseConnection), OpenError> {
    check(url)?;
    let writer = sea_orm::Database::connect(options(url, 1, |sqlite| {
        sqlite
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // An acknowledged write survives the loss of power.
            .synchronous(SqliteSynchronous::Full)
            .optimize_on_close(true, None)
    }))
    .await?;
    let readers = thread::available_parallelism().map_or(2, |cores| cores.get().clamp(2, 8)) as u32;
    let readers = sea_orm::Database::connect(options(url, readers, |sqlite| sqlite.read_only(true))).await?;
    Ok((writer, readers))
}

/// A transaction that may write from its first statement on. One that began as a reader would fail when
/// it writes after somebody else has, whatever the timeout.
///
/// Where another process keeps the lock all that time, it fails as if there had been no connection:
/// trying again at once would only wait once more.
pub async fn begin(writer: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let sqlite_transaction_mode = Some(SqliteTransactionMode::Immediate);
    let options = TransactionOptions { sqlite_transaction_mode, ..Default::default() };
    writer.begin_with_options(options).await.map_err(|failure| match lost_to_another(&failure) {
        true => DbErr::ConnectionAcquire(ConnAcquireErr::Timeout),
        false => failure,
    })
}

fn check(url: &str) -> Result<(), OpenError> {
    if !url.starts_with("sqlite:") {
        return Err(OpenError::Url("it must begin with `sqlite:`, as in `sqlite:customer-graph.db`"));
    }
    if url.contains(":memory:") || url.contains("mode=memory") {
        return Err(OpenError::Url("in memory each connection has a database of its own, name a file"));
    }
    Ok(())
}

fn options(
    url: &str,
    connections: u32,
    role: impl Fn(SqliteConnectOptions) -> SqliteConnectOptions + Send + Sync + 'static,
) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(connections)
        .acquire_timeout(PATIENCE)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |sqlite| role(tuned(sqlite)))
        .map_sqlx_sqlite_pool_opts(|pool| {
            pool.after_connect(|connection, _| Box::pin(keep_statements_compiled(connection)))
        });
    options
}

fn tuned(sqlite: SqliteConnectOptions) -> SqliteConnectOptions {
    sqlite
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
        .statement_cache_capacity(256)
        // Rows cross from the driver's thread in portions of this many; its default of 50 doubles the
        // cost of a page.
        .row_buffer_size(1000)
        .pragma("cache_size", "-65536")
        .pragma("mmap_size", "268435456")
        .pragma("temp_store", "MEMORY")
}

/// Turns on the query planner's stability guarantee. Without it SQLite looks at the values bound to a
/// LIMIT and compiles the statement anew at every execution.
async fn keep_statements_compiled(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let mut handle = connection.lock_handle().await?;
    let (on, result) = (1 as c_int, ptr::null_mut::<c_int>());
    // SAFETY: the handle is open and locked for us, and the arguments are those that SQLite documents
    // for this operation: an int and a pointer to an int that may be null.
    #[expect(unsafe_code, reason = "neither SeaORM nor sqlx has a door to this setting")]
    let code = unsafe {
        libsqlite3_sys::sqlite3_db_config(
            handle.as_raw_handle().as_ptr(),
            libsqlite3_sys::SQLITE_DBCONFIG_ENABLE_QPSG,
            on,
            result,
        )
    };
    match code {
        libsqlite3_sys::SQLITE_OK => Ok(()),
        _ => Err(sqlx::Error::Configuration(format!("SQLite refused a setting, code {code}").into())),
    }
}
