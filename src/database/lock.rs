//! Locks on rows, which end with the transaction. SQLite needs none: it has one writer.

use sea_orm::{
    DbBackend, DynIden, ExprTrait, Order,
    sea_query::{Expr, IntoIden, LockType, SelectStatement},
};

use super::array::{self, Kind};

/// Locks the rows of a table with these keys, one after the other in their order, so that nobody waits in a
/// circle. Others may refer to the rows meanwhile.
pub fn rows(
    backend: DbBackend,
    table: impl IntoIden,
    key: impl IntoIden,
    keys: impl IntoIterator<Item = i64>,
) -> SelectStatement {
    let (table, mut keys): (DynIden, Vec<_>) = (table.into_iden(), keys.into_iter().collect());
    keys.sort_unstable();
    keys.dedup();
    let key = Expr::col((table.clone(), key.into_iden()));
    let mut rows = array::from(backend, Kind::Long, keys, "locked");
    let named = array::item(backend, Kind::Long, "locked");
    array::join(backend, &mut rows, table.clone(), key.clone().eq(named));
    rows.expr(key.clone());
    match backend {
        DbBackend::Postgres => {
            rows.order_by_expr(key, Order::Asc).lock_with_tables(LockType::NoKeyUpdate, [table])
        }
        // It locks what it reads, as it reads it. An order would only sort what is locked by then.
        _ => rows.lock_exclusive(),
    }
    .take()
}
