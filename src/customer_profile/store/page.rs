//! The statements that read pages of edges of many near ends, each page at the cost of its own rows.
//!
//! Every kind of database has its own way to stop at a page's end below each near end.

use entity::customer_profile::Entity;
use sea_orm::{
    DbBackend, ExprTrait,
    sea_query::{
        Asterisk, Expr, Func, IntoIden, JoinType, Query, SelectStatement, TableRef, UnionType,
        extension::mysql::{IndexHintScope, MySqlSelectStatementExt},
    },
};

use super::{
    Path,
    read::{NEAR, from_near, join_edges, key_of_near, select_edge},
};
use crate::{
    customer_profile::{EDGE, End},
    database::{array, size},
    load::EdgeSelection,
    order::{Of, SortKey},
    page::{Listing, Page},
};

/// The keys of a page's far ends, as the statements call them.
const PAGE: &str = "page";

/// The far ends in a look at the junction called [`EDGE`].
const NODE: &str = "node";

/// The key of a near end, and that of the last far end of its page.
const KEY: &str = "key";
const LAST: &str = "last";

/// How many near ends have their pages listed by one statement on MariaDB at most.
const LISTED_AT_ONCE: usize = 64;

/// How many bytes such a statement has, if it is for more than one of them.
const BYTES_AT_ONCE: usize = 1024 * 1024;

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
        (DbBackend::MySql, _) => in_ranges(path, near, page, selection),
        _ => up_to_last(path, near, page, selection),
    }
}

/// The near ends that one statement of [`listed`] is for: on MariaDB few of them, and fewer the larger the filter is that
/// it has for each.
pub fn portions<'a>(backend: DbBackend, path: &Path, near: &'a [i64], listing: &Listing) -> Vec<&'a [i64]> {
    if backend != DbBackend::MySql || near.len() < 2 {
        return vec![near];
    }
    let bytes = size::of(&backend.build(&keys_of(path, None, listing)));
    let most = (BYTES_AT_ONCE / bytes).clamp(1, LISTED_AT_ONCE);
    // A power of two, as the number of those that a statement lists is.
    near.chunks(1 << most.ilog2()).collect()
}

/// A page in any other order, or filtered, of near ends that one statement is for.
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
        DbBackend::MySql => one_by_one(path, near, listing, wanted),
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
/// index at half the cost of listing them first.
fn up_to_last<N: End>(
    path: &Path,
    near: &[i64],
    page: &Page,
    selection: &EdgeSelection<N>,
) -> SelectStatement {
    let backend = DbBackend::Sqlite;
    let last = last_of_page(backend, path, page);
    let mut select = from_near(backend, near);
    join_edges(backend, &mut select, path, selection, false);
    keep_page(backend, &mut select, path, page, or_farthest(last, page));
    select
}

/// MariaDB does the same in two steps. Where the last row were looked up in the second one, or the near ends
/// compared as equal, it would not read a range for each near end, but all edges of it.
fn in_ranges<N: End>(
    path: &Path,
    near: &[i64],
    page: &Page,
    selection: &EdgeSelection<N>,
) -> SelectStatement {
    let backend = DbBackend::MySql;
    let mut last = last_of_page(backend, path, page);
    last.force_index(path.index(), IndexHintScope::All);
    // The limit keeps the two steps apart.
    let bounds = from_near(backend, near)
        .expr_as(key_of_near(backend), KEY)
        .expr_as(or_farthest(last, page), LAST)
        .limit(near.len() as u64)
        .take();

    let (key, last) = (Expr::col((NEAR, KEY)), Expr::col((NEAR, LAST)));
    let mut select = Query::select().from_subquery(bounds, NEAR).from(Entity).take();
    select
        .force_index(path.index(), IndexHintScope::All)
        .and_where(path.near(Entity).gte(key.clone()))
        .and_where(path.near(Entity).lte(key));
    select_edge(&mut select, path, selection, false);
    keep_page(backend, &mut select, path, page, last);
    select
}

/// The far end of the last row of the page of the near end that the statement around it has.
fn last_of_page(backend: DbBackend, path: &Path, page: &Page) -> SelectStatement {
    let mut last = path.edges_of(key_of_near(backend), EDGE).expr(path.far(EDGE)).take();
    page.bound(backend, &mut last, &[path.far(EDGE)]);
    last.reset_limit().limit(1).offset(page.size()).take()
}

/// What `last` finds, or where a page that is not full ends.
fn or_farthest(last: SelectStatement, page: &Page) -> Expr {
    let farthest = if page.backward() { i64::MIN } else { i64::MAX };
    Func::coalesce([last.into(), Expr::val(farthest)]).into()
}

/// Keeps the edges between the page's cursors, up to the far end `last`.
fn keep_page(backend: DbBackend, select: &mut SelectStatement, path: &Path, page: &Page, last: Expr) {
    let far = path.far(Entity);
    select.and_where(if page.backward() { far.clone().gte(last) } else { far.clone().lte(last) });
    for condition in page.between(backend, &[far]) {
        select.and_where(condition);
    }
}

/// On SQLite the keys of each near end's page are listed first, as one array.
fn collected<N: End>(
    path: &Path,
    near: &[i64],
    listing: &Listing,
    wanted: &Wanted<'_, N>,
) -> SelectStatement {
    let (backend, page) = (DbBackend::Sqlite, &listing.page);
    let keys = one_page(backend, path, key_of_near(backend), listing).expr(path.far(EDGE)).take();
    let keys = array::collected(backend, keys, path.far_column());

    let mut select = from_near(backend, near);
    select
        .cross_join(TableRef::FunctionCall(array::unnested(backend, keys), PAGE.into_iden()))
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
    let edges = one_page(backend, path, key_of_near(backend), listing).column((EDGE, Asterisk)).take();
    let mut select = from_near(backend, near);
    select.join_lateral(JoinType::InnerJoin, edges, Entity, Expr::cust("TRUE"));
    select_edge(&mut select, path, selection, listing.page.order.needs_node());
    select
}

/// MariaDB, which runs no subquery for each near end, lists the keys of one near end's page after those of
/// another's, and reads the rows of all of them.
fn one_by_one<N: End>(
    path: &Path,
    near: &[i64],
    listing: &Listing,
    wanted: &Wanted<'_, N>,
) -> SelectStatement {
    let (backend, page) = (DbBackend::MySql, &listing.page);
    // The first one is a table, since a union cannot begin with a limit.
    let mut keys =
        Query::select().column(Asterisk).from_subquery(keys_of(path, near.first(), listing), PAGE).take();
    // As many as a power of two, so that the statements are few: nothing belongs to a near end that is null.
    for index in 1..near.len().next_power_of_two() {
        keys.union(UnionType::All, keys_of(path, near.get(index), listing));
    }

    let mut select = Query::select().from_subquery(keys, PAGE).take();
    let is_listed = path.near(Entity).eq(path.near(PAGE)).and(path.far(Entity).eq(path.far(PAGE)));
    array::join(backend, &mut select, Entity, is_listed);
    select_edge(&mut select, path, wanted.selection, page.order.needs_node());
    in_order(&mut select, path, page, wanted);
    select
}

/// The keys of one near end's page, for [`one_by_one`].
fn keys_of(path: &Path, near: Option<&i64>, listing: &Listing) -> SelectStatement {
    let near = Expr::val(near.copied());
    one_page(DbBackend::MySql, path, near, listing).exprs([path.near(EDGE), path.far(EDGE)]).take()
}

/// The page of the edges, called [`EDGE`], of that near end.
fn one_page(backend: DbBackend, path: &Path, near: Expr, listing: &Listing) -> SelectStatement {
    let Listing { filter, page, .. } = listing;
    let mut edges = path.edges_of(near, EDGE);
    edges.and_where_option(filter.clone());
    if page.order.needs_node() {
        edges.cross_join(path.node_as(NODE)).and_where(path.meets(EDGE, NODE));
    }
    page.bound(backend, &mut edges, &sorted(page, EDGE, NODE));
    edges
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
