//! The values of a document: literals that their types or the server's own rules refuse.

use std::collections::HashMap;
use std::sync::Arc;

use apollo_compiler::ast::{self, InputValueDefinition, Type, Value as Literal};
use apollo_compiler::collections::IndexSet;
use apollo_compiler::executable::{ExecutableDocument, Selection, SelectionSet};
use apollo_compiler::parser::SourceSpan;
use apollo_compiler::schema::{ExtendedType, InputObjectType};
use apollo_compiler::{Name as ParsedName, Node, Schema};
use async_graphql::{Name, ServerError};

use super::path::Path;
use super::place::Places;
use super::uses::{Inspected, VariableUse, VariableUses};
use super::values::{self, ValueRules};
use crate::error::{Code, MAX_ERRORS};

/// The uses of variables in each operation of a document, by its name, or everything that is wrong with the literals,
/// wherever they stand, in the order of the text.
///
/// What stands where the schema has nothing is passed over: validation refuses that.
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
        operations.insert(operation.name.as_ref().map(Name::new), own.gather(&fragments));
    }
    errors.sort_by(|one, other| one.locations.cmp(&other.locations));
    errors.truncate(MAX_ERRORS);
    if errors.is_empty() { Ok(operations) } else { Err(errors) }
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
                    self.arguments(&field.definition.arguments, &field.arguments, field.location());
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
                self.arguments(&definition.arguments, &directive.arguments, directive.location());
            }
        }
    }

    fn arguments(
        &mut self,
        definitions: &[Node<InputValueDefinition>],
        given: &[Node<ast::Argument>],
        at: Option<SourceSpan>,
    ) {
        for definition in definitions {
            let mut given = given.iter().filter(|argument| argument.name == definition.name).peekable();
            let path = Path::new(&definition.name);
            if definition.is_required() && given.peek().is_none() {
                self.refuse(values::expected(&definition.ty, "nothing"), &path, at);
            }
            for argument in given {
                self.value(&definition.ty, &argument.value, &path, None);
            }
        }
    }

    /// Inspects a value of that type. `rule` says why it must not be null, where its type lets it be.
    fn value(&mut self, ty: &Type, value: &Node<Literal>, path: &Arc<Path>, rule: Option<&'static str>) {
        match &**value {
            Literal::Variable(name) => self.variable(ty, name, value, path, rule),
            Literal::Null if ty.is_non_null() => {
                self.refuse(values::expected(ty, "null"), path, value.location());
            }
            Literal::Null => {
                if let Some(rule) = rule {
                    self.add(Code::BadUserInput, rule.to_owned(), path, value.location());
                }
            }
            Literal::List(items) if ty.is_list() => {
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
        let refusal = match (schema.types.get(ty.inner_named_type()), &**value) {
            (Some(ExtendedType::InputObject(object)), Literal::Object(fields)) => {
                return self.object(object, fields, value.location(), path);
            }
            (Some(ExtendedType::Enum(definition)), Literal::Enum(name)) => {
                let is_known = definition.values.contains_key(name);
                (!is_known).then(|| values::no_enum_value(&definition.name, name))
            }
            (Some(ExtendedType::Scalar(scalar)), _) => self.scalar(&scalar.name, ty, value),
            (Some(ExtendedType::InputObject(_) | ExtendedType::Enum(_)), other) => {
                Some(values::expected(ty, kind(other)))
            }
            _ => None,
        };
        if let Some(message) = refusal {
            self.refuse(message, path, value.location());
        }
    }

    fn object(
        &mut self,
        object: &InputObjectType,
        given: &[(ParsedName, Node<Literal>)],
        at: Option<SourceSpan>,
        path: &Arc<Path>,
    ) {
        if object.is_one_of() && given.len() != 1 {
            self.refuse(values::one_of(&object.name), path, at);
        }
        let is_given = |name: &ParsedName| given.iter().any(|(given, _)| given == name);
        for field in object.fields.values().filter(|field| field.is_required() && !is_given(&field.name)) {
            self.refuse(values::expected(&field.ty, "nothing"), &path.key(&field.name), at);
        }
        for (index, (name, value)) in given.iter().enumerate() {
            let path = path.key(name);
            if given[..index].iter().any(|(before, _)| before == name) {
                let message = format!("the input field `{name}` is given more than once");
                self.refuse(message, &path, name.location());
            }
            match object.fields.get(name) {
                Some(field) if object.is_one_of() => {
                    self.value(&field.ty.as_ref().clone().non_null(), value, &path, None);
                }
                Some(field) => {
                    self.value(&field.ty, value, &path, self.rules.never_null(&object.name, name));
                }
                None => self.refuse(values::no_field(&object.name, name), &path, name.location()),
            }
        }
    }

    /// What is wrong with a literal for the scalar of that name, if anything is.
    fn scalar(&self, name: &str, ty: &Type, value: &Literal) -> Option<String> {
        match (self.rules.scalar(name), name, value) {
            (Some(check), _, Literal::String(text)) => check(text).err(),
            (None, "Int", Literal::Int(digits)) => {
                digits.try_to_i32().is_err().then(|| values::no_int(digits.as_str()))
            }
            (None, "Float", Literal::Int(digits)) => {
                out_of_range(digits.as_str(), digits.try_to_f64().is_ok())
            }
            (None, "Float", Literal::Float(digits)) => {
                out_of_range(digits.as_str(), digits.try_to_f64().is_ok())
            }
            // What is no integer to the executor would be refused there.
            (None, "ID", Literal::Int(digits)) => {
                out_of_range(digits.as_str(), digits.as_str().parse::<i64>().is_ok())
            }
            (None, "ID" | "String", Literal::String(_)) | (None, "Boolean", Literal::Boolean(_)) => None,
            (None, "Int" | "Float" | "ID" | "String" | "Boolean", _) | (Some(_), ..) => {
                Some(values::expected(ty, kind(value)))
            }
            _ => None,
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
            _ if ty.is_non_null() => values::expected(ty, "null"),
            Some(rule) => rule.to_owned(),
            None => return,
        };
        let at = self.places.at(value.location()).unwrap_or_default();
        self.uses.push(VariableUse { variable: Name::new(name), at, path: path.clone(), refusal });
    }

    fn refuse(&mut self, message: String, path: &Path, at: Option<SourceSpan>) {
        self.add(Code::ValidationFailed, message, path, at);
    }

    fn add(&mut self, code: Code, message: String, path: &Path, at: Option<SourceSpan>) {
        if self.errors.len() < MAX_ERRORS {
            self.errors.push(path.refuse(code, message, self.places.at(at)));
        }
    }
}

fn out_of_range(digits: &str, is_in_range: bool) -> Option<String> {
    (!is_in_range).then(|| format!("`{digits}` is out of range"))
}

fn kind(literal: &Literal) -> &'static str {
    match literal {
        Literal::Null => "null",
        Literal::Boolean(_) => "a boolean",
        Literal::Int(_) => "a number",
        Literal::Float(_) => "a number with a fraction or an exponent",
        Literal::String(_) => "a string",
        Literal::Enum(_) => "an enum value",
        Literal::Variable(_) => "a variable",
        Literal::List(_) => "a list",
        Literal::Object(_) => "an object",
    }
}
