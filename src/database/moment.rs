//! Moments as each kind of database keeps them: read, or refused where a value is none.

use std::str;

use rusqlite::types::ValueRef;
use sea_orm::{
    DbErr, QueryResult, RuntimeErr,
    sqlx::{self, Row, mysql::MySqlRow, postgres::PgRow},
};

use super::Failure;
use crate::datetime::DateTime;

/// From 1970, from which chrono counts, to 2000, from which PostgreSQL does.
const EPOCH: i64 = 946_684_800_000_000;

/// What a column has that is no moment, for the log. The value itself may be anything.
pub type Found = &'static str;

/// A moment, or what is in its place.
pub type Moment = Result<DateTime, Found>;

const NO_DATE: Found = "a date that is in no calendar";

/// A moment of SQLite, whose columns take values of any type.
pub fn of_sqlite(value: ValueRef<'_>) -> Moment {
    match value {
        ValueRef::Text(text) => {
            str::from_utf8(text).ok().and_then(DateTime::of_text).ok_or("a text of another form")
        }
        ValueRef::Integer(_) => Err("an integer"),
        ValueRef::Real(_) => Err("a floating-point number"),
        ValueRef::Blob(_) => Err("a blob"),
        ValueRef::Null => Err("NULL"),
    }
}

/// A moment of PostgreSQL or MariaDB.
pub fn of_server(row: &QueryResult, index: usize) -> Result<Moment, Failure> {
    match (row.try_as_pg_row(), row.try_as_mysql_row()) {
        (Some(row), _) => of_postgres(row, index),
        (_, Some(row)) => of_mariadb(row, index),
        _ => Ok(Ok(DateTime::new(row.try_get_by_index(index)?))),
    }
}

/// PostgreSQL goes from 4713 BC to 294276 and knows two infinities. chrono does not go as far, and sqlx panics where
/// it ends: so the number is read that PostgreSQL sends.
fn of_postgres(row: &PgRow, index: usize) -> Result<Moment, Failure> {
    let micros: i64 = row.try_get_unchecked(index).map_err(query)?;
    let moment = micros.checked_add(EPOCH).and_then(chrono::DateTime::from_timestamp_micros);
    Ok(match (micros, moment) {
        (i64::MAX, _) => Err("infinity"),
        (i64::MIN, _) => Err("-infinity"),
        (_, Some(moment)) => DateTime::within_years(moment).ok_or("a moment of another year"),
        (_, None) => Err("a moment of another year"),
    })
}

/// MariaDB knows days and months of the number 0, and the 30th of February under some of its modes.
fn of_mariadb(row: &MySqlRow, index: usize) -> Result<Moment, Failure> {
    match row.try_get_unchecked::<chrono::NaiveDateTime, _>(index) {
        Ok(moment) => Ok(DateTime::within_years(moment.and_utc()).ok_or(NO_DATE)),
        Err(sqlx::Error::ColumnDecode { .. }) => Ok(Err(NO_DATE)),
        Err(error) => Err(query(error)),
    }
}

fn query(error: sqlx::Error) -> Failure {
    DbErr::Query(RuntimeErr::SqlxError(error.into())).into()
}
