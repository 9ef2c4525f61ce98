//! The statements that only the table `customer` has.

use entity::customer::{Column, Entity};
use sea_orm::{
    ExprTrait,
    sea_query::{Expr, Query, SelectStatement},
};

use super::{Customer, CustomerSelection, nested::CustomerFields};
use crate::{
    database::{Db, Failure, latest},
    datetime::DateTime,
    table,
};

/// Adds a customer for each name and phone number, and returns their keys in that order.
pub async fn insert(db: &Db, customers: &[CustomerFields]) -> Result<Vec<i64>, Failure> {
    let rows = customers.iter().map(|customer| [Some(&*customer.name), customer.phone_number.as_deref()]);
    table::insert::<Customer, _>(db, [Column::Name, Column::PhoneNumber], rows.collect()).await
}

/// The fields and the version of the customer of this key, if there is one, which nobody else changes until
/// the transaction has ended.
pub async fn current(db: &Db, key: i64) -> Result<Option<(CustomerFields, i32)>, Failure> {
    let select = Query::select()
        .columns([Column::Name, Column::PhoneNumber, Column::Version])
        .from(Entity)
        .and_where(self::key().eq(key))
        .lock_exclusive()
        .take();
    let rows = db.rows(&select, |row| {
        let fields = CustomerFields { name: row.text()?, phone_number: row.optional_text()? };
        Ok((fields, row.int()?))
    });
    Ok(rows.await?.pop())
}

/// Gives the customer of this key new fields, and the version after its own. Its clock never goes backwards.
pub async fn update(db: &Db, key: i64, fields: &CustomerFields) -> Result<(), Failure> {
    let latest = latest(db.backend(), [Expr::col(Column::UpdatedAt), DateTime::now().into()]);
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
