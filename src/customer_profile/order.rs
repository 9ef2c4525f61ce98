//! In which order a query wants edges.

use async_graphql::{InputType, OneofObject};
use entity::customer_profile::Column;
use sea_orm::IdenStatic;

use crate::{
    customer::CustomerOrder,
    database::array::Kind,
    order::{Of, Order, OrderDirection, Sort, SortKey},
    profile::ProfileOrder,
};

/// In which order a query wants a customer's edges.
pub type CustomerProfileOrder = EdgeOrder<ProfileOrder>;

/// In which order a query wants a profile's edges.
pub type ProfileCustomerOrder = EdgeOrder<CustomerOrder>;

/// A field of associations, or of the nodes at their ends, to sort by.
#[derive(Clone, Copy, Debug, PartialEq, OneofObject)]
#[graphql(
    concrete(name = "CustomerProfileOrder", params(ProfileOrder)),
    concrete(name = "ProfileCustomerOrder", params(CustomerOrder))
)]
pub enum EdgeOrder<O: InputType + Sort> {
    /// By status, by code point.
    Status(OrderDirection),
    /// By when the two were attached.
    CreatedAt(OrderDirection),
    /// By when the association last changed.
    UpdatedAt(OrderDirection),
    /// By a field of the node.
    Node(O),
}

impl<O: InputType + Sort> Sort for EdgeOrder<O> {
    fn key(&self) -> SortKey {
        let (column, kind, direction) = match self {
            EdgeOrder::Status(direction) => (Column::Status, Kind::Text, *direction),
            EdgeOrder::CreatedAt(direction) => (Column::CreatedAt, Kind::Moment, *direction),
            EdgeOrder::UpdatedAt(direction) => (Column::UpdatedAt, Kind::Moment, *direction),
            EdgeOrder::Node(order) => return order.key(),
        };
        SortKey { of: Of::Edge, column: column.as_str(), kind, direction }
    }
}

/// The order of a customer's edges that ask for none: by profile, oldest first.
pub fn profiles_of_customer() -> Order {
    Order::by_key("customer.profiles", Of::Edge, Column::ProfileId.as_str())
}

/// The order of a profile's edges that ask for none: by customer, oldest first.
pub fn customers_of_profile() -> Order {
    Order::by_key("profile.customers", Of::Edge, Column::CustomerId.as_str())
}
