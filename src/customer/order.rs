//! In which order a query wants customers.

use async_graphql::OneofObject;
use entity::customer::Column;
use sea_orm::IdenStatic;

use crate::{
    database::array::Kind,
    order::{Of, Order, OrderDirection, Sort, SortKey},
};

/// A field of customers to sort by.
#[derive(Clone, Copy, Debug, PartialEq, OneofObject)]
pub enum CustomerOrder {
    /// By name, by code point.
    Name(OrderDirection),
    /// By when they were created.
    CreatedAt(OrderDirection),
    /// By when their own fields last changed.
    UpdatedAt(OrderDirection),
}

impl Sort for CustomerOrder {
    fn key(&self) -> SortKey {
        let (column, kind, direction) = match *self {
            CustomerOrder::Name(direction) => (Column::Name, Kind::Text, direction),
            CustomerOrder::CreatedAt(direction) => (Column::CreatedAt, Kind::Moment, direction),
            CustomerOrder::UpdatedAt(direction) => (Column::UpdatedAt, Kind::Moment, direction),
        };
        SortKey { of: Of::Node, column: column.as_str(), kind, direction }
    }
}

/// The order of customers that ask for none: oldest first.
pub fn by_key() -> Order {
    Order::by_key("customer", Of::Node, Column::Id.as_str())
}
