//! The association of customers with profiles: its edges and connections, read from either side.

mod attach;
mod input;
mod load;
mod mutation;
mod objects;
mod store;

use sea_orm::{DbErr, RelationDef};

use crate::{
    connection,
    database::Row,
    datetime::Times,
    error::Error,
    load::{EdgeSelection, Node, loaded},
    page::Ordering,
    ready::Ready,
};

pub use attach::{OnExisting, attach_customers, attach_profiles};
pub use input::{CustomerProfileInput, ProfileCustomerInput, checked};
pub use load::{connections, distinct, edges_to};
pub use mutation::CustomerProfileMutation;
pub use objects::{
    CustomerProfileConnection, CustomerProfileEdge, ProfileCustomerConnection, ProfileCustomerEdge,
};

/// A node as the far end of an edge: what its rows are reached by from the near one.
pub trait End: Node {
    /// The order of the edges of one near end.
    const ORDER: Ordering;

    /// From the near end to the junction, and from there to this end.
    fn link() -> Vec<RelationDef>;
}

/// A row of the junction, read from one side: `N` is the node at the far end.
#[derive(Clone, Debug)]
pub struct Edge<N> {
    near: i64,
    far: i64,
    status: String,
    version: i32,
    times: Option<Times>,
    node: Option<Ready<N>>,
}

impl<N: End> Edge<N> {
    /// Reads the columns of [`store::edges`].
    fn decode(row: &mut Row<'_>, selection: &EdgeSelection<N>) -> Result<Self, DbErr> {
        Ok(Edge {
            near: row.long()?,
            far: row.long()?,
            status: row.text()?,
            version: row.int()?,
            times: selection.times.then(|| row.times()).transpose()?,
            node: selection.node.as_ref().map(|node| N::decode(row, node)).transpose()?.map(Ready),
        })
    }
}

impl<N: End> connection::Edge for Edge<N> {
    type Node = N;

    fn position(&self) -> String {
        N::ORDER.cursor(self.far)
    }

    fn end(&self) -> Result<&Ready<N>, Error> {
        loaded(&self.node)
    }
}
