//! The statements that read the junction.
//!
//! Each exists once for both sides: which one is near and which is far is told by the relations that
//! lead from the one to the other.

use std::collections::HashMap;

use entity::customer_profile::{Column, Entity};
use sea_orm::{
    DynIden, ExprTrait, Order,
    sea_query::{Asterisk, Expr, Func, IntoIden, Query, SelectStatement, TableRef},
};

use super::Path;
use crate::{
    connection::StatusCount,
    customer_profile::{EDGE, Edge, End},
    database::{Db, Failure, Row, array},
    load::EdgeSelection,
    order::{Of, SortKey},
    page::{Listing, Page},
};

/// The bound list of near keys, as the statements call it.
const NEAR: &str = "near";

/// The keys of a page's far ends, as the statements call them.
const PAGE: &str = "page";

/// The far ends in a look at the junction called [`EDGE`].
const NODE: &str = "node";

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
        let select = match *near {
            [near] => edges_of_one(&path, near, page, selection),
            _ => edges_by_key(&path, near, page, selection),
        };
        let mut edges = db.rows(&select, |row| Edge::decode(row, selection)).await?;
        edges.sort_unstable_by_key(|edge| edge.far);
        return Ok(edges);
    }
    let cursors = cursors && !page.order.is_by_key();
    let select = edges_listed(&path, near, listing, selection, cursors);
    let mut edges = db
        .rows(&select, |row| {
            let edge = Edge::decode(row, selection)?;
            let position = cursors.then(|| page.order.position(row)).transpose()?;
            Ok(Edge { cursor: position.map(|position| page.order.cursor(&position)), ..edge })
        })
        .await?;
    if page.backward() {
        edges.reverse();
    }
    Ok(edges)
}

/// Of a single near end the page is what comes first in the index.
fn edges_of_one<N: End>(
    path: &Path,
    near: i64,
    page: &Page,
    selection: &EdgeSelection<N>,
) -> SelectStatement {
    let mut select = Query::select().from(Entity).and_where(path.near(Entity).eq(near)).take();
    select_edge(&mut select, path, selection, false);
    page.bound(&mut select, &[path.far(Entity)]);
    select
}

/// By their key, all edges up to that of the page's last row are the page: SQLite reads them off the
/// index at half the cost of listing them first.
fn edges_by_key<N: End>(
    path: &Path,
    near: &[i64],
    page: &Page,
    selection: &EdgeSelection<N>,
) -> SelectStatement {
    let mut last = path.edges_of(key_of_near(), EDGE).expr(path.far(EDGE)).take();
    page.bound(&mut last, &[path.far(EDGE)]);
    last.reset_limit().limit(1).offset(page.size());
    let last = |none: i64| Func::coalesce([last.into(), Expr::val(none)]);

    let far = path.far(Entity);
    let mut select = from_near(near);
    join_edges(&mut select, path, selection, false);
    select.and_where(match page.backward() {
        true => far.clone().gte(last(i64::MIN)),
        false => far.clone().lte(last(i64::MAX)),
    });
    for condition in page.between(&[far]) {
        select.and_where(condition);
    }
    select
}

/// In any other order, or filtered, the keys of each near end's page are listed first, as one array.
fn edges_listed<N: End>(
    path: &Path,
    near: &[i64],
    Listing { filter, page, .. }: &Listing,
    selection: &EdgeSelection<N>,
    cursors: bool,
) -> SelectStatement {
    let mut listed = path.edges_of(key_of_near(), EDGE);
    listed.expr(path.far(EDGE)).and_where_option(filter.clone());
    if page.order.needs_node() {
        listed.cross_join(path.node_as(NODE)).and_where(path.meets(EDGE, NODE));
    }
    page.bound(&mut listed, &page.order.columns(|key| sort_column(key, EDGE.into_iden(), NODE.into_iden())));
    let keys = array::collected(listed, path.far_column());

    let mut select = from_near(near);
    select
        .cross_join(TableRef::FunctionCall(array::unnested(keys), PAGE.into_iden()))
        .and_where(path.far(Entity).eq(Expr::col((PAGE, "value"))));
    join_edges(&mut select, path, selection, page.order.needs_node());
    let sorted = page.order.columns(|key| sort_column(key, Entity.into_iden(), path.node()));
    page.order.apply(&mut select, &sorted, page.backward());
    if cursors {
        select.exprs(sorted);
    }
    select
}

/// The edges of these near ends to these far ends, in no order.
pub async fn edges_to<N: End>(
    db: &Db,
    near: &[i64],
    far: &[i64],
    selection: &EdgeSelection<N>,
) -> Result<Vec<Edge<N>>, Failure> {
    let path = Path::to::<N>()?;
    let mut select = from_near(near);
    join_edges(&mut select, &path, selection, false);
    select.and_where(path.far(Entity).in_subquery(array::items(far.to_vec())));
    db.rows(&select, |row| Edge::decode(row, selection)).await
}

/// The number of edges of each of these near ends that meet the filter.
pub async fn counts<N: End>(
    db: &Db,
    near: &[i64],
    filter: &Option<Expr>,
) -> Result<HashMap<i64, i64>, Failure> {
    let path = Path::to::<N>()?;
    let mut count = path.edges_of(key_of_near(), EDGE);
    count.expr(Func::count(Expr::col(Asterisk))).and_where_option(filter.clone());
    let select = from_near(near).expr(key_of_near()).expr(count).take();
    Ok(db.rows(&select, |row| Ok((row.long()?, row.long()?))).await?.into_iter().collect())
}

/// The number of edges of each of these near ends that meet the filter and have a status, for each
/// status, by code point.
pub async fn status_counts<N: End>(
    db: &Db,
    near: &[i64],
    filter: &Option<Expr>,
) -> Result<HashMap<i64, Vec<StatusCount>>, Failure> {
    let path = Path::to::<N>()?;
    let (near_end, status) = (path.near(EDGE), Expr::col((EDGE, Column::Status)));
    // By a column of the junction and not by the list's, so that SQLite reads the groups off an index.
    let select = Query::select()
        .from_as(Entity, EDGE)
        .and_where(near_end.clone().in_subquery(array::items(near.to_vec())))
        .and_where_option(filter.clone())
        .exprs([near_end.clone(), status.clone(), Func::count(Expr::col(Asterisk)).into()])
        .add_group_by([near_end, status.clone()])
        .order_by_expr(status, Order::Asc)
        .take();
    let mut counts = HashMap::<i64, Vec<StatusCount>>::new();
    for (near, count) in db.rows(&select, |row| Ok((row.long()?, status_count(row)?))).await? {
        counts.entry(near).or_default().push(count);
    }
    Ok(counts)
}

fn status_count(row: &mut Row<'_>) -> Result<StatusCount, Failure> {
    Ok(StatusCount { status: row.text()?, count: row.int()? })
}

fn from_near(near: &[i64]) -> SelectStatement {
    Query::select().from_function(array::table(near.to_vec()), NEAR).take()
}

fn key_of_near() -> Expr {
    Expr::col((NEAR, "value"))
}

fn sort_column(key: &SortKey, edge: DynIden, node: DynIden) -> Expr {
    Expr::col((if key.of == Of::Edge { edge } else { node }, key.column))
}

/// Adds the edges of the near ends, as [`select_edge`] does.
fn join_edges<N: End>(
    select: &mut SelectStatement,
    path: &Path,
    selection: &EdgeSelection<N>,
    needs_node: bool,
) {
    select.cross_join(Entity).and_where(path.near(Entity).eq(key_of_near()));
    select_edge(select, path, selection, needs_node);
}

/// Has `select` return the columns that [`Edge::decode`] reads, from the junction and its far ends.
///
/// All joins are cross joins because SQLite keeps their order: from the few keys to their rows.
fn select_edge<N: End>(
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
