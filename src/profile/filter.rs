//! Which profiles a query asks for.

use async_graphql::InputObject;
use entity::profile::Column;
use sea_orm::{Condition, sea_query::Expr};

use crate::{
    error::{Error, Place},
    filter::{IdFilter, StringFilter},
    id,
};

/// Conditions on a profile. Several are joined by and; none filters nothing.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ProfileWhere {
    /// The profile's ID.
    pub id: Option<IdFilter>,
    /// The profile's name.
    pub name: Option<StringFilter>,
}

impl ProfileWhere {
    /// The rows of `profile` that meet the conditions, which stand at `place` of the arguments.
    pub fn condition(&self, place: &Place) -> Result<Condition, Error> {
        let column = |column: Column| Expr::col((entity::profile::Entity, column));
        let mut condition = Condition::all();
        if let Some(filter) = &self.id {
            condition = condition.add(filter.condition(column(Column::Id), &place.key("id"), id::profile)?);
        }
        if let Some(filter) = &self.name {
            condition = condition.add(filter.condition(column(Column::Name), &place.key("name"))?);
        }
        Ok(condition)
    }
}
