//! Filters on one value, as conditions on the column that holds it.

use async_graphql::{ID, InputObject, MaybeUndefined};
use sea_orm::{Condition, ExprTrait, sea_query::Expr};

use crate::{
    error::{Error, Fault, Faults, Place},
    input,
};

/// Conditions on a text. Several are joined by and.
#[derive(Clone, Debug, Default, InputObject)]
pub struct StringFilter {
    /// Is exactly this text, compared by code point.
    pub eq: MaybeUndefined<String>,
}

/// Conditions on an ID. Several are joined by and.
#[derive(Clone, Debug, Default, InputObject)]
pub struct IdFilter {
    /// Is this ID.
    pub eq: MaybeUndefined<ID>,
    /// Is one of these IDs, at most 250; an empty list matches nothing.
    #[graphql(name = "in")]
    pub one_of: MaybeUndefined<Vec<ID>>,
}

impl StringFilter {
    /// The rows whose `column` meets the filter, which stands at `place` of the arguments.
    pub fn condition(&self, column: Expr, place: &Place) -> Result<Condition, Error> {
        let eq = given(&self.eq, &place.key("eq"))?;
        Ok(Condition::all().add_option(eq.map(|text| column.eq(text.as_str()))))
    }
}

impl IdFilter {
    /// The rows whose key, in `column`, meets the filter, which stands at `place` of the arguments. `key`
    /// reads an ID of the column's type.
    pub fn condition(
        &self,
        column: Expr,
        place: &Place,
        key: impl Fn(&str, &Place) -> Result<i64, Fault>,
    ) -> Result<Condition, Error> {
        let mut condition = Condition::all();
        if let Some(id) = given(&self.eq, &place.key("eq"))? {
            condition = condition.add(column.clone().eq(key(id, &place.key("eq"))?));
        }
        if let Some(ids) = given(&self.one_of, &place.key("in"))? {
            condition = condition.add(column.is_in(keys(ids, &place.key("in"), key)?));
        }
        Ok(condition)
    }
}

/// The keys of the IDs that are listed at `place`, or everything that is wrong with them.
fn keys(
    ids: &[ID],
    place: &Place,
    key: impl Fn(&str, &Place) -> Result<i64, Fault>,
) -> Result<Vec<i64>, Error> {
    input::list(ids, place)?;
    let mut faults = Faults::default();
    let keys = ids.iter().enumerate().map(|(at, id)| faults.unless(key(id, &place.index(at)))).collect();
    faults.none()?;
    Ok(keys)
}

/// The operand at `place`, if there is one. One that is null is refused: taken for absent it would match
/// everything, which nobody means who passes a variable without a value.
fn given<'a, T>(operand: &'a MaybeUndefined<T>, place: &Place) -> Result<Option<&'a T>, Fault> {
    match operand {
        MaybeUndefined::Undefined => Ok(None),
        MaybeUndefined::Null => Err(Fault::invalid(place.clone(), "a filter's operand must not be null")),
        MaybeUndefined::Value(value) => Ok(Some(value)),
    }
}
