//! What loading has in common: objects come with everything that a query selects below them.

use std::pin::Pin;

use async_graphql::ContextBase;
use sea_orm::{DynIden, sea_query::SelectStatement};

use crate::{
    connection::{Connection, Listed},
    database::{Db, Failure, Row},
    error::{Error, Fault, Faults, Place, Reason},
    id::GlobalId,
    order::Order,
    page::Listing,
    ready::{List, Ready},
    selection::{NOT_LOOKED_AHEAD, Select, Selected},
    table,
};

/// A future behind a box, as recursion over the graph needs it.
pub type Loading<'a> = Pin<Box<dyn Future<Output = Result<(), Error>> + Send + 'a>>;

/// A noun of the graph whose objects are rows of a table.
pub trait Node: Clone + Send + Sync + Sized + 'static {
    /// The name of its type in the schema.
    const TYPE: &'static str;

    /// The column of its table's key.
    const KEY: &'static str = "id";

    /// What a query may select of it.
    type Selection: Select + Send + Sync;

    /// The key of its row.
    fn key(&self) -> i64;

    /// The global ID of the row with this key.
    fn id(key: i64) -> GlobalId;

    /// The key that an ID at `place` names, if it is one of this type.
    fn key_of(id: &str, place: &Place) -> Result<i64, Fault>;

    /// Its table.
    fn table() -> DynIden;

    /// The order of its rows, if none is asked for.
    fn default_order() -> Order;

    /// Has `select` return the columns that [`Node::decode`] reads, after those it returns already.
    fn columns(select: &mut SelectStatement, selection: &Self::Selection);

    /// Reads the columns of [`Node::columns`].
    fn decode(row: &mut Row<'_>, selection: &Self::Selection) -> Result<Self, Failure>;

    /// Loads what is selected below these objects: a statement for each connection, whatever their number.
    fn complete<'a>(db: &'a Db, objects: Vec<&'a mut Self>, selection: &'a Self::Selection) -> Loading<'a>;
}

/// What the request's statements run on.
pub fn db<'a, T>(ctx: &ContextBase<'a, T>) -> Result<&'a Db, Error> {
    ctx.data().map_err(|_| Error::Internal("the request has no database handle"))
}

/// A connection of the root: which of all rows it has, with what is selected of it.
pub async fn connection<N: Node>(
    db: &Db,
    listing: &Listing,
    selection: ConnectionSelection<N>,
) -> Result<Ready<Connection<Listed<N>>>, Error> {
    let node = selection.edge.node.unwrap_or_default();
    let mut edges = match selection.rows {
        true => table::page(db, listing, &node, selection.cursors).await?,
        false => Vec::new(),
    };
    let beyond = listing.page.cut(&mut edges);
    N::complete(db, edges.iter_mut().map(Listed::node_mut).collect(), &node).await?;
    let total = match selection.total_count {
        true => Some(table::count::<N>(db, listing).await?),
        false => None,
    };
    let page = List(edges.into_iter().map(Ready).collect());
    Ok(Ready(Connection { page, beyond, total, statuses: None }))
}

/// The objects of these keys that exist, in the order of their keys, with what is selected below them.
pub async fn by_keys<N: Node>(db: &Db, keys: &[i64], selection: &N::Selection) -> Result<Vec<N>, Error> {
    let mut objects = table::by_keys::<N>(db, keys, selection).await?;
    objects.sort_unstable_by_key(N::key);
    objects.dedup_by_key(|object| object.key());
    N::complete(db, objects.iter_mut().collect(), selection).await?;
    Ok(objects)
}

/// The object of this key, if it exists, with what is selected below it.
pub async fn by_key<N: Node>(db: &Db, key: i64, selection: &N::Selection) -> Result<Option<N>, Error> {
    Ok(by_keys(db, &[key], selection).await?.pop())
}

/// Fails unless all of these exist, with a fault for each that does not, at its place.
pub async fn require<N: Node>(db: &Db, keys: &[(i64, Place)]) -> Result<(), Error> {
    missing::<N>(db, keys).await?.none()
}

/// A fault for each of these that does not exist, at its place.
pub async fn missing<N: Node>(db: &Db, keys: &[(i64, Place)]) -> Result<Faults, Error> {
    let mut faults = Faults::default();
    if keys.is_empty() {
        return Ok(faults);
    }
    let existing = table::existing::<N>(db, &keys.iter().map(|(key, _)| *key).collect::<Vec<_>>()).await?;
    for (key, place) in keys.iter().filter(|(key, _)| !existing.contains(key)) {
        faults.add(Fault { place: place.clone(), reason: Reason::NotFound(N::id(*key)) });
    }
    Ok(faults)
}

/// A value that the look-ahead has seen to. Fails where it has not.
pub fn loaded<T>(value: &Option<T>) -> Result<&T, Error> {
    value.as_ref().ok_or(NOT_LOOKED_AHEAD)
}

/// What is selected of a payload's one field that has nodes of type `N`.
pub struct Below<N: Node>(pub Option<N::Selection>);

impl<N: Node> Default for Below<N> {
    fn default() -> Self {
        Below(None)
    }
}

impl<N: Node> Select for Below<N> {
    fn add(&mut self, payload: Selected<'_>) -> Result<(), Error> {
        for field in payload.fields().into_iter().filter(|field| field.name() != "__typename") {
            self.0.get_or_insert_default().add(field)?;
        }
        Ok(())
    }
}

/// What is selected of an edge to a node of type `N`.
pub struct EdgeSelection<N: Node> {
    /// Whether the edge's own timestamps are.
    pub times: bool,
    /// What is selected of the node, if it is at all.
    pub node: Option<N::Selection>,
}

impl<N: Node> Default for EdgeSelection<N> {
    fn default() -> Self {
        EdgeSelection { times: false, node: None }
    }
}

impl<N: Node> Select for EdgeSelection<N> {
    fn add(&mut self, edge: Selected<'_>) -> Result<(), Error> {
        for field in edge.fields() {
            match field.name() {
                "node" => self.node.get_or_insert_default().add(field)?,
                "createdAt" | "updatedAt" => self.times = true,
                _ => {}
            }
        }
        Ok(())
    }
}

/// A connection below many objects: which rows it has, and what is selected of it.
pub struct Level<N: Node> {
    pub listing: Listing,
    pub selection: ConnectionSelection<N>,
}

impl<N: Node> Level<N> {
    /// A connection of which nothing is selected yet.
    pub fn of(listing: Listing) -> Self {
        Level { listing, selection: ConnectionSelection::default() }
    }
}

/// What is selected of a connection to nodes of type `N`.
pub struct ConnectionSelection<N: Node> {
    /// Whether anything is that needs the page's rows.
    pub rows: bool,
    /// What is selected of each edge.
    pub edge: EdgeSelection<N>,
    /// Whether the edges' cursors are.
    pub cursors: bool,
    /// Whether the number of all edges is.
    pub total_count: bool,
    /// Whether the number of edges of each status is.
    pub status_counts: bool,
}

impl<N: Node> Default for ConnectionSelection<N> {
    fn default() -> Self {
        ConnectionSelection {
            rows: false,
            edge: EdgeSelection::default(),
            cursors: false,
            total_count: false,
            status_counts: false,
        }
    }
}

impl<N: Node> Select for ConnectionSelection<N> {
    fn add(&mut self, connection: Selected<'_>) -> Result<(), Error> {
        for field in connection.fields() {
            match field.name() {
                "edges" => {
                    self.edge.add(field)?;
                    self.cursors |= field.fields().iter().any(|field| field.name() == "cursor");
                }
                "nodes" => self.edge.node.get_or_insert_default().add(field)?,
                "pageInfo" => {
                    self.cursors |= field.fields().iter().any(|field| field.name().ends_with("Cursor"))
                }
                "totalCount" => self.total_count = true,
                "statusCounts" => self.status_counts = true,
                _ => {}
            }
            self.rows |= matches!(field.name(), "edges" | "nodes" | "pageInfo");
        }
        Ok(())
    }
}
