//! The documents of `guide.graphql` as types: each has a module with its variables and its answer.

use graphql_client::GraphQLQuery;

#[derive(GraphQLQuery)]
#[graphql(schema_path = "../../schema.graphql", query_path = "src/guide.graphql", normalization = "rust")]
pub struct CreateCustomer;

#[derive(GraphQLQuery)]
#[graphql(schema_path = "../../schema.graphql", query_path = "src/guide.graphql", normalization = "rust")]
pub struct FindCustomers;

#[derive(GraphQLQuery)]
#[graphql(schema_path = "../../schema.graphql", query_path = "src/guide.graphql", normalization = "rust")]
pub struct CreateProfile;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "../../schema.graphql",
    query_path = "src/guide.graphql",
    normalization = "rust",
    response_derives = "Debug"
)]
pub struct AttachProfile;
