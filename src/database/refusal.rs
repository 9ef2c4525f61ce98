//! Why a database cannot be opened or copied, in words for operators.

use std::path::PathBuf;

use super::{CopyError, Failure};

/// Why a database is not backed up.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// Its server has a program for that.
    #[error("this command copies a SQLite file, use `{0}` for a database of a server")]
    Server(&'static str),
    /// The URL is of no kind that is served.
    #[error(transparent)]
    Url(#[from] OpenError),
    /// The file cannot be copied.
    #[error(transparent)]
    Copy(#[from] CopyError),
}

/// Why a database cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The URL is of no kind that is served.
    #[error("{0}")]
    Url(&'static str),
    /// The URL says what has no effect, or one that must not be.
    #[error("{0}")]
    Address(String),
    /// The server is too old, or another product.
    #[error("it is served by `{0}`, where it takes PostgreSQL 13 or MariaDB 10.6, or a later one")]
    Version(String),
    /// Texts would lose characters, or sort otherwise.
    #[error("the encoding {0}")]
    Encoding(String),
    /// There is no such file, and none is to be created.
    #[error("there is no file `{}`", .0.display())]
    Missing(PathBuf),
    /// The database to read from cannot be opened.
    #[error("the database to read from of `--database-read-url` (or DATABASE_READ_URL), `{0}`: {1}")]
    Replica(String, Box<OpenError>),
    /// The database refused.
    #[error("{}", said(.0))]
    Database(#[from] Failure),
}

/// That it is not available goes without saying where it is opened.
fn said(failure: &Failure) -> String {
    match failure {
        Failure::Unavailable(cause) => cause.clone(),
        other => other.to_string(),
    }
}
