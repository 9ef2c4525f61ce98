//! The later of two moments, as each kind of database calls it.

use sea_orm::{
    DbBackend,
    sea_query::{Expr, Func, FunctionCall},
};

/// The later of these moments.
pub fn latest(backend: DbBackend, moments: [Expr; 2]) -> FunctionCall {
    let name = if backend == DbBackend::Sqlite { "max" } else { "GREATEST" };
    Func::cust(name).args(moments)
}
