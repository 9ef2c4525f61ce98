//! Documents: from a client's text to a parsed, validated and bounded operation with its variables.

mod condition;
mod convert;
mod cost;
mod expansion;
mod guard;
mod hash;
mod known;
mod place;
mod root;
mod rules;
mod variables;

use std::sync::Arc;

use apollo_compiler::diagnostic::ToCliReport;
use apollo_compiler::introspection;
use apollo_compiler::parser::Parser;
use apollo_compiler::validation::{DiagnosticList, Valid};
use apollo_compiler::{Schema, ast};
use async_graphql::parser::types::{ExecutableDocument, OperationType};
use async_graphql::{Request, ServerError, Variables};

use crate::error::{Code, MAX_ERRORS};
use convert::{Document, Operation};
use hash::TextHash;
use known::Known;
use place::Places;

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
            selections: 5_000,
            aliases: 200,
            root_fields: 50,
            directives: 500,
            directives_of_one: 8,
            cost: 250_000,
            introspection: true,
            cache_bytes: 16 * 1024 * 1024,
        }
    }
}

/// The schema's own text is not a valid schema.
#[derive(Debug, thiserror::Error)]
#[error("the schema is not valid: {0}")]
pub struct InvalidSchema(String);

/// An operation that may be executed, more than once if need be, without being parsed or validated again.
#[derive(Clone)]
pub struct Prepared {
    /// What it is: a query or a mutation.
    pub kind: OperationType,
    name: Option<String>,
    document: ExecutableDocument,
    variables: Variables,
}

impl From<Prepared> for Request {
    fn from(prepared: Prepared) -> Request {
        let mut request = Request::new("").variables(prepared.variables);
        request.operation_name = prepared.name;
        request.set_parsed_query(prepared.document);
        request
    }
}

/// Everything that is needed to turn texts into documents of one schema.
pub struct Documents {
    schema: Valid<Schema>,
    limits: Limits,
    known: Known,
}

impl Documents {
    /// Documents of the schema that `sdl` describes.
    pub fn new(sdl: &str, limits: Limits) -> Result<Self, InvalidSchema> {
        let schema = Schema::parse_and_validate(sdl, "schema.graphql")
            .map_err(|invalid| InvalidSchema(invalid.errors.to_string()))?;
        Ok(Documents { schema, limits, known: Known::new(limits.cache_bytes) })
    }

    /// Makes a request ready for execution, or says everything that is wrong with it, at most
    /// [`MAX_ERRORS`] errors.
    ///
    /// The document then holds the chosen operation alone. Variables that have a default are filled in;
    /// those that were left out and have none stay out, and so do the arguments that name them.
    pub fn prepare(&self, request: Request) -> Result<Prepared, Vec<ServerError>> {
        let document = self.document(&request.query)?;
        let operation = document.operation(request.operation_name.as_deref())?;
        let variables = variables::coerce(&self.schema, operation, request.variables, self.limits.depth)?;

        let mut executable = document.executable(operation);
        condition::refuse_null(&executable, &variables)?;
        variables::leave_out_absent(&mut executable, operation, &variables);
        root::join_fields(&mut executable, &variables);
        cost::check(&executable, &variables, self.limits.cost)?;
        let name = operation.name.as_ref().map(ToString::to_string);
        Ok(Prepared { kind: operation.kind(), name, document: executable, variables })
    }

    /// Whether the operation that the request chooses is a mutation, as far as that can be told.
    pub fn mutates(&self, request: &Request) -> bool {
        let Ok(document) = self.document(&request.query) else { return false };
        let operation = document.operation(request.operation_name.as_deref());
        operation.is_ok_and(|operation| operation.kind() == OperationType::Mutation)
    }

    fn document(&self, text: &str) -> Result<Arc<Document>, Vec<ServerError>> {
        guard::length(text, self.limits.query_bytes)?;
        let hash = TextHash::of(text);
        if let Some(outcome) = self.known.get(&hash) {
            return outcome;
        }
        match self.read(text).map(Arc::new) {
            Ok(document) => {
                self.known.accept(hash, text, document.clone());
                Ok(document)
            }
            Err(refusals) => {
                self.known.refuse(hash, &refusals);
                Err(refusals)
            }
        }
    }

    /// The guards stand where they do because each protects the step after it: nesting would overflow
    /// the stack of a parser, expansion would burn the time of validation and execution.
    fn read(&self, text: &str) -> Result<Document, Vec<ServerError>> {
        guard::nesting(text, self.limits.depth)?;
        let places = Places::of(text);
        let syntax = self.parse(text, &places)?;
        guard::directives(&syntax, &self.limits, &places)?;
        expansion::check(&syntax, &self.limits, &places)?;
        self.validate(&syntax, &places)?;
        if !self.limits.introspection {
            guard::introspection(&syntax, &places)?;
        }
        convert::document(&syntax, &places)
    }

    fn parse(&self, text: &str, places: &Places) -> Result<ast::Document, Vec<ServerError>> {
        let Limits { tokens, depth, .. } = self.limits;
        // The parser counts up to two levels for what a client writes as one.
        let recursion = 2 * depth + 2;
        let mut parser = Parser::new().token_limit(tokens).recursion_limit(recursion);
        let parsed = parser.parse_ast(text, "document");
        if parser.tokens_reached() > tokens {
            return Err(vec![guard::refused(format!("the document has more than {tokens} tokens"), None)]);
        }
        if parser.recursion_reached() > recursion {
            return Err(vec![guard::too_deep(depth, None)]);
        }
        parsed.map_err(|failed| syntax_error(&failed.errors, places))
    }

    fn validate(&self, syntax: &ast::Document, places: &Places) -> Result<(), Vec<ServerError>> {
        let document = rules::without_null_defaults(syntax)
            .to_executable_validate(&self.schema)
            .map_err(|invalid| reported(Code::ValidationFailed, &invalid.errors, places))?;
        rules::same_lists(&document, places)?;
        for operation in document.operations.iter() {
            // Introspection goes in circles: each turn multiplies the answer by the size of the schema.
            introspection::check_max_depth(&document, operation).map_err(|refusal| {
                vec![guard::refused("introspection is nested too deep", places.at(refusal.location()))]
            })?;
        }
        Ok(())
    }
}

impl Document {
    /// <https://spec.graphql.org/September2025/#GetOperation()>
    fn operation(&self, name: Option<&str>) -> Result<&Operation, Vec<ServerError>> {
        let chosen = match (name, self.operations.as_slice()) {
            (_, []) => Err("the document has no operation".to_owned()),
            (Some(name), all) => all
                .iter()
                .find(|operation| operation.name.as_ref().is_some_and(|own| own == name))
                .ok_or_else(|| format!("the document has no operation named `{name}`")),
            (None, [only]) => Ok(only),
            (None, _) => Err("the document has several operations, operationName must say which".to_owned()),
        };
        let operation = chosen.map_err(|message| vec![Code::ValidationFailed.error(message, None)])?;
        if operation.kind() == OperationType::Subscription {
            let message = "subscriptions are not served";
            return Err(vec![Code::ValidationFailed.error(message, Some(operation.definition.pos))]);
        }
        Ok(operation)
    }
}

/// The first syntax error alone: those after it are mostly its consequences.
fn syntax_error(diagnostics: &DiagnosticList, places: &Places) -> Vec<ServerError> {
    let mut errors = reported(Code::ParseFailed, diagnostics, places);
    errors.truncate(1);
    for error in &mut errors {
        let (expectation, _found) = error.message.split_once(", got ").unwrap_or((&error.message, ""));
        let named = [("R_CURLY", "`}`"), ("R_PAREN", "`)`"), ("R_BRACK", "`]`")];
        let plain =
            named.iter().fold(expectation.to_owned(), |text, (kind, token)| text.replace(kind, token));
        error.message = plain.trim_end_matches('.').to_owned();
    }
    errors
}

fn reported(code: Code, diagnostics: &DiagnosticList, places: &Places) -> Vec<ServerError> {
    diagnostics
        .iter()
        .take(MAX_ERRORS)
        .map(|diagnostic| {
            let own = diagnostic.error.location().filter(|at| diagnostic.sources.contains_key(&at.file_id()));
            code.error(diagnostic.error.to_string(), places.at(own))
        })
        .collect()
}

#[cfg(test)]
mod tests;
