//! The cost of an operation: how many fields its answer may have at most.
//!
//! It is told from the document and the variables alone, before anything is executed: a page counts as
//! full, pages of pages multiply, and a payload's lists are as long as those of the mutation's input. Other lists
//! count as full, too.

use std::collections::HashMap;

use apollo_compiler::{Schema, ast};
use async_graphql::parser::types::{
    ExecutableDocument, Field, FragmentDefinition, OperationType, Selection, SelectionSet,
};
use async_graphql::{Name, Positioned, ServerError, Value as Constant, Variables};
use async_graphql_value::Value;

use super::condition::is_included;
use super::single;
use crate::connection::MAX_STATUSES;
use crate::error::Code;
use crate::page::{DEFAULT_SIZE, MAX_SIZE};

/// The cost of an operation. Refuses one whose cost is over the limit, and says both.
pub fn check(
    schema: &Schema,
    document: &ExecutableDocument,
    variables: &Variables,
    limit: u64,
) -> Result<u64, Vec<ServerError>> {
    let Some(definition) = single::operation(document) else { return Ok(0) };
    let costs = Costs { schema, fragments: &document.fragments, variables };
    let (kind, above) = match definition.node.ty {
        OperationType::Mutation => (ast::OperationType::Mutation, Above::Mutation),
        _ => (ast::OperationType::Query, Above::Page(1)),
    };
    let root = schema.root_operation(kind).map_or("", |name| name.as_str());
    let cost = costs.selections(&definition.node.selection_set.node, root, above);
    if cost <= limit {
        return Ok(cost);
    }
    let message = format!("the answer may have {cost} fields, more than the {limit} that are allowed");
    Err(vec![Code::QueryTooComplex.error(message, Some(definition.pos))])
}

/// What a field is selected on.
#[derive(Clone, Copy)]
enum Above {
    /// The mutation root.
    Mutation,
    /// The payload of a mutation whose input lists so many items.
    Payload(u64),
    /// Anything else; it has so many edges, if it is a connection.
    Page(u64),
}

struct Costs<'a> {
    schema: &'a Schema,
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    variables: &'a Variables,
}

impl Costs<'_> {
    /// The cost of what is selected on an object of the type `ty`.
    fn selections(&self, set: &SelectionSet, ty: &str, above: Above) -> u64 {
        let costs = set.items.iter().map(|selection| match &selection.node {
            Selection::Field(field) if is_included(&field.node.directives, self.variables) => {
                self.field(&field.node, ty, above)
            }
            Selection::InlineFragment(inline) if is_included(&inline.node.directives, self.variables) => {
                let condition = inline.node.type_condition.as_ref();
                let ty = condition.map_or(ty, |condition| condition.node.on.node.as_str());
                self.selections(&inline.node.selection_set.node, ty, above)
            }
            Selection::FragmentSpread(spread) if is_included(&spread.node.directives, self.variables) => {
                let fragment = self.fragments.get(&spread.node.fragment_name.node);
                fragment.map_or(0, |Positioned { node: fragment, .. }| {
                    let ty = fragment.type_condition.node.on.node.as_str();
                    self.selections(&fragment.selection_set.node, ty, above)
                })
            }
            _ => 0,
        });
        costs.fold(0, u64::saturating_add)
    }

    fn field(&self, field: &Field, ty: &str, above: Above) -> u64 {
        let Ok(definition) = self.schema.type_field(ty, &field.name.node) else { return 1 };
        let inside = match above {
            Above::Mutation => Above::Payload(self.listed(field)),
            _ => Above::Page(self.size(field)),
        };
        let below = self.selections(&field.selection_set.node, definition.ty.inner_named_type(), inside);
        let times = match (above, field.name.node.as_str()) {
            // What introspection lists are the types of the schema, which nobody can make more of.
            _ if !definition.ty.is_list() || ty.starts_with("__") => 1,
            (Above::Payload(listed), _) => listed,
            (Above::Page(page), "edges") => page,
            (Above::Page(page), "nodes") => self.length(field, "ids").unwrap_or(page),
            _ => MAX_STATUSES as u64,
        };
        below.saturating_mul(times).saturating_add(1)
    }

    /// How many items the longest list of a mutation's input has.
    fn listed(&self, mutation: &Field) -> u64 {
        let given = |variable: &Name| self.variables.get(variable);
        let longest = match mutation.get_argument("input").map(|input| &input.node) {
            Some(Value::Object(fields)) => fields
                .values()
                .map(|value| match value {
                    Value::List(items) => items.len(),
                    Value::Variable(variable) => given(variable).map_or(1, length),
                    _ => 1,
                })
                .max(),
            Some(Value::Variable(variable)) => match given(variable) {
                Some(Constant::Object(fields)) => fields.values().map(length).max(),
                _ => None,
            },
            _ => None,
        };
        longest.unwrap_or(1) as u64
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
        u64::try_from(length(&self.argument(field, name)?)).ok()
    }

    fn argument(&self, field: &Field, name: &str) -> Option<Constant> {
        match &field.get_argument(name)?.node {
            Value::Variable(variable) => self.variables.get(variable).cloned(),
            value => value.clone().into_const(),
        }
    }
}

fn length(value: &Constant) -> usize {
    match value {
        Constant::List(items) => items.len(),
        _ => 1,
    }
}
