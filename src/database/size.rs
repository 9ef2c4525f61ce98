//! How many bytes statements have on their way to a server.

use sea_orm::{Statement, sea_query::Value};

use super::Failure;

/// What a value takes besides its text, at most, and what a message takes besides what it carries.
const VALUE: usize = 16;
const MESSAGE: usize = 64;

/// Fails where a server that takes messages of so many bytes would cut the connection instead of an answer.
pub fn check(statement: &Statement, max: usize) -> Result<(), Failure> {
    // The text and the values are one message each.
    let bytes = statement.sql.len().max(values(statement)) + MESSAGE;
    if bytes <= max { Ok(()) } else { Err(Failure::TooLarge(max)) }
}

/// The bytes of its text and its values.
pub fn of(statement: &Statement) -> usize {
    statement.sql.len() + values(statement)
}

fn values(statement: &Statement) -> usize {
    let size = |value: &Value| match value {
        Value::String(Some(text)) => VALUE + text.len(),
        _ => VALUE,
    };
    statement.values.iter().flat_map(|values| &values.0).map(size).sum()
}
