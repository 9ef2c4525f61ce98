//! Rules for values that the schema's text does not say, and the words in which values are refused.

use std::fmt::Display;

/// What is wrong with a text that stands for a scalar, if anything is.
pub type ScalarCheck = fn(&str) -> Result<(), String>;

/// What a schema's owner asks of values, beyond what the schema's text says.
#[derive(Clone, Copy, Default)]
pub struct ValueRules {
    /// The scalars that GraphQL does not define, all of which are written as texts.
    pub scalars: &'static [(&'static str, ScalarCheck)],
    /// Fields of input objects that may be left out but must not be null, by their type, and why.
    pub never_null: &'static [(&'static str, &'static [&'static str], &'static str)],
}

impl ValueRules {
    /// How to judge a text of that scalar; none where GraphQL defines it.
    pub fn scalar(&self, name: &str) -> Option<ScalarCheck> {
        self.scalars.iter().find(|(scalar, _)| *scalar == name).map(|(_, check)| *check)
    }

    /// Why that field of an input object must not be null, if so.
    pub fn never_null(&self, object: &str, field: &str) -> Option<&'static str> {
        let rule = self.never_null.iter().find(|(of, fields, _)| *of == object && fields.contains(&field));
        rule.map(|(_, _, why)| *why)
    }
}

/// A value is of another kind than its type.
pub fn expected(ty: impl Display, found: &str) -> String {
    format!("expected a value of type `{ty}`, found {found}")
}

/// A whole number is none that GraphQL's `Int` has.
pub fn no_int(number: impl Display) -> String {
    format!("`{number}` is out of range, an `Int` is from {} to {}", i32::MIN, i32::MAX)
}

pub fn no_enum_value(ty: &str, name: &str) -> String {
    format!("`{name}` is not a value of `{ty}`")
}

pub fn no_field(ty: &str, name: &str) -> String {
    format!("`{ty}` has no field `{name}`")
}

/// An input object takes one field, and was given none, several or null.
pub fn one_of(ty: &str) -> String {
    format!("`{ty}` takes exactly one field, and not null")
}
