//! Customers as a connection.

use async_graphql::Object;

use super::Customer;
use crate::{
    connection::{Connection, Edge, Listed, PageInfo},
    error::Error,
    ready::{List, Ready},
};

/// A page of customers.
pub type CustomerConnection = Connection<CustomerEdge>;

/// A customer in its place among the others.
pub type CustomerEdge = Listed<Customer>;

/// A customer's place in a connection.
#[Object(name = "CustomerEdge")]
impl Listed<Customer> {
    /// The edge's position, for `after` and `before`.
    fn cursor(&self) -> String {
        self.position()
    }

    /// The customer.
    fn node(&self) -> &Ready<Customer> {
        &self.node
    }
}

/// A page of customers.
#[Object(name = "CustomerConnection")]
impl Connection<Listed<Customer>> {
    /// The customers of the page, each with its cursor.
    fn edges(&self) -> &List<Ready<CustomerEdge>> {
        &self.page
    }

    /// The customers of the page.
    fn nodes(&self) -> Result<List<&Ready<Customer>>, Error> {
        self.ends()
    }

    /// Where the page lies among all customers.
    fn page_info(&self) -> Ready<PageInfo> {
        self.info()
    }

    /// The number of all customers that meet `where`, whatever the page.
    fn total_count(&self) -> Result<i32, Error> {
        self.count()
    }
}
