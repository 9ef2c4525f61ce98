//! Lists as one bound value, so that a statement's text does not depend on their length.
//!
//! The value is JSON on every backend, which each of them reads by a function of its own.

use sea_orm::{
    DbBackend, DbErr, DynIden, ExprTrait,
    sea_query::{
        Expr, Func, FunctionCall, InsertStatement, IntoIden, IntoTableRef, PgFunc, Query, SelectStatement,
    },
};
use serde::{Serialize, Serializer};
use serde_json::Value;

/// What the items of a list are, or one part of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A key or a number.
    Long,
    /// A text, or nothing.
    Text,
    /// A moment, as [`DateTime::text`](crate::datetime::DateTime::text) writes it.
    Moment,
}

/// A list of values of one kind, called `alias` in a statement's FROM.
pub fn from(backend: DbBackend, kind: Kind, items: impl Into<Value>, alias: &'static str) -> SelectStatement {
    let items = items.into().to_string();
    let function = match backend {
        DbBackend::Postgres => Func::cust("json_array_elements_text").arg(json(&items)),
        DbBackend::MySql => json_table(&items, &format!("value {} PATH '$'", mariadb_type(kind))),
        _ => Func::cust("json_each").arg(items),
    };
    Query::select().from_function(function, alias).take()
}

/// The item of the list called `alias`.
pub fn item(backend: DbBackend, kind: Kind, alias: impl IntoIden) -> Expr {
    let item = Expr::col((alias, "value"));
    match (backend, kind) {
        (DbBackend::Postgres, Kind::Long) => item.cast_as("bigint"),
        _ => item,
    }
}

/// The items of a list, for `IN`.
pub fn items(backend: DbBackend, kind: Kind, items: impl Into<Value>) -> SelectStatement {
    from(backend, kind, items, "items").expr(item(backend, kind, "items")).take()
}

/// A list that the statement itself makes, as SQLite and PostgreSQL do.
pub fn unnested(backend: DbBackend, list: SelectStatement) -> FunctionCall {
    let function = if backend == DbBackend::Postgres { "json_array_elements_text" } else { "json_each" };
    Func::cust(function).arg(list)
}

/// Whether `value` is in the only column of `select`, which is read first and by itself: PostgreSQL would guess how
/// many rows it has, and join it in any order.
pub fn contains(backend: DbBackend, select: SelectStatement, value: Expr) -> Expr {
    match backend {
        DbBackend::Postgres => value.eq(PgFunc::any(Func::cust("ARRAY").arg(select))),
        _ => value.in_subquery(select),
    }
}

/// The values of `column` in the rows of `select`, as such a list.
pub fn collected(backend: DbBackend, select: SelectStatement, column: DynIden) -> SelectStatement {
    let function = if backend == DbBackend::Postgres { "json_agg" } else { "json_group_array" };
    let values = Func::cust(function).arg(Expr::col(("collected", column)));
    Query::select().expr(values).from_subquery(select, "collected").take()
}

/// A list of rows, each of as many values as there are kinds, and numbered from 0.
pub struct Rows<'a> {
    backend: DbBackend,
    kinds: &'a [Kind],
    json: String,
}

impl<'a> Rows<'a> {
    /// These rows, each of which is written as a list.
    pub fn of(
        backend: DbBackend,
        kinds: &'a [Kind],
        rows: impl IntoIterator<Item = impl Serialize>,
    ) -> Result<Self, DbErr> {
        let mut json = Vec::new();
        serde_json::Serializer::new(&mut json)
            .collect_seq(rows.into_iter().enumerate())
            .map_err(|error| DbErr::Json(error.to_string()))?;
        let json = String::from_utf8(json).map_err(|error| DbErr::Json(error.to_string()))?;
        Ok(Rows { backend, kinds, json })
    }

    /// The rows, in a statement's FROM.
    pub fn select(&self) -> SelectStatement {
        let items = self.json.as_str();
        let function = match self.backend {
            DbBackend::Postgres => Func::cust("json_array_elements").arg(json(items)),
            DbBackend::MySql => json_table(items, &self.mariadb_columns()),
            // Unlike `json_each` it does not write each row as text, for its parts to be read from that again.
            _ => Func::cust("jsonb_each").arg(items),
        };
        Query::select().from_function(function, "items").take()
    }

    /// The number of each row.
    pub fn number(&self) -> Expr {
        match self.backend {
            DbBackend::Postgres => json_part(["0".to_owned()]).cast_as("bigint"),
            DbBackend::MySql => Expr::col("number"),
            _ => Expr::col("key"),
        }
    }

    /// The value at `index` of each row.
    pub fn part(&self, index: usize) -> Expr {
        let kind = self.kinds.get(index).copied().unwrap_or(Kind::Text);
        match (self.backend, kind) {
            (DbBackend::Postgres, kind) => {
                let part = json_part(["1".to_owned(), index.to_string()]);
                match kind {
                    Kind::Long => part.cast_as("bigint"),
                    Kind::Text => part,
                    Kind::Moment => part.cast_as("timestamptz"),
                }
            }
            // MariaDB reads no offsets of time: all of them are that of UTC.
            (DbBackend::MySql, Kind::Moment) => {
                Func::cust("LEFT").arg(Expr::col(format!("part_{index}"))).arg(26).into()
            }
            (DbBackend::MySql, _) => Expr::col(format!("part_{index}")),
            _ => Func::cust("json_extract").arg(Expr::col("value")).arg(format!("$[1][{index}]")).into(),
        }
    }

    /// The values of each row, in turn.
    pub fn parts(&self) -> impl Iterator<Item = Expr> {
        (0..self.kinds.len()).map(|index| self.part(index))
    }

    fn mariadb_columns(&self) -> String {
        let mut columns = "number BIGINT PATH '$[0]'".to_owned();
        for (index, kind) in self.kinds.iter().enumerate() {
            columns += &format!(", part_{index} {} PATH '$[1][{index}]'", mariadb_type(*kind));
        }
        columns
    }
}

/// What stands at `path` of each row, as text.
fn json_part<const N: usize>(path: [String; N]) -> Expr {
    let text = Func::cust("json_extract_path_text").arg(Expr::col("value"));
    path.into_iter().fold(text, FunctionCall::arg).into()
}

/// Goes on from the items of a list to the rows of `table` that meet the condition, and never the other way.
pub fn join(backend: DbBackend, select: &mut SelectStatement, table: impl IntoTableRef, condition: Expr) {
    match backend {
        DbBackend::MySql => select.straight_join(table, condition),
        // SQLite keeps the order of a cross join. PostgreSQL knows how few the items are.
        _ => select.cross_join(table).and_where(condition),
    };
}

/// Has `insert` take its rows from `select`, which reads a list.
pub fn insert_from(insert: &mut InsertStatement, mut select: SelectStatement) -> Result<(), DbErr> {
    // Without a condition SQLite would take the ON of ON CONFLICT for that of a join.
    select.and_where(Expr::cust("TRUE"));
    insert.select_from(select).map(|_| ()).map_err(|mismatch| DbErr::Custom(mismatch.to_string()))
}

fn json(items: &str) -> Expr {
    Expr::val(items).cast_as("json")
}

fn json_table(items: &str, columns: &str) -> FunctionCall {
    Func::cust("JSON_TABLE").arg(Expr::cust_with_values(format!("?, '$[*]' COLUMNS ({columns})"), [items]))
}

/// Texts compare by code point, and as long as they are.
fn mariadb_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Long => "BIGINT",
        Kind::Text | Kind::Moment => "LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin",
    }
}
