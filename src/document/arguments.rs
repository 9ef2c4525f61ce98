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

/// What is counted of values.
struct Weights {
    /// Of an object, in bytes.
    object: usize,
    /// Of another value besides its text, in bytes.
    value: usize,
    /// How many copies more than the level above everything on a level takes.
    level: usize,
}

/// What values that are read take: a filter has all of its fields, given or not.
const READ: Weights = Weights { object: 1024, value: 32, level: 1 };

/// The texts alone.
const WRITE: Weights = Weights { object: 0, value: 0, level: 0 };

/// What reading all arguments takes, or a refusal where that is more than `limit` for those of the fields that read,
/// or the texts of those that write are more than half of it.
///
/// Each level of an object or a list copies what is below it. There is one input for each field that writes, and what
/// it writes is priced by number: only its texts may be as long as anyone likes.
pub fn check(
    document: &ExecutableDocument,
    variables: &Variables,
    limit: usize,
) -> Result<usize, Vec<ServerError>> {
    let Some(definition) = single::operation(document) else { return Ok(0) };
    let sizes = Sizes::new(&document.fragments, variables, &READ);
    let (root, writes) = (&definition.node.selection_set.node, definition.node.ty == OperationType::Mutation);
    if writes {
        let texts = Sizes::new(&document.fragments, variables, &WRITE).selections(root, true, false);
        if texts > limit / 2 {
            let message = format!(
                "the texts in the input have {texts} bytes, each counted wherever it stands, more than the {} that are \
                 allowed",
                limit / 2
            );
            return Err(vec![guard::refused(message, Some(definition.pos))]);
        }
    }
    let size = sizes.selections(root, !writes, true);
    if size <= limit {
        return Ok(if writes { sizes.selections(root, true, true) } else { size });
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
    weights: &'a Weights,
    /// What each of the given variables takes.
    variables: HashMap<&'a Name, usize>,
}

impl<'a> Sizes<'a> {
    fn new(
        fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
        given: &'a Variables,
        weights: &'a Weights,
    ) -> Self {
        let variables = given.iter().map(|(name, value)| (name, weights.constant(value, 1))).collect();
        Sizes { fragments, given, weights, variables }
    }

    /// Those of the arguments of these fields, if `own`, and of the fields below them, if `below`.
    fn selections(&self, set: &SelectionSet, own: bool, below: bool) -> usize {
        let sizes = set.items.iter().map(|selection| match &selection.node {
            Selection::Field(field) if is_included(&field.node.directives, self.given) => {
                let own = if own { self.arguments(&field.node) } else { 0 };
                let set = &field.node.selection_set.node;
                if below { own.saturating_add(self.selections(set, true, true)) } else { own }
            }
            Selection::InlineFragment(inline) if is_included(&inline.node.directives, self.given) => {
                self.selections(&inline.node.selection_set.node, own, below)
            }
            Selection::FragmentSpread(spread) if is_included(&spread.node.directives, self.given) => {
                let fragment = self.fragments.get(&spread.node.fragment_name.node);
                fragment.map_or(0, |fragment| self.selections(&fragment.node.selection_set.node, own, below))
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
        let (weights, next) = (self.weights, level + self.weights.level);
        match value {
            Value::Variable(name) => {
                self.variables.get(name).copied().unwrap_or_default().saturating_mul(level)
            }
            Value::List(items) => sum(weights.value * level, items.iter().map(|item| self.value(item, next))),
            Value::Object(fields) => {
                sum(weights.object * level, fields.values().map(|field| self.value(field, next)))
            }
            Value::String(text) => (weights.value + text.len()) * level,
            _ => weights.value * level,
        }
    }
}

impl Weights {
    fn constant(&self, value: &Constant, level: usize) -> usize {
        let next = level + self.level;
        match value {
            Constant::List(items) => {
                sum(self.value * level, items.iter().map(|item| self.constant(item, next)))
            }
            Constant::Object(fields) => {
                sum(self.object * level, fields.values().map(|field| self.constant(field, next)))
            }
            Constant::String(text) => (self.value + text.len()) * level,
            _ => self.value * level,
        }
    }
}

fn sum(own: usize, below: impl Iterator<Item = usize>) -> usize {
    below.fold(own, usize::saturating_add)
}
