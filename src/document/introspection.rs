//! Introspection: `__schema` and `__type`, answered from the schema's text rather than by the executor.

use apollo_compiler::ast::InputValueDefinition;
use apollo_compiler::collections::HashMap;
use apollo_compiler::introspection::partial_execute;
use apollo_compiler::response::{JsonMap, JsonValue};
use apollo_compiler::schema::{ExtendedType, Implementers};
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Name as ParsedName, Node, Schema};
use async_graphql::parser::types::{self, Field, Selection};
use async_graphql::{Name, Response, ServerError, Value, Variables};

use super::single;
use crate::budget::{Budget, OverBudget};
use crate::error::Code;

/// The answers to an operation's `__schema` and `__type`, by their response keys.
#[derive(Clone, Default)]
pub struct Introspected(Vec<(Name, Value)>);

impl Introspected {
    /// Puts the answers where the executor has put something else in their places, as far as the budget goes.
    pub fn complete(self, response: &mut Response, budget: &Budget) -> Result<(), OverBudget> {
        let Value::Object(data) = &mut response.data else { return Ok(()) };
        for (key, answer) in self.0 {
            if let Some(place) = data.get_mut(&key) {
                budget.spend_value(&answer)?;
                *place = answer;
            }
        }
        Ok(())
    }
}

/// The schema with the definitions that every schema has as graphql-js has them, which tools know: what arguments had
/// a default before they could be asked not to be null may be null.
pub fn with_nullable_defaults(schema: Valid<Schema>) -> Valid<Schema> {
    let mut schema = schema.into_inner();
    let built_in = schema.types.iter_mut().filter(|(name, _)| name.starts_with("__") && **name != "__Schema");
    for (_, ty) in built_in {
        if let ExtendedType::Object(object) = ty {
            for field in object.make_mut().fields.values_mut() {
                nullable(&mut field.make_mut().arguments);
            }
        }
    }
    if let Some(deprecated) = schema.directive_definitions.get_mut("deprecated") {
        nullable(&mut deprecated.make_mut().arguments);
    }
    Valid::assume_valid(schema)
}

fn nullable(arguments: &mut [Node<InputValueDefinition>]) {
    for argument in arguments.iter_mut().filter(|argument| argument.default_value.is_some()) {
        let ty = argument.ty.as_ref().clone().nullable();
        argument.make_mut().ty = Node::new(ty);
    }
}

/// Whether an operation of the document asks for the schema.
pub fn is_asked(document: &ExecutableDocument) -> bool {
    let mut roots = document.operations.iter().flat_map(|operation| operation.root_fields(document));
    roots.any(|field| is_introspection(&field.name))
}

fn is_introspection(field: &str) -> bool {
    matches!(field, "__schema" | "__type")
}

/// Answers what the operation of that name asks of the schema. In `executable`, whose root has fields alone, each
/// such field becomes a `__typename` under its key, so that the order of keys stays with the executor.
pub fn answer(
    schema: &Valid<Schema>,
    implementers: &HashMap<ParsedName, Implementers>,
    document: &Valid<ExecutableDocument>,
    name: Option<&str>,
    variables: &Variables,
    executable: &mut types::ExecutableDocument,
) -> Result<Introspected, Vec<ServerError>> {
    let keys = placeholders(executable);
    if keys.is_empty() {
        return Ok(Introspected::default());
    }
    let failed = |message: String| vec![Code::Internal.error(message, None)];
    let operation = document.operations.get(name).map_err(|error| failed(error.message().to_string()))?;
    let variables = Valid::assume_valid(variables_of(variables));
    let response = partial_execute(schema, implementers, document, operation, &variables)
        .map_err(|error| failed(error.message().to_string()))?;
    if let Some(error) = response.errors.first() {
        return Err(failed(error.message.clone()));
    }
    let mut data = response.data.unwrap_or_default();
    let answers = keys.into_iter().map(|key| {
        let answer = data.remove(key.as_str()).map_or(Value::Null, value_of);
        (key, answer)
    });
    Ok(Introspected(answers.collect()))
}

fn placeholders(executable: &mut types::ExecutableDocument) -> Vec<Name> {
    let root =
        single::operation_mut(executable).map(|definition| &mut definition.node.selection_set.node.items);
    let mut keys = Vec::new();
    for selection in root.into_iter().flatten() {
        if let Selection::Field(field) = &mut selection.node
            && is_introspection(&field.node.name.node)
        {
            keys.push(field.node.response_key().node.clone());
            take_place(&mut field.node);
        }
    }
    keys
}

fn take_place(field: &mut Field) {
    field.alias = Some(field.response_key().clone());
    field.name.node = Name::new("__typename");
    field.arguments.clear();
    field.selection_set.node.items.clear();
}

fn variables_of(variables: &Variables) -> JsonMap {
    let entries = variables.iter().map(|(name, value)| (name.as_str().into(), json_of(value)));
    entries.collect()
}

fn json_of(value: &Value) -> JsonValue {
    match value {
        Value::Null | Value::Binary(_) => JsonValue::Null,
        Value::Number(number) => JsonValue::Number(number.clone()),
        Value::String(text) => JsonValue::String(text.as_str().into()),
        Value::Boolean(boolean) => JsonValue::Bool(*boolean),
        Value::Enum(name) => JsonValue::String(name.as_str().into()),
        Value::List(items) => JsonValue::Array(items.iter().map(json_of).collect()),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| (name.as_str().into(), json_of(value)));
            JsonValue::Object(fields.collect())
        }
    }
}

fn value_of(json: JsonValue) -> Value {
    match json {
        JsonValue::Null => Value::Null,
        JsonValue::Bool(boolean) => Value::Boolean(boolean),
        JsonValue::Number(number) => Value::Number(number),
        JsonValue::String(text) => Value::String(text.as_str().to_owned()),
        JsonValue::Array(items) => Value::List(items.into_iter().map(value_of).collect()),
        JsonValue::Object(fields) => {
            let fields = fields.into_iter().map(|(name, value)| (Name::new(name.as_str()), value_of(value)));
            Value::Object(fields.collect())
        }
    }
}
