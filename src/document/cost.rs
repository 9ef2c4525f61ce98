//! The cost of an operation: how many fields its answer may have at most.
//!
//! It is told from the document and the variables alone, before anything is executed: a page counts as
//! full, and pages of pages multiply.

use std::collections::HashMap;

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, Field, FragmentDefinition, Selection, SelectionSet,
};
use async_graphql::{Name, Positioned, ServerError, Value as Constant, Variables};
use async_graphql_value::Value;

use super::condition::is_included;
use crate::error::Code;
use crate::page::{DEFAULT_SIZE, MAX_SIZE};

/// Refuses an operation whose cost is over the limit, and says both.
pub fn check(
    document: &ExecutableDocument,
    variables: &Variables,
    limit: u64,
) -> Result<(), Vec<ServerError>> {
    let definition = match &document.operations {
        DocumentOperations::Single(single) => Some(single),
        DocumentOperations::Multiple(named) => named.values().next(),
    };
    let Some(definition) = definition else { return Ok(()) };
    let costs = Costs { fragments: &document.fragments, variables };
    let cost = costs.selections(&definition.node.selection_set.node, 1);
    if cost <= limit {
        return Ok(());
    }
    let message = format!("the answer may have {cost} fields, more than the {limit} that are allowed");
    Err(vec![Code::QueryTooComplex.error(message, Some(definition.pos))])
}

struct Costs<'a> {
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    variables: &'a Variables,
}

impl Costs<'_> {
    /// The cost of what is selected on an object. `page` is how many edges it has, if it is a connection.
    fn selections(&self, set: &SelectionSet, page: u64) -> u64 {
        let costs = set.items.iter().map(|selection| match &selection.node {
            Selection::Field(field) if is_included(&field.node.directives, self.variables) => {
                self.field(&field.node, page)
            }
            Selection::InlineFragment(inline) if is_included(&inline.node.directives, self.variables) => {
                self.selections(&inline.node.selection_set.node, page)
            }
            Selection::FragmentSpread(spread) if is_included(&spread.node.directives, self.variables) => {
                let fragment = self.fragments.get(&spread.node.fragment_name.node);
                fragment.map_or(0, |fragment| self.selections(&fragment.node.selection_set.node, page))
            }
            _ => 0,
        });
        costs.fold(0, u64::saturating_add)
    }

    fn field(&self, field: &Field, page: u64) -> u64 {
        let below = self.selections(&field.selection_set.node, self.size(field));
        let times = match field.name.node.as_str() {
            "edges" => page,
            "nodes" => self.length(field, "ids").unwrap_or(page),
            _ => 1,
        };
        below.saturating_mul(times).saturating_add(1)
    }

    /// How many edges this field has, if it is a connection.
    fn size(&self, field: &Field) -> u64 {
        let asked = ["first", "last"].iter().find_map(|name| match self.argument(field, name)? {
            Constant::Number(number) => number.as_u64(),
            _ => None,
        });
        asked.unwrap_or(DEFAULT_SIZE).min(MAX_SIZE)
    }

    fn length(&self, field: &Field, name: &str) -> Option<u64> {
        match self.argument(field, name)? {
            Constant::List(items) => u64::try_from(items.len()).ok(),
            _ => Some(1),
        }
    }

    fn argument(&self, field: &Field, name: &str) -> Option<Constant> {
        match &field.get_argument(name)?.node {
            Value::Variable(variable) => self.variables.get(variable).cloned(),
            value => value.clone().into_const(),
        }
    }
}
