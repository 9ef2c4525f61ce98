//! The statements that write the junction.

use std::collections::HashMap;

use entity::customer_profile::{Column, Entity};
use sea_orm::{
    DbErr, ExprTrait,
    sea_query::{Expr, Func, OnConflict, Query},
};
use serde_json::json;

use crate::{
    customer_profile::attach::{Link, OnExisting},
    database::{Db, array},
    datetime::DateTime,
};

/// Writes these associations in one statement, in the order of their keys, so that two requests that
/// write the same ones do not wait for each other in a circle.
///
/// Returns those that it wrote, each with its version: one that is new has version 1, one that had
/// another status a higher one, and one that stays as it was is not among them.
pub async fn attach(
    db: &Db,
    links: &[Link],
    on_existing: OnExisting,
) -> Result<HashMap<(i64, i64), i32>, DbErr> {
    let mut links: Vec<_> = links.iter().collect();
    links.sort_unstable_by_key(|link| (link.customer, link.profile));
    let items: Vec<_> = links.iter().map(|link| json!([link.customer, link.profile, link.status])).collect();
    let now = DateTime::now();
    let values = Query::select()
        .exprs([array::part(0), array::part(1), array::part(2), Expr::val(now), Expr::val(now)])
        .from_function(array::table(items), "items")
        .take();
    let mut insert = Query::insert()
        .into_table(Entity)
        .columns([
            Column::CustomerId,
            Column::ProfileId,
            Column::Status,
            Column::CreatedAt,
            Column::UpdatedAt,
        ])
        .on_conflict(match on_existing {
            OnExisting::Update => change_status(),
            OnExisting::Keep | OnExisting::Error => pair().do_nothing().to_owned(),
        })
        .returning(Query::returning().columns([Column::CustomerId, Column::ProfileId, Column::Version]))
        .take();
    array::insert_from(&mut insert, values)?;
    let written = db.rows(&insert, |row| Ok(((row.long()?, row.long()?), row.int()?))).await?;
    Ok(written.into_iter().collect())
}

/// Gives a pair its new status, if it has another one; its clock never goes backwards.
fn change_status() -> OnConflict {
    let old = |column| Expr::col((Entity, column));
    let new = |column| Expr::col(("excluded", column));
    let latest = Func::cust("max").args([old(Column::UpdatedAt), new(Column::UpdatedAt)]);
    pair()
        .update_column(Column::Status)
        .value(Column::Version, old(Column::Version).add(1))
        .value(Column::UpdatedAt, latest)
        .action_and_where(old(Column::Status).ne(new(Column::Status)))
        .to_owned()
}

fn pair() -> OnConflict {
    OnConflict::columns([Column::CustomerId, Column::ProfileId])
}
