//! From a request to an operation that can be executed, or why there is none.

use async_graphql::{ServerError, Variables, parser::types::OperationType};

use super::Answer;
use crate::document::{Asked, Chosen, Documents, Prepared};

/// Why an operation is not executed.
pub enum Unprepared {
    Refused(Vec<ServerError>),
    Mutates,
}

impl From<Unprepared> for Answer {
    fn from(unprepared: Unprepared) -> Self {
        match unprepared {
            Unprepared::Refused(errors) => Answer::Refused(errors),
            Unprepared::Mutates => Answer::Mutates,
        }
    }
}

/// The operation that a request means, if it may be executed.
pub fn choose(documents: &Documents, asked: &Asked, reads_only: bool) -> Result<Chosen, Unprepared> {
    let chosen = documents.choose(asked).map_err(Unprepared::Refused)?;
    if reads_only && chosen.kind() == OperationType::Mutation {
        return Err(Unprepared::Mutates);
    }
    Ok(chosen)
}

/// The operation with these variables.
pub fn prepare(documents: &Documents, chosen: Chosen, variables: Variables) -> Result<Prepared, Unprepared> {
    documents.prepare(&chosen, variables).map_err(Unprepared::Refused)
}
