//! What it takes to read the arguments of an operation's fields, of all of them together.
//!
//! One variable may be the argument of hundreds of fields, and each of them has it read: what is written once in a
//! request may be copied hundreds of times.

use std::collections::HashMap;

use async_graphql::parser::types::{
    ExecutableDocument, Field, FragmentDefinition, OperationType, Selection, SelectionSet,
};
use async_graphql::{Name, Positioned, ServerError, Value as Constant, Variables};
use async_graphql_value::Value;

use super::condition::is_included;
use super::{guard, single};

/// What an object takes that is read, in bytes: a filter has all of its fields, given or not.
const OBJECT: usize = 1024;

/// What another value takes besides its text, in bytes.
const VALUE: usize = 32;

/// What reading all arguments takes, or a refusal where that is more than `limit` for those of the fields that read.
///
/// Each level of an object or a list copies what is below it. There is one input for each field that writes, and it is
/// priced by what it writes.
pub fn check(
    document: &ExecutableDocument,
    variables: &Variables,
    limit: usize,
) -> Result<usize, Vec<ServerError>> {
    let Some(definition) = single::operation(document) else { return Ok(0) };
    let sizes = variables.iter().map(|(name, value)| (name, constant(value, 1))).collect();
    let sizes = Sizes { fragments: &document.fragments, given: variables, variables: sizes };
    let root = &definition.node.selection_set.node;
    let size = sizes.selections(root, definition.node.ty != OperationType::Mutation);
    if size <= limit {
        return Ok(sizes.selections(root, true));
    }
    let message = format!(
        "reading the arguments of all fields takes {size} bytes, each level of lists and objects counted, more than the \
         {limit} that are allowed"
    );
    Err(vec![guard::refused(message, Some(definition.pos))])
}

struct Sizes<'a> {
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    given: &'a Variables,
    /// What each of the given variables takes.
    variables: HashMap<&'a Name, usize>,
}

impl Sizes<'_> {
    fn selections(&self, set: &SelectionSet, with_arguments: bool) -> usize {
        let sizes = set.items.iter().map(|selection| match &selection.node {
            Selection::Field(field) if is_included(&field.node.directives, self.given) => {
                let own = if with_arguments { self.arguments(&field.node) } else { 0 };
                own.saturating_add(self.selections(&field.node.selection_set.node, true))
            }
            Selection::InlineFragment(inline) if is_included(&inline.node.directives, self.given) => {
                self.selections(&inline.node.selection_set.node, with_arguments)
            }
            Selection::FragmentSpread(spread) if is_included(&spread.node.directives, self.given) => {
                let fragment = self.fragments.get(&spread.node.fragment_name.node);
                fragment
                    .map_or(0, |fragment| self.selections(&fragment.node.selection_set.node, with_arguments))
            }
            _ => 0,
        });
        sizes.fold(0, usize::saturating_add)
    }

    fn arguments(&self, field: &Field) -> usize {
        let sizes = field.arguments.iter().map(|(_, value)| self.value(&value.node, 1));
        sizes.fold(0, usize::saturating_add)
    }

    fn value(&self, value: &Value, level: usize) -> usize {
        match value {
            Value::Variable(name) => {
                self.variables.get(name).copied().unwrap_or_default().saturating_mul(level)
            }
            Value::List(items) => sum(VALUE * level, items.iter().map(|item| self.value(item, level + 1))),
            Value::Object(fields) => {
                sum(OBJECT * level, fields.values().map(|field| self.value(field, level + 1)))
            }
            Value::String(text) => (VALUE + text.len()) * level,
            _ => VALUE * level,
        }
    }
}

fn constant(value: &Constant, level: usize) -> usize {
    match value {
        Constant::List(items) => sum(VALUE * level, items.iter().map(|item| constant(item, level + 1))),
        Constant::Object(fields) => {
            sum(OBJECT * level, fields.values().map(|field| constant(field, level + 1)))
        }
        Constant::String(text) => (VALUE + text.len()) * level,
        _ => VALUE * level,
    }
}

fn sum(own: usize, below: impl Iterator<Item = usize>) -> usize {
    below.fold(own, usize::saturating_add)
}
