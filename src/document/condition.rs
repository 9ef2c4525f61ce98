//! `@skip` and `@include`: whether a selection is part of the answer.

use std::collections::HashSet;

use async_graphql::parser::types::{
    Directive, DocumentOperations, ExecutableDocument, Selection, SelectionSet,
};
use async_graphql::{Name, Positioned, ServerError, Value as Constant, Variables};
use async_graphql_value::Value;

use super::variables;
use crate::error::MAX_ERRORS;

/// Whether a selection with these directives is made, given the variables of the execution.
pub fn is_included(directives: &[Positioned<Directive>], variables: &Variables) -> bool {
    directives.iter().all(|directive| match directive.node.name.node.as_str() {
        "skip" => !holds(&directive.node, variables),
        "include" => holds(&directive.node, variables),
        _ => true,
    })
}

fn holds(directive: &Directive, variables: &Variables) -> bool {
    match directive.get_argument("if").map(|condition| &condition.node) {
        Some(Value::Boolean(condition)) => *condition,
        Some(Value::Variable(name)) => variables.get(name) == Some(&Constant::Boolean(true)),
        _ => false,
    }
}

/// Refuses conditions that are null: a variable with a default may stand where null may not, and be given
/// as null all the same. <https://spec.graphql.org/September2025/#CoerceArgumentValues()>
pub fn refuse_null(document: &ExecutableDocument, variables: &Variables) -> Result<(), Vec<ServerError>> {
    if !variables.values().any(|value| *value == Constant::Null) {
        return Ok(());
    }
    let mut search = Search { document, variables, seen: HashSet::new(), errors: Vec::new() };
    let definitions = match &document.operations {
        DocumentOperations::Single(single) => vec![single],
        DocumentOperations::Multiple(named) => named.values().collect(),
    };
    for definition in definitions {
        search.selections(&definition.node.selection_set.node);
    }
    if search.errors.is_empty() { Ok(()) } else { Err(search.errors) }
}

struct Search<'a> {
    document: &'a ExecutableDocument,
    variables: &'a Variables,
    /// The fragments that were searched.
    seen: HashSet<&'a Name>,
    errors: Vec<ServerError>,
}

impl<'a> Search<'a> {
    fn selections(&mut self, set: &'a SelectionSet) {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    self.directives(&field.node.directives);
                    self.selections(&field.node.selection_set.node);
                }
                Selection::InlineFragment(inline) => {
                    self.directives(&inline.node.directives);
                    self.selections(&inline.node.selection_set.node);
                }
                Selection::FragmentSpread(spread) => {
                    self.directives(&spread.node.directives);
                    let name = &spread.node.fragment_name.node;
                    let fragment = self.document.fragments.get(name).filter(|_| self.seen.insert(name));
                    if let Some(fragment) = fragment {
                        self.selections(&fragment.node.selection_set.node);
                    }
                }
            }
        }
    }

    fn directives(&mut self, directives: &[Positioned<Directive>]) {
        for condition in directives.iter().filter_map(|directive| directive.node.get_argument("if")) {
            if let Value::Variable(name) = &condition.node
                && self.variables.get(name) == Some(&Constant::Null)
                && self.errors.len() < MAX_ERRORS
            {
                self.errors.push(variables::null_refused(name, condition.pos));
            }
        }
    }
}
