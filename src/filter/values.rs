//! Filters on IDs, moments and counts.

use async_graphql::{ID, InputObject, MaybeUndefined};
use sea_orm::{DbBackend, ExprTrait, sea_query::Expr};

use super::{Column, all, operand};
use crate::{
    database::array::{self, Kind},
    datetime::DateTime,
    error::{Error, Fault, Faults, Place},
    input,
};

/// Conditions on an ID, joined by and; null is refused.
#[derive(Clone, Debug, Default, PartialEq, InputObject)]
pub struct IdFilter {
    /// Is this ID.
    eq: MaybeUndefined<ID>,
    /// Is one of these IDs, at most 250; an empty list matches nothing.
    #[graphql(name = "in")]
    one_of: MaybeUndefined<Vec<ID>>,
}

/// Conditions on a moment, joined by and; null is refused.
#[derive(Clone, Debug, Default, PartialEq, InputObject)]
pub struct DateTimeFilter {
    /// Is this moment.
    eq: MaybeUndefined<DateTime>,
    /// Is after this moment.
    gt: MaybeUndefined<DateTime>,
    /// Is this moment or after it.
    gte: MaybeUndefined<DateTime>,
    /// Is before this moment.
    lt: MaybeUndefined<DateTime>,
    /// Is this moment or before it.
    lte: MaybeUndefined<DateTime>,
}

/// Conditions on the number of edges, joined by and; null is refused.
#[derive(Clone, Debug, Default, PartialEq, InputObject)]
pub struct EdgeCountFilter {
    /// Is this number.
    eq: MaybeUndefined<i32>,
    /// Is greater than this number.
    gt: MaybeUndefined<i32>,
    /// Is this number or greater.
    gte: MaybeUndefined<i32>,
    /// Is less than this number.
    lt: MaybeUndefined<i32>,
    /// Is this number or less.
    lte: MaybeUndefined<i32>,
}

impl IdFilter {
    /// Whether it names the IDs.
    pub fn is_sought(&self) -> bool {
        self.eq.is_value() || self.one_of.is_value()
    }

    /// Whether the key in `column` meets the filter at `place`. `key` reads an ID of the column's type.
    pub fn expression(
        &self,
        Column { backend, expression: column }: Column,
        place: &Place,
        key: impl Fn(&str, &Place) -> Result<i64, Fault>,
    ) -> Result<Expr, Error> {
        let mut conditions = Vec::new();
        if let Some(id) = operand(&self.eq, &place.key("eq"))? {
            conditions.push(column.clone().eq(key(id, &place.key("eq"))?));
        }
        if let Some(ids) = operand(&self.one_of, &place.key("in"))? {
            let place = place.key("in");
            input::list(ids, &place)?;
            let mut faults = Faults::default();
            let ids = ids.iter().enumerate();
            let keys: Vec<i64> = ids.map(|(at, id)| faults.unless(key(id, &place.index(at)))).collect();
            faults.none()?;
            conditions.push(column.in_subquery(array::items(backend, Kind::Long, keys)));
        }
        Ok(all(conditions))
    }
}

impl DateTimeFilter {
    /// Whether the moment in `column` meets the filter at `place`.
    ///
    /// On SQLite a moment may have been written in several forms, of which that of this server is the greatest, so it
    /// is what lies from the least form to that one. Between two microseconds there is no row: what is not before such
    /// a moment is after the microsecond before it.
    pub fn expression(
        &self,
        Column { backend, expression: column }: Column,
        place: &Place,
    ) -> Result<Expr, Error> {
        let given = |moment, name| Ok::<_, Error>(operand(moment, &place.key(name))?.copied());
        let least = |moment: DateTime| match backend {
            DbBackend::Sqlite => Expr::val(moment.least_text()),
            _ => Expr::val(moment),
        };
        let from = |moment: DateTime| match moment.is_between() {
            true => column.clone().gt(moment),
            false => column.clone().gte(least(moment)),
        };
        let before = |moment: DateTime| match moment.is_between() {
            true => column.clone().lte(moment),
            false => column.clone().lt(least(moment)),
        };
        let conditions = [
            given(&self.eq, "eq")?.map(|moment| from(moment).and(column.clone().lte(moment))),
            given(&self.gt, "gt")?.map(|moment| column.clone().gt(moment)),
            given(&self.gte, "gte")?.map(from),
            given(&self.lt, "lt")?.map(before),
            given(&self.lte, "lte")?.map(|moment| column.clone().lte(moment)),
        ];
        Ok(all(conditions.into_iter().flatten()))
    }
}

impl EdgeCountFilter {
    /// Whether `count` meets the filter at `place`.
    pub fn expression(&self, count: Expr, place: &Place) -> Result<Expr, Error> {
        let given = |number, name| Ok::<_, Error>(operand(number, &place.key(name))?.copied());
        let conditions = [
            given(&self.eq, "eq")?.map(|number| count.clone().eq(number)),
            given(&self.gt, "gt")?.map(|number| count.clone().gt(number)),
            given(&self.gte, "gte")?.map(|number| count.clone().gte(number)),
            given(&self.lt, "lt")?.map(|number| count.clone().lt(number)),
            given(&self.lte, "lte")?.map(|number| count.clone().lte(number)),
        ];
        Ok(all(conditions.into_iter().flatten()))
    }
}
