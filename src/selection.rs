//! What a query selects below a field, read once, before anything is loaded.

use std::{
    collections::HashMap,
    hash::{BuildHasher, Hash, Hasher},
    sync::Arc,
};

use async_graphql::{
    Context, InputType, Name, Pos, Positioned,
    parser::types::{Field, FragmentDefinition, Selection, SelectionSet},
};
use async_graphql_value::{ConstValue as Constant, Value as Argument};
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

    /// A hash of the arguments as they stand in the document, in any order. Those that are null count as left out.
    fn hash_arguments(&self, hashes: &impl BuildHasher) -> u64 {
        let arguments = self.field.node.arguments.iter().map(|(name, value)| {
            let mut hasher = hashes.build_hasher();
            name.node.hash(&mut hasher);
            match &value.node {
                Argument::Null => return 0,
                Argument::Variable(name) => match self.ctx.query_env.variables.get(name) {
                    None | Some(Constant::Null) => return 0,
                    Some(value) => hash_constant(value, &mut hasher),
                },
                value => hash_value(value, &mut hasher),
            }
            hasher.finish()
        });
        arguments.fold(0, u64::wrapping_add)
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

/// What is selected of one field of an object, by the arguments that it is asked with.
///
/// Aliases with different arguments are different entries; with the same arguments they share one. Each place of the
/// document has its arguments read once, however often and below whatever else it is selected.
pub struct ByArguments<A, T> {
    slots: Slots,
    entries: Vec<Entry<A, T>>,
}

/// Which entry a field has, by its place in the document. Its response key would not tell: what is below `edges`
/// and what is below `nodes` is selected of the same objects, and may use one key for different arguments.
type Slots = Arc<HashMap<Pos, usize>>;

struct Entry<A, T> {
    /// Of the arguments as they stand in the document: those with other hashes need not be compared, which may take
    /// long.
    hash: u64,
    arguments: A,
    value: T,
}

impl<A, T> Default for ByArguments<A, T> {
    fn default() -> Self {
        ByArguments { slots: Slots::default(), entries: Vec::new() }
    }
}

impl<A: PartialEq, T> ByArguments<A, T> {
    /// The value for the arguments of this field, read and made where they are met for the first time.
    pub fn entry(
        &mut self,
        field: &Selected<'_>,
        read: impl FnOnce() -> Result<A, Error>,
        make: impl FnOnce(&A) -> Result<T, Error>,
    ) -> Result<&mut T, Error> {
        let slot = match self.slots.get(&field.field.pos) {
            Some(slot) => *slot,
            None => {
                let slot = self.slot(field, read()?, make)?;
                Arc::make_mut(&mut self.slots).insert(field.field.pos, slot);
                slot
            }
        };
        Ok(&mut self.entries[slot].value)
    }

    fn slot(
        &mut self,
        field: &Selected<'_>,
        arguments: A,
        make: impl FnOnce(&A) -> Result<T, Error>,
    ) -> Result<usize, Error> {
        let hash = field.hash_arguments(self.slots.hasher());
        let is_known = |known: &Entry<A, T>| known.hash == hash && known.arguments == arguments;
        if let Some(slot) = self.entries.iter().position(is_known) {
            return Ok(slot);
        }
        let value = make(&arguments)?;
        self.entries.push(Entry { hash, arguments, value });
        Ok(self.entries.len() - 1)
    }

    /// Every value with its arguments.
    pub fn iter(&self) -> impl Iterator<Item = (&A, &T)> {
        self.entries.iter().map(|entry| (&entry.arguments, &entry.value))
    }

    /// Adds what was loaded for the next entry, in the order of [`ByArguments::iter`], to what an object has.
    pub fn load<L>(&self, loaded: &mut LoadedFields<L>, value: L) {
        if loaded.values.is_empty() {
            loaded.slots = Some(self.slots.clone());
            loaded.values.reserve_exact(self.entries.len());
        }
        loaded.values.push(value);
    }
}

/// What an object has of one of its fields: a value for each entry of a [`ByArguments`].
#[derive(Clone, Debug)]
pub struct LoadedFields<T> {
    slots: Option<Slots>,
    values: Vec<T>,
}

impl<T> Default for LoadedFields<T> {
    fn default() -> Self {
        LoadedFields { slots: None, values: Vec::new() }
    }
}

impl<T> LoadedFields<T> {
    /// The value for a field at that place of the document. Fails where the look-ahead has not seen to it.
    pub fn get(&self, field: Pos) -> Result<&T, Error> {
        let slot = self.slots.as_ref().and_then(|slots| slots.get(&field));
        slot.and_then(|slot| self.values.get(*slot)).ok_or(NOT_LOOKED_AHEAD)
    }
}

fn hash_value(value: &Argument, hasher: &mut impl Hasher) {
    match value {
        Argument::Variable(name) => name.hash(hasher),
        Argument::String(text) => text.hash(hasher),
        Argument::List(items) => items.iter().for_each(|item| hash_value(item, hasher)),
        Argument::Object(fields) => {
            for (name, value) in fields {
                name.hash(hasher);
                hash_value(value, hasher);
            }
        }
        other => other.to_string().hash(hasher),
    }
}

fn hash_constant(value: &Constant, hasher: &mut impl Hasher) {
    match value {
        Constant::String(text) => text.hash(hasher),
        Constant::List(items) => items.iter().for_each(|item| hash_constant(item, hasher)),
        Constant::Object(fields) => {
            for (name, value) in fields {
                name.hash(hasher);
                hash_constant(value, hasher);
            }
        }
        other => other.to_string().hash(hasher),
    }
}
