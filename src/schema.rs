//! The schema: its roots, and how it is written down.

use async_graphql::{EmptySubscription, MergedObject, SDLExportOptions, ValidationMode};

use crate::{
    customer::{CustomerMutation, CustomerQuery},
    customer_profile::CustomerProfileMutation,
    datetime::DateTime,
    document::ValueRules,
    filter::NULL_OPERAND,
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
    build().sdl_with_options(options().sorted_fields().sorted_arguments().sorted_enum_items())
}

/// The same in the order in which it is declared, which is the one that introspection shows.
pub fn declared_sdl() -> String {
    build().sdl_with_options(options())
}

fn options() -> SDLExportOptions {
    SDLExportOptions::new().include_specified_by().use_space_ident().indent_width(2)
}

const NULL_STATUS: &str = "a status must not be null, leave it out instead";
const NULL_NAME: &str = "a name cannot be cleared";

/// What of the schema's values its text does not say.
pub const VALUE_RULES: ValueRules = ValueRules {
    scalars: &[("DateTime", DateTime::check)],
    never_null: &[
        ("AttachProfileInput", &["status"], NULL_STATUS),
        ("CustomerProfileInput", &["status"], NULL_STATUS),
        ("DateTimeFilter", &["eq", "gt", "gte", "lt", "lte"], NULL_OPERAND),
        ("EdgeCountFilter", &["eq", "gt", "gte", "lt", "lte"], NULL_OPERAND),
        ("IdFilter", &["eq", "in"], NULL_OPERAND),
        (
            "NullableStringFilter",
            &["isNull", "eq", "ne", "in", "notIn", "contains", "startsWith", "endsWith"],
            NULL_OPERAND,
        ),
        ("ProfileCustomerInput", &["status"], NULL_STATUS),
        ("StringFilter", &["eq", "ne", "in", "notIn", "contains", "startsWith", "endsWith"], NULL_OPERAND),
        ("UpdateCustomerInput", &["name"], NULL_NAME),
        ("UpdateProfileInput", &["name"], NULL_NAME),
    ],
};

#[cfg(test)]
mod tests {
    use apollo_compiler::{Schema, schema::ExtendedType};

    use super::*;

    /// Types of operands whose every nullable field is a comparison.
    fn is_filter_on_values(name: &str) -> bool {
        name.ends_with("Filter") && !name.ends_with("sFilter")
    }

    #[test]
    fn every_scalar_has_a_check_and_every_operand_a_rule() {
        let schema = Schema::parse_and_validate(sdl(), "schema.graphql").unwrap();
        for (name, ty) in &schema.types {
            match ty {
                ExtendedType::Scalar(scalar) if !scalar.is_built_in() => {
                    assert!(VALUE_RULES.scalar(name).is_some(), "{name}");
                }
                ExtendedType::InputObject(object) if is_filter_on_values(name) => {
                    for (field, definition) in &object.fields {
                        let has_rule = VALUE_RULES.never_null(name, field).is_some();
                        assert_eq!(has_rule, !definition.ty.is_non_null(), "{name}.{field}");
                    }
                }
                _ => {}
            }
        }
        for (name, fields, _) in VALUE_RULES.never_null {
            let Some(ExtendedType::InputObject(object)) = schema.types.get(*name) else { panic!("{name}") };
            for field in *fields {
                assert!(object.fields.contains_key(*field), "{name}.{field}");
            }
        }
    }
}
