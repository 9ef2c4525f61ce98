//! The statements that write many new rows at once.

use entity::{customer, customer_profile, profile};
use sea_orm::{
    DbBackend,
    sea_query::{Expr, Func, InsertStatement, IntoIden, Order, Query},
};
use serde::Serialize;

use super::{Customer, History};
use crate::database::{
    Db, Failure,
    array::{self, Kind, Rows},
};

/// The greatest keys of customers and of profiles; 0 where there are none.
pub async fn last_keys(db: &Db) -> Result<(i64, i64), Failure> {
    let customers = last_key(db, customer::Entity, customer::Column::Id).await?;
    let profiles = last_key(db, profile::Entity, profile::Column::Id).await?;
    Ok((customers, profiles))
}

async fn last_key(db: &Db, table: impl IntoIden, key: impl IntoIden) -> Result<i64, Failure> {
    let last = Func::max(Expr::col(key.into_iden()));
    let last = Func::coalesce([last.into(), Expr::val(0)]);
    let select = Query::select().expr(last).from(table.into_iden()).take();
    Ok(db.rows(&select, |row| row.long()).await?.into_iter().sum())
}

/// Adds these profiles, and returns their keys in that order.
pub async fn insert_profiles(db: &Db, profiles: &[(String, History)]) -> Result<Vec<i64>, Failure> {
    use profile::Column::{CreatedAt, Id, Name, UpdatedAt, Version};
    let rows = profiles.iter().map(|(name, history)| {
        let (created_at, updated_at) = moments(history);
        (name, history.version, created_at, updated_at)
    });
    let kinds = [Kind::Text, Kind::Long, Kind::Moment, Kind::Moment];
    let insert = insert(db.backend(), profile::Entity, [Name, Version, CreatedAt, UpdatedAt], kinds, rows)?;
    inserted(db, &insert, Id).await
}

/// Adds these customers and their edges.
pub async fn insert_customers(db: &Db, customers: &[Customer]) -> Result<(), Failure> {
    use customer_profile::Column::{CreatedAt, CustomerId, ProfileId, Status, UpdatedAt, Version};
    let keys = insert_people(db, customers).await?;
    let rows = keys.into_iter().zip(customers).flat_map(|(key, customer)| {
        customer.edges.iter().map(move |edge| {
            let (created_at, updated_at) = moments(&edge.history);
            (key, edge.profile, edge.status, edge.history.version, created_at, updated_at)
        })
    });
    let columns = [CustomerId, ProfileId, Status, Version, CreatedAt, UpdatedAt];
    let kinds = [Kind::Long, Kind::Long, Kind::Text, Kind::Long, Kind::Moment, Kind::Moment];
    db.execute(&insert(db.backend(), customer_profile::Entity, columns, kinds, rows)?).await
}

async fn insert_people(db: &Db, customers: &[Customer]) -> Result<Vec<i64>, Failure> {
    use customer::Column::{CreatedAt, Id, Name, PhoneNumber, UpdatedAt, Version};
    let rows = customers.iter().map(|Customer { person, history, .. }| {
        let (created_at, updated_at) = moments(history);
        (&person.name, &person.phone_number, history.version, created_at, updated_at)
    });
    let columns = [Name, PhoneNumber, Version, CreatedAt, UpdatedAt];
    let kinds = [Kind::Text, Kind::Text, Kind::Long, Kind::Moment, Kind::Moment];
    inserted(db, &insert(db.backend(), customer::Entity, columns, kinds, rows)?, Id).await
}

fn moments(history: &History) -> (String, String) {
    let times = history.times();
    let created_at = times.created_at.text();
    let updated_at = match times.updated_at == times.created_at {
        true => created_at.clone(),
        false => times.updated_at.text(),
    };
    (created_at, updated_at)
}

/// An insertion of these rows, which are tuples of as many values as there are columns, in their order.
fn insert<const N: usize>(
    backend: DbBackend,
    table: impl IntoIden,
    columns: [impl IntoIden; N],
    kinds: [Kind; N],
    rows: impl Iterator<Item = impl Serialize>,
) -> Result<InsertStatement, Failure> {
    let rows = Rows::of(backend, &kinds, rows)?;
    let values = rows.select().exprs(rows.parts()).order_by_expr(rows.number(), Order::Asc).take();
    let mut insert = Query::insert().into_table(table.into_iden()).columns(columns).take();
    array::insert_from(&mut insert, values)?;
    Ok(insert)
}

/// Runs an insertion that returns its keys. They grow with each row, but may be returned in any order.
async fn inserted(db: &Db, insert: &InsertStatement, key: impl IntoIden) -> Result<Vec<i64>, Failure> {
    let mut keys = db.written(insert, [key], |row| row.long()).await?;
    keys.sort_unstable();
    Ok(keys)
}
