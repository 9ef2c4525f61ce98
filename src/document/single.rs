//! The one operation that a document has when it is to be executed.

use async_graphql::Positioned;
use async_graphql::parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition};

/// The operation, named or not.
pub fn operation(document: &ExecutableDocument) -> Option<&Positioned<OperationDefinition>> {
    match &document.operations {
        DocumentOperations::Single(single) => Some(single),
        DocumentOperations::Multiple(named) => named.values().next(),
    }
}

/// The operation, to be changed.
pub fn operation_mut(document: &mut ExecutableDocument) -> Option<&mut Positioned<OperationDefinition>> {
    match &mut document.operations {
        DocumentOperations::Single(single) => Some(single),
        DocumentOperations::Multiple(named) => named.values_mut().next(),
    }
}
