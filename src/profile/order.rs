//! In which order a query wants profiles.

use async_graphql::OneofObject;
use entity::profile::Column;
use sea_orm::IdenStatic;

use crate::{
    database::array::Kind,
    order::{Of, Order, OrderDirection, Sort, SortKey},
};

/// A field of profiles to sort by.
#[derive(Clone, Copy, Debug, PartialEq, OneofObject)]
pub enum ProfileOrder {
    /// By name, by code point.
    Name(OrderDirection),
    /// By when they were created.
    CreatedAt(OrderDirection),
    /// By when their own fields last changed.
    UpdatedAt(OrderDirection),
}

impl Sort for ProfileOrder {
    fn key(&self) -> SortKey {
        let (column, kind, direction) = match *self {
            ProfileOrder::Name(direction) => (Column::Name, Kind::Text, direction),
            ProfileOrder::CreatedAt(direction) => (Column::CreatedAt, Kind::Moment, direction),
            ProfileOrder::UpdatedAt(direction) => (Column::UpdatedAt, Kind::Moment, direction),
        };
        SortKey { of: Of::Node, column: column.as_str(), kind, direction }
    }
}

/// The order of profiles that ask for none: oldest first.
pub fn by_key() -> Order {
    Order::by_key("profile", Of::Node, Column::Id.as_str())
}
