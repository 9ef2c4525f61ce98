//! Why a statement or a transaction failed, as far as the request that met it may act on it.

use std::sync::Arc;

use rusqlite::ErrorCode;
use sea_orm::{
    DbErr, RuntimeErr,
    sqlx::{self, mysql::MySqlDatabaseError},
};

use super::{cause::cause, moment::Found};
use crate::budget::OverBudget;

/// What a column of moments has.
const KEPT: &str =
    "a moment of the years 0000 to 9999, on SQLite a text such as `2006-01-02 15:04:05.999999+00:00`,";

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
    /// A statement has more bytes than the database takes.
    #[error("a statement has more than the {0} bytes that the database takes")]
    TooLarge(usize),
    /// The database cannot do it at present: it is away, stopping, full or closed to writers.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// The database went away, fell silent or failed while it committed: nobody knows whether the transaction was
    /// kept.
    #[error("the end of a transaction is unknown: {0}")]
    Uncertain(String),
    /// The database's schema is not one that this version brings up to date.
    #[error("{0}")]
    Migration(String),
    /// A row has something else where a moment belongs: another application wrote it.
    #[error("`{table}.{column}` has {found}, where {KEPT} belongs")]
    NoMoment { table: &'static str, column: &'static str, found: Found },
    /// SQLite refused or failed.
    #[error(transparent)]
    Sqlite(Arc<rusqlite::Error>),
    /// A server refused or failed, or a statement could not be built.
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
            DbErr::Conn(RuntimeErr::SqlxError(refusal)) => {
                of_connecting(refusal).unwrap_or(Failure::Orm(error))
            }
            DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => {
                of_statement(cause).unwrap_or(Failure::Orm(error))
            }
            DbErr::Migration(refusal) => Failure::Migration(refusal.clone()),
            // What this program or SeaORM does wrong: values that cannot be converted, statements that cannot be
            // built, rows that are not there. None of it passes by itself.
            _ => Failure::Orm(error),
        }
    }
}

impl Failure {
    /// What this failure means where it is that of a COMMIT.
    ///
    /// A database that answers with an error has undone the transaction. After anything else it may have been kept: a
    /// connection that is lost, a wait that is broken off, a log that may be on the disk and may not be.
    pub(super) fn at_commit(self) -> Self {
        match self {
            Failure::Unavailable(cause) => Failure::Uncertain(cause),
            Failure::GivenUp => Failure::Uncertain("COMMIT was interrupted".to_owned()),
            Failure::Sqlite(cause) => Failure::Uncertain(cause.to_string()),
            Failure::Orm(error) if !is_refusal(&error) => Failure::Uncertain(error.to_string()),
            other => other,
        }
    }

    /// Whether something of the request that failed so may have been kept.
    pub fn is_uncertain(&self) -> bool {
        matches!(self, Failure::Uncertain(_))
    }
}

/// Whether the database itself has answered with an error.
fn is_refusal(error: &DbErr) -> bool {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => {
            matches!(**cause, sqlx::Error::Database(_))
        }
        _ => false,
    }
}

/// Without a connection nothing has been done, whatever the server says against it: it may take the next one.
fn of_connecting(error: &sqlx::Error) -> Option<Failure> {
    match error {
        sqlx::Error::Database(_)
        | sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        // What answers there does not speak as a database does, such as a proxy without one.
        | sqlx::Error::Protocol(_)
        | sqlx::Error::WorkerCrashed => Some(Failure::Unavailable(cause(error))),
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => Some(Failure::Exhausted),
        // A setting that no retry changes, or a bug.
        _ => None,
    }
}

/// Only what says that the server has gone is taken for that. A value that cannot be encoded or decoded, a message
/// that is none, a column that is missing: those are faults of this program, which the log is to tell.
fn of_statement(error: &sqlx::Error) -> Option<Failure> {
    match error {
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => Some(Failure::Exhausted),
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::WorkerCrashed => {
            Some(Failure::Unavailable(cause(error)))
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
        "25006" | "58030" => Some(Failure::Unavailable(cause(error))),
        // connection exceptions, insufficient resources, operator intervention
        _ if ["08", "53", "57"].iter().any(|class| code.starts_with(class)) => {
            Some(Failure::Unavailable(cause(error)))
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
        3 | 1021 | 1026 | 1030 | 1114 | 1180 => Some(Failure::Unavailable(cause(error))),
        // ER_CON_COUNT_ERROR, ER_SERVER_SHUTDOWN, ER_TOO_MANY_USER_CONNECTIONS, ER_OPTION_PREVENTS_STATEMENT,
        // ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION, ER_READ_ONLY_MODE, ER_CONNECTION_KILLED
        1040 | 1053 | 1203 | 1290 | 1792 | 1836 | 1927 => Some(Failure::Unavailable(cause(error))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    fn query(error: sqlx::Error) -> Failure {
        DbErr::Query(RuntimeErr::SqlxError(error.into())).into()
    }

    fn connecting(error: sqlx::Error) -> Failure {
        DbErr::Conn(RuntimeErr::SqlxError(error.into())).into()
    }

    fn io() -> sqlx::Error {
        sqlx::Error::Io(io::ErrorKind::BrokenPipe.into())
    }

    /// What no retry mends.
    fn faults() -> Vec<sqlx::Error> {
        vec![
            sqlx::Error::Configuration("x".into()),
            sqlx::Error::InvalidArgument("x".into()),
            sqlx::Error::RowNotFound,
            sqlx::Error::TypeNotFound { type_name: "x".into() },
            sqlx::Error::ColumnIndexOutOfBounds { index: 1, len: 0 },
            sqlx::Error::ColumnNotFound("x".into()),
            sqlx::Error::ColumnDecode { index: "x".into(), source: "x".into() },
            sqlx::Error::Encode("x".into()),
            sqlx::Error::Decode("x".into()),
            sqlx::Error::AnyDriverError("x".into()),
            sqlx::Error::InvalidSavePointStatement,
            sqlx::Error::BeginFailed,
        ]
    }

    #[test]
    fn only_a_server_that_has_gone_is_unavailable() {
        for gone in [io(), sqlx::Error::Tls("x".into()), sqlx::Error::WorkerCrashed] {
            assert!(matches!(query(gone), Failure::Unavailable(_)));
        }
        for fault in faults().into_iter().chain([sqlx::Error::Protocol("x".into())]) {
            let name = fault.to_string();
            assert!(matches!(query(fault), Failure::Orm(_)), "{name}");
        }
        for busy in [sqlx::Error::PoolTimedOut, sqlx::Error::PoolClosed] {
            assert!(matches!(query(busy), Failure::Exhausted));
        }
    }

    #[test]
    fn a_connection_that_is_refused_is_unavailable_and_one_that_is_wrongly_asked_for_is_not() {
        for away in [io(), sqlx::Error::Tls("x".into()), sqlx::Error::Protocol("x".into())] {
            assert!(matches!(connecting(away), Failure::Unavailable(_)));
        }
        for fault in faults() {
            let name = fault.to_string();
            assert!(matches!(connecting(fault), Failure::Orm(_)), "{name}");
        }
    }

    #[test]
    fn what_orms_do_wrong_is_not_unavailable() {
        for fault in [
            DbErr::ConvertFromU64("x"),
            DbErr::UnpackInsertId,
            DbErr::UpdateGetPrimaryKey,
            DbErr::RecordNotFound("x".into()),
            DbErr::AttrNotSet("x".into()),
            DbErr::Custom("x".into()),
            DbErr::Type("x".into()),
            DbErr::Json("x".into()),
            DbErr::RecordNotInserted,
            DbErr::RecordNotUpdated,
            DbErr::Exec(RuntimeErr::Internal("x".into())),
            DbErr::Conn(RuntimeErr::Internal("x".into())),
        ] {
            let name = fault.to_string();
            assert!(matches!(Failure::from(fault), Failure::Orm(_)), "{name}");
        }
    }

    #[test]
    fn a_commit_that_was_not_refused_may_have_been_kept() {
        for lost in [io(), sqlx::Error::Protocol("x".into()), sqlx::Error::Decode("x".into())] {
            assert!(matches!(query(lost).at_commit(), Failure::Uncertain(_)));
        }
        assert!(matches!(Failure::Lost.at_commit(), Failure::Lost));
        assert!(matches!(Failure::Exhausted.at_commit(), Failure::Exhausted));
    }
}
