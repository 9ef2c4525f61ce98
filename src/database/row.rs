//! One row of a result, read column after column.

use rusqlite::types::FromSql;

use super::Failure;
use crate::datetime::{DateTime, Times};

/// A row and the position of its next column. Columns are read in the order in which they are selected.
pub struct Row<'a> {
    row: &'a rusqlite::Row<'a>,
    next: usize,
}

impl<'a> Row<'a> {
    pub(super) fn new(row: &'a rusqlite::Row<'a>) -> Self {
        Row { row, next: 0 }
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
        self.column()
    }

    /// A text, or nothing.
    pub fn optional_text(&mut self) -> Result<Option<String>, Failure> {
        self.column()
    }

    /// When the row was made and when it last changed.
    pub fn times(&mut self) -> Result<Times, Failure> {
        let created_at = DateTime::new(self.column()?);
        let updated_at = DateTime::new(self.column()?);
        Ok(Times { created_at, updated_at })
    }

    fn column<T: FromSql>(&mut self) -> Result<T, Failure> {
        let index = self.next;
        self.next += 1;
        Ok(self.row.get(index)?)
    }
}
