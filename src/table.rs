//! The statements that the tables of all nouns have in common; what only one has is in that noun's store.

use std::{cmp, collections::HashSet};

use sea_orm::{
    DbBackend, DbErr, ExprTrait, Order,
    sea_query::{Asterisk, CaseStatement, Expr, Func, InsertStatement, IntoIden, Query, SelectStatement},
};

use crate::{
    connection::Listed,
    database::{
        Db, Failure,
        array::{self, Kind, Rows},
    },
    datetime::DateTime,
    load::Node,
    page::{Listing, Page},
};

/// So many candidates are read one by one; where there are more, a page is soon full of what comes next
/// in its order. Scattered over a million rows, 1,000 candidates took 2 ms and 26 ms in these two ways,
/// and 3,000 took 7 ms and 9 ms.
const FEW: u64 = 2_000;

/// How many rows a statement adds on MariaDB at most, which takes 65,535 values in one.
const ADDED_AT_ONCE: usize = 4_096;

/// When a row of any noun was made and when it last changed.
const TIMES: [&str; 2] = ["created_at", "updated_at"];

/// The keys of a page, as the statement that has listed them calls them.
const PAGE: &str = "page";

/// The rows of a page in its order, and one more where there is one; with their cursors if they are asked
/// for and are not those of their keys.
pub async fn page<N: Node>(
    db: &Db,
    listing: &Listing,
    selection: &N::Selection,
    cursors: bool,
) -> Result<Vec<Listed<N>>, Failure> {
    let page = &listing.page;
    let cursors = cursors && !page.order.is_by_key();
    let mut select = match &listing.candidates {
        Some(candidates) => from_page::<N>(db.backend(), listing, candidates),
        None => bounded::<N>(db.backend(), listing),
    };
    N::columns(&mut select, selection);
    if cursors {
        select.exprs(sorted::<N>(page));
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

/// The rows that meet the filter, bounded to the page.
fn bounded<N: Node>(backend: DbBackend, Listing { filter, page, .. }: &Listing) -> SelectStatement {
    let mut select = Query::select().from(N::table()).and_where_option(filter.clone()).take();
    page.bound(backend, &mut select, &sorted::<N>(page));
    select
}

/// The rows of a page whose keys are listed first: out of the candidates if they are few, and otherwise
/// in the page's order until it is full.
fn from_page<N: Node>(
    backend: DbBackend,
    listing: &Listing,
    candidates: &SelectStatement,
) -> SelectStatement {
    let in_order = bounded::<N>(backend, listing).column((N::table(), N::KEY)).take();
    let is_candidate = array::contains(backend, candidates.clone(), key::<N>());
    let among_few = in_order.clone().and_where(is_candidate).take();
    let are_many = Expr::exists(candidates.clone().limit(1).offset(FEW).take());
    let keys = |select| array::collected(backend, select, N::KEY.into_iden());
    let keys = CaseStatement::new().case(are_many, keys(in_order)).finally(keys(among_few));

    let keys = Query::select().expr(keys).take();
    let mut select = Query::select()
        .from_function(array::unnested(backend, keys), PAGE)
        .cross_join(N::table())
        .and_where(key::<N>().eq(array::item(backend, Kind::Long, PAGE)))
        .take();
    let page = &listing.page;
    page.order.apply(&mut select, &sorted::<N>(page), page.backward());
    select
}

fn sorted<N: Node>(page: &Page) -> Vec<Expr> {
    page.order.columns(|key| Expr::col((N::table(), key.column)))
}

fn key<N: Node>() -> Expr {
    Expr::col((N::table(), N::KEY))
}

/// The number of rows that meet the filter.
pub async fn count<N: Node>(db: &Db, Listing { filter, candidates, .. }: &Listing) -> Result<i64, Failure> {
    // Of all columns and not of the key, which SQLite would read from each row.
    let count = Func::count(Expr::col(Asterisk));
    // PostgreSQL begins at the candidates by itself, and would look them up twice.
    let candidates = candidates.clone().filter(|_| db.backend() == DbBackend::Sqlite);
    let among = candidates.map(|candidates| key::<N>().in_subquery(candidates));
    let select = Query::select()
        .expr(count)
        .from(N::table())
        .and_where_option(filter.clone())
        .and_where_option(among)
        .take();
    Ok(db.rows(&select, |row| row.long()).await?.into_iter().sum())
}

/// The rows of these keys that exist, in no order, with nothing below them.
pub async fn by_keys<N: Node>(db: &Db, keys: &[i64], selection: &N::Selection) -> Result<Vec<N>, Failure> {
    let mut select = from_keys::<N>(db.backend(), keys);
    N::columns(&mut select, selection);
    db.rows(&select, |row| N::decode(row, selection)).await
}

/// Those of these keys that exist.
pub async fn existing<N: Node>(db: &Db, keys: &[i64]) -> Result<HashSet<i64>, Failure> {
    let select = from_keys::<N>(db.backend(), keys).column((N::table(), N::KEY)).take();
    Ok(db.rows(&select, |row| row.long()).await?.into_iter().collect())
}

/// Adds rows with these texts in these columns, and returns their keys in that order.
pub async fn insert<N: Node, const C: usize>(
    db: &Db,
    columns: [impl IntoIden; C],
    rows: Vec<[Option<&str>; C]>,
) -> Result<Vec<i64>, Failure> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let columns = columns.into_iter().map(IntoIden::into_iden).chain(TIMES.map(IntoIden::into_iden));
    let insert = Query::insert().into_table(N::table()).columns(columns).take();
    let mut keys = Vec::with_capacity(rows.len());
    for insert in insertions(db.backend(), insert, &rows)? {
        keys.append(&mut db.written(&insert, [N::KEY], |row| row.long()).await?);
    }
    // Keys grow with each row, but rows may be returned in any order.
    keys.sort_unstable();
    Ok(keys)
}

/// The statements that add these rows.
fn insertions<const C: usize>(
    backend: DbBackend,
    mut insert: InsertStatement,
    rows: &[[Option<&str>; C]],
) -> Result<Vec<InsertStatement>, DbErr> {
    let now = Expr::val(DateTime::now());
    let times = [now.clone(), now];
    if backend == DbBackend::MySql {
        return listed(insert, rows, &times);
    }
    let rows = Rows::of(backend, &[Kind::Text; C], rows.iter().map(|row| row.as_slice()))?;
    let values =
        rows.select().exprs(rows.parts()).exprs(times).order_by_expr(rows.number(), Order::Asc).take();
    array::insert_from(&mut insert, values)?;
    Ok(vec![insert])
}

/// MariaDB gives consecutive keys to rows whose number it knows. They are added in portions of a power of two,
/// so that there are but a few texts of statements.
fn listed<const C: usize>(
    insert: InsertStatement,
    mut rows: &[[Option<&str>; C]],
    times: &[Expr],
) -> Result<Vec<InsertStatement>, DbErr> {
    let mut insertions = Vec::new();
    while let Some(power) = cmp::min(rows.len(), ADDED_AT_ONCE).checked_ilog2() {
        let (portion, rest) = rows.split_at(1 << power);
        let mut insert = insert.clone();
        for row in portion {
            let values = row.iter().map(|text| Expr::val(*text)).chain(times.iter().cloned());
            insert.values(values).map_err(|mismatch| DbErr::Custom(mismatch.to_string()))?;
        }
        insertions.push(insert);
        rows = rest;
    }
    Ok(insertions)
}

/// Deletes the row of this key; its edges go with it.
pub async fn delete<N: Node>(db: &Db, key: i64) -> Result<(), Failure> {
    let delete = Query::delete().from_table(N::table()).and_where(self::key::<N>().eq(key)).take();
    db.execute(&delete).await
}

/// The rows of these keys.
fn from_keys<N: Node>(backend: DbBackend, keys: &[i64]) -> SelectStatement {
    if let [only] = *keys {
        return Query::select().from(N::table()).and_where(key::<N>().eq(only)).take();
    }
    let mut select = array::from(backend, Kind::Long, keys.to_vec(), "named");
    let named = array::item(backend, Kind::Long, "named");
    array::join(backend, &mut select, N::table(), key::<N>().eq(named));
    select
}
