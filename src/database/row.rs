//! One row of a result, read column after column.

use rusqlite::types::FromSql;
use sea_orm::{QueryResult, TryGetable};

use super::{Failure, moment};
use crate::datetime::{DateTime, Times};

/// A row and the position of its next column. Columns are read in the order in which they are selected.
pub struct Row<'a> {
    columns: Columns<'a>,
    next: usize,
    texts: usize,
}

enum Columns<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Server(&'a QueryResult),
}

impl<'a> Row<'a> {
    pub(super) fn of_sqlite(row: &'a rusqlite::Row<'a>) -> Self {
        Row { columns: Columns::Sqlite(row), next: 0, texts: 0 }
    }

    pub(super) fn of_server(row: &'a QueryResult) -> Self {
        Row { columns: Columns::Server(row), next: 0, texts: 0 }
    }

    /// The bytes of the texts that were read so far.
    pub(super) fn texts(&self) -> usize {
        self.texts
    }

    /// A key or a count.
    pub fn long(&mut self) -> Result<i64, Failure> {
        self.column()
    }

    /// A version.
    pub fn int(&mut self) -> Result<i32, Failure> {
        self.column()
    }

    /// A text.
    pub fn text(&mut self) -> Result<String, Failure> {
        let text: String = self.column()?;
        self.texts += text.len();
        Ok(text)
    }

    /// A text, or nothing.
    pub fn optional_text(&mut self) -> Result<Option<String>, Failure> {
        let text: Option<String> = self.column()?;
        self.texts += text.as_ref().map_or(0, String::len);
        Ok(text)
    }

    /// When the row of `table` was made and when it last changed.
    pub fn times(&mut self, table: &'static str) -> Result<Times, Failure> {
        Ok(Times {
            created_at: self.moment(table, "created_at")?,
            updated_at: self.moment(table, "updated_at")?,
        })
    }

    /// The moment in this column.
    pub fn moment(&mut self, table: &'static str, column: &'static str) -> Result<DateTime, Failure> {
        let index = self.advance();
        let moment = match self.columns {
            Columns::Sqlite(row) => moment::of_sqlite(row.get_ref(index)?),
            Columns::Server(row) => moment::of_server(row, index)?,
        };
        moment.map_err(|found| Failure::NoMoment { table, column, found })
    }

    /// The moment in this column as texts of moments compare; from SQLite the very text that it keeps.
    pub fn moment_text(&mut self, table: &'static str, column: &'static str) -> Result<String, Failure> {
        let index = self.next;
        let moment = self.moment(table, column)?;
        match self.columns {
            Columns::Sqlite(row) => Ok(row.get(index)?),
            Columns::Server(_) => Ok(moment.text()),
        }
    }

    fn column<T: FromSql + TryGetable>(&mut self) -> Result<T, Failure> {
        let index = self.advance();
        match self.columns {
            Columns::Sqlite(row) => Ok(row.get(index)?),
            Columns::Server(row) => Ok(row.try_get_by_index(index)?),
        }
    }

    fn advance(&mut self) -> usize {
        self.next += 1;
        self.next - 1
    }
}
