//! The statements of the table `customer`.

use std::collections::HashSet;

use entity::customer::{Column, Entity};
use sea_orm::{
    DbErr, ExprTrait, Order,
    sea_query::{Expr, Func, Query, SelectStatement},
};
use serde_json::json;

use super::{Customer, CustomerEdge, CustomerSelection, nested::CustomerFields};
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
    selection: &CustomerSelection,
    cursors: bool,
) -> Result<Vec<CustomerEdge>, DbErr> {
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
            let customer = Customer::decode(row, selection)?;
            let position = cursors.then(|| page.order.position(row)).transpose()?;
            Ok(CustomerEdge::new(customer, position.map(|position| page.order.cursor(&position))))
        })
        .await?;
    if page.backward() {
        edges.reverse();
    }
    Ok(edges)
}

/// The number of customers that meet the filter.
pub async fn count(db: &Db, filter: &Option<Expr>) -> Result<i64, DbErr> {
    let select =
        Query::select().expr(Func::count(key())).from(Entity).and_where_option(filter.clone()).take();
    Ok(db.rows(&select, |row| row.long()).await?.into_iter().sum())
}

/// The customers of these keys that exist, in no order.
pub async fn by_keys(db: &Db, keys: &[i64], selection: &CustomerSelection) -> Result<Vec<Customer>, DbErr> {
    let mut select = from_keys(keys);
    columns(&mut select, selection);
    db.rows(&select, |row| Customer::decode(row, selection)).await
}

/// Those of these keys that customers have.
pub async fn existing(db: &Db, keys: &[i64]) -> Result<HashSet<i64>, DbErr> {
    let select = from_keys(keys).expr(key()).take();
    Ok(db.rows(&select, |row| row.long()).await?.into_iter().collect())
}

/// Adds a customer for each name and phone number, and returns their keys in that order.
pub async fn insert(db: &Db, customers: &[CustomerFields]) -> Result<Vec<i64>, DbErr> {
    if customers.is_empty() {
        return Ok(Vec::new());
    }
    let items: Vec<_> =
        customers.iter().map(|customer| json!([customer.name, customer.phone_number])).collect();
    let now = DateTime::now();
    let values = Query::select()
        .exprs([array::part(0), array::part(1), Expr::val(now), Expr::val(now)])
        .from_function(array::table(items), "items")
        .order_by("key", Order::Asc)
        .take();
    let mut insert = Query::insert()
        .into_table(Entity)
        .columns([Column::Name, Column::PhoneNumber, Column::CreatedAt, Column::UpdatedAt])
        .returning_col(Column::Id)
        .take();
    array::insert_from(&mut insert, values)?;
    // Keys grow with each row, but rows may be returned in any order.
    let mut keys = db.rows(&insert, |row| row.long()).await?;
    keys.sort_unstable();
    Ok(keys)
}

/// The fields and the version of the customer of this key, if there is one.
pub async fn current(db: &Db, key: i64) -> Result<Option<(CustomerFields, i32)>, DbErr> {
    let select = Query::select()
        .columns([Column::Name, Column::PhoneNumber, Column::Version])
        .from(Entity)
        .and_where(self::key().eq(key))
        .take();
    let rows = db.rows(&select, |row| {
        let fields = CustomerFields { name: row.text()?, phone_number: row.optional_text()? };
        Ok((fields, row.int()?))
    });
    Ok(rows.await?.pop())
}

/// Gives the customer of this key new fields, and the version after its own. Its clock never goes backwards.
pub async fn update(db: &Db, key: i64, fields: &CustomerFields) -> Result<(), DbErr> {
    let latest = Func::cust("max").arg(Expr::col(Column::UpdatedAt)).arg(DateTime::now());
    let update = Query::update()
        .table(Entity)
        .value(Column::Name, fields.name.as_str())
        .value(Column::PhoneNumber, fields.phone_number.clone())
        .value(Column::Version, Expr::col(Column::Version).add(1))
        .value(Column::UpdatedAt, latest)
        .and_where(self::key().eq(key))
        .take();
    db.execute(&update).await
}

/// Deletes the customer of this key; its edges go with it.
pub async fn delete(db: &Db, key: i64) -> Result<(), DbErr> {
    db.execute(&Query::delete().from_table(Entity).and_where(self::key().eq(key)).take()).await
}

/// The columns of a customer, in the order in which [`Customer::decode`] reads them.
pub fn columns(select: &mut SelectStatement, selection: &CustomerSelection) {
    select.columns(
        [Column::Id, Column::Name, Column::PhoneNumber, Column::Version].map(|column| (Entity, column)),
    );
    if selection.times {
        select.columns([Column::CreatedAt, Column::UpdatedAt].map(|column| (Entity, column)));
    }
}

fn select(selection: &CustomerSelection) -> SelectStatement {
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
