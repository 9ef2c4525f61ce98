//! The root's fields, each once: async-graphql would execute a field as often as it is written.

use std::collections::HashMap;

use async_graphql::indexmap::{IndexMap, map::Entry};
use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, Field, FragmentDefinition, Selection, SelectionSet,
};
use async_graphql::{Name, Positioned, Variables};

use super::condition::is_included;

/// Joins the fields of the operation's root that share a response key, those of fragments among them, as
/// <https://spec.graphql.org/September2025/#CollectFields()> has it. Otherwise a mutation that is written
/// twice would write twice, and two reads of one list would be mixed.
///
/// Validation has seen to it that such fields have the same name and arguments. Those that stand beside one
/// another without conditions were joined when the document was read.
pub fn join_fields(document: &mut ExecutableDocument, variables: &Variables) {
    let definition = match &mut document.operations {
        DocumentOperations::Single(single) => Some(single),
        DocumentOperations::Multiple(named) => named.values_mut().next(),
    };
    let Some(root) = definition.map(|definition| &mut definition.node.selection_set.node) else { return };
    let is_alone = root.items.len() < 2;
    if root.items.iter().all(|item| is_field(&item.node, is_alone)) {
        return;
    }
    let mut collection = Collection { fragments: &document.fragments, variables, fields: IndexMap::new() };
    collection.add(root);
    let fields = collection.fields.into_values();
    root.items = fields.map(|field| Positioned::new(Selection::Field(field.clone()), field.pos)).collect();
}

/// Whether it is a field, and one without directives unless these are allowed.
fn is_field(selection: &Selection, with_directives: bool) -> bool {
    matches!(selection, Selection::Field(field) if with_directives || field.node.directives.is_empty())
}

struct Collection<'a> {
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    variables: &'a Variables,
    fields: IndexMap<Name, Positioned<Field>>,
}

impl Collection<'_> {
    /// Adds the fields of a selection on the root. Its type implements no interface, so every fragment
    /// applies.
    fn add(&mut self, selections: &SelectionSet) {
        for selection in &selections.items {
            match &selection.node {
                Selection::Field(field) if is_included(&field.node.directives, self.variables) => {
                    self.join(field)
                }
                Selection::InlineFragment(inline) if is_included(&inline.node.directives, self.variables) => {
                    self.add(&inline.node.selection_set.node);
                }
                Selection::FragmentSpread(spread) if is_included(&spread.node.directives, self.variables) => {
                    if let Some(fragment) = self.fragments.get(&spread.node.fragment_name.node) {
                        self.add(&fragment.node.selection_set.node);
                    }
                }
                _ => {}
            }
        }
    }

    fn join(&mut self, field: &Positioned<Field>) {
        match self.fields.entry(field.node.response_key().node.clone()) {
            Entry::Vacant(entry) => {
                entry.insert(field.clone());
            }
            Entry::Occupied(mut entry) => {
                let more = field.node.selection_set.node.items.iter().cloned();
                entry.get_mut().node.selection_set.node.items.extend(more);
            }
        }
    }
}
