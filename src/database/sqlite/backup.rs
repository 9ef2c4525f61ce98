//! A copy of the file, made while others read and write it.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf, absolute},
    time::Duration,
};

use rusqlite::OpenFlags;
use tempfile::Builder;

use super::{open, patiently};
use crate::database::Failure;

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// No file is ever replaced.
    #[error("there is a file `{0}` already")]
    Exists(PathBuf),
    /// The copy cannot be written.
    #[error("cannot write `{path}`: {error}", path = .0.display(), error = .1)]
    Write(PathBuf, io::Error),
    /// There is no such folder.
    #[error("cannot write `{path}`: there is no folder `{folder}`, create it", path = .0.display(), folder = .1.display())]
    NoFolder(PathBuf, PathBuf),
    /// SQLite refused or failed.
    #[error(transparent)]
    Database(#[from] Failure),
}

/// Copies the database in `file` to the new file `copy`, as it is at one moment.
///
/// Once this returns, the copy is whole and on the disk. It has its name from then on and not before: until
/// then it is a file beside it that ends in `.partial`, which only a process that is killed leaves behind.
pub fn copy(file: &Path, copy: &Path, patience: Duration) -> Result<(), CopyError> {
    if copy.symlink_metadata().is_ok() {
        return Err(CopyError::Exists(copy.to_owned()));
    }
    let written = |error| CopyError::Write(copy.to_owned(), error);
    // SQLite takes a path that begins with a scheme for a URL.
    let path = absolute(copy).map_err(written)?;
    let (Some(directory), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(written(io::ErrorKind::IsADirectory.into()));
    };

    if !directory.is_dir() {
        return Err(CopyError::NoFolder(copy.to_owned(), directory.to_owned()));
    }
    // The error would name the temporary file, of which nobody knows.
    let created = |error: io::Error| written(error.kind().into());

    let prefix = format!("{}.", name.display());
    let partial =
        Builder::new().prefix(&prefix).suffix(".partial").tempfile_in(directory).map_err(created)?;
    // SQLite reads paths as UTF-8.
    let into = partial.path().to_str().ok_or_else(|| written(io::ErrorKind::InvalidFilename.into()))?;
    vacuum(file, into, patience)?;
    let permissions = fs::metadata(file).map_err(written)?.permissions();
    partial.as_file().set_permissions(permissions).map_err(written)?;
    partial.as_file().sync_all().map_err(written)?;
    partial.persist_noclobber(&path).map_err(|refused| match refused.error.kind() {
        io::ErrorKind::AlreadyExists => CopyError::Exists(copy.to_owned()),
        _ => written(refused.error),
    })?;
    File::open(directory).and_then(|directory| directory.sync_all()).map_err(written)
}

/// Writes everything into the empty file at `copy`. Requests go on: what they write meanwhile stays in the
/// write-ahead log.
fn vacuum(file: &Path, copy: &str, patience: Duration) -> Result<(), Failure> {
    // Not created, and not only read: whoever closes a file last takes its log away.
    let connection = patiently(patience, || open(file, patience, OpenFlags::SQLITE_OPEN_READ_WRITE))?;
    connection.execute("VACUUM INTO ?", [copy])?;
    Ok(())
}
