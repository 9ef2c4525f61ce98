//! Customers as a connection.

use async_graphql::Object;

use super::Customer;
use crate::{
    connection::{Connection, Edge, PageInfo},
    error::Error,
    load::Node,
    page::CUSTOMERS,
    ready::{List, Ready},
};

/// A page of customers.
pub type CustomerConnection = Connection<CustomerEdge>;

/// A customer in its place among the others.
#[derive(Clone, Debug)]
pub struct CustomerEdge(pub Ready<Customer>);

impl Edge for CustomerEdge {
    type Node = Customer;

    fn position(&self) -> String {
        CUSTOMERS.cursor(self.0.key())
    }

    fn end(&self) -> Result<&Ready<Customer>, Error> {
        Ok(&self.0)
    }
}

/// A customer's place in a connection.
#[Object]
impl CustomerEdge {
    /// The edge's position, for `after` and `before`.
    fn cursor(&self) -> String {
        self.position()
    }

    /// The customer.
    fn node(&self) -> &Ready<Customer> {
        &self.0
    }
}

/// A page of customers.
#[Object(name = "CustomerConnection")]
impl Connection<CustomerEdge> {
    /// The customers of the page, each with its cursor.
    fn edges(&self) -> &List<Ready<CustomerEdge>> {
        &self.page
    }

    /// The customers of the page.
    fn nodes(&self) -> Result<List<&Ready<Customer>>, Error> {
        self.ends()
    }

    /// Where the page lies among all customers.
    fn page_info(&self) -> PageInfo {
        self.info()
    }

    /// The number of all customers that meet `where`, whatever the page.
    fn total_count(&self) -> Result<i32, Error> {
        self.count()
    }
}
