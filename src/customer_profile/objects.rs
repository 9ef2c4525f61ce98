//! The edges and connections of the association as the schema has them.

use async_graphql::{ID, Object};

use super::Edge;
use crate::{
    connection::{Connection, Edge as _, PageInfo, StatusCount},
    customer::Customer,
    datetime::DateTime,
    error::Error,
    id::EdgeId,
    load::loaded,
    profile::Profile,
    ready::{List, Ready},
};

/// A customer's association with a profile.
pub type CustomerProfileEdge = Edge<Profile>;

/// A profile's association with a customer.
pub type ProfileCustomerEdge = Edge<Customer>;

/// A page of a customer's edges.
pub type CustomerProfileConnection = Connection<CustomerProfileEdge>;

/// A page of a profile's edges.
pub type ProfileCustomerConnection = Connection<ProfileCustomerEdge>;

/// One customer's association with one profile, read from the customer's side.
#[Object(name = "CustomerProfileEdge")]
impl Edge<Profile> {
    /// The edge's ID, for caches: the same whenever these two are attached. `node` does not take it.
    fn id(&self) -> ID {
        EdgeId::CustomerProfile(self.near, self.far).into()
    }

    /// The edge's position in this connection and order, for `after` and `before`. A cache that keeps edges by their
    /// `id` keeps the cursor of one order alone: page by `pageInfo` there.
    fn cursor(&self) -> String {
        self.position()
    }

    /// The profile.
    fn node(&self) -> Result<&Ready<Profile>, Error> {
        self.end()
    }

    /// The status of the association.
    fn status(&self) -> &str {
        &self.status
    }

    /// Counts the changes of the association since the two were attached, from 1.
    fn version(&self) -> i32 {
        self.version
    }

    /// When the profile was attached.
    fn created_at(&self) -> Result<DateTime, Error> {
        Ok(loaded(&self.times)?.created_at)
    }

    /// When the association last changed.
    fn updated_at(&self) -> Result<DateTime, Error> {
        Ok(loaded(&self.times)?.updated_at)
    }
}

/// One profile's association with one customer, read from the profile's side.
#[Object(name = "ProfileCustomerEdge")]
impl Edge<Customer> {
    /// The edge's ID, for caches: the same whenever these two are attached. `node` does not take it.
    fn id(&self) -> ID {
        EdgeId::ProfileCustomer(self.near, self.far).into()
    }

    /// The edge's position in this connection and order, for `after` and `before`. A cache that keeps edges by their
    /// `id` keeps the cursor of one order alone: page by `pageInfo` there.
    fn cursor(&self) -> String {
        self.position()
    }

    /// The customer.
    fn node(&self) -> Result<&Ready<Customer>, Error> {
        self.end()
    }

    /// The status of the association.
    fn status(&self) -> &str {
        &self.status
    }

    /// Counts the changes of the association since the two were attached, from 1.
    fn version(&self) -> i32 {
        self.version
    }

    /// When the customer was attached.
    fn created_at(&self) -> Result<DateTime, Error> {
        Ok(loaded(&self.times)?.created_at)
    }

    /// When the association last changed.
    fn updated_at(&self) -> Result<DateTime, Error> {
        Ok(loaded(&self.times)?.updated_at)
    }
}

/// A page of a customer's associations with profiles.
#[Object(name = "CustomerProfileConnection")]
impl Connection<Edge<Profile>> {
    /// The associations of the page, each with its status and its profile.
    fn edges(&self) -> &List<Ready<CustomerProfileEdge>> {
        &self.page
    }

    /// The profiles of the page, without the fields of the association, such as its status.
    fn nodes(&self) -> Result<List<&Ready<Profile>>, Error> {
        self.ends()
    }

    /// Where the page lies among all of the customer's associations.
    fn page_info(&self) -> Ready<PageInfo> {
        self.info()
    }

    /// The number of the customer's associations that meet `where`, whatever the page.
    fn total_count(&self) -> Result<i32, Error> {
        self.count()
    }

    /// For each status, by code point, the number of the customer's associations that have it and meet `where`. More
    /// than 250 statuses are refused: narrow them down with `where`.
    fn status_counts(&self) -> Result<List<Ready<&StatusCount>>, Error> {
        self.count_by_status()
    }
}

/// A page of a profile's associations with customers.
#[Object(name = "ProfileCustomerConnection")]
impl Connection<Edge<Customer>> {
    /// The associations of the page, each with its status and its customer.
    fn edges(&self) -> &List<Ready<ProfileCustomerEdge>> {
        &self.page
    }

    /// The customers of the page, without the fields of the association, such as its status.
    fn nodes(&self) -> Result<List<&Ready<Customer>>, Error> {
        self.ends()
    }

    /// Where the page lies among all of the profile's associations.
    fn page_info(&self) -> Ready<PageInfo> {
        self.info()
    }

    /// The number of the profile's associations that meet `where`, whatever the page.
    fn total_count(&self) -> Result<i32, Error> {
        self.count()
    }

    /// For each status, by code point, the number of the profile's associations that have it and meet `where`. More
    /// than 250 statuses are refused: narrow them down with `where`.
    fn status_counts(&self) -> Result<List<Ready<&StatusCount>>, Error> {
        self.count_by_status()
    }
}
