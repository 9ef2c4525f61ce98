//! Variables that must not be null where they stand, for each operation of a document.

use std::collections::HashMap;
use std::sync::Arc;

use apollo_compiler::Name as ParsedName;
use apollo_compiler::collections::IndexSet;
use async_graphql::{Name, Pos, ServerError, Value, Variables};

use super::path::Path;
use crate::error::{Code, MAX_ERRORS};

/// A variable that stands where null may not.
pub struct VariableUse {
    pub variable: Name,
    pub at: Pos,
    /// Where it stands in its argument.
    pub path: Arc<Path>,
    /// Why null is refused.
    pub refusal: String,
}

impl VariableUse {
    fn refusal(&self) -> ServerError {
        let message = format!("variable ${}: {}", self.variable, self.refusal);
        self.path.refuse(Code::BadUserInput, message, Some(self.at))
    }
}

/// The uses of variables that one operation consists of: its own, and those of each fragment below it.
#[derive(Default)]
pub struct VariableUses(Vec<Arc<[VariableUse]>>);

impl VariableUses {
    /// Refuses variables that are null where null may not be, whether or not the field is selected in the end:
    /// such a variable has a default, or stands where a default does, and is given as null all the same.
    /// <https://spec.graphql.org/September2025/#CoerceArgumentValues()>
    pub fn refuse_null(&self, variables: &Variables) -> Result<(), Vec<ServerError>> {
        let is_null = |one: &&VariableUse| variables.get(&one.variable) == Some(&Value::Null);
        let uses = self.0.iter().flat_map(|uses| uses.iter());
        let errors: Vec<_> = uses.filter(is_null).take(MAX_ERRORS).map(VariableUse::refusal).collect();
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

/// What was found in one operation or fragment, and which fragments it spreads.
pub struct Inspected<'a> {
    pub uses: Arc<[VariableUse]>,
    pub spreads: IndexSet<&'a ParsedName>,
}

impl<'a> Inspected<'a> {
    /// The uses of this operation and of every fragment below it, each once.
    pub fn gather(&self, fragments: &HashMap<&'a ParsedName, Inspected<'a>>) -> VariableUses {
        let mut uses = vec![self.uses.clone()];
        let mut names = self.spreads.clone();
        let mut next = 0;
        while let Some(name) = names.get_index(next) {
            next += 1;
            if let Some(fragment) = fragments.get(name) {
                uses.push(fragment.uses.clone());
                names.extend(&fragment.spreads);
            }
        }
        uses.retain(|uses| !uses.is_empty());
        VariableUses(uses)
    }
}
