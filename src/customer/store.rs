//! The statements that only the table `customer` has.

use entity::customer::{Column, Entity};
use sea_orm::{
    ExprTrait, Order,
    sea_query::{Expr, Func, Query, SelectStatement},
};
use serde_json::json;

use super::{CustomerSelection, nested::CustomerFields};
use crate::{
    database::{Db, Failure, array},
    datetime::DateTime,
};

/// Adds a customer for each name and phone number, and returns their keys in that order.
pub async fn insert(db: &Db, customers: &[CustomerFields]) -> Result<Vec<i64>, Failure> {
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
pub async fn current(db: &Db, key: i64) -> Result<Option<(CustomerFields, i32)>, Failure> {
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
pub async fn update(db: &Db, key: i64, fields: &CustomerFields) -> Result<(), Failure> {
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

/// The columns of a customer, in the order in which [`Node::decode`](crate::load::Node::decode) reads them.
pub fn columns(select: &mut SelectStatement, selection: &CustomerSelection) {
    select.columns(
        [Column::Id, Column::Name, Column::PhoneNumber, Column::Version].map(|column| (Entity, column)),
    );
    if selection.times {
        select.columns([Column::CreatedAt, Column::UpdatedAt].map(|column| (Entity, column)));
    }
}

fn key() -> Expr {
    Expr::col((Entity, Column::Id))
}
