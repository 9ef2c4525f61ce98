//! Conversion: from the tree that was validated to the tree that is executed.

use std::collections::HashMap;

use apollo_compiler::ast::{self, Definition};
use apollo_compiler::parser::SourceSpan;
use apollo_compiler::validation::Valid;
use apollo_compiler::{Name as ParsedName, Node};
use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{
    BaseType, Directive, DocumentOperations, ExecutableDocument, Field, FragmentDefinition, FragmentSpread,
    InlineFragment, OperationDefinition, OperationType, Selection, SelectionSet, Type, TypeCondition,
    VariableDefinition,
};
use async_graphql::{Name, Number, Positioned, ServerError};
use async_graphql_value::Value;

use super::join;
use super::place::Places;
use super::uses::VariableUses;
use crate::error::{Code, MAX_ERRORS};

/// A document that may be executed, as it is kept.
#[derive(Default)]
pub struct Document {
    pub operations: Vec<Operation>,
    /// How many selections, values and variables it consists of.
    pub nodes: usize,
    /// The document as the schema's own types have it, if it asks for the schema.
    pub introspection: Option<Valid<apollo_compiler::ExecutableDocument>>,
    fragments: HashMap<Name, Positioned<FragmentDefinition>>,
}

/// One operation, with the declarations of its variables as the schema's types understand them.
pub struct Operation {
    pub name: Option<Name>,
    pub definition: Positioned<OperationDefinition>,
    pub variables: Vec<Node<ast::VariableDefinition>>,
    /// Where variables stand that must not be null.
    pub uses: VariableUses,
}

impl Operation {
    pub fn kind(&self) -> OperationType {
        self.definition.node.ty
    }
}

impl Document {
    /// The document of that operation alone, for async-graphql.
    pub fn executable(&self, operation: &Operation) -> ExecutableDocument {
        let definition = operation.definition.clone();
        let operations = match &operation.name {
            Some(name) => DocumentOperations::Multiple(HashMap::from([(name.clone(), definition)])),
            None => DocumentOperations::Single(definition),
        };
        ExecutableDocument { operations, fragments: self.fragments.clone() }
    }
}

/// Converts a document whose values are valid, and refuses what the validation lets pass: selections of nothing.
pub fn document(syntax: &ast::Document, places: &Places) -> Result<Document, Vec<ServerError>> {
    let mut conversion = Conversion { places, nodes: 0, errors: Vec::new() };
    let mut document = Document::default();
    for definition in &syntax.definitions {
        match definition {
            Definition::OperationDefinition(operation) => {
                let mut converted = conversion.operation(operation);
                join::repeated(&mut converted.definition.node.selection_set.node);
                document.operations.push(converted);
            }
            Definition::FragmentDefinition(fragment) => {
                let mut converted = conversion.fragment(fragment);
                join::repeated(&mut converted.node.selection_set.node);
                document.fragments.insert(Name::new(&fragment.name), converted);
            }
            _ => {}
        }
    }
    document.nodes = conversion.nodes;
    if conversion.errors.is_empty() {
        return Ok(document);
    }
    conversion.errors.truncate(MAX_ERRORS);
    Err(conversion.errors)
}

struct Conversion<'a> {
    places: &'a Places,
    nodes: usize,
    errors: Vec<ServerError>,
}

impl Conversion<'_> {
    fn operation(&mut self, operation: &Node<ast::OperationDefinition>) -> Operation {
        let at = operation.location();
        let definition = OperationDefinition {
            ty: match operation.operation_type {
                ast::OperationType::Query => OperationType::Query,
                ast::OperationType::Mutation => OperationType::Mutation,
                ast::OperationType::Subscription => OperationType::Subscription,
            },
            variable_definitions: operation
                .variables
                .iter()
                .map(|variable| self.variable(variable))
                .collect(),
            directives: self.directives(&operation.directives),
            selection_set: self.selection_set(&operation.selection_set, at),
        };
        Operation {
            name: operation.name.as_ref().map(Name::new),
            definition: self.placed(definition, at),
            variables: operation.variables.clone(),
            uses: VariableUses::default(),
        }
    }

    fn variable(&mut self, variable: &Node<ast::VariableDefinition>) -> Positioned<VariableDefinition> {
        self.nodes += 1;
        let default_value = variable.default_value.as_ref().and_then(|default| {
            let Positioned { node, pos } = self.value(default);
            node.into_const().map(|constant| Positioned::new(constant, pos))
        });
        let definition = VariableDefinition {
            name: self.name(&variable.name),
            var_type: self.placed(type_reference(&variable.ty), variable.ty.location()),
            directives: self.directives(&variable.directives),
            default_value,
        };
        self.placed(definition, variable.location())
    }

    fn fragment(&mut self, fragment: &Node<ast::FragmentDefinition>) -> Positioned<FragmentDefinition> {
        let at = fragment.location();
        let definition = FragmentDefinition {
            type_condition: self.type_condition(&fragment.type_condition),
            directives: self.directives(&fragment.directives),
            selection_set: self.selection_set(&fragment.selection_set, at),
        };
        self.placed(definition, at)
    }

    fn selection_set(
        &mut self,
        selections: &[ast::Selection],
        at: Option<SourceSpan>,
    ) -> Positioned<SelectionSet> {
        if selections.is_empty() {
            self.refuse(Code::ParseFailed, "a selection set must select something", at);
        }
        let items = selections.iter().map(|selection| self.selection(selection)).collect();
        self.placed(SelectionSet { items }, at)
    }

    fn selection(&mut self, selection: &ast::Selection) -> Positioned<Selection> {
        self.nodes += 1;
        let at = selection.location();
        let converted = match selection {
            ast::Selection::Field(field) => {
                let field = self.field(field, at);
                Selection::Field(self.placed(field, at))
            }
            ast::Selection::FragmentSpread(spread) => {
                let spread = FragmentSpread {
                    fragment_name: self.name(&spread.fragment_name),
                    directives: self.directives(&spread.directives),
                };
                Selection::FragmentSpread(self.placed(spread, at))
            }
            ast::Selection::InlineFragment(inline) => {
                let inline = InlineFragment {
                    type_condition: inline.type_condition.as_ref().map(|name| self.type_condition(name)),
                    directives: self.directives(&inline.directives),
                    selection_set: self.selection_set(&inline.selection_set, at),
                };
                Selection::InlineFragment(self.placed(inline, at))
            }
        };
        self.placed(converted, at)
    }

    fn field(&mut self, field: &ast::Field, at: Option<SourceSpan>) -> Field {
        Field {
            alias: field.alias.as_ref().map(|alias| self.name(alias)),
            name: self.name(&field.name),
            arguments: self.arguments(&field.arguments),
            directives: self.directives(&field.directives),
            selection_set: match &field.selection_set {
                Some(selections) => self.selection_set(selections, at),
                None => self.placed(SelectionSet::default(), at),
            },
        }
    }

    fn type_condition(&self, name: &ParsedName) -> Positioned<TypeCondition> {
        self.placed(TypeCondition { on: self.name(name) }, name.location())
    }

    fn directives(&mut self, directives: &ast::DirectiveList) -> Vec<Positioned<Directive>> {
        let mut converted = Vec::with_capacity(directives.len());
        for directive in directives.iter() {
            let name = self.name(&directive.name);
            let arguments = self.arguments(&directive.arguments);
            converted.push(self.placed(Directive { name, arguments }, directive.location()));
        }
        converted
    }

    fn arguments(&mut self, arguments: &[Node<ast::Argument>]) -> Vec<(Positioned<Name>, Positioned<Value>)> {
        arguments.iter().map(|argument| (self.name(&argument.name), self.value(&argument.value))).collect()
    }

    fn value(&mut self, value: &Node<ast::Value>) -> Positioned<Value> {
        self.nodes += 1;
        let at = value.location();
        let converted = match &**value {
            ast::Value::Null => Value::Null,
            ast::Value::Boolean(boolean) => Value::Boolean(*boolean),
            ast::Value::String(text) => Value::String(text.clone()),
            ast::Value::Enum(name) => Value::Enum(Name::new(name)),
            ast::Value::Variable(name) => Value::Variable(Name::new(name)),
            ast::Value::Int(int) => self.number(int.as_str(), at),
            ast::Value::Float(float) => self.number(float.as_str(), at),
            ast::Value::List(items) => Value::List(items.iter().map(|item| self.value(item).node).collect()),
            ast::Value::Object(fields) => self.object(fields),
        };
        self.placed(converted, at)
    }

    fn object(&mut self, fields: &[(ParsedName, Node<ast::Value>)]) -> Value {
        let mut object = IndexMap::with_capacity(fields.len());
        for (name, value) in fields {
            let converted = self.value(value).node;
            object.insert(Name::new(name), converted);
        }
        Value::Object(object)
    }

    fn number(&mut self, digits: &str, at: Option<SourceSpan>) -> Value {
        // As a number `-0` would have a fraction.
        if let Ok(integer) = digits.parse::<i64>() {
            return Value::Number(integer.into());
        }
        if let Ok(number) = digits.parse::<Number>() {
            return Value::Number(number);
        }
        self.refuse(Code::ValidationFailed, format!("`{digits}` is out of range"), at);
        Value::Null
    }

    fn name(&self, name: &ParsedName) -> Positioned<Name> {
        self.placed(Name::new(name), name.location())
    }

    fn placed<T>(&self, node: T, at: Option<SourceSpan>) -> Positioned<T> {
        Positioned::new(node, self.places.at(at).unwrap_or_default())
    }

    fn refuse(&mut self, code: Code, message: impl Into<String>, at: Option<SourceSpan>) {
        self.errors.push(code.error(message, self.places.at(at)));
    }
}

fn type_reference(ty: &ast::Type) -> Type {
    let base = match ty {
        ast::Type::Named(name) | ast::Type::NonNullNamed(name) => BaseType::Named(Name::new(name)),
        ast::Type::List(item) | ast::Type::NonNullList(item) => {
            BaseType::List(Box::new(type_reference(item)))
        }
    };
    Type { base, nullable: !ty.is_non_null() }
}
