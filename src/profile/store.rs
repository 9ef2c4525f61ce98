//! The statements that only the table `profile` has.

use std::collections::HashMap;

use entity::profile::{Column, Entity};
use sea_orm::{
    ExprTrait, Order,
    sea_query::{Expr, Func, Query, SelectStatement},
};

use super::ProfileSelection;
use crate::{
    database::{Db, Failure, array},
    datetime::DateTime,
};

/// Adds a profile for each name, and returns their keys in that order.
pub async fn insert(db: &Db, names: &[String]) -> Result<Vec<i64>, Failure> {
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
pub async fn oldest_by_name(db: &Db, names: &[&str]) -> Result<HashMap<String, i64>, Failure> {
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
pub async fn current(db: &Db, key: i64) -> Result<Option<(String, i32)>, Failure> {
    let select = Query::select()
        .columns([Column::Name, Column::Version])
        .from(Entity)
        .and_where(self::key().eq(key))
        .take();
    let rows = db.rows(&select, |row| Ok((row.text()?, row.int()?)));
    Ok(rows.await?.pop())
}

/// Gives the profile of this key new fields, and the version after its own. Its clock never goes backwards.
pub async fn update(db: &Db, key: i64, name: &str) -> Result<(), Failure> {
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

/// The columns of a profile, in the order in which [`Node::decode`](crate::load::Node::decode) reads them.
pub fn columns(select: &mut SelectStatement, selection: &ProfileSelection) {
    select.columns([Column::Id, Column::Name, Column::Version].map(|column| (Entity, column)));
    if selection.times {
        select.columns([Column::CreatedAt, Column::UpdatedAt].map(|column| (Entity, column)));
    }
}

fn key() -> Expr {
    Expr::col((Entity, Column::Id))
}
