//! Which customers a query asks for.

use async_graphql::InputObject;
use entity::customer::Column;
use sea_orm::{Condition, sea_query::Expr};

use crate::{
    error::{Error, Place},
    filter::{IdFilter, StringFilter},
    id,
};

/// Conditions on a customer. Several are joined by and; none filters nothing.
#[derive(Clone, Debug, Default, InputObject)]
pub struct CustomerWhere {
    /// The customer's ID.
    pub id: Option<IdFilter>,
    /// The customer's name.
    pub name: Option<StringFilter>,
}

impl CustomerWhere {
    /// The rows of `customer` that meet the conditions, which stand at `place` of the arguments.
    pub fn condition(&self, place: &Place) -> Result<Condition, Error> {
        let column = |column: Column| Expr::col((entity::customer::Entity, column));
        let mut condition = Condition::all();
        if let Some(filter) = &self.id {
            condition =
                condition.add(filter.condition(column(Column::Id), &place.key("id"), id::customer)?);
        }
        if let Some(filter) = &self.name {
            condition = condition.add(filter.condition(column(Column::Name), &place.key("name"))?);
        }
        Ok(condition)
    }
}
