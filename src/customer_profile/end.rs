//! Customers and profiles as the nodes that edges lead to.

use entity::{customer::ToProfiles, profile::ToCustomers};
use sea_orm::{Linked, RelationDef};

use super::order;
use crate::{
    customer::{self, Customer, CustomerEnd},
    database::Db,
    error::{Error, Place},
    load::Node,
    order::Order,
    profile::{self, Profile, ProfileEnd},
};

/// A node at the far end of an edge.
pub trait End: Node {
    /// How an input names one: as an existing node or a new one.
    type Named: Clone + Send + Sync;

    /// The order of the edges of one near end, if none is asked for.
    fn edge_order() -> Order;

    /// The relations from the near end to the junction, and from there to this end.
    fn link() -> Vec<RelationDef>;

    /// The customer and the profile of an edge from `near` to `far`.
    fn pair(near: i64, far: i64) -> (i64, i64);

    /// Whether two names are certain to be those of one node.
    fn same(one: &Self::Named, other: &Self::Named) -> bool;

    /// The keys of the nodes that an input names at these places. New ones are added.
    fn resolve(
        db: &Db,
        ends: &[(Self::Named, Place)],
    ) -> impl Future<Output = Result<Vec<i64>, Error>> + Send;
}

impl End for Profile {
    type Named = ProfileEnd;

    fn edge_order() -> Order {
        order::profiles_of_customer()
    }

    fn link() -> Vec<RelationDef> {
        ToProfiles.link()
    }

    fn pair(near: i64, far: i64) -> (i64, i64) {
        (near, far)
    }

    fn same(one: &ProfileEnd, other: &ProfileEnd) -> bool {
        one == other && !matches!(one, ProfileEnd::New(_))
    }

    async fn resolve(db: &Db, ends: &[(ProfileEnd, Place)]) -> Result<Vec<i64>, Error> {
        profile::resolve(db, ends).await
    }
}

impl End for Customer {
    type Named = CustomerEnd;

    fn edge_order() -> Order {
        order::customers_of_profile()
    }

    fn link() -> Vec<RelationDef> {
        ToCustomers.link()
    }

    fn pair(near: i64, far: i64) -> (i64, i64) {
        (far, near)
    }

    fn same(one: &CustomerEnd, other: &CustomerEnd) -> bool {
        one == other && !matches!(one, CustomerEnd::New(_))
    }

    async fn resolve(db: &Db, ends: &[(CustomerEnd, Place)]) -> Result<Vec<i64>, Error> {
        customer::resolve(db, ends).await
    }
}
