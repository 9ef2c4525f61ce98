//! The values of a document: literals that only the server's own rules refuse, and variables that must not be null.

use std::collections::HashMap;
use std::sync::Arc;

use apollo_compiler::ast::{self, InputValueDefinition, Type, Value as Literal};
use apollo_compiler::collections::IndexSet;
use apollo_compiler::executable::{ExecutableDocument, Selection, SelectionSet};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name as ParsedName, Node, Schema};
use async_graphql::{Name, Pos, ServerError, Value, Variables};

use super::path::Path;
use super::place::Places;
use super::values::ValueRules;
use crate::error::{Code, MAX_ERRORS};

/// A variable that stands where null may not.
struct VariableUse {
    variable: Name,
    at: Pos,
    /// Where it stands in its argument.
    path: Arc<Path>,
    /// Why null is refused.
    refusal: String,
}

/// The uses of variables that one operation consists of: its own, and those of each fragment below it.
#[derive(Default)]
pub struct VariableUses(Vec<Arc<[VariableUse]>>);

impl VariableUses {
    /// Refuses variables that are null where null may not be, whether or not the field is selected in the end:
    /// such a variable has a default, or stands where a default does, and is given as null all the same.
    /// <https://spec.graphql.org/September2025/#CoerceArgumentValues()>
    pub fn refuse_null(&self, variables: &Variables) -> Result<(), Vec<ServerError>> {
        let is_null = |one: &&VariableUse| variables.get(&one.variable) == Some(&Value::Null);
        let uses = self.0.iter().flat_map(|uses| uses.iter());
        let errors: Vec<_> = uses.filter(is_null).take(MAX_ERRORS).map(VariableUse::refusal).collect();
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

impl VariableUse {
    fn refusal(&self) -> ServerError {
        let message = format!("variable ${}: {}", self.variable, self.refusal);
        refused(Code::BadUserInput, message, &self.path, Some(self.at))
    }
}

/// The uses of variables in each operation of a valid document, by its name, or everything that is wrong with
/// the literals, wherever they stand.
pub fn inspect(
    schema: &Schema,
    rules: ValueRules,
    document: &ExecutableDocument,
    places: &Places,
) -> Result<HashMap<Option<Name>, VariableUses>, Vec<ServerError>> {
    let mut fragments = HashMap::new();
    let mut errors = Vec::new();
    for (name, fragment) in &document.fragments {
        let mut inspection = Inspection::new(schema, rules, places, &[]);
        inspection.directives(&fragment.directives);
        inspection.selections(&fragment.selection_set);
        errors.append(&mut inspection.errors);
        fragments.insert(name, Inspected { uses: inspection.uses.into(), spreads: inspection.spreads });
    }
    let mut operations = HashMap::new();
    for operation in document.operations.iter() {
        let mut inspection = Inspection::new(schema, rules, places, &operation.variables);
        inspection.defaults();
        inspection.directives(&operation.directives);
        inspection.selections(&operation.selection_set);
        errors.append(&mut inspection.errors);
        let own = Inspected { uses: inspection.uses.into(), spreads: inspection.spreads };
        operations.insert(operation.name.as_ref().map(Name::new), gathered(&own, &fragments));
    }
    errors.truncate(MAX_ERRORS);
    if errors.is_empty() { Ok(operations) } else { Err(errors) }
}

/// What was found in one operation or fragment, and which fragments it spreads.
struct Inspected<'a> {
    uses: Arc<[VariableUse]>,
    spreads: IndexSet<&'a ParsedName>,
}

/// The uses of an operation and of every fragment below it, each once.
fn gathered<'a>(
    operation: &Inspected<'a>,
    fragments: &HashMap<&'a ParsedName, Inspected<'a>>,
) -> VariableUses {
    let mut uses = vec![operation.uses.clone()];
    let mut names = operation.spreads.clone();
    let mut next = 0;
    while let Some(name) = names.get_index(next) {
        next += 1;
        if let Some(fragment) = fragments.get(name) {
            uses.push(fragment.uses.clone());
            names.extend(&fragment.spreads);
        }
    }
    uses.retain(|uses| !uses.is_empty());
    VariableUses(uses)
}

struct Inspection<'a> {
    schema: &'a Schema,
    rules: ValueRules,
    places: &'a Places,
    /// Those of the operation; a fragment knows none.
    variables: &'a [Node<ast::VariableDefinition>],
    uses: Vec<VariableUse>,
    spreads: IndexSet<&'a ParsedName>,
    errors: Vec<ServerError>,
}

impl<'a> Inspection<'a> {
    fn new(
        schema: &'a Schema,
        rules: ValueRules,
        places: &'a Places,
        variables: &'a [Node<ast::VariableDefinition>],
    ) -> Self {
        let (uses, errors) = (Vec::new(), Vec::new());
        Inspection { schema, rules, places, variables, uses, spreads: IndexSet::default(), errors }
    }

    fn defaults(&mut self) {
        for variable in self.variables {
            if let Some(default) = &variable.default_value {
                self.value(&variable.ty, default, &Path::new(&variable.name), None);
            }
        }
    }

    fn selections(&mut self, set: &'a SelectionSet) {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => {
                    self.arguments(&field.definition.arguments, &field.arguments);
                    self.directives(&field.directives);
                    if let Some(below) = &field.selection_set {
                        self.selections(below);
                    }
                }
                Selection::InlineFragment(inline) => {
                    self.directives(&inline.directives);
                    self.selections(&inline.selection_set);
                }
                Selection::FragmentSpread(spread) => {
                    self.directives(&spread.directives);
                    self.spreads.insert(&spread.fragment_name);
                }
            }
        }
    }

    fn directives(&mut self, directives: &ast::DirectiveList) {
        for directive in directives.iter() {
            if let Some(definition) = self.schema.directive_definitions.get(&directive.name) {
                self.arguments(&definition.arguments, &directive.arguments);
            }
        }
    }

    fn arguments(&mut self, definitions: &[Node<InputValueDefinition>], given: &[Node<ast::Argument>]) {
        for argument in given {
            if let Some(definition) = definitions.iter().find(|definition| definition.name == argument.name) {
                self.value(&definition.ty, &argument.value, &Path::new(&argument.name), None);
            }
        }
    }

    /// Inspects a value of that type. `rule` says why it must not be null, where its type lets it be.
    fn value(&mut self, ty: &Type, value: &Node<Literal>, path: &Arc<Path>, rule: Option<&'static str>) {
        match (&**value, rule) {
            (Literal::Variable(name), _) => self.variable(ty, name, value, path, rule),
            (Literal::Null, Some(rule)) => self.refuse(Code::BadUserInput, rule.to_owned(), value, path),
            (Literal::Null, None) => {}
            (Literal::List(items), _) if ty.is_list() => {
                for (index, item) in items.iter().enumerate() {
                    self.value(ty.item_type(), item, &path.index(index), None);
                }
            }
            _ if ty.is_list() => self.value(ty.item_type(), value, path, None),
            _ => self.named(ty, value, path),
        }
    }

    fn named(&mut self, ty: &Type, value: &Node<Literal>, path: &Arc<Path>) {
        let schema = self.schema;
        match (schema.types.get(ty.inner_named_type()), &**value) {
            (Some(ExtendedType::InputObject(object)), Literal::Object(fields)) => {
                for (name, value) in fields {
                    let Some(field) = object.fields.get(name) else { continue };
                    let path = path.key(name);
                    if object.is_one_of() {
                        self.value(&field.ty.as_ref().clone().non_null(), value, &path, None);
                    } else {
                        self.value(&field.ty, value, &path, self.rules.never_null(&object.name, name));
                    }
                }
            }
            (Some(ExtendedType::Scalar(scalar)), _) => self.scalar(&scalar.name, ty, value, path),
            _ => {}
        }
    }

    fn scalar(&mut self, name: &str, ty: &Type, value: &Node<Literal>, path: &Arc<Path>) {
        let refusal = match (self.rules.scalar(name), &**value) {
            (Some(check), Literal::String(text)) => check(text).err(),
            (Some(_), other) => Some(format!("expected a value of type `{ty}`, found {}", kind(other))),
            // What is no integer to the executor would be refused there.
            (None, Literal::Int(digits)) if name == "ID" && digits.as_str().parse::<i64>().is_err() => {
                Some(format!("`{}` is out of range", digits.as_str()))
            }
            _ => None,
        };
        if let Some(message) = refusal {
            self.refuse(Code::ValidationFailed, message, value, path);
        }
    }

    fn variable(
        &mut self,
        ty: &Type,
        name: &ParsedName,
        value: &Node<Literal>,
        path: &Arc<Path>,
        rule: Option<&'static str>,
    ) {
        let declared = self.variables.iter().find(|declared| declared.name == *name);
        if declared.is_some_and(|declared| declared.ty.is_non_null()) {
            return;
        }
        let refusal = match rule {
            _ if ty.is_non_null() => format!("expected a value of type `{ty}`, found null"),
            Some(rule) => rule.to_owned(),
            None => return,
        };
        let at = self.places.at(value.location()).unwrap_or_default();
        self.uses.push(VariableUse { variable: Name::new(name), at, path: path.clone(), refusal });
    }

    fn refuse(&mut self, code: Code, message: String, value: &Node<Literal>, path: &Path) {
        if self.errors.len() < MAX_ERRORS {
            self.errors.push(refused(code, message, path, self.places.at(value.location())));
        }
    }
}

fn kind(literal: &Literal) -> &'static str {
    match literal {
        Literal::Null => "null",
        Literal::Boolean(_) => "a boolean",
        Literal::Int(_) | Literal::Float(_) => "a number",
        Literal::String(_) => "a string",
        Literal::Enum(_) => "an enum value",
        Literal::Variable(_) => "a variable",
        Literal::List(_) => "a list",
        Literal::Object(_) => "an object",
    }
}

fn refused(code: Code, message: String, path: &Path, at: Option<Pos>) -> ServerError {
    let mut error = code.error(message, at);
    if let Some(extensions) = &mut error.extensions {
        extensions.set("field", Value::List(path.segments()));
    }
    error
}
