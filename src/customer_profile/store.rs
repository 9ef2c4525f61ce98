//! The statements of the junction `customer_profile`.
//!
//! Each way of reading it exists once: which side is near and which is far is told by the relations
//! that lead from the one to the other.

use std::collections::HashMap;

use entity::customer_profile::{Column, Entity};
use sea_orm::{
    Condition, DbErr, DynIden, ExprTrait, Identity, RelationDef,
    sea_query::{Expr, Func, OnConflict, Query, SelectStatement},
};
use serde_json::json;

use super::{
    Edge, End,
    attach::{Link, OnExisting},
};
use crate::{
    database::{Db, array},
    datetime::DateTime,
    load::EdgeSelection,
    page::Page,
};

/// The bound list of near keys, as the statements call it.
const NEAR: &str = "near";

/// A second look at the junction, for the bound of a page.
const BOUND: &str = "bound";

/// A page of the edges of each of these near ends, and one more where there is one, in no order.
///
/// A page costs its own rows and not all edges of its near end: the key of its last row is looked up
/// first, and what lies up to there is read.
pub async fn edges<N: End>(
    db: &Db,
    near: &[i64],
    page: &Page,
    selection: &EdgeSelection<N>,
) -> Result<Vec<Edge<N>>, DbErr> {
    let path = Path::to::<N>()?;
    let mut bound = Query::select()
        .expr(path.far_in(BOUND))
        .from_as(Entity, BOUND)
        .and_where(path.near_in(BOUND).eq(key_of_near()))
        .offset(page.size())
        .take();
    page.bound(&mut bound, path.far_in(BOUND));
    bound.reset_limit().limit(1);

    let far = path.far();
    let last = |none: i64| Func::coalesce([bound.into(), Expr::val(none)]);
    let mut select = select(&path, near, selection);
    select.cond_where(page.between(&far)).and_where(match page.backward() {
        true => far.gte(last(i64::MIN)),
        false => far.lte(last(i64::MAX)),
    });
    db.rows(&select, |row| Edge::decode(row, selection)).await
}

/// The edges of these near ends to one far end.
pub async fn edges_to<N: End>(
    db: &Db,
    near: &[i64],
    far: i64,
    selection: &EdgeSelection<N>,
) -> Result<Vec<Edge<N>>, DbErr> {
    let path = Path::to::<N>()?;
    let mut select = select(&path, near, selection);
    select.and_where(path.far().eq(far));
    db.rows(&select, |row| Edge::decode(row, selection)).await
}

/// The number of edges of each of these near ends.
pub async fn counts<N: End>(db: &Db, near: &[i64]) -> Result<HashMap<i64, i64>, DbErr> {
    let path = Path::to::<N>()?;
    let count = Query::select()
        .expr(Func::count(Expr::col((Entity, path.far.clone()))))
        .from(Entity)
        .and_where(path.near().eq(key_of_near()))
        .take();
    let select = Query::select()
        .expr(key_of_near())
        .expr(count)
        .from_function(array::table(near.to_vec()), NEAR)
        .take();
    Ok(db.rows(&select, |row| Ok((row.long()?, row.long()?))).await?.into_iter().collect())
}

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

/// The way from near ends over the junction to far ones, as the entities' relations have it.
struct Path {
    near: DynIden,
    far: DynIden,
    node: RelationDef,
}

impl Path {
    fn to<N: End>() -> Result<Path, DbErr> {
        let mut link = N::link().into_iter();
        let (Some(junction), Some(node), None) = (link.next(), link.next(), link.next()) else {
            return Err(DbErr::Custom("a link does not lead over one junction".to_owned()));
        };
        let (Identity::Unary(near), Identity::Unary(far)) = (junction.to_col, node.from_col.clone()) else {
            return Err(DbErr::Custom("a link does not go by single columns".to_owned()));
        };
        Ok(Path { near, far, node })
    }

    fn near(&self) -> Expr {
        Expr::col((Entity, self.near.clone()))
    }

    fn far(&self) -> Expr {
        Expr::col((Entity, self.far.clone()))
    }

    fn near_in(&self, alias: &'static str) -> Expr {
        Expr::col((alias, self.near.clone()))
    }

    fn far_in(&self, alias: &'static str) -> Expr {
        Expr::col((alias, self.far.clone()))
    }
}

fn key_of_near() -> Expr {
    Expr::col((NEAR, "value"))
}

/// The edges of these near ends, with the columns that [`Edge::decode`] reads.
fn select<N: End>(path: &Path, near: &[i64], selection: &EdgeSelection<N>) -> SelectStatement {
    let column = |column| Expr::col((Entity, column));
    let mut select = Query::select()
        .exprs([path.near(), path.far(), column(Column::Status), column(Column::Version)])
        .from_function(array::table(near.to_vec()), NEAR)
        // SQLite keeps the order of a cross join: from the few keys to their rows.
        .cross_join(Entity)
        .and_where(path.near().eq(key_of_near()))
        .take();
    if selection.times {
        select.exprs([column(Column::CreatedAt), column(Column::UpdatedAt)]);
    }
    if let Some(node) = &selection.node {
        select.cross_join(path.node.to_tbl.clone());
        select.cond_where(Condition::from(path.node.clone()));
        N::columns(&mut select, node);
    }
    select
}
