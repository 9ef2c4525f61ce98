//! One operation with its variables, ready to be executed.

use async_graphql::parser::types::{ExecutableDocument, OperationType};
use async_graphql::{Request, Variables};

/// An operation that may be executed, more than once if need be, without being parsed or validated again.
#[derive(Clone)]
pub struct Prepared {
    /// What it is: a query or a mutation.
    pub kind: OperationType,
    /// What reading the arguments of its fields takes, in bytes.
    pub(super) arguments: usize,
    pub(super) name: Option<String>,
    pub(super) document: ExecutableDocument,
    pub(super) variables: Variables,
}

/// Arguments that take longer to read than others should wait, in bytes.
const LARGE: usize = 512 * 1024;

impl Prepared {
    /// Whether it takes long to read its arguments.
    pub fn has_large_arguments(&self) -> bool {
        self.arguments > LARGE
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
