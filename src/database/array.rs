//! Lists as one bound value, so that a statement's text does not depend on their length.

use sea_orm::{
    DbErr, DynIden,
    sea_query::{Expr, Func, FunctionCall, InsertStatement, Query, SelectStatement},
};
use serde_json::Value;

/// A table of one column `value` with a row for each item of the list.
pub fn table(items: impl Into<Value>) -> FunctionCall {
    Func::cust("json_each").arg(items.into().to_string())
}

/// As [`table`], of a long list of lists that is written as JSON already.
pub fn written(items: String) -> FunctionCall {
    // Unlike `json_each` it does not write each item as text, for its parts to be read from that again.
    Func::cust("jsonb_each").arg(items)
}

/// As [`table`], of a list that the statement itself makes.
pub fn unnested(list: SelectStatement) -> FunctionCall {
    Func::cust("json_each").arg(list)
}

/// The values of `column` in the rows of `select`, in their order, as a list.
pub fn collected(select: SelectStatement, column: DynIden) -> SelectStatement {
    let values = Func::cust("json_group_array").arg(Expr::col(("collected", column)));
    Query::select().expr(values).from_subquery(select, "collected").take()
}

/// The items of the list, for `IN`.
pub fn items(items: impl Into<Value>) -> SelectStatement {
    Query::select().column("value").from_function(table(items), "items").take()
}

/// The part at `index` of each item, where items are lists themselves.
pub fn part(index: usize) -> Expr {
    Func::cust("json_extract").arg(Expr::col("value")).arg(format!("$[{index}]")).into()
}

/// Has `insert` take its rows from `select`, which reads a [`table`].
pub fn insert_from(insert: &mut InsertStatement, mut select: SelectStatement) -> Result<(), DbErr> {
    // Without a condition SQLite would take the ON of ON CONFLICT for that of a join.
    select.and_where(Expr::cust("TRUE"));
    insert.select_from(select).map(|_| ()).map_err(|mismatch| DbErr::Custom(mismatch.to_string()))
}
