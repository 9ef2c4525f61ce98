//! Limits: how much a document and its variables may ask for.

/// How much a document and its variables may ask for.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Length of a document, in bytes.
    pub query_bytes: usize,
    /// Tokens of a document; white space and comments count.
    pub tokens: usize,
    /// Levels of brackets in a document, of selections once fragments are spread, and of lists and
    /// objects in the value of a variable.
    pub depth: usize,
    /// Operations of a document.
    pub operations: usize,
    /// Selections of a document once its fragments are spread.
    pub selections: usize,
    /// Aliases of an operation once its fragments are spread.
    pub aliases: usize,
    /// Fields of an operation's root once its fragments are spread.
    pub root_fields: usize,
    /// Directives of a document.
    pub directives: usize,
    /// Directives on one field, fragment, variable or operation.
    pub directives_of_one: usize,
    /// Fields that an answer may have, if every page is full.
    pub cost: u64,
    /// What reading the arguments of all fields may copy, in bytes.
    pub arguments: usize,
    /// Rows that a request may look up, write or delete, as its input lists them.
    pub writes: u64,
    /// Whether documents may ask for `__schema` and `__type`.
    pub introspection: bool,
    /// Memory for the documents that are kept, in bytes, by estimate.
    pub cache_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            query_bytes: 64 * 1024,
            tokens: 20_000,
            depth: 32,
            operations: 250,
            selections: 5_000,
            aliases: 200,
            root_fields: 50,
            directives: 500,
            directives_of_one: 8,
            cost: 250_000,
            arguments: 64 * 1024 * 1024,
            writes: 25_000,
            introspection: true,
            cache_bytes: 16 * 1024 * 1024,
        }
    }
}
