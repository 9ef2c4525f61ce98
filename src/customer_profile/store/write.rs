//! The statements that write the junction.

use std::collections::{HashMap, HashSet};

use entity::customer_profile::{Column, Entity};
use sea_orm::{
    Condition, ExprTrait,
    sea_query::{Expr, Func, OnConflict, Query},
};
use serde_json::json;

use super::Path;
use crate::{
    customer_profile::{
        End,
        write::{Link, OnExisting},
    },
    database::{Db, Failure, array},
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
) -> Result<HashMap<(i64, i64), i32>, Failure> {
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

/// The version of a pair's association; none where they are not attached.
pub async fn version(db: &Db, customer: i64, profile: i64) -> Result<Option<i32>, Failure> {
    let select =
        Query::select().column(Column::Version).from(Entity).cond_where(is(customer, profile)).take();
    Ok(db.rows(&select, |row| row.int()).await?.pop())
}

/// Gives a pair's association its new status, if it has another one.
pub async fn change(db: &Db, link: &Link) -> Result<(), Failure> {
    let latest = Func::cust("max").arg(Expr::col(Column::UpdatedAt)).arg(DateTime::now());
    let update = Query::update()
        .table(Entity)
        .value(Column::Status, link.status.as_str())
        .value(Column::Version, Expr::col(Column::Version).add(1))
        .value(Column::UpdatedAt, latest)
        .cond_where(is(link.customer, link.profile))
        .and_where(Expr::col(Column::Status).ne(link.status.as_str()))
        .take();
    db.execute(&update).await
}

/// Detaches these far ends from a near one, and returns those that were attached.
pub async fn detach<N: End>(db: &Db, near: i64, far: &[i64]) -> Result<HashSet<i64>, Failure> {
    let path = Path::to::<N>()?;
    let listed = path.far(Entity).in_subquery(array::items(far.to_vec()));
    Ok(delete(db, &path, near, listed).await?.into_iter().collect())
}

/// Detaches all far ends but these from a near one, and returns those that were attached, in the order
/// of their keys.
pub async fn detach_others<N: End>(db: &Db, near: i64, far: &[i64]) -> Result<Vec<i64>, Failure> {
    let path = Path::to::<N>()?;
    let others = path.far(Entity).not_in_subquery(array::items(far.to_vec()));
    let mut gone = delete(db, &path, near, others).await?;
    gone.sort_unstable();
    Ok(gone)
}

async fn delete(db: &Db, path: &Path, near: i64, which: Expr) -> Result<Vec<i64>, Failure> {
    let delete = Query::delete()
        .from_table(Entity)
        .and_where(path.near(Entity).eq(near))
        .and_where(which)
        .returning(Query::returning().column(path.far_column()))
        .take();
    db.rows(&delete, |row| row.long()).await
}

fn is(customer: i64, profile: i64) -> Condition {
    Condition::all()
        .add(Expr::col(Column::CustomerId).eq(customer))
        .add(Expr::col(Column::ProfileId).eq(profile))
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
