//! From a request to an operation that can be executed, or why there is none.

use async_graphql::{ServerError, parser::types::OperationType};

use super::Answer;
use crate::document::{Asked, Documents, Prepared};

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

pub fn prepare(documents: &Documents, asked: Asked, reads_only: bool) -> Result<Prepared, Unprepared> {
    let chosen = documents.choose(&asked).map_err(Unprepared::Refused)?;
    if reads_only && chosen.kind() == OperationType::Mutation {
        return Err(Unprepared::Mutates);
    }
    documents.prepare(&chosen, asked.variables).map_err(Unprepared::Refused)
}
