//! The file that a URL names, and why one cannot be opened.

use std::{
    fs::{self, OpenOptions},
    path::{Path, PathBuf},
};

use form_urlencoded::parse;
use rusqlite::ErrorCode;
use sea_orm::sqlx::sqlite::SqliteConnectOptions;

use crate::database::{Failure, OpenError};

/// A file, and whether it is created where there is none.
pub struct File {
    pub path: PathBuf,
    pub creates: bool,
}

impl File {
    /// The file that a URL names.
    ///
    /// Fails on one that names no file, and on parameters that would have no effect.
    pub fn of_url(url: &str) -> Result<Self, OpenError> {
        if url.contains(":memory:") || url.contains("mode=memory") {
            return Err(OpenError::Url("in memory each connection has a database of its own, name a file"));
        }
        let creates = creates(url)?;
        let options: SqliteConnectOptions =
            url.parse().map_err(|_| OpenError::Url("its `%` and two digits stand for no UTF-8"))?;
        let path = options.get_filename().to_owned();
        if path.as_os_str().is_empty() {
            return Err(OpenError::Url("it names no file, as in `sqlite:customer-graph.db`"));
        }
        // SQLite would take it for an address with parameters of its own.
        if path.starts_with("file:") || path.to_string_lossy().starts_with("file:") {
            return Err(OpenError::Url("a file is named without `file:`, as in `sqlite:customer-graph.db`"));
        }
        if path.to_string_lossy().contains('\0') {
            return Err(OpenError::Url("no file has NUL in its name"));
        }
        Ok(File { path, creates })
    }

    /// Fails where there is no file and none is to be created.
    pub fn must_exist(&self) -> Result<(), OpenError> {
        if self.path.exists() { Ok(()) } else { Err(OpenError::Missing(self.path.clone())) }
    }
}

/// Reads the parameters, of which one has a choice.
fn creates(url: &str) -> Result<bool, OpenError> {
    let mut creates = true;
    let parameters = url.split_once('?').map_or("", |(_, parameters)| parameters);
    for (name, value) in parse(parameters.as_bytes()) {
        match (&*name, &*value) {
            ("mode", "rwc") => {}
            ("mode", "rw") => creates = false,
            ("mode", _) => {
                return Err(OpenError::Url(
                    "its `mode` is `rwc`, or `rw` to have no file created: it is written to",
                ));
            }
            _ => {
                return Err(OpenError::Address(format!(
                    "its parameter `{name}` has no effect, leave it out: `mode` is the only one that is taken"
                )));
            }
        }
    }
    Ok(creates)
}

/// Why the file cannot be opened, where SQLite only says that it cannot.
pub fn explain(file: &Path, failure: Failure) -> OpenError {
    let reason = match &failure {
        Failure::Lost => Some("another process has it locked, such as a tool that is open on it".to_owned()),
        Failure::Sqlite(error) => match error.sqlite_error_code() {
            Some(ErrorCode::CannotOpen) => cannot_open(file),
            Some(ErrorCode::NotADatabase) => Some("it is no SQLite database".to_owned()),
            _ => None,
        },
        Failure::Unavailable(_) => cannot_open(file),
        _ => None,
    };
    reason.map_or(OpenError::Database(failure), OpenError::Address)
}

/// What is wrong with the place of the file.
fn cannot_open(file: &Path) -> Option<String> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let shown = folder.display();
    if file.is_dir() {
        return Some(format!(
            "it is a folder, name a file in it: `sqlite:{}`",
            file.join("graph.db").display()
        ));
    }
    if !folder.is_dir() {
        return Some(format!("there is no folder `{shown}`, create it"));
    }
    if file.exists() && OpenOptions::new().read(true).write(true).open(file).is_err() {
        return Some(format!("the file `{}` must be readable and writable", file.display()));
    }
    let probe = tempfile::Builder::new().prefix(".customer-graph").tempfile_in(folder);
    if probe.is_err() || fs::read_dir(folder).is_err() {
        return Some(format!("the folder `{shown}` must be writable: SQLite keeps its log beside the file"));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_names_a_file_and_whether_to_create_it() {
        for (url, path, creates) in [
            ("sqlite:graph.db", "graph.db", true),
            ("sqlite://graph.db?mode=rwc", "graph.db", true),
            ("sqlite:///data/a%20b%3F.db?mode=rw", "/data/a b?.db", false),
            ("sqlite:100%25.db?", "100%.db", true),
        ] {
            let file = File::of_url(url).unwrap();
            assert_eq!((file.path.to_str(), file.creates), (Some(path), creates), "{url}");
        }
    }

    #[test]
    fn a_url_without_a_file_or_with_a_parameter_without_effect_is_refused() {
        for (url, told) in [
            ("sqlite:", "names no file"),
            ("sqlite://", "names no file"),
            ("sqlite:?mode=rwc", "names no file"),
            ("sqlite::memory:", "in memory"),
            ("sqlite:x.db?mode=memory", "in memory"),
            ("sqlite:x.db?mode=ro", "`mode` is `rwc`"),
            ("sqlite:x.db?mode=", "`mode` is `rwc`"),
            ("sqlite:x.db?cache=shared", "`cache` has no effect"),
            ("sqlite:x.db?immutable=1", "`immutable` has no effect"),
            ("sqlite:x.db?vfs=unix-none", "`vfs` has no effect"),
            ("sqlite:x.db?foo", "`foo` has no effect"),
            ("sqlite:file:x.db", "without `file:`"),
            ("sqlite:x%00.db", "NUL"),
            ("sqlite:x%ff.db", "no UTF-8"),
        ] {
            let refusal = File::of_url(url).err().map(|error| error.to_string()).unwrap_or_default();
            assert!(refusal.contains(told), "{url}: {refusal}");
        }
    }
}
