//! Columns that the tables have in common, and what is to be said differently to each kind of database.
//!
//! Another application may write into the same database, so every column that it would not list has a
//! default, and what this server takes for granted is checked by the table itself: texts and versions here, moments by
//! what `m20261129_000001_moments` adds.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

/// A new table, whose texts MariaDB compares by code point and as long as they are.
pub fn table(backend: DbBackend, name: &'static str) -> TableCreateStatement {
    let mut table = Table::create().table(name).take();
    if backend == DbBackend::MySql {
        table.engine("InnoDB").character_set("utf8mb4").collate("utf8mb4_nopad_bin");
    }
    table
}

/// The surrogate key. Numbers of deleted rows are never given again, because clients keep IDs.
pub fn id() -> ColumnDef {
    ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key().take()
}

/// A text of 1 to `max` characters, compared by code point.
pub fn text(backend: DbBackend, name: &'static str, max: u32) -> ColumnDef {
    optional_text(backend, name, max).not_null().take()
}

/// As [`text`], or nothing.
pub fn optional_text(backend: DbBackend, name: &'static str, max: u32) -> ColumnDef {
    let length = Func::char_length(Expr::col(name));
    let mut column = ColumnDef::new(name).string_len(max).check(Expr::expr(length).between(1, max)).take();
    match backend {
        DbBackend::Sqlite => column.extra("COLLATE BINARY"),
        DbBackend::Postgres => column.extra("COLLATE \"C\""),
        // The table's own.
        _ => &mut column,
    }
    .take()
}

/// A text of any length.
pub fn long_text(backend: DbBackend, name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    match backend {
        // TEXT ends after 64 KiB there.
        DbBackend::MySql => column.custom("longtext"),
        _ => column.text(),
    }
    .not_null()
    .take()
}

/// Counts the changes of a row, from 1.
pub fn version() -> ColumnDef {
    ColumnDef::new("version").integer().not_null().default(1).check(Expr::col("version").gte(1)).take()
}

/// A moment in UTC, to the microsecond. On SQLite it is text that begins as `2006-01-02 15:04:05` does, so that texts
/// compare as moments do; this server writes all six digits of the fraction, and `+00:00`.
pub fn timestamp(backend: DbBackend, name: &'static str) -> ColumnDef {
    let (column_type, now) = match backend {
        DbBackend::Postgres => ("timestamptz(6)", "now()"),
        DbBackend::MySql => ("datetime(6)", "(utc_timestamp(6))"),
        _ => ("datetime", "(strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now'))"),
    };
    ColumnDef::new(name).custom(column_type).not_null().default(Expr::cust(now)).take()
}

/// An index by a column and then by the key, as the orders are that people ask for.
pub fn index(
    backend: DbBackend,
    table: &'static str,
    name: &'static str,
    column: &'static str,
) -> IndexCreateStatement {
    let mut index = Index::create().name(name).table(table).col(column).take();
    // Elsewhere the key is the last column of each index by itself.
    if backend == DbBackend::Postgres {
        index.col("id");
    }
    index
}
