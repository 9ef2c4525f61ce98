//! The statements that the tables of all nouns have in common; what only one has is in that noun's store.

use std::collections::HashSet;

use sea_orm::{
    ExprTrait,
    sea_query::{Asterisk, Expr, Func, Query, SelectStatement},
};

use crate::{
    connection::Listed,
    database::{Db, Failure, array},
    load::Node,
    page::Listing,
};

/// The rows of a page in its order, and one more where there is one; with their cursors if they are asked
/// for and are not those of their keys.
pub async fn page<N: Node>(
    db: &Db,
    Listing { filter, page }: &Listing,
    selection: &N::Selection,
    cursors: bool,
) -> Result<Vec<Listed<N>>, Failure> {
    let sorted = page.order.columns(|key| Expr::col((N::table(), key.column)));
    let cursors = cursors && !page.order.is_by_key();
    let mut select = Query::select().from(N::table()).and_where_option(filter.clone()).take();
    N::columns(&mut select, selection);
    page.bound(&mut select, &sorted);
    if cursors {
        select.exprs(sorted);
    }
    let mut rows = db
        .rows(&select, |row| {
            let node = N::decode(row, selection)?;
            let position = cursors.then(|| page.order.position(row)).transpose()?;
            Ok(Listed::new(node, position.map(|position| page.order.cursor(&position))))
        })
        .await?;
    if page.backward() {
        rows.reverse();
    }
    Ok(rows)
}

/// The number of rows that meet the filter.
pub async fn count<N: Node>(db: &Db, filter: &Option<Expr>) -> Result<i64, Failure> {
    // Of all columns and not of the key, which SQLite would read from each row.
    let count = Func::count(Expr::col(Asterisk));
    let select = Query::select().expr(count).from(N::table()).and_where_option(filter.clone()).take();
    Ok(db.rows(&select, |row| row.long()).await?.into_iter().sum())
}

/// The rows of these keys that exist, in no order, with nothing below them.
pub async fn by_keys<N: Node>(db: &Db, keys: &[i64], selection: &N::Selection) -> Result<Vec<N>, Failure> {
    let mut select = from_keys::<N>(keys);
    N::columns(&mut select, selection);
    db.rows(&select, |row| N::decode(row, selection)).await
}

/// Those of these keys that exist.
pub async fn existing<N: Node>(db: &Db, keys: &[i64]) -> Result<HashSet<i64>, Failure> {
    let select = from_keys::<N>(keys).column((N::table(), N::KEY)).take();
    Ok(db.rows(&select, |row| row.long()).await?.into_iter().collect())
}

/// Deletes the row of this key; its edges go with it.
pub async fn delete<N: Node>(db: &Db, key: i64) -> Result<(), Failure> {
    let is = Expr::col((N::table(), N::KEY)).eq(key);
    db.execute(&Query::delete().from_table(N::table()).and_where(is).take()).await
}

/// The rows of these keys. SQLite keeps the order of a cross join: from the keys to their rows.
fn from_keys<N: Node>(keys: &[i64]) -> SelectStatement {
    Query::select()
        .from_function(array::table(keys.to_vec()), "keys")
        .cross_join(N::table())
        .and_where(Expr::col((N::table(), N::KEY)).eq(Expr::col(("keys", "value"))))
        .take()
}
