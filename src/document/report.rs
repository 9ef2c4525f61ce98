//! What apollo-compiler found wrong with a document, as clients read it.

use apollo_compiler::diagnostic::ToCliReport;
use apollo_compiler::validation::{DiagnosticData, DiagnosticList};
use async_graphql::ServerError;

use super::place::Places;
use crate::error::{Code, MAX_ERRORS};

/// The first syntax error alone: those after it are mostly its consequences.
pub fn syntax_error(diagnostics: &DiagnosticList, places: &Places) -> Vec<ServerError> {
    let mut errors = reported(Code::ParseFailed, diagnostics, places, |_| false);
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

/// Faults of values, which the inspection of values reports with their places in the arguments.
const OF_VALUES: [&str; 8] = [
    "UnsupportedValueType",
    "IntCoercionError",
    "FloatCoercionError",
    "UndefinedEnumValue",
    "UndefinedInputValue",
    "OneOfInputObjectFieldCount",
    "RequiredField",
    "RequiredArgument",
];

/// Everything that is wrong with a document that is not valid, in the order of the text, at most [`MAX_ERRORS`]
/// errors. `values` are those of its literals.
pub fn invalid_document(
    diagnostics: &DiagnosticList,
    values: Vec<ServerError>,
    places: &Places,
) -> Vec<ServerError> {
    let is_of_values = |diagnostic: &DiagnosticData| {
        diagnostic.unstable_error_name().is_some_and(|name| OF_VALUES.contains(&name))
    };
    let is_told = |diagnostic: &DiagnosticData| !values.is_empty() && is_of_values(diagnostic);
    let mut errors = reported(Code::ValidationFailed, diagnostics, places, is_told);
    errors.extend(values);
    errors.sort_by(|one, other| one.locations.cmp(&other.locations));
    errors.truncate(MAX_ERRORS);
    errors
}

/// Its errors but those that are told elsewhere, each with its place.
fn reported(
    code: Code,
    diagnostics: &DiagnosticList,
    places: &Places,
    is_told: impl Fn(&DiagnosticData) -> bool,
) -> Vec<ServerError> {
    diagnostics
        .iter()
        .filter(|diagnostic| !is_told(diagnostic.error))
        .map(|diagnostic| {
            let own = diagnostic.error.location().filter(|at| diagnostic.sources.contains_key(&at.file_id()));
            code.error(diagnostic.error.to_string(), places.at(own))
        })
        .collect()
}
