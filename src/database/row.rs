//! One row of a result, read column after column.

use sea_orm::{DbErr, QueryResult};

use crate::datetime::{DateTime, Times};

/// A row and the position of its next column. Columns are read in the order in which they are selected.
pub struct Row<'a> {
    row: &'a QueryResult,
    next: usize,
}

impl<'a> Row<'a> {
    pub(super) fn new(row: &'a QueryResult) -> Self {
        Row { row, next: 0 }
    }

    /// A key or a count.
    pub fn long(&mut self) -> Result<i64, DbErr> {
        self.column()
    }

    /// A version.
    pub fn int(&mut self) -> Result<i32, DbErr> {
        self.column()
    }

    /// A text.
    pub fn text(&mut self) -> Result<String, DbErr> {
        self.column()
    }

    /// A text, or nothing.
    pub fn optional_text(&mut self) -> Result<Option<String>, DbErr> {
        self.column()
    }

    /// When the row was made and when it last changed.
    pub fn times(&mut self) -> Result<Times, DbErr> {
        let created_at = DateTime::new(self.column()?);
        let updated_at = DateTime::new(self.column()?);
        Ok(Times { created_at, updated_at })
    }

    fn column<T: sea_orm::TryGetable>(&mut self) -> Result<T, DbErr> {
        let index = self.next;
        self.next += 1;
        self.row.try_get_by_index(index)
    }
}
