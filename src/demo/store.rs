//! The statements that write many new rows at once.

use std::error::Error;

use entity::{customer, customer_profile, profile};
use sea_orm::{
    DbErr,
    sea_query::{Expr, Func, InsertStatement, IntoIden, Order, Query},
};
use serde::{Serialize, Serializer};

use super::{Customer, History};
use crate::database::{Db, Failure, array};

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
    let mut insert = insert(profile::Entity, [Name, Version, CreatedAt, UpdatedAt], rows)?;
    inserted(db, insert.returning_col(Id)).await
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
    db.rows(&insert(customer_profile::Entity, columns, rows)?, |_| Ok(())).await?;
    Ok(())
}

async fn insert_people(db: &Db, customers: &[Customer]) -> Result<Vec<i64>, Failure> {
    use customer::Column::{CreatedAt, Id, Name, PhoneNumber, UpdatedAt, Version};
    let rows = customers.iter().map(|Customer { person, history, .. }| {
        let (created_at, updated_at) = moments(history);
        (&person.name, &person.phone_number, history.version, created_at, updated_at)
    });
    let mut insert = insert(customer::Entity, [Name, PhoneNumber, Version, CreatedAt, UpdatedAt], rows)?;
    inserted(db, insert.returning_col(Id)).await
}

fn moments(history: &History) -> (String, String) {
    let times = history.times();
    let created_at = times.created_at.sqlite_text();
    let updated_at = match times.updated_at == times.created_at {
        true => created_at.clone(),
        false => times.updated_at.sqlite_text(),
    };
    (created_at, updated_at)
}

/// An insertion of these rows, which are tuples of as many values as there are columns.
fn insert<const N: usize>(
    table: impl IntoIden,
    columns: [impl IntoIden; N],
    rows: impl Iterator<Item = impl Serialize>,
) -> Result<InsertStatement, Failure> {
    let mut json = Vec::new();
    serde_json::Serializer::new(&mut json).collect_seq(rows).map_err(unwritable)?;
    let json = String::from_utf8(json).map_err(unwritable)?;
    let values = Query::select()
        .exprs((0..N).map(array::part))
        .from_function(array::written(json), "items")
        .order_by("key", Order::Asc)
        .take();
    let mut insert = Query::insert().into_table(table.into_iden()).columns(columns).take();
    array::insert_from(&mut insert, values)?;
    Ok(insert)
}

fn unwritable(cause: impl Error) -> DbErr {
    DbErr::Custom(cause.to_string())
}

/// Runs an insertion that returns its keys. They grow with each row, but may be returned in any order.
async fn inserted(db: &Db, insert: &InsertStatement) -> Result<Vec<i64>, Failure> {
    let mut keys = db.rows(insert, |row| row.long()).await?;
    keys.sort_unstable();
    Ok(keys)
}
