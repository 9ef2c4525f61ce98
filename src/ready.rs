//! Objects whose data is loaded: resolved field after field in place, with one box an object instead of
//! one a field.

use std::{borrow::Cow, ops::Deref, pin::Pin};

use async_graphql::{
    ContainerType, Context, ContextSelectionSet, Name, ObjectType, OutputType, Positioned, ServerResult,
    Value,
    indexmap::{IndexMap, map::Entry},
    parser::types::Field,
    registry::Registry,
};

use tokio::task::coop::consume_budget;

use crate::{
    error::Error,
    load,
    selection::{self, NOT_LOOKED_AHEAD},
};

/// A field that is being resolved, behind a box: it ends the recursion of types.
pub type Resolving<'a> = Pin<Box<dyn Future<Output = ServerResult<Value>> + Send + 'a>>;

/// An object that was loaded together with what is selected below it.
pub trait Loaded: ContainerType {
    /// Resolves the field of `ctx` from what was loaded, if it is one whose arguments the look-ahead has read. The
    /// derived resolver would read them again for each object, however large they are.
    fn resolve_loaded<'a>(&'a self, _ctx: &'a Context<'_>) -> Option<Resolving<'a>> {
        None
    }
}

impl<T: Loaded> Loaded for &T {
    fn resolve_loaded<'a>(&'a self, ctx: &'a Context<'_>) -> Option<Resolving<'a>> {
        T::resolve_loaded(self, ctx)
    }
}

/// Resolves the field of `ctx` with a value that was loaded for it.
pub fn resolve<'a, T: OutputType + 'a>(ctx: &'a Context<'_>, loaded: Result<T, Error>) -> Resolving<'a> {
    Box::pin(async move {
        let value = loaded.map_err(|error| {
            ctx.set_error_path(async_graphql::Error::from(error).into_server_error(ctx.item.pos))
        })?;
        let below = ctx.with_selection_set(&ctx.item.node.selection_set);
        value.resolve(&below, ctx.item).await
    })
}

/// An object that waits for nothing. Its derived type stays the only description of its fields.
///
/// async-graphql looks up its extensions for every field it resolves itself; here they are passed over,
/// so the schema must have none.
#[derive(Clone, Debug)]
pub struct Ready<T>(pub T);

/// A list of loaded values.
#[derive(Clone, Debug)]
pub struct List<T>(pub Vec<T>);

/// A value that is there if the query selects it.
#[derive(Clone, Debug)]
pub struct Wanted<T>(pub Option<T>);

impl<T> Deref for Ready<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Loaded> ContainerType for Ready<T> {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        match self.0.resolve_loaded(ctx) {
            Some(resolving) => resolving.await.map(Some),
            None => self.0.resolve_field(ctx).await,
        }
    }
}

impl<T: Loaded + ObjectType> ObjectType for Ready<T> {}

impl<T: Loaded> OutputType for Ready<T> {
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn introspection_type_name(&self) -> Cow<'static, str> {
        self.0.introspection_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        // The box also ends the recursion of types: customer, profile, customer and so on.
        let object: Resolving<'_> = Box::pin(object(ctx, self));
        object.await
    }
}

impl<T: OutputType> OutputType for Wanted<T> {
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    fn qualified_type_name() -> String {
        T::qualified_type_name()
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        match &self.0 {
            Some(value) => value.resolve(ctx, field).await,
            None => Err(async_graphql::Error::from(NOT_LOOKED_AHEAD).into_server_error(field.pos)),
        }
    }
}

impl<T: OutputType> OutputType for List<T> {
    fn type_name() -> Cow<'static, str> {
        Vec::<T>::type_name()
    }

    fn qualified_type_name() -> String {
        Vec::<T>::qualified_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        Vec::<T>::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        let mut values = Vec::with_capacity(self.0.len());
        for (index, item) in self.0.iter().enumerate() {
            let ctx = ctx.with_index(index);
            values.push(item.resolve(&ctx, field).await.map_err(|error| ctx.set_error_path(error))?);
        }
        Ok(Value::List(values))
    }
}

/// Lets other requests have their turn every so many fields, and ends where the request is given up or its answer
/// grows too large.
async fn object<T: ContainerType>(ctx: &ContextSelectionSet<'_>, root: &T) -> ServerResult<Value> {
    let ty = root.introspection_type_name();
    let mut fields = Vec::with_capacity(8);
    let applies = |on: &str| selection::applies(on, &ty);
    selection::flatten(&ctx.query_env.fragments, &applies, &ctx.item.node, &mut fields);
    let mut values = IndexMap::with_capacity(fields.len());
    for field in fields {
        consume_budget().await;
        let value = if field.node.name.node == "__typename" {
            Value::String(ty.clone().into_owned())
        } else {
            root.resolve_field(&ctx.with_field(field)).await?.unwrap_or_default()
        };
        merge_entry(&mut values, field.node.response_key().node.clone(), value);
    }
    let fields = values.iter().map(|(key, value)| (key.as_str(), value));
    match load::db(ctx).and_then(|db| Ok(db.spend_object(fields)?)) {
        Ok(()) => Ok(Value::Object(values)),
        Err(error) => {
            Err(ctx.set_error_path(async_graphql::Error::from(error).into_server_error(ctx.item.pos)))
        }
    }
}

fn merge_entry(values: &mut IndexMap<Name, Value>, key: Name, value: Value) {
    match values.entry(key) {
        Entry::Vacant(entry) => {
            entry.insert(value);
        }
        Entry::Occupied(mut entry) => merge(entry.get_mut(), value),
    }
}

/// Joins two values of one response key: objects key by key, lists item by item.
fn merge(old: &mut Value, new: Value) {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            for (key, value) in new {
                merge_entry(old, key, value);
            }
        }
        (Value::List(old), Value::List(new)) => {
            for (old, new) in old.iter_mut().zip(new) {
                merge(old, new);
            }
        }
        _ => {}
    }
}
