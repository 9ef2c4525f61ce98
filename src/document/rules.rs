//! Rules of validation that apollo-compiler does not have, or has with gaps.

use apollo_compiler::ast::{self, Definition, Type, Value};
use apollo_compiler::collections::IndexMap;
use apollo_compiler::executable::{ExecutableDocument, Field, Selection, SelectionSet};
use apollo_compiler::{Name, Node};
use async_graphql::ServerError;

use super::place::Places;
use crate::error::{Code, MAX_ERRORS};

/// The same document, in which a variable whose default is null has none: such a variable must not stand
/// where null may not, but apollo-compiler takes any default for one that prevents null.
/// <https://spec.graphql.org/September2025/#IsVariableUsageAllowed()>
pub fn without_null_defaults(syntax: &ast::Document) -> ast::Document {
    let mut document = syntax.clone();
    for definition in &mut document.definitions {
        let Definition::OperationDefinition(operation) = definition else { continue };
        if !operation.variables.iter().any(|variable| has_null_default(variable)) {
            continue;
        }
        for variable in &mut operation.make_mut().variables {
            if has_null_default(variable) {
                variable.make_mut().default_value = None;
            }
        }
    }
    document
}

/// Where null is no value of the variable's own type, validation refuses the default itself.
fn has_null_default(variable: &ast::VariableDefinition) -> bool {
    let may_be_null = matches!(&*variable.ty, Type::Named(_) | Type::List(_));
    may_be_null && variable.default_value.as_ref().is_some_and(|default| default.is_null())
}

/// Refuses fields that share a response key and differ in the length of a list: apollo-compiler compares
/// lists only as far as the shorter one goes.
/// <https://spec.graphql.org/September2025/#FieldsInSetCanMerge()>
pub fn same_lists(document: &ExecutableDocument, places: &Places) -> Result<(), Vec<ServerError>> {
    let mut merging = Merging { document, places, errors: Vec::new() };
    for operation in document.operations.iter() {
        merging.merge(&[&operation.selection_set]);
    }
    if merging.errors.is_empty() { Ok(()) } else { Err(merging.errors) }
}

/// Fields by their response keys and the types that they are selected on. Fields of different types are
/// told apart here, because those of an interface take no arguments.
type Fields<'a> = IndexMap<(&'a Name, &'a Name), Vec<&'a Node<Field>>>;

struct Merging<'a> {
    document: &'a ExecutableDocument,
    places: &'a Places,
    errors: Vec<ServerError>,
}

impl<'a> Merging<'a> {
    fn merge(&mut self, sets: &[&'a SelectionSet]) {
        let mut fields = Fields::default();
        for set in sets {
            self.collect(set, &mut fields);
        }
        for same in fields.into_values() {
            let [first, others @ ..] = same.as_slice() else { continue };
            for other in others.iter().filter(|other| !takes_same_lists(first, other)) {
                self.refuse(other);
            }
            let below: Vec<_> = same.iter().filter_map(|field| field.selection_set.as_ref()).collect();
            if !below.is_empty() {
                self.merge(&below);
            }
        }
    }

    fn collect(&self, set: &'a SelectionSet, fields: &mut Fields<'a>) {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => {
                    fields.entry((field.response_name(), &set.ty)).or_default().push(field);
                }
                Selection::InlineFragment(inline) => self.collect(&inline.selection_set, fields),
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = spread.fragment_def(self.document) {
                        self.collect(&fragment.selection_set, fields);
                    }
                }
            }
        }
    }

    fn refuse(&mut self, field: &Node<Field>) {
        if self.errors.len() < MAX_ERRORS {
            let name = field.response_name();
            let message =
                format!("operation must not provide conflicting field arguments for the same name `{name}`");
            self.errors.push(Code::ValidationFailed.error(message, self.places.at(field.location())));
        }
    }
}

/// Whether the lists are as long, in arguments that are the same otherwise.
fn takes_same_lists(one: &Field, other: &Field) -> bool {
    one.arguments.iter().all(|argument| {
        let counterpart = other.arguments.iter().find(|candidate| candidate.name == argument.name);
        counterpart.is_none_or(|counterpart| is_as_long(&argument.value, &counterpart.value))
    })
}

fn is_as_long(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::List(one), Value::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_as_long(one, other))
        }
        (Value::Object(one), Value::Object(other)) => one.iter().all(|(name, value)| {
            let counterpart = other.iter().find(|(candidate, _)| candidate == name);
            counterpart.is_none_or(|(_, counterpart)| is_as_long(value, counterpart))
        }),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use crate::{document::Documents, schema};

    /// Sections by rule; below each document that is to be refused stands the first message.
    const CASES: &str = include_str!("rules/cases.txt");

    #[test]
    fn documents_are_judged_by_every_rule_of_the_specification() {
        let documents = Documents::of(&schema::sdl());
        let mut faults = Vec::new();
        let mut lines = CASES.lines().peekable();
        while let Some(line) = lines.next() {
            let Some((verdict, text)) = line.split_once(' ') else { continue };
            let expected = match verdict {
                "+" => None,
                "-" => lines.next_if(|line| line.starts_with("  ")).map(str::trim),
                _ => continue,
            };
            let refusals = documents.of_text(text).err();
            let told = refusals.as_ref().map(|refusals| refusals[0].message.as_str());
            if told != expected {
                faults.push(format!("{text}\n  {}", told.unwrap_or("accepted")));
            }
        }
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }

    #[test]
    fn texts_that_no_line_can_hold_are_judged_too() {
        let documents = Documents::of(&schema::sdl());
        for text in ["\u{feff}{ __typename }", "{ __typename } # comment", "{\r\n\t__typename,,,}"] {
            assert!(documents.of_text(text).is_ok(), "{text:?}");
        }
        for text in [
            "",
            "{ customers(after: \"a\nb\") { totalCount } }",
            "{ __typename \0 }",
            "\u{200b}{ __typename }",
        ] {
            assert!(documents.of_text(text).is_err(), "{text:?}");
        }
    }
}
