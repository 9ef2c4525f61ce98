//! Loading edges: those of many near ends at once, with their nodes and what is selected below them.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use sea_orm::DbBackend;

use super::{EDGE, Edge, End, store};
use crate::{
    connection::Connection,
    database::Db,
    error::Error,
    filter::Filter,
    load::{EdgeSelection, Level},
    order::Sort,
    page::ConnectionArgs,
    ready::{List, Ready},
    selection::NOT_LOOKED_AHEAD,
};

/// The connections of several near ends, by their keys.
pub struct Connections<N>(HashMap<i64, Arc<Ready<Connection<Edge<N>>>>>);

impl<N> Connections<N> {
    /// The connection of one of the near ends. Fails for one that was not asked for.
    pub fn of(&self, near: i64) -> Result<Arc<Ready<Connection<Edge<N>>>>, Error> {
        self.0.get(&near).cloned().ok_or(NOT_LOOKED_AHEAD)
    }
}

/// The keys, each once: the same object may be loaded in several places of a query.
pub fn distinct(keys: impl Iterator<Item = i64>) -> Vec<i64> {
    keys.collect::<BTreeSet<_>>().into_iter().collect()
}

/// What the arguments of a connection to nodes of type `N` ask this database for.
pub fn level<N, W, O>(backend: DbBackend, arguments: &ConnectionArgs<W, O>) -> Result<Level<N>, Error>
where
    N: End,
    W: Filter + Default + PartialEq,
    O: Sort,
{
    arguments.listing(backend, EDGE, N::edge_order()).map(Level::of)
}

/// A page of the edges of each of these near ends, with what is selected of it.
pub async fn connections<N: End>(
    db: &Db,
    near: &[i64],
    Level { listing, selection }: &Level<N>,
) -> Result<Connections<N>, Error> {
    let mut edges = match selection.rows {
        true => grouped(store::edges(db, near, listing, &selection.edge, selection.cursors).await?),
        false => HashMap::new(),
    };
    let mut counts = match selection.total_count {
        true => store::counts::<N>(db, near, &listing.filter).await?,
        false => HashMap::new(),
    };
    let mut statuses = match selection.status_counts {
        true => store::status_counts::<N>(db, near, &listing.filter).await?,
        false => HashMap::new(),
    };
    let mut pages: Vec<_> = near
        .iter()
        .map(|near| {
            let mut edges = edges.remove(near).unwrap_or_default();
            let beyond = listing.page.cut(&mut edges);
            (*near, edges, beyond)
        })
        .collect();
    complete(db, pages.iter_mut().flat_map(|(_, edges, _)| edges), &selection.edge).await?;

    let connections = pages.into_iter().map(|(near, edges, beyond)| {
        let page = List(edges.into_iter().map(Ready).collect());
        let statuses = selection.status_counts.then(|| statuses.remove(&near).unwrap_or_default());
        (near, Arc::new(Ready(Connection { page, beyond, total: counts.remove(&near), statuses })))
    });
    Ok(Connections(connections.collect()))
}

/// The edge of each of these near ends to one far end, where there is one.
pub async fn edges_to<N: End>(
    db: &Db,
    near: &[i64],
    far: i64,
    selection: &EdgeSelection<N>,
) -> Result<HashMap<i64, Arc<Ready<Edge<N>>>>, Error> {
    let edges = between(db, near, &[far], selection).await?;
    Ok(edges.into_iter().map(|edge| (edge.near, Arc::new(Ready(edge)))).collect())
}

/// The edges of one near end to these far ends, by the far ends' keys.
pub async fn edges_from<N: End>(
    db: &Db,
    near: i64,
    far: &[i64],
    selection: &EdgeSelection<N>,
) -> Result<HashMap<i64, Ready<Edge<N>>>, Error> {
    let edges = between(db, &[near], far, selection).await?;
    Ok(edges.into_iter().map(|edge| (edge.far, Ready(edge))).collect())
}

async fn between<N: End>(
    db: &Db,
    near: &[i64],
    far: &[i64],
    selection: &EdgeSelection<N>,
) -> Result<Vec<Edge<N>>, Error> {
    let mut edges = store::edges_to(db, near, far, selection).await?;
    complete(db, edges.iter_mut(), selection).await?;
    Ok(edges)
}

/// The edges of each near end, in the order in which they come.
fn grouped<N>(edges: Vec<Edge<N>>) -> HashMap<i64, Vec<Edge<N>>> {
    let mut groups = HashMap::<i64, Vec<Edge<N>>>::new();
    for edge in edges {
        groups.entry(edge.near).or_default().push(edge);
    }
    groups
}

async fn complete<'a, N: End>(
    db: &Db,
    edges: impl Iterator<Item = &'a mut Edge<N>>,
    selection: &EdgeSelection<N>,
) -> Result<(), Error> {
    let Some(selection) = &selection.node else { return Ok(()) };
    let nodes = edges.filter_map(|edge| edge.node.as_mut()).map(|node| &mut node.0).collect();
    N::complete(db, nodes, selection).await
}
