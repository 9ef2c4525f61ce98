//! What apollo-compiler found wrong with a document, as clients read it.

use apollo_compiler::diagnostic::ToCliReport;
use apollo_compiler::validation::DiagnosticList;
use async_graphql::ServerError;

use super::place::Places;
use crate::error::{Code, MAX_ERRORS};

/// The first syntax error alone: those after it are mostly its consequences.
pub fn syntax_error(diagnostics: &DiagnosticList, places: &Places) -> Vec<ServerError> {
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

/// Its errors, at most [`MAX_ERRORS`], each with its place.
pub fn reported(code: Code, diagnostics: &DiagnosticList, places: &Places) -> Vec<ServerError> {
    diagnostics
        .iter()
        .take(MAX_ERRORS)
        .map(|diagnostic| {
            let own = diagnostic.error.location().filter(|at| diagnostic.sources.contains_key(&at.file_id()));
            code.error(diagnostic.error.to_string(), places.at(own))
        })
        .collect()
}
