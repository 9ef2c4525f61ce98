//! The statements that read the junction.
//!
//! Each exists once for both sides: which one is near and which is far is told by the relations that
//! lead from the one to the other.

use std::collections::HashMap;

use entity::customer_profile::{Column, Entity};
use sea_orm::{
    DbBackend, ExprTrait, Order,
    sea_query::{Asterisk, Expr, Func, Query, SelectStatement},
};

use super::{
    Path,
    page::{self, Wanted},
};
use crate::{
    connection::{MAX_STATUSES, StatusCount},
    customer_profile::{EDGE, Edge, End},
    database::{
        Db, Failure, Row,
        array::{self, Kind},
    },
    error::{Error, Fault, Place, Reason},
    id::GlobalId,
    load::EdgeSelection,
    page::Listing,
};

/// The bound list of near keys, as the statements call it.
pub const NEAR: &str = "near";

/// A page of the edges of each of these near ends, in its order, and one more where there is one.
///
/// A page costs its own rows and not all edges of its near end, as far as an index has its order.
pub async fn edges<N: End>(
    db: &Db,
    near: &[i64],
    listing: &Listing,
    selection: &EdgeSelection<N>,
    cursors: bool,
) -> Result<Vec<Edge<N>>, Failure> {
    let path = Path::to::<N>()?;
    let page = &listing.page;
    if listing.filter.is_none() && page.order.is_by_key() {
        let select = page::by_key(db.backend(), &path, near, page, selection);
        let mut edges = db.rows(&select, |row| Edge::decode(row, selection)).await?;
        edges.sort_unstable_by_key(|edge| edge.far);
        return Ok(edges);
    }
    let cursors = cursors && !page.order.is_by_key();
    let decode = |row: &mut Row<'_>| {
        let edge = Edge::decode(row, selection)?;
        let position = cursors.then(|| page.order.position(row)).transpose()?;
        Ok(Edge { cursor: position.map(|position| page.order.cursor(&position)), ..edge })
    };
    let mut edges = Vec::new();
    // One after the other: a large filter stands in each of the statements.
    for near in page::portions(db.backend(), &path, near, listing) {
        let select = page::listed(db.backend(), &path, near, listing, &Wanted { selection, cursors });
        edges.append(&mut db.rows(&select, decode).await?);
    }
    if page.backward() {
        edges.reverse();
    }
    Ok(edges)
}

/// The edges of these near ends to these far ends, in no order.
pub async fn edges_to<N: End>(
    db: &Db,
    near: &[i64],
    far: &[i64],
    selection: &EdgeSelection<N>,
) -> Result<Vec<Edge<N>>, Failure> {
    let path = Path::to::<N>()?;
    let mut select = from_near(db.backend(), near);
    join_edges(db.backend(), &mut select, &path, selection, false);
    select.and_where(path.far(Entity).in_subquery(array::items(db.backend(), Kind::Long, far.to_vec())));
    db.rows(&select, |row| Edge::decode(row, selection)).await
}

/// The number of edges of each of these near ends that meet the filter.
pub async fn counts<N: End>(
    db: &Db,
    near: &[i64],
    filter: &Option<Expr>,
) -> Result<HashMap<i64, i64>, Failure> {
    let path = Path::to::<N>()?;
    let key = key_of_near(db.backend());
    let mut count = path.edges_of(key.clone(), EDGE);
    count.expr(Func::count(Expr::col(Asterisk))).and_where_option(filter.clone());
    let select = from_near(db.backend(), near).expr(key).expr(count).take();
    Ok(db.rows(&select, |row| Ok((row.long()?, row.long()?))).await?.into_iter().collect())
}

/// The number of edges of each of these near ends that meet the filter and have a status, for each
/// status, by code point. Fails where a near end has edges of more than [`MAX_STATUSES`].
pub async fn status_counts<N: End>(
    db: &Db,
    near: &[i64],
    filter: &Option<Expr>,
) -> Result<HashMap<i64, Vec<StatusCount>>, Error> {
    let path = Path::to::<N>()?;
    let (near_end, status) = (path.near(EDGE), Expr::col((EDGE, Column::Status)));
    // By a column of the junction and not by the list's, so that SQLite reads the groups off an index.
    let select = Query::select()
        .from_as(Entity, EDGE)
        .and_where(near_end.clone().in_subquery(array::items(db.backend(), Kind::Long, near.to_vec())))
        .and_where_option(filter.clone())
        .exprs([near_end.clone(), status.clone(), Func::count(Expr::col(Asterisk)).into()])
        .add_group_by([near_end.clone(), status.clone()])
        .order_by_expr(near_end, Order::Asc)
        .order_by_expr(status, Order::Asc)
        // With more rows than that, one of the near ends has too many.
        .limit((near.len() * MAX_STATUSES + 1) as u64)
        .take();
    let mut counts = HashMap::<i64, Vec<StatusCount>>::new();
    for (near, count) in db.rows(&select, |row| Ok((row.long()?, status_count(row)?))).await? {
        counts.entry(near).or_default().push(count);
    }
    match counts.iter().filter(|(_, counts)| counts.len() > MAX_STATUSES).map(|(near, _)| *near).min() {
        Some(near) => Err(too_many_statuses(db, &path, near, filter).await?.into()),
        None => Ok(counts),
    }
}

async fn too_many_statuses(db: &Db, path: &Path, near: i64, filter: &Option<Expr>) -> Result<Fault, Failure> {
    let select = Query::select()
        .from_as(Entity, EDGE)
        .and_where(path.near(EDGE).eq(near))
        .and_where_option(filter.clone())
        .expr(Func::count_distinct(Expr::col((EDGE, Column::Status))))
        .take();
    let statuses: i64 = db.rows(&select, |row| row.long()).await?.into_iter().sum();
    let id = if path.is_from_customers() { GlobalId::Customer(near) } else { GlobalId::Profile(near) };
    let reason = Reason::TooComplex(format!(
        "the edges of `{id}` have {statuses} statuses, more than the {MAX_STATUSES} that `statusCounts` counts; \
         narrow them down with `where`"
    ));
    Ok(Fault { place: Place::argument("where"), reason })
}

fn status_count(row: &mut Row<'_>) -> Result<StatusCount, Failure> {
    Ok(StatusCount { status: row.text()?, count: i32::try_from(row.long()?).unwrap_or(i32::MAX) })
}

/// The list of near ends, called [`NEAR`].
pub fn from_near(backend: DbBackend, near: &[i64]) -> SelectStatement {
    array::from(backend, Kind::Long, near.to_vec(), NEAR)
}

/// The near end, in a statement that begins with [`from_near`].
pub fn key_of_near(backend: DbBackend) -> Expr {
    array::item(backend, Kind::Long, NEAR)
}

/// Adds the edges of the near ends, as [`select_edge`] does.
pub fn join_edges<N: End>(
    backend: DbBackend,
    select: &mut SelectStatement,
    path: &Path,
    selection: &EdgeSelection<N>,
    needs_node: bool,
) {
    array::join(backend, select, Entity, path.near(Entity).eq(key_of_near(backend)));
    select_edge(select, path, selection, needs_node);
}

/// Has `select` return the columns that [`Edge::decode`] reads, from the junction and its far ends.
///
/// All joins are cross joins because SQLite keeps their order: from the few keys to their rows.
pub fn select_edge<N: End>(
    select: &mut SelectStatement,
    path: &Path,
    selection: &EdgeSelection<N>,
    needs_node: bool,
) {
    let column = |column| Expr::col((Entity, column));
    select.exprs([path.near(Entity), path.far(Entity), column(Column::Status), column(Column::Version)]);
    if selection.times {
        select.exprs([column(Column::CreatedAt), column(Column::UpdatedAt)]);
    }
    if needs_node || selection.node.is_some() {
        select.cross_join(path.node()).and_where(path.meets(Entity, path.node()));
    }
    if let Some(node) = &selection.node {
        N::columns(select, node);
    }
}
