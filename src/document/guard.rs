//! Guards: documents that would cost more than any honest one are refused before they cost it.

use std::collections::HashMap;

use apollo_compiler::Node;
use apollo_compiler::ast::{self, Definition, Field, FragmentDefinition, FragmentSpread, Selection};
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

/// Refuses a document whose operations, with every fragment spread, have too many selections or nest
/// them too deep, and fragments that spread themselves.
pub fn expansion(document: &ast::Document, limits: &Limits, places: &Places) -> Result<(), Vec<ServerError>> {
    Expansion::of(document, limits, places).check(document).map_err(|refusal| vec![refusal])
}

/// What spreading a part of the document would come to.
#[derive(Clone, Copy, Default)]
struct Size {
    selections: usize,
    depth: usize,
}

struct Expansion<'a> {
    limits: &'a Limits,
    places: &'a Places,
    fragments: HashMap<&'a str, &'a FragmentDefinition>,
    /// `None` while the fragment is being measured.
    measured: HashMap<&'a str, Option<Size>>,
}

impl<'a> Expansion<'a> {
    fn of(document: &'a ast::Document, limits: &'a Limits, places: &'a Places) -> Self {
        let mut fragments = HashMap::new();
        for definition in &document.definitions {
            if let Definition::FragmentDefinition(fragment) = definition {
                // Of two fragments with one name, validation too looks at the first.
                fragments.entry(fragment.name.as_str()).or_insert(&**fragment);
            }
        }
        Expansion { limits, places, fragments, measured: HashMap::new() }
    }

    fn check(&mut self, document: &'a ast::Document) -> Result<(), ServerError> {
        let mut selections = 0;
        for definition in &document.definitions {
            let (set, counts) = match definition {
                Definition::OperationDefinition(operation) => (&operation.selection_set, 1),
                Definition::FragmentDefinition(fragment) => (&fragment.selection_set, 0),
                _ => continue,
            };
            selections += counts * self.selections(set, 0)?.selections;
            self.allow(selections, self.places.at(definition.location()))?;
        }
        Ok(())
    }

    /// The size of selections that stand below `above` levels of others.
    fn selections(&mut self, selections: &'a [Selection], above: usize) -> Result<Size, ServerError> {
        let mut size = Size::default();
        for selection in selections {
            let at = self.places.at(selection.location());
            if above >= self.limits.depth {
                return Err(too_deep(self.limits.depth, at));
            }
            let below = match selection {
                Selection::Field(field) => {
                    self.selections(field.selection_set.as_deref().unwrap_or_default(), above + 1)?
                }
                Selection::InlineFragment(inline) => self.selections(&inline.selection_set, above + 1)?,
                Selection::FragmentSpread(spread) => self.spread(spread, above + 1, at)?,
            };
            size.selections += 1 + below.selections;
            size.depth = size.depth.max(1 + below.depth);
            self.allow(size.selections, at)?;
        }
        Ok(size)
    }

    fn spread(
        &mut self,
        spread: &'a FragmentSpread,
        above: usize,
        at: Option<Pos>,
    ) -> Result<Size, ServerError> {
        let name = spread.fragment_name.as_str();
        let Some(fragment) = self.fragments.get(name).copied() else {
            return Ok(Size::default());
        };
        let size = match self.measured.get(name) {
            Some(Some(size)) => *size,
            Some(None) => {
                let message = format!("the fragment `{name}` spreads itself");
                return Err(Code::ValidationFailed.error(message, at));
            }
            None => {
                self.measured.insert(name, None);
                let size = self.selections(&fragment.selection_set, above)?;
                self.measured.insert(name, Some(size));
                size
            }
        };
        if above + size.depth > self.limits.depth {
            return Err(too_deep(self.limits.depth, at));
        }
        Ok(size)
    }

    fn allow(&self, selections: usize, at: Option<Pos>) -> Result<(), ServerError> {
        let limit = self.limits.selections;
        if selections > limit {
            let message = format!("the document selects more than {limit} fields once fragments are spread");
            return Err(refused(message, at));
        }
        Ok(())
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
