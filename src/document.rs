//! Documents: from a client's text to a parsed, validated and bounded operation with its variables.

mod arguments;
mod chosen;
mod condition;
mod convert;
mod cost;
mod expansion;
mod guard;
mod hash;
mod inspection;
mod introspection;
mod join;
mod known;
mod limits;
mod path;
mod place;
mod prepared;
mod report;
mod root;
mod rules;
mod single;
mod source;
mod trusted;
mod uses;
mod values;
mod variables;
mod writes;

use std::sync::Arc;

use apollo_compiler::collections::HashMap;
use apollo_compiler::parser::Parser;
use apollo_compiler::schema::Implementers;
use apollo_compiler::validation::Valid;
use apollo_compiler::{
    ExecutableDocument as ValidDocument, Name as ParsedName, Schema, ast, introspection::check_max_depth,
};
use async_graphql::{ServerError, Variables};

pub use self::chosen::Chosen;
pub use self::introspection::Introspected;
pub use self::limits::Limits;
pub use self::prepared::Prepared;
pub use self::source::{Asked, OtherHash, Source};
pub use self::values::ValueRules;
use crate::config::{self, DocumentMode};
use crate::error::Code;
use convert::Document;
use hash::TextHash;
use known::Known;
use place::Places;
use report::{invalid_document, syntax_error};
use source::hash_of_id;
use trusted::{ManifestError, Trusted};

/// Why no documents can be served at all.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    #[error("the schema is not valid: {0}")]
    Schema(String),
    #[error("cannot read the manifest `{file}` of `--documents` (or DOCUMENTS): {reason}")]
    Manifest { file: String, reason: ManifestError },
    #[error("{0}")]
    Settings(&'static str),
}

/// Everything that is needed to turn texts into documents of one schema.
pub struct Documents {
    schema: Valid<Schema>,
    implementers: HashMap<ParsedName, Implementers>,
    rules: ValueRules,
    limits: Limits,
    mode: DocumentMode,
    trusted: Trusted,
    known: Known,
}

impl Documents {
    /// Documents of the schema that `sdl` and `rules` describe, those of the manifest among them.
    pub fn new(
        sdl: &str,
        rules: ValueRules,
        limits: Limits,
        settings: &config::Documents,
    ) -> Result<Self, SetupError> {
        let schema = Schema::parse_and_validate(sdl, "schema.graphql")
            .map(introspection::with_nullable_defaults)
            .map_err(|invalid| SetupError::Schema(invalid.errors.to_string()))?;
        let (mode, known, trusted) =
            (settings.document_mode, Known::new(limits.cache_bytes), Trusted::default());
        let mut documents = Documents {
            implementers: schema.implementers_map(),
            schema,
            rules,
            limits,
            mode,
            trusted,
            known,
        };
        match (&settings.documents, mode) {
            (Some(_), DocumentMode::Off) => {
                return Err(SetupError::Settings(
                    "`--document-mode` (or DOCUMENT_MODE) is `off`, so no manifest is read: leave `--documents` (or \
                     DOCUMENTS) out",
                ));
            }
            (None, DocumentMode::Only) => {
                return Err(SetupError::Settings(
                    "`--document-mode` (or DOCUMENT_MODE) is `only`, so a manifest is needed: name it with `--documents` (or \
                     DOCUMENTS)",
                ));
            }
            (None, _) => {}
            (Some(path), _) => {
                let trusted = Trusted::of_file(path, |text| documents.bounded(text));
                documents.trusted = trusted
                    .map_err(|reason| SetupError::Manifest { file: path.display().to_string(), reason })?;
            }
        }
        Ok(documents)
    }

    /// The operation that a request chooses, or everything that is wrong with its document, at most
    /// [`MAX_ERRORS`](crate::error::MAX_ERRORS) errors.
    pub fn choose(&self, asked: &Asked) -> Result<Chosen, Vec<ServerError>> {
        let document = match &asked.source {
            Source::Text(text) => self.of_text(text)?,
            Source::Id(id) => self.of_id(id)?,
        };
        let index = document.choose(asked.operation_name.as_deref())?;
        Ok(Chosen { document, index })
    }

    /// Makes an operation ready for execution with these variables, or says everything that is wrong with
    /// them.
    ///
    /// The document then holds the chosen operation alone. Variables that have a default are filled in;
    /// those that were left out and have none stay out, and so do the arguments that name them.
    pub fn prepare(&self, chosen: &Chosen, variables: Variables) -> Result<Prepared, Vec<ServerError>> {
        let operation = chosen.operation();
        let variables = variables::coerce(&self.schema, self.rules, operation, variables, self.limits.depth)?;
        operation.uses.refuse_null(&variables)?;

        let mut executable = chosen.document.executable(operation);
        variables::leave_out_absent(&mut executable, operation, &variables);
        root::join_fields(&mut executable, &variables);
        let arguments = arguments::check(&executable, &variables, self.limits.arguments)?;
        let cost = cost::check(&self.schema, &executable, &variables, self.limits.cost)?;
        writes::check(&self.schema, operation, &executable, &variables, self.limits.writes)?;
        let name = operation.name.as_ref().map(ToString::to_string);
        let introspected = match &chosen.document.introspection {
            Some(document) => introspection::answer(
                &self.schema,
                &self.implementers,
                document,
                name.as_deref(),
                &variables,
                &mut executable,
            )?,
            None => Introspected::default(),
        };
        let kind = operation.kind();
        Ok(Prepared { kind, arguments, cost, name, document: executable, variables, introspected })
    }

    fn of_text(&self, text: &str) -> Result<Arc<Document>, Vec<ServerError>> {
        guard::length(text, self.limits.query_bytes)?;
        let hash = TextHash::of(text);
        if let Some(trusted) = self.trusted.of_hash(&hash) {
            return Ok(trusted);
        }
        if self.mode == DocumentMode::Only {
            return Err(not_trusted());
        }
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

    /// A text that was sent once is found by its hash, whether its sender asked for that or not: to know
    /// the hash is to know the text.
    fn of_id(&self, id: &str) -> Result<Arc<Document>, Vec<ServerError>> {
        if let Some(trusted) = self.trusted.of_id(id) {
            return Ok(trusted);
        }
        match self.mode {
            DocumentMode::Off => {
                Err(vec![Code::PersistedQueryNotSupported.error("PersistedQueryNotSupported", None)])
            }
            DocumentMode::Only => Err(not_trusted()),
            DocumentMode::Allow => {
                hash_of_id(id).and_then(|hash| self.known.get(&hash)).unwrap_or_else(|| {
                    Err(vec![Code::PersistedQueryNotFound.error("PersistedQueryNotFound", None)])
                })
            }
        }
    }

    fn bounded(&self, text: &str) -> Result<Document, Vec<ServerError>> {
        guard::length(text, self.limits.query_bytes)?;
        self.read(text)
    }

    /// The guards stand where they do because each protects the step after it: nesting would overflow
    /// the stack of a parser, expansion would burn the time of validation and execution.
    fn read(&self, text: &str) -> Result<Document, Vec<ServerError>> {
        guard::nesting(text, self.limits.depth)?;
        let places = Places::of(text);
        let syntax = self.parse(text, &places)?;
        guard::directives(&syntax, &self.limits, &places)?;
        expansion::check(&syntax, &self.limits, &places)?;
        let valid = self.validate(&syntax, &places)?;
        if !self.limits.introspection {
            guard::introspection(&syntax, &places)?;
        }
        let mut uses = inspection::inspect(&self.schema, self.rules, &valid, &places)?;
        let mut document = convert::document(&syntax, &places)?;
        for operation in &mut document.operations {
            operation.uses = uses.remove(&operation.name).unwrap_or_default();
        }
        document.introspection = Some(valid).filter(|valid| introspection::is_asked(valid));
        Ok(document)
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

    fn validate(
        &self,
        syntax: &ast::Document,
        places: &Places,
    ) -> Result<Valid<ValidDocument>, Vec<ServerError>> {
        let document =
            rules::without_null_defaults(syntax).to_executable_validate(&self.schema).map_err(|invalid| {
                let values = inspection::inspect(&self.schema, self.rules, &invalid.partial, places);
                invalid_document(&invalid.errors, values.err().unwrap_or_default(), places)
            })?;
        rules::same_lists(&document, places)?;
        for operation in document.operations.iter() {
            // Introspection goes in circles: each turn multiplies the answer by the size of the schema.
            check_max_depth(&document, operation).map_err(|refusal| {
                vec![guard::refused("introspection is nested too deep", places.at(refusal.location()))]
            })?;
        }
        Ok(document)
    }
}

fn not_trusted() -> Vec<ServerError> {
    vec![Code::DocumentNotTrusted.error("the document is none of those that this server trusts", None)]
}

#[cfg(test)]
mod tests;
