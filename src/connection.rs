//! Connections: a loaded page of edges, and what is said about it.

use async_graphql::{ContainerType, SimpleObject};

use crate::{
    error::Error,
    load::{Node, loaded},
    order::Value,
    page::Beyond,
    ready::{List, Loaded, Ready},
};

/// An edge of a connection: the position of a node in the connection's order.
pub trait Edge {
    type Node;

    /// The edge's position, as `after` and `before` take it.
    fn position(&self) -> String;

    /// The node at its end. Fails where it was not loaded.
    fn end(&self) -> Result<&Ready<Self::Node>, Error>;
}

/// A page of edges. Each connection of the schema is one of these with its own kind of edge.
#[derive(Clone, Debug)]
pub struct Connection<E> {
    pub page: List<Ready<E>>,
    pub beyond: Beyond,
    pub total: Option<i64>,
    pub statuses: Option<Vec<StatusCount>>,
}

/// A node in its place among all of its kind: an edge of a connection of the root.
#[derive(Clone, Debug)]
pub struct Listed<N> {
    pub node: Ready<N>,
    /// Its cursor, where that is another than its key's.
    cursor: Option<String>,
}

impl<N> Listed<N> {
    /// A node at this cursor, or at that of its key where rows are ordered by that alone.
    pub fn new(node: N, cursor: Option<String>) -> Self {
        Listed { node: Ready(node), cursor }
    }

    /// The node, to be completed.
    pub fn node_mut(&mut self) -> &mut N {
        &mut self.node.0
    }
}

impl<N: Node> Edge for Listed<N> {
    type Node = N;

    fn position(&self) -> String {
        self.cursor.clone().unwrap_or_else(|| N::default_order().cursor(&vec![Value::Int(self.node.key())]))
    }

    fn end(&self) -> Result<&Ready<N>, Error> {
        Ok(&self.node)
    }
}

/// The most statuses that `statusCounts` tells of.
pub const MAX_STATUSES: usize = 250;

/// How many edges have a status.
#[derive(Clone, Debug, SimpleObject)]
pub struct StatusCount {
    /// The status.
    pub status: String,
    /// The number of edges that have it.
    pub count: i32,
}

/// Where a page lies among all edges.
#[derive(SimpleObject)]
pub struct PageInfo {
    /// Whether edges follow this page. Exact when paging forward; when paging backward it tells whether
    /// `before` was given.
    has_next_page: bool,
    /// Whether edges precede this page. Exact when paging backward; when paging forward it tells whether
    /// `after` was given.
    has_previous_page: bool,
    /// The cursor of the page's first edge; null on an empty page.
    start_cursor: Option<String>,
    /// The cursor of the page's last edge; null on an empty page.
    end_cursor: Option<String>,
}

impl<N> Loaded for Listed<N> where Self: ContainerType {}

impl<E> Loaded for Connection<E> where Self: ContainerType {}

impl Loaded for PageInfo {}

impl Loaded for StatusCount {}

impl<E: Edge> Connection<E> {
    /// The nodes of the page's edges.
    pub fn ends(&self) -> Result<List<&Ready<E::Node>>, Error> {
        self.page.0.iter().map(|edge| edge.end()).collect::<Result<_, _>>().map(List)
    }

    /// Where the page lies.
    pub fn info(&self) -> Ready<PageInfo> {
        Ready(PageInfo {
            has_next_page: self.beyond.next,
            has_previous_page: self.beyond.previous,
            start_cursor: self.page.0.first().map(|edge| edge.position()),
            end_cursor: self.page.0.last().map(|edge| edge.position()),
        })
    }

    /// The number of edges of each status.
    pub fn count_by_status(&self) -> Result<List<Ready<&StatusCount>>, Error> {
        Ok(List(loaded(&self.statuses)?.iter().map(Ready).collect()))
    }

    /// The number of all edges, or the largest Int where there are more.
    pub fn count(&self) -> Result<i32, Error> {
        Ok(i32::try_from(*loaded(&self.total)?).unwrap_or(i32::MAX))
    }
}
