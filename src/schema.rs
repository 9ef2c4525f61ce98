//! The schema: its roots, and how it is written down.

use async_graphql::{EmptySubscription, MergedObject, SDLExportOptions, ValidationMode};

use crate::{
    customer::{CustomerMutation, CustomerQuery},
    customer_profile::CustomerProfileMutation,
    node::NodeQuery,
    profile::{ProfileMutation, ProfileQuery},
};

/// Where reading begins.
#[derive(MergedObject, Default)]
pub struct Query(NodeQuery, CustomerQuery, ProfileQuery);

/// Where writing begins. All mutation fields of one request share one transaction: all are kept, or none.
#[derive(MergedObject, Default)]
pub struct Mutation(CustomerMutation, ProfileMutation, CustomerProfileMutation);

/// The schema, ready to execute documents that have been validated against its [`sdl`]. It has no
/// extensions: one that did nothing would double the cost of every field.
pub type Schema = async_graphql::Schema<Query, Mutation, EmptySubscription>;

/// Builds the schema.
pub fn build() -> Schema {
    Schema::build(Query::default(), Mutation::default(), EmptySubscription)
        .validation_mode(ValidationMode::Fast)
        .disable_suggestions()
        .finish()
}

/// The schema in the language of schemas, sorted.
pub fn sdl() -> String {
    let options = SDLExportOptions::new()
        .sorted_fields()
        .sorted_arguments()
        .sorted_enum_items()
        .include_specified_by()
        .use_space_ident()
        .indent_width(2);
    build().sdl_with_options(options)
}
