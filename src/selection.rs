//! What a query selects below a field, read once, before anything is loaded.

use std::collections::HashMap;

use async_graphql::{
    Context, InputType, Name, Positioned,
    parser::types::{Field, FragmentDefinition, Selection, SelectionSet},
};
use sea_orm::DbBackend;

use crate::{error::Error, load};

/// The one interface of the schema, which every object with an `id` of its own implements.
const INTERFACE: &str = "Node";

/// What a resolver meets that was not looked ahead.
pub const NOT_LOOKED_AHEAD: Error = Error::Internal("a field was resolved that was not looked ahead");

/// One field of the document that contributes to an object.
///
/// async-graphql's own look-ahead puts aliases of a field together and ignores type conditions, so the
/// document is walked here. Fields that `@skip` or `@include` leave out are gone by then.
#[derive(Clone, Copy)]
pub struct Selected<'a> {
    ctx: &'a Context<'a>,
    field: &'a Positioned<Field>,
}

/// The field that `ctx` resolves.
pub fn selected<'a>(ctx: &'a Context<'a>) -> Selected<'a> {
    Selected { ctx, field: ctx.item }
}

impl<'a> Selected<'a> {
    /// The field's name in the schema, whatever its alias.
    pub fn name(&self) -> &'a str {
        self.field.node.name.node.as_str()
    }

    /// An argument as the field's resolver will get it.
    pub fn argument<T: InputType>(&self, name: &str) -> Result<T, Error> {
        Ok(self.ctx.with_field(self.field).param_value(name, None)?.1)
    }

    /// The kind of database that the field is read from.
    pub fn backend(&self) -> Result<DbBackend, Error> {
        Ok(load::db(self.ctx)?.backend())
    }

    /// The error as one of this field, which is looked ahead at while another one is resolved.
    pub fn blamed(&self, error: impl Into<Error>) -> Error {
        match error.into() {
            error @ Error::At(..) => error,
            error => Error::At(self.field.pos, Box::new(error)),
        }
    }

    /// The fields selected on the object that this field returns, where its type implements no interface
    /// and so every fragment applies to it. The same field may come several times, under one response
    /// key or several.
    pub fn fields(&self) -> Vec<Selected<'a>> {
        self.below(|_| true)
    }

    /// As [`Selected::fields`], where the field returns an object of type `ty` that may stand for an
    /// interface.
    pub fn fields_of(&self, ty: &str) -> Vec<Selected<'a>> {
        self.below(|on| applies(on, ty))
    }

    fn below(&self, applies: impl Fn(&str) -> bool) -> Vec<Selected<'a>> {
        let mut fields = Vec::new();
        flatten(&self.ctx.query_env.fragments, &applies, &self.field.node.selection_set.node, &mut fields);
        fields.into_iter().map(|field| Selected { ctx: self.ctx, field }).collect()
    }
}

/// Whether a fragment on the type `on` applies to objects of type `ty`.
pub fn applies(on: &str, ty: &str) -> bool {
    on == ty || on == INTERFACE
}

/// The fields of a selection, with those of the fragments that apply in their places.
pub fn flatten<'a>(
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    applies: &impl Fn(&str) -> bool,
    set: &'a SelectionSet,
    fields: &mut Vec<&'a Positioned<Field>>,
) {
    for item in &set.items {
        match &item.node {
            Selection::Field(field) => fields.push(field),
            Selection::InlineFragment(fragment) => {
                let on = fragment.node.type_condition.as_ref();
                if on.is_none_or(|on| applies(&on.node.on.node)) {
                    flatten(fragments, applies, &fragment.node.selection_set.node, fields);
                }
            }
            Selection::FragmentSpread(spread) => {
                if let Some(fragment) = fragments.get(&spread.node.fragment_name.node)
                    && applies(&fragment.node.type_condition.node.on.node)
                {
                    flatten(fragments, applies, &fragment.node.selection_set.node, fields);
                }
            }
        }
    }
}

/// Something that is read from fields and grows with each of them.
pub trait Select: Default {
    /// Adds what `field` selects.
    fn add(&mut self, field: Selected<'_>) -> Result<(), Error>;
}

/// The selection below one field.
pub fn read<S: Select>(field: Selected<'_>) -> Result<S, Error> {
    let mut selection = S::default();
    selection.add(field)?;
    Ok(selection)
}

/// Values of one field of an object, by the arguments it is asked with.
///
/// Aliases with different arguments are different values; with the same arguments they share one. The
/// selection of a query holds what is asked for in this way, and an object holds what was loaded.
#[derive(Clone, Debug)]
pub struct ByArguments<A, T>(Vec<(A, T)>);

impl<A, T> Default for ByArguments<A, T> {
    fn default() -> Self {
        ByArguments(Vec::new())
    }
}

impl<A: PartialEq, T> ByArguments<A, T> {
    /// The value for these arguments, made where there is none yet.
    pub fn entry<E>(&mut self, arguments: A, make: impl FnOnce(&A) -> Result<T, E>) -> Result<&mut T, E> {
        let at = match self.0.iter().position(|(known, _)| *known == arguments) {
            Some(at) => at,
            None => {
                let value = make(&arguments)?;
                self.0.push((arguments, value));
                self.0.len() - 1
            }
        };
        Ok(&mut self.0[at].1)
    }

    /// Adds the value for arguments that have none yet.
    pub fn insert(&mut self, arguments: A, value: T) {
        self.0.push((arguments, value));
    }

    /// The value for these arguments. Fails where the look-ahead has not seen to it.
    pub fn get(&self, arguments: &A) -> Result<&T, Error> {
        let found = self.0.iter().find(|(known, _)| known == arguments);
        found.map(|(_, value)| value).ok_or(NOT_LOOKED_AHEAD)
    }

    /// Every value with its arguments.
    pub fn iter(&self) -> impl Iterator<Item = &(A, T)> {
        self.0.iter()
    }
}
