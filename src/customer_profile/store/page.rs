//! The statements that read pages of edges of many near ends, each page at the cost of its own rows.
//!
//! Every kind of database has its own way to stop at a page's end below each near end.

use entity::customer_profile::Entity;
use sea_orm::{
    DbBackend, ExprTrait,
    sea_query::{
        Asterisk, Expr, Func, IntoIden, JoinType, Query, SelectStatement, TableRef, WindowStatement,
    },
};

use super::{
    Path,
    read::{from_near, join_edges, key_of_near, select_edge},
};
use crate::{
    customer_profile::{EDGE, End},
    database::array::{self, Kind},
    load::EdgeSelection,
    order::{Of, SortKey},
    page::{Listing, Page},
};

/// The keys of a page's far ends, as the statements call them.
const PAGE: &str = "page";

/// The far ends in a look at the junction called [`EDGE`].
const NODE: &str = "node";

/// The number of an edge among those of its near end, in the page's order.
const NUMBER: &str = "number";

/// What a page's statement returns besides the edges.
pub struct Wanted<'a, N: End> {
    pub selection: &'a EdgeSelection<N>,
    /// Whether the sort columns come after those of the edge.
    pub cursors: bool,
}

/// A page by the keys of far ends, without a filter; its rows in no order.
pub fn by_key<N: End>(
    backend: DbBackend,
    path: &Path,
    near: &[i64],
    page: &Page,
    selection: &EdgeSelection<N>,
) -> SelectStatement {
    match (backend, near) {
        (_, [near]) => of_one(backend, path, *near, page, selection),
        (DbBackend::Postgres, _) => {
            let listing = Listing { filter: None, candidates: None, page: page.clone() };
            lateral(path, near, &listing, selection)
        }
        _ => up_to_last(backend, path, near, page, selection),
    }
}

/// A page in any other order, or filtered.
pub fn listed<N: End>(
    backend: DbBackend,
    path: &Path,
    near: &[i64],
    listing: &Listing,
    wanted: &Wanted<'_, N>,
) -> SelectStatement {
    match backend {
        DbBackend::Postgres => {
            let mut select = lateral(path, near, listing, wanted.selection);
            in_order(&mut select, path, &listing.page, wanted);
            select
        }
        DbBackend::MySql => numbered(path, near, listing, wanted),
        _ => collected(path, near, listing, wanted),
    }
}

/// Of a single near end the page is what comes first in the index.
fn of_one<N: End>(
    backend: DbBackend,
    path: &Path,
    near: i64,
    page: &Page,
    selection: &EdgeSelection<N>,
) -> SelectStatement {
    let mut select = Query::select().from(Entity).and_where(path.near(Entity).eq(near)).take();
    select_edge(&mut select, path, selection, false);
    page.bound(backend, &mut select, &[path.far(Entity)]);
    select
}

/// By their key, all edges up to that of the page's last row are the page: SQLite reads them off the
/// index at half the cost of listing them first, and MariaDB has no other way to stop there.
fn up_to_last<N: End>(
    backend: DbBackend,
    path: &Path,
    near: &[i64],
    page: &Page,
    selection: &EdgeSelection<N>,
) -> SelectStatement {
    let mut last = path.edges_of(key_of_near(backend), EDGE).expr(path.far(EDGE)).take();
    page.bound(backend, &mut last, &[path.far(EDGE)]);
    last.reset_limit().limit(1).offset(page.size());
    let last = |none: i64| Func::coalesce([last.into(), Expr::val(none)]);

    let far = path.far(Entity);
    let mut select = from_near(backend, near);
    join_edges(backend, &mut select, path, selection, false);
    select.and_where(match page.backward() {
        true => far.clone().gte(last(i64::MIN)),
        false => far.clone().lte(last(i64::MAX)),
    });
    for condition in page.between(backend, &[far]) {
        select.and_where(condition);
    }
    select
}

/// On SQLite the keys of each near end's page are listed first, as one array.
fn collected<N: End>(
    path: &Path,
    near: &[i64],
    listing: &Listing,
    wanted: &Wanted<'_, N>,
) -> SelectStatement {
    let (backend, page) = (DbBackend::Sqlite, &listing.page);
    let keys = one_page(backend, path, listing).expr(path.far(EDGE)).take();
    let keys = array::collected(keys, path.far_column());

    let mut select = from_near(backend, near);
    select
        .cross_join(TableRef::FunctionCall(array::unnested(keys), PAGE.into_iden()))
        .and_where(path.far(Entity).eq(Expr::col((PAGE, "value"))));
    join_edges(backend, &mut select, path, wanted.selection, page.order.needs_node());
    in_order(&mut select, path, page, wanted);
    select
}

/// PostgreSQL runs a subquery for each near end, which ends with the page.
fn lateral<N: End>(
    path: &Path,
    near: &[i64],
    listing: &Listing,
    selection: &EdgeSelection<N>,
) -> SelectStatement {
    let backend = DbBackend::Postgres;
    let edges = one_page(backend, path, listing).column((EDGE, Asterisk)).take();
    let mut select = from_near(backend, near);
    select.join_lateral(JoinType::InnerJoin, edges, Entity, Expr::cust("TRUE"));
    select_edge(&mut select, path, selection, listing.page.order.needs_node());
    select
}

/// MariaDB numbers all edges of each near end, for want of a subquery that could end before.
fn numbered<N: End>(path: &Path, near: &[i64], listing: &Listing, wanted: &Wanted<'_, N>) -> SelectStatement {
    let page = &listing.page;
    let sorted = sorted(page, EDGE, NODE);
    let mut window = WindowStatement::partition_by((EDGE, path.near_column()));
    page.order.apply(&mut window, &sorted, page.backward());
    let number = Expr::cust("ROW_NUMBER()");
    let near = array::items(DbBackend::MySql, Kind::Long, near.to_vec());
    let mut numbered =
        Query::select().from_as(Entity, EDGE).and_where(path.near(EDGE).in_subquery(near)).take();
    meet(&mut numbered, path, listing);
    for condition in page.between(DbBackend::MySql, &sorted) {
        numbered.and_where(condition);
    }
    numbered.exprs([path.near(EDGE), path.far(EDGE)]).expr_window_as(number, window, NUMBER);

    let mut select = Query::select()
        .from_subquery(numbered, PAGE)
        .and_where(Expr::col((PAGE, NUMBER)).lte(page.size() + 1))
        .take();
    select
        .cross_join(Entity)
        .and_where(path.near(Entity).eq(path.near(PAGE)))
        .and_where(path.far(Entity).eq(path.far(PAGE)));
    select_edge(&mut select, path, wanted.selection, page.order.needs_node());
    in_order(&mut select, path, page, wanted);
    select
}

/// The page of the edges, called [`EDGE`], of the near end that the statement around it has.
fn one_page(backend: DbBackend, path: &Path, listing: &Listing) -> SelectStatement {
    let page = &listing.page;
    let sorted = sorted(page, EDGE, NODE);
    let mut edges = path.edges_of(key_of_near(backend), EDGE);
    meet(&mut edges, path, listing);
    page.bound(backend, &mut edges, &sorted);
    edges
}

/// Has `edges`, called [`EDGE`], meet the filter, with their nodes where it takes these to sort them.
fn meet(edges: &mut SelectStatement, path: &Path, Listing { filter, page, .. }: &Listing) {
    edges.and_where_option(filter.clone());
    if page.order.needs_node() {
        edges.cross_join(path.node_as(NODE)).and_where(path.meets(EDGE, NODE));
    }
}

/// Has `select` return its edges in the page's order, with what their cursors are made of.
fn in_order<N: End>(select: &mut SelectStatement, path: &Path, page: &Page, wanted: &Wanted<'_, N>) {
    let sorted = sorted(page, Entity, path.node());
    page.order.apply(select, &sorted, page.backward());
    if wanted.cursors {
        select.exprs(sorted);
    }
}

/// The page's sort columns, where the junction and the nodes have these names.
fn sorted(page: &Page, edge: impl IntoIden, node: impl IntoIden) -> Vec<Expr> {
    let (edge, node) = (edge.into_iden(), node.into_iden());
    page.order.columns(|SortKey { of, column, .. }| {
        let table = if *of == Of::Edge { edge.clone() } else { node.clone() };
        Expr::col((table, *column))
    })
}
