//! Which customers a query asks for.

use async_graphql::InputObject;
use entity::customer::Column;
use sea_orm::sea_query::{Expr, SelectStatement};

use crate::{
    customer_profile::CustomerProfilesFilter,
    error::{Error, Place},
    filter::{self, Conditions, DateTimeFilter, Filter, IdFilter, NullableStringFilter, StringFilter, Table},
    id,
};

/// Conditions on a customer, joined by and; none filters nothing. A `where` has
/// at most 200 conditions, all levels counted.
#[derive(Clone, Debug, Default, PartialEq, InputObject)]
pub struct CustomerWhere {
    /// The customer's ID.
    id: Option<IdFilter>,
    /// The customer's name.
    name: Option<StringFilter>,
    /// The customer's phone number.
    phone_number: Option<NullableStringFilter>,
    /// When the customer was created.
    created_at: Option<DateTimeFilter>,
    /// When the customer's own fields last changed.
    updated_at: Option<DateTimeFilter>,
    /// The customer's associations with profiles.
    profiles: Option<Box<CustomerProfilesFilter>>,
    /// All of these; an empty list is met by everything.
    and: Option<Vec<CustomerWhere>>,
    /// At least one of these; an empty list is met by nothing.
    or: Option<Vec<CustomerWhere>>,
    /// Not this.
    not: Option<Box<CustomerWhere>>,
}

impl Filter for CustomerWhere {
    fn expression(&self, table: &Table<'_>, place: &Place) -> Result<Expr, Error> {
        let column = |column: Column| table.column(column);
        Conditions::on(table, place)
            .field("id", &self.id, |filter, at| filter.expression(column(Column::Id), at, id::customer))?
            .field("name", &self.name, |filter, at| filter.expression(column(Column::Name), at))?
            .field("phoneNumber", &self.phone_number, |filter, at| {
                filter.expression(column(Column::PhoneNumber), at)
            })?
            .field("createdAt", &self.created_at, |filter, at| {
                filter.expression(column(Column::CreatedAt), at)
            })?
            .field("updatedAt", &self.updated_at, |filter, at| {
                filter.expression(column(Column::UpdatedAt), at)
            })?
            .field("profiles", &self.profiles, |filter, at| filter.expression(table, at))?
            .joined(&self.and, &self.or, &self.not)
    }

    fn is_sought(&self) -> bool {
        self.id.as_ref().is_some_and(IdFilter::is_sought)
            || self.name.as_ref().is_some_and(StringFilter::is_sought)
    }

    fn candidates(&self, table: &Table<'_>, place: &Place) -> Result<Option<SelectStatement>, Error> {
        let by_edges = self.profiles.as_ref().map(|filter| filter.candidates(table, place)).transpose()?;
        match by_edges.flatten() {
            Some(candidates) => Ok(Some(candidates)),
            None => filter::first_candidates(&self.and, table, place),
        }
    }
}
