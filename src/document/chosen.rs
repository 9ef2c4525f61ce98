//! Which operation of a document a request chooses.

use std::sync::Arc;

use async_graphql::ServerError;
use async_graphql::parser::types::OperationType;

use super::convert::{Document, Operation};
use crate::error::Code;

/// One operation of a document, chosen by a request.
pub struct Chosen {
    pub(super) document: Arc<Document>,
    pub(super) index: usize,
}

impl Chosen {
    pub(super) fn operation(&self) -> &Operation {
        &self.document.operations[self.index]
    }

    /// What it is: a query or a mutation.
    pub fn kind(&self) -> OperationType {
        self.operation().kind()
    }

    /// Whether its document asks for the schema, which takes long to answer.
    pub fn introspects(&self) -> bool {
        self.document.introspection.is_some()
    }
}

impl Document {
    /// The index of the operation of that name. <https://spec.graphql.org/September2025/#GetOperation()>
    pub(super) fn choose(&self, name: Option<&str>) -> Result<usize, Vec<ServerError>> {
        let has_name = |operation: &Operation| operation.name.as_deref() == name;
        let chosen = match (name, self.operations.len()) {
            (_, 0) => Err("the document has no operation".to_owned()),
            (Some(name), _) => self
                .operations
                .iter()
                .position(has_name)
                .ok_or_else(|| format!("the document has no operation named `{name}`")),
            (None, 1) => Ok(0),
            (None, _) => Err("the document has several operations, operationName must say which".to_owned()),
        };
        let index = chosen.map_err(|message| vec![Code::ValidationFailed.error(message, None)])?;
        let operation = &self.operations[index];
        if operation.kind() == OperationType::Subscription {
            let message = "subscriptions are not served";
            return Err(vec![Code::ValidationFailed.error(message, Some(operation.definition.pos))]);
        }
        Ok(index)
    }
}
