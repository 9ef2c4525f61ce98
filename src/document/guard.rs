//! Guards: documents that would cost more than any honest one are refused before they cost it.

use apollo_compiler::Node;
use apollo_compiler::ast::{self, Definition, DirectiveList, Field, Selection};
use async_graphql::{Pos, ServerError};

use super::Limits;
use super::place::Places;
use crate::error::{Code, MAX_ERRORS};

/// Refuses a text of more than `limit` bytes.
pub fn length(text: &str, limit: usize) -> Result<(), Vec<ServerError>> {
    if text.len() > limit {
        return Err(vec![refused(format!("the document is longer than {limit} bytes"), None)]);
    }
    Ok(())
}

/// Refuses a text whose brackets nest more than `limit` levels, by one look at each byte.
pub fn nesting(text: &str, limit: usize) -> Result<(), Vec<ServerError>> {
    let bytes = text.as_bytes();
    let mut awaited = Vec::with_capacity(limit);
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let closing = match byte {
            b'{' => Some(b'}'),
            b'[' => Some(b']'),
            b'(' => Some(b')'),
            _ => None,
        };
        if closing.is_some() && awaited.len() == limit {
            return Err(vec![too_deep(limit, Some(Places::of(text).offset(at)))]);
        }
        // A bracket that closes nothing is the parser's to report, it must not lower the count.
        if awaited.last() == Some(&byte) {
            awaited.pop();
        }
        awaited.extend(closing);
        at = match byte {
            b'#' => end_of_line(bytes, at),
            b'"' => end_of_string(bytes, at),
            _ => at + 1,
        };
    }
    Ok(())
}

fn end_of_line(bytes: &[u8], start: usize) -> usize {
    bytes.iter().skip(start).position(|&byte| is_line_end(byte)).map_or(bytes.len(), |length| start + length)
}

fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let block = bytes[start..].starts_with(br#"""""#);
    let mut at = if block { start + 3 } else { start + 1 };
    while let Some(&byte) = bytes.get(at) {
        let rest = &bytes[at..];
        at += match byte {
            b'"' if block && rest.starts_with(br#"""""#) => return at + 3,
            b'\\' if block && rest.starts_with(br#"\""""#) => 4,
            _ if block => 1,
            b'"' => return at + 1,
            _ if is_line_end(byte) => return at,
            b'\\' if !rest.get(1).copied().is_some_and(is_line_end) => 2,
            _ => 1,
        };
    }
    bytes.len()
}

fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

/// Refuses every `__schema` and `__type`. The document has to be valid: then no other field has these names.
pub fn introspection(document: &ast::Document, places: &Places) -> Result<(), Vec<ServerError>> {
    let sets = document.definitions.iter().filter_map(|definition| match definition {
        Definition::OperationDefinition(operation) => Some(&operation.selection_set),
        Definition::FragmentDefinition(fragment) => Some(&fragment.selection_set),
        _ => None,
    });
    let errors: Vec<_> = sets
        .flat_map(|set| introspective(set))
        .take(MAX_ERRORS)
        .map(|field| {
            let message = format!("introspection is switched off, `{}` is not served", field.name);
            Code::ValidationFailed.error(message, places.at(field.location()))
        })
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// The fields that ask for the schema.
fn introspective(selections: &[Selection]) -> Vec<&Node<Field>> {
    selections
        .iter()
        .flat_map(|selection| match selection {
            Selection::Field(field) if matches!(field.name.as_str(), "__schema" | "__type") => vec![field],
            Selection::Field(field) => introspective(field.selection_set.as_deref().unwrap_or_default()),
            Selection::InlineFragment(inline) => introspective(&inline.selection_set),
            Selection::FragmentSpread(_) => Vec::new(),
        })
        .collect()
}

/// Refuses a document that has too many directives, on one place or altogether.
pub fn directives(
    document: &ast::Document,
    limits: &Limits,
    places: &Places,
) -> Result<(), Vec<ServerError>> {
    let mut lists = Vec::new();
    for definition in &document.definitions {
        match definition {
            Definition::OperationDefinition(operation) => {
                lists.push(&operation.directives);
                lists.extend(operation.variables.iter().map(|variable| &variable.directives));
                directives_of(&operation.selection_set, &mut lists);
            }
            Definition::FragmentDefinition(fragment) => {
                lists.push(&fragment.directives);
                directives_of(&fragment.selection_set, &mut lists);
            }
            _ => {}
        }
    }
    let Limits { directives, directives_of_one, .. } = *limits;
    let mut left = directives;
    for list in lists {
        let at = |index: usize| list.0.get(index).and_then(|directive| places.at(directive.location()));
        if list.len() > directives_of_one {
            let message = format!("more than {directives_of_one} directives stand in one place");
            return Err(vec![refused(message, at(directives_of_one))]);
        }
        if list.len() > left {
            return Err(vec![refused(
                format!("the document has more than {directives} directives"),
                at(left),
            )]);
        }
        left -= list.len();
    }
    Ok(())
}

fn directives_of<'a>(selections: &'a [Selection], lists: &mut Vec<&'a DirectiveList>) {
    for selection in selections {
        match selection {
            Selection::Field(field) => {
                lists.push(&field.directives);
                directives_of(field.selection_set.as_deref().unwrap_or_default(), lists);
            }
            Selection::InlineFragment(inline) => {
                lists.push(&inline.directives);
                directives_of(&inline.selection_set, lists);
            }
            Selection::FragmentSpread(spread) => lists.push(&spread.directives),
        }
    }
}

/// A document that asks for more than it may.
pub fn refused(message: impl Into<String>, at: Option<Pos>) -> ServerError {
    Code::QueryTooComplex.error(message, at)
}

/// A document of more levels than it may have.
pub fn too_deep(limit: usize, at: Option<Pos>) -> ServerError {
    refused(format!("the document nests more than {limit} levels"), at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_in_strings_and_comments_do_not_nest() {
        let open = "[{(".repeat(100);
        let comment = format!("# {open}\n{{ a }}");
        let string = format!("{{ a(x: \"{open}\\\"{open}\\\\\") }}");
        let block = format!("{{ a(x: \"\"\"{open}\"\n\\\"\"\"{open}\"\"\") }}");
        for text in [comment, string, block] {
            assert!(nesting(&text, 2).is_ok(), "{text}");
            assert!(nesting(&format!("{text} {open}"), 2).is_err(), "{text}");
        }
    }

    #[test]
    fn nothing_that_the_parser_takes_for_code_hides_a_deep_nest() {
        for level in ["[)", "[}", "[\"\n", "[\"\\\n", "[\"\"", "[#\r"] {
            assert!(nesting(&level.repeat(100), 32).is_err(), "{level}");
        }
    }

    #[test]
    fn brackets_side_by_side_do_not_nest() {
        assert!(nesting(&"{a(x:[{}])}".repeat(100), 4).is_ok());
    }
}
