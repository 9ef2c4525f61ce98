//! Which profiles a query asks for.

use async_graphql::InputObject;
use entity::profile::Column;
use sea_orm::sea_query::{Expr, SelectStatement};

use crate::{
    customer_profile::ProfileCustomersFilter,
    error::{Error, Place},
    filter::{self, Conditions, DateTimeFilter, Filter, IdFilter, StringFilter, Table},
    id,
};

/// Conditions on a profile, joined by and; none filters nothing. A `where` has
/// at most 200 conditions, all levels counted.
#[derive(Clone, Debug, Default, PartialEq, InputObject)]
pub struct ProfileWhere {
    /// The profile's ID.
    id: Option<IdFilter>,
    /// The profile's name.
    name: Option<StringFilter>,
    /// When the profile was created.
    created_at: Option<DateTimeFilter>,
    /// When the profile's own fields last changed.
    updated_at: Option<DateTimeFilter>,
    /// The profile's associations with customers.
    customers: Option<Box<ProfileCustomersFilter>>,
    /// All of these; an empty list is met by everything.
    and: Option<Vec<ProfileWhere>>,
    /// At least one of these; an empty list is met by nothing.
    or: Option<Vec<ProfileWhere>>,
    /// Not this.
    not: Option<Box<ProfileWhere>>,
}

impl Filter for ProfileWhere {
    fn expression(&self, table: &Table<'_>, place: &Place) -> Result<Expr, Error> {
        let column = |column: Column| table.column(column);
        Conditions::on(table, place)
            .field("id", &self.id, |filter, at| filter.expression(column(Column::Id), at, id::profile))?
            .field("name", &self.name, |filter, at| filter.expression(column(Column::Name), at))?
            .field("createdAt", &self.created_at, |filter, at| {
                filter.expression(column(Column::CreatedAt), at)
            })?
            .field("updatedAt", &self.updated_at, |filter, at| {
                filter.expression(column(Column::UpdatedAt), at)
            })?
            .field("customers", &self.customers, |filter, at| filter.expression(table, at))?
            .joined(&self.and, &self.or, &self.not)
    }

    fn is_sought(&self) -> bool {
        self.id.as_ref().is_some_and(IdFilter::is_sought)
            || self.name.as_ref().is_some_and(StringFilter::is_sought)
    }

    fn candidates(&self, table: &Table<'_>, place: &Place) -> Result<Option<SelectStatement>, Error> {
        let by_edges = self.customers.as_ref().map(|filter| filter.candidates(table, place)).transpose()?;
        match by_edges.flatten() {
            Some(candidates) => Ok(Some(candidates)),
            None => filter::first_candidates(&self.and, table, place),
        }
    }
}
