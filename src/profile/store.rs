//! The statements of the table `profile`.

use std::collections::{HashMap, HashSet};

use entity::profile::{Column, Entity};
use sea_orm::{
    DbErr, ExprTrait, Order,
    sea_query::{Expr, Func, Query, SelectStatement},
};

use super::{Profile, ProfileEdge, ProfileSelection};
use crate::{
    database::{Db, array},
    datetime::DateTime,
    load::Node,
    page::Listing,
};

/// The edges of a page in its order, and one more where there is one; with their cursors if they are asked
/// for and are not those of their keys.
pub async fn page(
    db: &Db,
    Listing { filter, page }: &Listing,
    selection: &ProfileSelection,
    cursors: bool,
) -> Result<Vec<ProfileEdge>, DbErr> {
    let sorted = page.order.columns(|key| Expr::col((Entity, key.column)));
    let cursors = cursors && !page.order.is_by_key();
    let mut select = select(selection);
    select.and_where_option(filter.clone());
    page.bound(&mut select, &sorted);
    if cursors {
        select.exprs(sorted);
    }
    let mut edges = db
        .rows(&select, |row| {
            let profile = Profile::decode(row, selection)?;
            let position = cursors.then(|| page.order.position(row)).transpose()?;
            Ok(ProfileEdge::new(profile, position.map(|position| page.order.cursor(&position))))
        })
        .await?;
    if page.backward() {
        edges.reverse();
    }
    Ok(edges)
}

/// The number of profiles that meet the filter.
pub async fn count(db: &Db, filter: &Option<Expr>) -> Result<i64, DbErr> {
    let select =
        Query::select().expr(Func::count(key())).from(Entity).and_where_option(filter.clone()).take();
    Ok(db.rows(&select, |row| row.long()).await?.into_iter().sum())
}

/// The profiles of these keys that exist, in no order.
pub async fn by_keys(db: &Db, keys: &[i64], selection: &ProfileSelection) -> Result<Vec<Profile>, DbErr> {
    let mut select = from_keys(keys);
    columns(&mut select, selection);
    db.rows(&select, |row| Profile::decode(row, selection)).await
}

/// Those of these keys that profiles have.
pub async fn existing(db: &Db, keys: &[i64]) -> Result<HashSet<i64>, DbErr> {
    let select = from_keys(keys).expr(key()).take();
    Ok(db.rows(&select, |row| row.long()).await?.into_iter().collect())
}

/// Adds a profile for each name, and returns their keys in that order.
pub async fn insert(db: &Db, names: &[String]) -> Result<Vec<i64>, DbErr> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let now = DateTime::now();
    let values = Query::select()
        .exprs([Expr::col("value"), Expr::val(now), Expr::val(now)])
        .from_function(array::table(names.to_vec()), "items")
        .order_by("key", Order::Asc)
        .take();
    let mut insert = Query::insert()
        .into_table(Entity)
        .columns([Column::Name, Column::CreatedAt, Column::UpdatedAt])
        .returning_col(Column::Id)
        .take();
    array::insert_from(&mut insert, values)?;
    // Keys grow with each row, but rows may be returned in any order.
    let mut keys = db.rows(&insert, |row| row.long()).await?;
    keys.sort_unstable();
    Ok(keys)
}

/// The key of the oldest profile of each of these names that there is.
pub async fn oldest_by_name(db: &Db, names: &[&str]) -> Result<HashMap<String, i64>, DbErr> {
    if names.is_empty() {
        return Ok(HashMap::new());
    }
    let name = Expr::col((Entity, Column::Name));
    let select = Query::select()
        .expr(name.clone())
        .expr(Func::min(key()))
        .from(Entity)
        .and_where(name.clone().in_subquery(array::items(names.to_vec())))
        .add_group_by([name])
        .take();
    Ok(db.rows(&select, |row| Ok((row.text()?, row.long()?))).await?.into_iter().collect())
}

/// The name and the version of the profile of this key, if there is one.
pub async fn current(db: &Db, key: i64) -> Result<Option<(String, i32)>, DbErr> {
    let select = Query::select()
        .columns([Column::Name, Column::Version])
        .from(Entity)
        .and_where(self::key().eq(key))
        .take();
    let rows = db.rows(&select, |row| Ok((row.text()?, row.int()?)));
    Ok(rows.await?.pop())
}

/// Gives the profile of this key new fields, and the version after its own. Its clock never goes backwards.
pub async fn update(db: &Db, key: i64, name: &str) -> Result<(), DbErr> {
    let latest = Func::cust("max").arg(Expr::col(Column::UpdatedAt)).arg(DateTime::now());
    let update = Query::update()
        .table(Entity)
        .value(Column::Name, name)
        .value(Column::Version, Expr::col(Column::Version).add(1))
        .value(Column::UpdatedAt, latest)
        .and_where(self::key().eq(key))
        .take();
    db.execute(&update).await
}

/// Deletes the profile of this key; its edges go with it.
pub async fn delete(db: &Db, key: i64) -> Result<(), DbErr> {
    db.execute(&Query::delete().from_table(Entity).and_where(self::key().eq(key)).take()).await
}

/// The columns of a profile, in the order in which [`Profile::decode`] reads them.
pub fn columns(select: &mut SelectStatement, selection: &ProfileSelection) {
    select.columns([Column::Id, Column::Name, Column::Version].map(|column| (Entity, column)));
    if selection.times {
        select.columns([Column::CreatedAt, Column::UpdatedAt].map(|column| (Entity, column)));
    }
}

fn select(selection: &ProfileSelection) -> SelectStatement {
    let mut select = Query::select().from(Entity).take();
    columns(&mut select, selection);
    select
}

/// The rows of these keys. SQLite keeps the order of a cross join: from the keys to their rows.
fn from_keys(keys: &[i64]) -> SelectStatement {
    Query::select()
        .from_function(array::table(keys.to_vec()), "keys")
        .cross_join(Entity)
        .and_where(key().eq(Expr::col(("keys", "value"))))
        .take()
}

fn key() -> Expr {
    Expr::col((Entity, Column::Id))
}
