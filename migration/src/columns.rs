//! Columns that the tables have in common.
//!
//! Another application may write into the same file, so every column that it would not list has a
//! default, and what this server takes for granted is checked by the table itself.

use sea_orm_migration::prelude::*;

/// The surrogate key. Numbers of deleted rows are never given again, because clients keep IDs.
pub fn id() -> ColumnDef {
    ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key().take()
}

/// A text of 1 to `max` characters, compared by code point.
pub fn text(name: &'static str, max: u32) -> ColumnDef {
    optional_text(name, max).not_null().take()
}

/// As [`text`], or nothing.
pub fn optional_text(name: &'static str, max: u32) -> ColumnDef {
    let length = Func::char_length(Expr::col(name));
    ColumnDef::new(name)
        .string_len(max)
        .extra("COLLATE BINARY")
        .check(Expr::expr(length).between(1, max))
        .take()
}

/// Counts the changes of a row, from 1.
pub fn version() -> ColumnDef {
    ColumnDef::new("version").integer().not_null().default(1).check(Expr::col("version").gte(1)).take()
}

/// A moment in UTC. On SQLite it is text of fixed width that ends in `+00:00`, so that texts compare as
/// moments do.
pub fn timestamp(name: &'static str) -> ColumnDef {
    ColumnDef::new(name)
        .custom("datetime")
        .not_null()
        .default(Expr::cust("(strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'))"))
        .take()
}
