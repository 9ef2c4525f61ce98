//! Selections that are written more than once, each kept once: async-graphql would resolve a field as often
//! as it is written, and all that is selected below it.

use std::collections::{HashMap, HashSet, hash_map::Entry};
use std::mem;

use async_graphql::parser::types::{Selection, SelectionSet};

/// Joins the fields of one selection set that share a response key, and leaves out fragments that are
/// spread again, as <https://spec.graphql.org/September2025/#CollectFields()> has it; those with directives,
/// which may come to nothing, are left alone.
///
/// Validation has seen to it that such fields have the same name and arguments.
pub fn repeated(set: &mut SelectionSet) {
    let (mut fields, mut spreads) = (HashMap::new(), HashSet::new());
    let mut once = Vec::with_capacity(set.items.len());
    for item in mem::take(&mut set.items) {
        match &item.node {
            Selection::Field(field) if field.node.directives.is_empty() => {
                match fields.entry(field.node.response_key().node.clone()) {
                    Entry::Vacant(entry) => {
                        entry.insert(once.len());
                        once.push(item);
                    }
                    Entry::Occupied(entry) => add(&mut once[*entry.get()].node, item.node),
                }
            }
            Selection::FragmentSpread(spread) if spread.node.directives.is_empty() => {
                if spreads.insert(spread.node.fragment_name.node.clone()) {
                    once.push(item);
                }
            }
            _ => once.push(item),
        }
    }
    for item in &mut once {
        match &mut item.node {
            Selection::Field(field) => repeated(&mut field.node.selection_set.node),
            Selection::InlineFragment(inline) => repeated(&mut inline.node.selection_set.node),
            Selection::FragmentSpread(_) => {}
        }
    }
    set.items = once;
}

fn add(field: &mut Selection, again: Selection) {
    if let (Selection::Field(field), Selection::Field(again)) = (field, again) {
        field.node.selection_set.node.items.extend(again.node.selection_set.node.items);
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::{parse_query, types::DocumentOperations};

    use super::*;

    fn joined(query: &str) -> String {
        let DocumentOperations::Single(mut operation) = parse_query(query).unwrap().operations else {
            panic!("{query} is not one operation");
        };
        repeated(&mut operation.node.selection_set.node);
        written(&operation.node.selection_set.node)
    }

    fn written(set: &SelectionSet) -> String {
        let items = set.items.iter().map(|item| match &item.node {
            Selection::Field(field) => {
                format!("{}{}", field.node.response_key(), written(&field.node.selection_set.node))
            }
            Selection::InlineFragment(inline) => format!("...{}", written(&inline.node.selection_set.node)),
            Selection::FragmentSpread(spread) => format!("...{}", spread.node.fragment_name),
        });
        let items: Vec<_> = items.collect();
        if items.is_empty() { String::new() } else { format!("{{{}}}", items.join(" ")) }
    }

    #[test]
    fn what_is_written_again_is_joined_where_it_stood_first() {
        assert_eq!(joined("{ a { b c } d a { e b } }"), "{a{b c e} d}");
        assert_eq!(joined("{ a { b { c } } a { b { d } } a { b { c } } }"), "{a{b{c d}}}");
        assert_eq!(joined("{ x: a x: a a }"), "{x a}");
        assert_eq!(joined("{ ...F a ...F ... on A { b b } ...F }"), "{...F a ...{b}}");
    }

    #[test]
    fn what_may_come_to_nothing_is_left_alone() {
        assert_eq!(joined("{ a @skip(if: $x) a a @include(if: $y) a }"), "{a a a}");
        assert_eq!(joined("{ ...F @skip(if: $x) ...F ...F }"), "{...F ...F}");
    }
}
