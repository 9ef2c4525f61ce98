//! `@skip` and `@include`: whether a selection is part of the answer.

use async_graphql::parser::types::Directive;
use async_graphql::{Positioned, Value as Constant, Variables};
use async_graphql_value::Value;

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
