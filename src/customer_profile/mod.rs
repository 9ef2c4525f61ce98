//! The association of customers with profiles: its edges and connections, read from either side.

mod end;
mod filter;
mod input;
mod load;
mod mutation;
mod objects;
mod order;
mod store;
mod write;

use async_graphql::ContainerType;

use crate::{
    connection,
    database::{Failure, Row},
    datetime::Times,
    error::Error,
    load::{EdgeSelection, loaded},
    order::Value,
    page::ConnectionArgs,
    ready::{Loaded, Ready},
};

/// What statements call the junction where they look at it for a condition or a count.
const EDGE: &str = "edge";

/// The arguments of a customer's connection to profiles.
pub type CustomerProfileArgs = ConnectionArgs<CustomerProfileWhere, CustomerProfileOrder>;

/// The arguments of a profile's connection to customers.
pub type ProfileCustomerArgs = ConnectionArgs<ProfileCustomerWhere, ProfileCustomerOrder>;

pub use end::End;
pub use filter::{
    CustomerProfileWhere, CustomerProfilesFilter, ProfileCustomerWhere, ProfileCustomersFilter,
};
pub use input::{CustomerProfileInput, ProfileCustomerInput, checked};
pub use load::{connections, distinct, edges_from, edges_to, level};
pub use mutation::CustomerProfileMutation;
pub use objects::{
    CustomerProfileConnection, CustomerProfileEdge, ProfileCustomerConnection, ProfileCustomerEdge,
};
pub use order::{CustomerProfileOrder, ProfileCustomerOrder};
pub use write::{OnExisting, attach, count};

/// A row of the junction, read from one side: `N` is the node at the far end.
#[derive(Clone, Debug)]
pub struct Edge<N> {
    near: i64,
    far: i64,
    status: String,
    version: i32,
    times: Option<Times>,
    node: Option<Ready<N>>,
    /// Its cursor, where that is another than its key's.
    cursor: Option<String>,
}

impl<N: End> Edge<N> {
    /// Reads the columns of [`store::edges`].
    fn decode(row: &mut Row<'_>, selection: &EdgeSelection<N>) -> Result<Self, Failure> {
        Ok(Edge {
            near: row.long()?,
            far: row.long()?,
            status: row.text()?,
            version: row.int()?,
            times: selection.times.then(|| row.times("customer_profile")).transpose()?,
            node: selection.node.as_ref().map(|node| N::decode(row, node)).transpose()?.map(Ready),
            cursor: None,
        })
    }
}

impl<N> Loaded for Edge<N> where Self: ContainerType {}

impl<N: End> connection::Edge for Edge<N> {
    type Node = N;

    fn position(&self) -> String {
        self.cursor.clone().unwrap_or_else(|| N::edge_order().cursor(&vec![Value::Int(self.far)]))
    }

    fn end(&self) -> Result<&Ready<N>, Error> {
        loaded(&self.node)
    }
}
