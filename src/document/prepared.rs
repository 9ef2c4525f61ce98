//! One operation with its variables, ready to be executed.

use async_graphql::parser::types::{ExecutableDocument, OperationType};
use async_graphql::{Request, Variables};

use super::Introspected;

/// An operation that may be executed, more than once if need be, without being parsed or validated again.
#[derive(Clone)]
pub struct Prepared {
    /// What it is: a query or a mutation.
    pub kind: OperationType,
    /// What reading the arguments of its fields takes, in bytes.
    pub(super) arguments: usize,
    /// How many fields its answer has at most.
    pub(super) cost: u64,
    pub(super) name: Option<String>,
    pub(super) document: ExecutableDocument,
    pub(super) variables: Variables,
    /// What it asks of the schema.
    pub introspected: Introspected,
}

/// Arguments that take longer to read than others should wait, in bytes.
const LARGE_ARGUMENTS: usize = 512 * 1024;

/// A cost of which the answer takes longer to build than others should wait.
const LARGE_COST: u64 = 20_000;

impl Prepared {
    /// Whether it may take long to read its arguments or to build its answer.
    pub fn is_large(&self) -> bool {
        self.arguments > LARGE_ARGUMENTS || self.cost > LARGE_COST
    }
}

impl From<Prepared> for Request {
    fn from(prepared: Prepared) -> Request {
        let mut request = Request::new("").variables(prepared.variables);
        request.operation_name = prepared.name;
        request.set_parsed_query(prepared.document);
        request
    }
}
