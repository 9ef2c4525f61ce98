//! How much a mutation would write, told from its input before anything is executed.

use std::collections::HashMap;

use apollo_compiler::Schema;
use apollo_compiler::ast::{self, Type};
use apollo_compiler::schema::ExtendedType;
use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{ExecutableDocument, Field, OperationType, Selection};
use async_graphql::{Name, ServerError, Value as Constant, Variables};

use super::condition::is_included;
use super::convert::Operation;
use super::single;
use crate::error::Code;

/// Refuses a mutation whose input lists more than may be written, and says how much that is.
///
/// Each field of the root counts 1, each item of a list in its input 1, whether it stands in the document or in a
/// variable, and each new node in the place of an ID 1: about as many rows as are looked up, written or deleted by
/// name. A variable counts as often as it is used.
pub fn check(
    schema: &Schema,
    operation: &Operation,
    document: &ExecutableDocument,
    variables: &Variables,
    limit: u64,
) -> Result<(), Vec<ServerError>> {
    let root = schema.root_operation(ast::OperationType::Mutation);
    let (Some(root), OperationType::Mutation) = (root, operation.kind()) else { return Ok(()) };
    let Some(definition) = single::operation(document) else { return Ok(()) };
    let mut count = Count { schema, operation, variables, known: HashMap::new() };
    let mut writes = 0u64;
    for selection in &definition.node.selection_set.node.items {
        let Selection::Field(field) = &selection.node else { continue };
        if is_included(&field.node.directives, variables) {
            writes = writes.saturating_add(count.field(root, &field.node));
        }
    }
    if writes <= limit {
        return Ok(());
    }
    let message = format!(
        "the request writes up to {writes} rows, more than the {limit} that are allowed (--max-writes); \
         write them in several requests"
    );
    Err(vec![Code::QueryTooComplex.error(message, Some(definition.pos))])
}

struct Count<'a> {
    schema: &'a Schema,
    operation: &'a Operation,
    variables: &'a Variables,
    /// What variables were found to count.
    known: HashMap<&'a str, u64>,
}

impl<'a> Count<'a> {
    fn field(&mut self, root: &str, field: &'a Field) -> u64 {
        let Ok(definition) = self.schema.type_field(root, &field.name.node) else { return 0 };
        let (mut writes, mut used) = (1, Vec::new());
        for (name, value) in &field.arguments {
            let Some(argument) = definition.argument_by_name(&name.node) else { continue };
            let literal = value.node.clone().into_const_with(|variable: Name| {
                used.push(variable);
                Ok::<_, ()>(Constant::Null)
            });
            writes += literal.map_or(0, |literal| self.value(&argument.ty, &literal));
        }
        used.iter().fold(writes, |writes, variable| writes.saturating_add(self.variable(variable)))
    }

    /// What a variable counts, wherever it is used: it has one type.
    fn variable(&mut self, name: &Name) -> u64 {
        let declared =
            self.operation.variables.iter().find(|declared| declared.name.as_str() == name.as_str());
        let (Some(declared), Some(value)) = (declared, self.variables.get(name)) else { return 0 };
        if let Some(known) = self.known.get(declared.name.as_str()) {
            return *known;
        }
        let writes = self.value(&declared.ty, value);
        self.known.insert(&declared.name, writes);
        writes
    }

    fn value(&self, ty: &Type, value: &Constant) -> u64 {
        match (ty, value) {
            (_, Constant::Null) => 0,
            (Type::List(item) | Type::NonNullList(item), Constant::List(values)) => {
                values.iter().map(|value| 1 + self.value(item, value)).sum()
            }
            (Type::List(item) | Type::NonNullList(item), single) => 1 + self.value(item, single),
            (_, Constant::Object(fields)) => self.object(ty, fields),
            _ => 0,
        }
    }

    fn object(&self, ty: &Type, fields: &IndexMap<Name, Constant>) -> u64 {
        let Some(ExtendedType::InputObject(object)) = self.schema.types.get(ty.inner_named_type()) else {
            return 0;
        };
        let of_field = |(name, value): (&Name, &Constant)| {
            let Some(field) = object.fields.get(name.as_str()) else { return 0 };
            let is_new_node = object.is_one_of() && matches!(value, Constant::Object(_));
            u64::from(is_new_node) + self.value(&field.ty, value)
        };
        fields.iter().map(of_field).sum()
    }
}
