//! Customers as a connection.

use async_graphql::Object;

use super::{Customer, order};
use crate::{
    connection::{Connection, Edge, PageInfo},
    error::Error,
    load::Node,
    order::Value,
    ready::{List, Ready},
};

/// A page of customers.
pub type CustomerConnection = Connection<CustomerEdge>;

/// A customer in its place among the others.
#[derive(Clone, Debug)]
pub struct CustomerEdge {
    node: Ready<Customer>,
    /// Its cursor, where that is another than its key's.
    cursor: Option<String>,
}

impl CustomerEdge {
    /// An edge at this cursor, or at that of its key where rows are ordered by that alone.
    pub fn new(node: Customer, cursor: Option<String>) -> Self {
        CustomerEdge { node: Ready(node), cursor }
    }

    /// The customer, to be completed.
    pub fn node_mut(&mut self) -> &mut Customer {
        &mut self.node.0
    }
}

impl Edge for CustomerEdge {
    type Node = Customer;

    fn position(&self) -> String {
        self.cursor.clone().unwrap_or_else(|| order::default().cursor(&vec![Value::Int(self.node.key())]))
    }

    fn end(&self) -> Result<&Ready<Customer>, Error> {
        Ok(&self.node)
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
        &self.node
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
