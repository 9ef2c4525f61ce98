//! Expansion: what a document comes to once its fragments are spread, told without spreading them.

use std::collections::HashMap;

use apollo_compiler::ast::{self, Definition, FragmentDefinition, FragmentSpread, Selection};
use async_graphql::{Pos, ServerError};

use super::Limits;
use super::guard::{refused, too_deep};
use super::place::Places;
use crate::error::Code;

/// Refuses a document of too many operations, or whose operations, with every fragment spread, have too
/// many selections, aliases or root fields or nest them too deep, and fragments that spread themselves.
pub fn check(document: &ast::Document, limits: &Limits, places: &Places) -> Result<(), Vec<ServerError>> {
    Expansion::of(document, limits, places).check(document).map_err(|refusal| vec![refusal])
}

/// What spreading a part of the document would come to.
#[derive(Clone, Copy, Default)]
struct Size {
    selections: usize,
    /// Fields of the same object, those that stand in fragments on it among them.
    fields: usize,
    aliases: usize,
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
        let (mut operations, mut selections) = (0, 0);
        for definition in &document.definitions {
            let (set, counts) = match definition {
                Definition::OperationDefinition(operation) => (&operation.selection_set, 1),
                Definition::FragmentDefinition(fragment) => (&fragment.selection_set, 0),
                _ => continue,
            };
            let at = self.places.at(definition.location());
            operations += counts;
            if operations > self.limits.operations {
                let message = format!("the document has more than {} operations", self.limits.operations);
                return Err(refused(message, at));
            }
            let size = self.selections(set, 0)?;
            selections += counts * size.selections;
            self.allow_selections(selections, at)?;
            let limit = self.limits.root_fields;
            if counts * size.fields > limit {
                return Err(refused(format!("the operation has more than {limit} root fields"), at));
            }
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
            let field = selection.as_field();
            size.selections += 1 + below.selections;
            size.fields += if field.is_some() { 1 } else { below.fields };
            size.aliases += below.aliases + usize::from(field.is_some_and(|field| field.alias.is_some()));
            size.depth = size.depth.max(1 + below.depth);
            self.allow_selections(size.selections, at)?;
            self.allow_aliases(size.aliases, at)?;
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

    fn allow_selections(&self, selections: usize, at: Option<Pos>) -> Result<(), ServerError> {
        let limit = self.limits.selections;
        if selections > limit {
            let message = format!("the document selects more than {limit} fields once fragments are spread");
            return Err(refused(message, at));
        }
        Ok(())
    }

    fn allow_aliases(&self, aliases: usize, at: Option<Pos>) -> Result<(), ServerError> {
        let limit = self.limits.aliases;
        if aliases > limit {
            let message = format!("the operation has more than {limit} aliases once fragments are spread");
            return Err(refused(message, at));
        }
        Ok(())
    }
}
