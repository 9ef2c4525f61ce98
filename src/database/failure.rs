//! Why a statement or a transaction failed, as far as the request that met it may act on it.

use std::sync::Arc;

use rusqlite::ErrorCode;
use sea_orm::{
    DbErr, RuntimeErr,
    sqlx::{self, mysql::MySqlDatabaseError},
};

use crate::budget::OverBudget;

/// What a statement or a transaction can fail with.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Failure {
    /// Another transaction got in the way: the request may be run again from its start.
    #[error("another transaction got in the way")]
    Lost,
    /// No connection was to be had in time.
    #[error("no connection was to be had in time")]
    Exhausted,
    /// The request was given up while it ran.
    #[error("the request was given up")]
    GivenUp,
    /// The request would spend more memory than it may.
    #[error(transparent)]
    OverBudget(#[from] OverBudget),
    /// The database cannot do it at present: it is away, stopping, full or closed to writers.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// The database went away, fell silent or failed while it committed: nobody knows whether the transaction was
    /// kept.
    #[error("the end of a transaction is unknown: {0}")]
    Uncertain(String),
    /// SQLite refused or failed.
    #[error(transparent)]
    Sqlite(Arc<rusqlite::Error>),
    /// A server refused or failed, a statement could not be built, or a migration failed.
    #[error(transparent)]
    Orm(DbErr),
}

impl From<rusqlite::Error> for Failure {
    /// SQLITE_BUSY and its extended codes say that another process wrote.
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy) => Failure::Lost,
            Some(ErrorCode::OperationInterrupted) => Failure::GivenUp,
            Some(ErrorCode::DiskFull | ErrorCode::ReadOnly) => Failure::Unavailable(error.to_string()),
            _ => Failure::Sqlite(Arc::new(error)),
        }
    }
}

impl From<DbErr> for Failure {
    fn from(error: DbErr) -> Self {
        match &error {
            DbErr::ConnectionAcquire(_) => Failure::Exhausted,
            // Without a connection nothing has been done, whatever is the matter.
            DbErr::Conn(RuntimeErr::SqlxError(cause)) => Failure::Unavailable(cause.to_string()),
            DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => {
                of_server(cause).unwrap_or(Failure::Orm(error))
            }
            _ => Failure::Orm(error),
        }
    }
}

impl Failure {
    /// What this failure means where it is that of a COMMIT.
    ///
    /// A database that names a conflict, or no room, has undone the transaction. After anything else it may have been
    /// kept: a connection that is lost, a wait that is broken off, a log that may be on the disk and may not be.
    pub(super) fn at_commit(self) -> Self {
        match self {
            Failure::Unavailable(cause) => Failure::Uncertain(cause),
            Failure::GivenUp => Failure::Uncertain("COMMIT was interrupted".to_owned()),
            Failure::Sqlite(cause) => Failure::Uncertain(cause.to_string()),
            Failure::Orm(cause) => Failure::Uncertain(cause.to_string()),
            other => other,
        }
    }

    /// Whether something of the request that failed so may have been kept.
    pub fn is_uncertain(&self) -> bool {
        matches!(self, Failure::Uncertain(_))
    }
}

fn of_server(error: &sqlx::Error) -> Option<Failure> {
    match error {
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => Some(Failure::Exhausted),
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed => {
            Some(Failure::Unavailable(error.to_string()))
        }
        sqlx::Error::Database(refusal) => match refusal.try_downcast_ref::<MySqlDatabaseError>() {
            Some(refusal) => of_mariadb(refusal.number(), error),
            None => of_postgres(&refusal.code()?, error),
        },
        _ => None,
    }
}

/// By SQLSTATE, <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
fn of_postgres(code: &str, error: &sqlx::Error) -> Option<Failure> {
    match code {
        // serialization_failure, deadlock_detected, lock_not_available
        "40001" | "40P01" | "55P03" => Some(Failure::Lost),
        // foreign_key_violation, unique_violation: what was looked up before has changed meanwhile
        "23503" | "23505" => Some(Failure::Lost),
        // query_canceled, as by the statement timeout
        "57014" => Some(Failure::GivenUp),
        // read_only_sql_transaction, io_error
        "25006" | "58030" => Some(Failure::Unavailable(error.to_string())),
        // connection exceptions, insufficient resources, operator intervention
        _ if ["08", "53", "57"].iter().any(|class| code.starts_with(class)) => {
            Some(Failure::Unavailable(error.to_string()))
        }
        _ => None,
    }
}

/// By number, <https://mariadb.com/kb/en/mariadb-error-code-reference/>.
fn of_mariadb(number: u16, error: &sqlx::Error) -> Option<Failure> {
    match number {
        // ER_CHECKREAD, ER_LOCK_WAIT_TIMEOUT, ER_LOCK_DEADLOCK; ER_AUTOINC_READ_FAILED, after a wait for the lock on
        // new keys
        1020 | 1205 | 1213 | 1467 => Some(Failure::Lost),
        // ER_DUP_ENTRY, ER_ROW_IS_REFERENCED_2, ER_NO_REFERENCED_ROW_2: what was looked up before has changed
        // meanwhile
        1062 | 1451 | 1452 => Some(Failure::Lost),
        // ER_STATEMENT_TIMEOUT, ER_QUERY_INTERRUPTED
        1969 | 1317 => Some(Failure::GivenUp),
        // A disk that is full or fails: EE_WRITE, ER_DISK_FULL, ER_ERROR_ON_WRITE, ER_GET_ERRNO, ER_RECORD_FILE_FULL,
        // ER_ERROR_DURING_COMMIT
        3 | 1021 | 1026 | 1030 | 1114 | 1180 => Some(Failure::Unavailable(error.to_string())),
        // ER_CON_COUNT_ERROR, ER_SERVER_SHUTDOWN, ER_TOO_MANY_USER_CONNECTIONS, ER_OPTION_PREVENTS_STATEMENT,
        // ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION, ER_READ_ONLY_MODE, ER_CONNECTION_KILLED
        1040 | 1053 | 1203 | 1290 | 1792 | 1836 | 1927 => Some(Failure::Unavailable(error.to_string())),
        _ => None,
    }
}
