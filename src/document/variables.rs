//! Variables: the values a request sends, coerced to the types its operation declares.

use std::fmt;

use apollo_compiler::Schema;
use apollo_compiler::ast::Type;
use apollo_compiler::schema::{EnumType, ExtendedType, InputObjectType};
use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};
use async_graphql::{Name, Number, Pos, ServerError, Value, Variables};

use super::convert::Operation;
use super::values::{self, ValueRules};
use super::{guard, single};
use crate::error::{Code, MAX_ERRORS};

/// The variables of one execution, as <https://spec.graphql.org/September2025/#CoerceVariableValues()>
/// has them. What the operation does not declare is dropped; all faulty values are reported.
pub fn coerce(
    schema: &Schema,
    rules: ValueRules,
    operation: &Operation,
    mut given: Variables,
    depth: usize,
) -> Result<Variables, Vec<ServerError>> {
    let mut coerced = Variables::default();
    let mut errors = Vec::new();
    for (declared, definition) in
        operation.variables.iter().zip(&operation.definition.node.variable_definitions)
    {
        let name = &definition.node.name.node;
        let place = Place::Variable(name);
        let mut coercion = Coercion { schema, rules, at: definition.pos, errors: &mut errors };
        match given.remove(name) {
            Some(value) if is_deeper_than(&value, depth) => {
                let message = format!("the value of variable `${name}` nests more than {depth} levels");
                errors.push(guard::refused(message, Some(definition.pos)));
            }
            Some(value) => {
                let value = coercion.value(&declared.ty, value, &place);
                coerced.insert(name.clone(), value);
            }
            None => match &definition.node.default_value {
                Some(default) => {
                    coerced.insert(name.clone(), default.node.clone());
                }
                None if declared.ty.is_non_null() => coercion.expected(&declared.ty, None, &place),
                None => {}
            },
        }
    }
    if errors.is_empty() {
        return Ok(coerced);
    }
    Err(errors)
}

fn is_deeper_than(value: &Value, levels: usize) -> bool {
    let is_deeper = |inner: &Value| levels == 0 || is_deeper_than(inner, levels - 1);
    match value {
        Value::List(items) => levels == 0 || items.iter().any(is_deeper),
        Value::Object(fields) => levels == 0 || fields.values().any(is_deeper),
        _ => false,
    }
}

struct Coercion<'a> {
    schema: &'a Schema,
    rules: ValueRules,
    at: Pos,
    errors: &'a mut Vec<ServerError>,
}

impl Coercion<'_> {
    fn value(&mut self, ty: &Type, value: Value, place: &Place) -> Value {
        match (ty, value) {
            (_, Value::Null) => {
                if ty.is_non_null() {
                    self.expected(ty, Some(&Value::Null), place);
                }
                Value::Null
            }
            (Type::List(item) | Type::NonNullList(item), Value::List(values)) => {
                let items = values.into_iter().enumerate();
                Value::List(items.map(|(i, value)| self.value(item, value, &Place::Item(place, i))).collect())
            }
            (Type::List(item) | Type::NonNullList(item), single) => {
                Value::List(vec![self.value(item, single, place)])
            }
            (Type::Named(_) | Type::NonNullNamed(_), value) => self.named(ty, value, place),
        }
    }

    fn named(&mut self, ty: &Type, value: Value, place: &Place) -> Value {
        match (self.schema.types.get(ty.inner_named_type()), value) {
            (Some(ExtendedType::InputObject(object)), Value::Object(fields)) => {
                self.object(object, fields, place)
            }
            (Some(ExtendedType::Enum(values)), Value::String(name)) => self.enum_value(values, &name, place),
            (Some(ExtendedType::Scalar(scalar)), value) => self.scalar(&scalar.name, ty, value, place),
            (_, value) => {
                self.expected(ty, Some(&value), place);
                Value::Null
            }
        }
    }

    fn scalar(&mut self, name: &str, ty: &Type, value: Value, place: &Place) -> Value {
        let coerced = match (self.rules.scalar(name), &value) {
            (Some(check), Value::String(text)) => {
                if let Err(message) = check(text) {
                    self.fault(&message, place);
                }
                return value;
            }
            (Some(_), _) => None,
            (None, _) => built_in(name, &value),
        };
        coerced.unwrap_or_else(|| {
            match &value {
                Value::Number(number) if name == "Int" && is_whole(number) => {
                    self.fault(&values::no_int(number), place);
                }
                _ => self.expected(ty, Some(&value), place),
            }
            Value::Null
        })
    }

    fn enum_value(&mut self, definition: &EnumType, name: &str, place: &Place) -> Value {
        if !definition.values.contains_key(name) {
            self.fault(&values::no_enum_value(&definition.name, name), place);
        }
        Value::Enum(Name::new(name))
    }

    fn object(&mut self, object: &InputObjectType, given: IndexMap<Name, Value>, place: &Place) -> Value {
        if object.is_one_of() && (given.len() != 1 || given.values().any(|value| *value == Value::Null)) {
            self.fault(&values::one_of(&object.name), place);
        }
        let missing = object
            .fields
            .values()
            .filter(|field| field.is_required() && !given.contains_key(field.name.as_str()));
        for field in missing {
            self.expected(&field.ty, None, &Place::Field(place, &field.name));
        }
        let mut coerced = IndexMap::with_capacity(given.len());
        for (name, value) in given {
            let place = Place::Field(place, &name);
            match object.fields.get(name.as_str()) {
                Some(field) => {
                    if value == Value::Null
                        && let Some(rule) = self.rules.never_null(&object.name, &name)
                    {
                        self.fault(rule, &place);
                    }
                    let value = self.value(&field.ty, value, &place);
                    coerced.insert(name.clone(), value);
                }
                None => self.fault(&values::no_field(&object.name, &name), &place),
            }
        }
        Value::Object(coerced)
    }

    fn expected(&mut self, ty: &Type, found: Option<&Value>, place: &Place) {
        let found = match found {
            None => "nothing",
            Some(Value::Null) => "null",
            Some(Value::Boolean(_)) => "a boolean",
            Some(Value::Number(number)) if !is_whole(number) => "a number with a fraction",
            Some(Value::Number(_)) => "a number",
            Some(Value::List(_)) => "a list",
            Some(Value::Object(_)) => "an object",
            Some(_) => "a string",
        };
        self.fault(&values::expected(ty, found), place);
    }

    fn fault(&mut self, message: &str, place: &Place) {
        if self.errors.len() >= MAX_ERRORS {
            return;
        }
        self.errors.push(refusal(place, message, self.at));
    }
}

fn refusal(place: &Place, message: &str, at: Pos) -> ServerError {
    let mut error = Code::BadUserInput.error(format!("variable {place}: {message}"), Some(at));
    if let Some(extensions) = &mut error.extensions {
        extensions.set("field", Value::List(place.path()));
    }
    error
}

/// A value of one of GraphQL's own scalars, or nothing if that does not take it.
fn built_in(name: &str, value: &Value) -> Option<Value> {
    match (name, value) {
        ("Int", Value::Number(number)) => int(number).map(Value::from),
        ("Float", Value::Number(_))
        | ("String" | "ID", Value::String(_))
        | ("Boolean", Value::Boolean(_)) => Some(value.clone()),
        ("ID", Value::Number(number)) if !number.is_f64() => Some(Value::String(number.to_string())),
        _ => None,
    }
}

fn is_whole(number: &Number) -> bool {
    number.as_f64().is_some_and(|float| float.fract() == 0.0)
}

/// JSON has one kind of number: `3.0` is the integer 3.
fn int(number: &Number) -> Option<i32> {
    let whole = number.as_f64().filter(|float| float.fract() == 0.0)?;
    (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&whole).then_some(whole as i32)
}

/// Where in the variables a value stands.
enum Place<'a> {
    Variable(&'a str),
    Field(&'a Place<'a>, &'a str),
    Item(&'a Place<'a>, usize),
}

impl Place<'_> {
    fn path(&self) -> Vec<Value> {
        let (mut path, segment) = match self {
            Place::Variable(name) => (Vec::new(), Value::from(*name)),
            Place::Field(parent, name) => (parent.path(), Value::from(*name)),
            Place::Item(parent, index) => (parent.path(), Value::from(*index)),
        };
        path.push(segment);
        path
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Variable(name) => write!(f, "${name}"),
            Place::Field(parent, name) => write!(f, "{parent}.{name}"),
            Place::Item(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

/// Drops the arguments whose whole value is a variable that was left out, so that the argument's own
/// default applies: async-graphql would take such an argument for null.
pub fn leave_out_absent(document: &mut ExecutableDocument, operation: &Operation, given: &Variables) {
    if operation.variables.iter().all(|declared| given.contains_key(declared.name.as_str())) {
        return;
    }
    if let Some(definition) = single::operation_mut(document) {
        leave_out(&mut definition.node.selection_set.node, given);
    }
    for fragment in document.fragments.values_mut() {
        leave_out(&mut fragment.node.selection_set.node, given);
    }
}

fn leave_out(selections: &mut SelectionSet, given: &Variables) {
    for selection in &mut selections.items {
        match &mut selection.node {
            Selection::Field(field) => {
                field.node.arguments.retain(|(_, value)| match &value.node {
                    async_graphql_value::Value::Variable(name) => given.contains_key(name),
                    _ => true,
                });
                leave_out(&mut field.node.selection_set.node, given);
            }
            Selection::InlineFragment(inline) => leave_out(&mut inline.node.selection_set.node, given),
            Selection::FragmentSpread(_) => {}
        }
    }
}
