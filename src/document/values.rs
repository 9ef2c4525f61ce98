//! Rules for values that the schema's text does not say.

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
