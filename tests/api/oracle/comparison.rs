//! Comparisons with ordered values, joined by and: of moments and of counts.

use std::{cmp::Ordering, fmt::Debug};

use proptest::{prelude::*, sample::select};
use serde_json::Value;

use super::few;

/// `{ gte: …, lt: … }`.
#[derive(Clone, Debug)]
pub struct Comparisons<T>(Vec<(Comparison, T)>);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Comparison {
    Eq,
    Gt,
    Gte,
    Lt,
    Lte,
}

impl Comparison {
    fn name(self) -> &'static str {
        match self {
            Comparison::Eq => "eq",
            Comparison::Gt => "gt",
            Comparison::Gte => "gte",
            Comparison::Lt => "lt",
            Comparison::Lte => "lte",
        }
    }

    fn is_met(self, ordering: Ordering) -> bool {
        match self {
            Comparison::Eq => ordering == Ordering::Equal,
            Comparison::Gt => ordering == Ordering::Greater,
            Comparison::Gte => ordering != Ordering::Less,
            Comparison::Lt => ordering == Ordering::Less,
            Comparison::Lte => ordering != Ordering::Greater,
        }
    }
}

impl<T: Clone + Debug + 'static> Comparisons<T> {
    /// Up to two comparisons with such operands.
    pub fn of(operands: impl Strategy<Value = T> + 'static) -> impl Strategy<Value = Self> {
        let all = vec![Comparison::Gte, Comparison::Lt, Comparison::Eq, Comparison::Gt, Comparison::Lte];
        few((select(all), operands).boxed()).prop_map(|mut comparisons| {
            comparisons.dedup_by_key(|(comparison, _)| *comparison);
            Comparisons(comparisons)
        })
    }

    pub fn json(&self, operand: impl Fn(&T) -> Value) -> Value {
        let member = |(comparison, value): &(Comparison, T)| (comparison.name().to_owned(), operand(value));
        Value::Object(self.0.iter().map(member).collect())
    }

    /// `compared` says how the value in a row compares to an operand.
    pub fn are_met(&self, compared: impl Fn(&T) -> Ordering) -> bool {
        self.0.iter().all(|(comparison, operand)| comparison.is_met(compared(operand)))
    }
}
