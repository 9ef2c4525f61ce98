//! SQLite: where its file is, and its connections, which block while they work.

mod backup;
mod file;
mod job;
mod readers;
mod writer;

use std::{
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use rusqlite::{Connection, OpenFlags, Statement, config::DbConfig};
use sea_orm::{
    DbErr,
    sea_query::{Value, Values},
};

use super::{Failure, Row, handle::GivenUp};
use crate::datetime::DateTime;

pub use backup::{CopyError, copy};
pub use file::{File, explain};
pub use readers::Readers;
pub use writer::Writer;

/// How long an opening that met a lock waits before the next attempt.
const PAUSE: Duration = Duration::from_millis(5);

/// After so many steps of SQLite's machine, well under a millisecond, a statement looks whether anyone
/// still waits for it.
const STEPS: i32 = 10_000;

/// Prepared statements that a connection keeps: more than this program has.
const STATEMENTS: usize = 256;

/// A connection, which one request at a time uses.
#[derive(Clone)]
pub struct Sqlite(Arc<Mutex<Connection>>);

impl Sqlite {
    /// The connection that writes. It creates the file where there is none.
    ///
    /// `patience` is how long it waits for another process's lock.
    pub fn writer(file: &Path, patience: Duration) -> Result<Self, Failure> {
        let connection = patiently(patience, || {
            let connection =
                open(file, patience, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
            // SQLite opens a file that is not to be written as one that is only read.
            if connection.is_readonly("main")? {
                return Err(Failure::Unavailable("it cannot be written".to_owned()));
            }
            refuse_other_encodings(&connection)?;
            // An acknowledged write survives the loss of power.
            connection.execute_batch(
                "PRAGMA journal_mode = WAL;
                 PRAGMA synchronous = FULL;
                 PRAGMA foreign_keys = ON",
            )?;
            Ok(connection)
        })?;
        Ok(Sqlite::of(connection))
    }

    /// A connection that reads a file with a writer.
    pub fn reader(file: &Path, patience: Duration) -> Result<Self, Failure> {
        let open = || open(file, patience, OpenFlags::SQLITE_OPEN_READ_ONLY);
        Ok(Sqlite::of(patiently(patience, open)?))
    }

    fn of(connection: Connection) -> Self {
        Sqlite(Arc::new(Mutex::new(connection)))
    }

    /// For one statement. A request that panicked leaves nothing behind that its transaction's end does
    /// not undo.
    pub fn lock(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Every row that a statement returns.
    pub fn rows<R>(
        &self,
        statement: &sea_orm::Statement,
        read: impl Fn(&mut Row<'_>) -> Result<R, Failure>,
    ) -> Result<Vec<R>, Failure> {
        let connection = self.lock();
        let mut prepared = connection.prepare_cached(&statement.sql)?;
        bind(&mut prepared, &statement.values)?;
        let (mut found, mut rows) = (prepared.raw_query(), Vec::new());
        while let Some(row) = found.next()? {
            rows.push(read(&mut Row::of_sqlite(row))?);
        }
        Ok(rows)
    }

    /// Runs a statement that begins, marks or ends a transaction.
    pub fn control(&self, sql: &str) -> Result<(), Failure> {
        self.lock().prepare_cached(sql)?.execute([])?;
        Ok(())
    }

    /// Has statements fail with [`Failure::GivenUp`] once the request is given up, until it has ended.
    pub fn watch(&self, given_up: &GivenUp) -> Result<(), Failure> {
        let given_up = given_up.clone();
        Ok(self.lock().progress_handler(STEPS, Some(move || given_up.is_set()))?)
    }

    /// What comes now is nobody's request.
    pub fn watch_no_longer(&self) -> Result<(), Failure> {
        Ok(self.lock().progress_handler(0, None::<fn() -> bool>)?)
    }

    /// Undoes the transaction, if one is open.
    pub fn rollback(&self) -> Result<(), Failure> {
        if self.in_transaction() { self.control("ROLLBACK") } else { Ok(()) }
    }

    /// Whether a transaction is open. SQLite itself ends one that meets a full disk, for instance.
    pub fn in_transaction(&self) -> bool {
        !self.lock().is_autocommit()
    }
}

/// In UTF-16 texts would not compare by code point.
fn refuse_other_encodings(connection: &Connection) -> Result<(), Failure> {
    let encoding: String = connection.pragma_query_value(None, "encoding", |row| row.get(0))?;
    if encoding == "UTF-8" {
        return Ok(());
    }
    Err(Failure::Migration(format!(
        "its encoding is {encoding}, and not UTF-8: copy its rows into a new file"
    )))
}

/// Opens a connection, again where it meets another process that opens or closes the file: while a file
/// gets its write-ahead log or loses it, SQLite reports a lock at once, whatever the timeout.
fn patiently(
    patience: Duration,
    open: impl Fn() -> Result<Connection, Failure>,
) -> Result<Connection, Failure> {
    let since = Instant::now();
    loop {
        match open() {
            Err(Failure::Lost) if since.elapsed() < patience => thread::sleep(PAUSE),
            opened => return opened,
        }
    }
}

fn open(file: &Path, patience: Duration, flags: OpenFlags) -> Result<Connection, Failure> {
    // Its own lock would only repeat ours.
    let connection = Connection::open_with_flags(file, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(patience)?;
    connection.execute_batch(
        "PRAGMA cache_size = -65536;
         PRAGMA mmap_size = 268435456;
         PRAGMA temp_store = MEMORY",
    )?;
    // Otherwise SQLite looks at the values that are bound to a LIMIT, and compiles the statement anew at
    // every execution.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

fn bind(prepared: &mut Statement<'_>, values: &Option<Values>) -> Result<(), Failure> {
    let values = values.iter().flat_map(|values| &values.0);
    for (index, value) in (1..).zip(values) {
        match value {
            Value::Int(number) => prepared.raw_bind_parameter(index, number)?,
            Value::BigInt(number) => prepared.raw_bind_parameter(index, number)?,
            // A LIMIT, which is small.
            Value::BigUnsigned(number) => {
                prepared.raw_bind_parameter(index, number.map(u64::cast_signed))?;
            }
            Value::String(text) => prepared.raw_bind_parameter(index, text)?,
            Value::ChronoDateTimeUtc(moment) => {
                prepared.raw_bind_parameter(index, moment.map(|moment| DateTime::new(moment).text()))?;
            }
            other => return Err(DbErr::Type(format!("no statement binds {other:?}")).into()),
        }
    }
    Ok(())
}
