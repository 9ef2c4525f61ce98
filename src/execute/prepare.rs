//! From a request to an operation that can be executed, or why there is none.

use async_graphql::{ServerError, parser::types::OperationType};

use super::Answer;
use crate::{
    document::{Asked, Chosen, Documents, Prepared},
    idempotency::{Key, KeyedRequest},
};

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

/// What is executed of a request.
pub struct Operation {
    pub prepared: Prepared,
    /// What the request is known by, if it writes under a key.
    pub key: Option<KeyedRequest>,
}

/// The operation that a request means, if it may be executed.
pub fn choose(documents: &Documents, asked: &Asked, reads_only: bool) -> Result<Chosen, Unprepared> {
    let chosen = documents.choose(asked).map_err(Unprepared::Refused)?;
    if reads_only && chosen.kind() == OperationType::Mutation {
        return Err(Unprepared::Mutates);
    }
    Ok(chosen)
}

/// The operation with the variables of its request.
pub fn prepare(
    documents: &Documents,
    chosen: Chosen,
    asked: Asked,
    key: Option<Key>,
) -> Result<Operation, Unprepared> {
    let key = key.filter(|_| chosen.kind() == OperationType::Mutation).map(|key| key.of(&asked));
    let prepared = documents.prepare(&chosen, asked.variables).map_err(Unprepared::Refused)?;
    Ok(Operation { prepared, key })
}
