//! Why a statement or a transaction failed, as far as the request that met it may act on it.

use std::sync::Arc;

use rusqlite::ErrorCode;
use sea_orm::DbErr;

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
    /// SQLite refused or failed.
    #[error(transparent)]
    Sqlite(Arc<rusqlite::Error>),
    /// A statement could not be built, or a migration failed.
    #[error(transparent)]
    Orm(#[from] DbErr),
}

impl From<rusqlite::Error> for Failure {
    /// SQLITE_BUSY and its extended codes say that another process wrote.
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy) => Failure::Lost,
            Some(ErrorCode::OperationInterrupted) => Failure::GivenUp,
            _ => Failure::Sqlite(Arc::new(error)),
        }
    }
}
