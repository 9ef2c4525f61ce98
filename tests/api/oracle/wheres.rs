//! Random filters: every operator, with subqueries in either direction two levels deep.

use proptest::{
    collection::vec,
    option,
    prelude::*,
    sample::subsequence,
    strategy::{Just, Union},
};
use serde_json::Value;

use super::{
    comparison::Comparisons,
    data::Side,
    few,
    filter::{Condition, Edges, Keys, OfEdge, OfNode, Term, Where},
    moment::moment_filters,
    text::{TextFilter, USUAL, nullable_text_filters, text_filters},
};

/// How many subqueries, or lists of alternatives, stand in one another.
const DEPTH: usize = 2;

/// More members than this may be more conditions than the server takes.
const MAX_MEMBERS: usize = 150;

/// Filters on nodes of that side.
pub fn on_nodes(side: Side) -> impl Strategy<Value = Where<OfNode>> {
    of_a_size(nodes(side, DEPTH), side)
}

/// Filters on edges to nodes of that side.
pub fn on_edges(far: Side) -> impl Strategy<Value = Where<OfEdge>> {
    of_a_size(edges(far, DEPTH), far)
}

/// Filters on nodes of that side by edges to nodes of some names, or of some keys, alone or with others.
pub fn by_edges(side: Side) -> impl Strategy<Value = Where<OfNode>> {
    let names = subsequence(&USUAL[..], 1..=USUAL.len()).prop_map(TextFilter::naming).prop_map(OfNode::Name);
    let named = prop_oneof![4 => names, 1 => keys().prop_map(OfNode::Id)];
    let status = option::weighted(0.3, text_filters().prop_map(|status| Term::Is(OfEdge::Status(status))));
    let edges = (named, status).prop_map(|(named, status)| {
        let node = Term::Is(OfEdge::Node(Where::of(vec![Term::Is(named)])));
        Term::Is(OfNode::Edges(vec![Edges::Some(Where::of(status.into_iter().chain([node]).collect()))]))
    });
    let other = prop_oneof![3 => Just(Where::of(vec![])), 1 => nodes(side, 0)];
    (edges, other, any::<bool>()).prop_map(|(edges, other, joined)| match joined {
        false => Where::of(vec![edges, Term::And(vec![other])]),
        true => Where::of(vec![Term::And(vec![other, Where::of(vec![edges])])]),
    })
}

fn of_a_size<C: Condition>(wheres: BoxedStrategy<Where<C>>, side: Side) -> impl Strategy<Value = Where<C>> {
    wheres.prop_filter("too many conditions", move |one| members(&one.json(side)) <= MAX_MEMBERS)
}

fn members(value: &Value) -> usize {
    match value {
        Value::Object(object) => object.values().map(|value| 1 + members(value)).sum(),
        Value::Array(items) => items.iter().map(|item| 1 + members(item)).sum(),
        _ => 0,
    }
}

fn nodes(side: Side, depth: usize) -> BoxedStrategy<Where<OfNode>> {
    let mut conditions = vec![
        (2, keys().prop_map(OfNode::Id).boxed()),
        (5, text_filters().prop_map(OfNode::Name).boxed()),
        (2, moment_filters().prop_map(OfNode::CreatedAt).boxed()),
        (2, moment_filters().prop_map(OfNode::UpdatedAt).boxed()),
    ];
    if side == Side::Customer {
        conditions.push((4, nullable_text_filters().prop_map(OfNode::PhoneNumber).boxed()));
    }
    if depth == 0 {
        return joined(conditions, None);
    }
    let parts = few(quantified(side.other(), depth - 1).boxed()).prop_map(|mut parts| {
        parts.dedup_by_key(|part| part.name());
        OfNode::Edges(parts)
    });
    conditions.push((8, parts.boxed()));
    joined(conditions, Some(nodes(side, depth - 1)))
}

fn edges(far: Side, depth: usize) -> BoxedStrategy<Where<OfEdge>> {
    let conditions = vec![
        (4, text_filters().prop_map(OfEdge::Status).boxed()),
        (2, moment_filters().prop_map(OfEdge::CreatedAt).boxed()),
        (2, moment_filters().prop_map(OfEdge::UpdatedAt).boxed()),
        (5, nodes(far, depth).prop_map(OfEdge::Node).boxed()),
    ];
    joined(conditions, depth.checked_sub(1).map(|depth| edges(far, depth)))
}

fn quantified(far: Side, depth: usize) -> impl Strategy<Value = Edges> {
    let edges = edges(far, depth);
    let numbers = prop_oneof![20 => 0..=5, 1 => Just(-1), 1 => Just(i32::MAX)];
    prop_oneof![
        edges.clone().prop_map(Edges::Some),
        edges.clone().prop_map(Edges::Every),
        edges.prop_map(Edges::None),
        Comparisons::of(numbers).prop_map(Edges::Count),
    ]
}

/// Up to two of these conditions, or of what `and`, `or` and `not` make of the filters below.
fn joined<C: Condition>(
    conditions: Vec<(u32, BoxedStrategy<C>)>,
    below: Option<BoxedStrategy<Where<C>>>,
) -> BoxedStrategy<Where<C>> {
    let conditions = Union::new_weighted(conditions).prop_map(Term::Is);
    let terms = match below {
        None => conditions.boxed(),
        Some(below) => prop_oneof![
            10 => conditions,
            1 => vec(below.clone(), 0..=3).prop_map(Term::And),
            4 => vec(below.clone(), 0..=3).prop_map(Term::Or),
            3 => below.prop_map(|negated| Term::Not(Box::new(negated))),
        ]
        .boxed(),
    };
    few(terms).prop_map(Where::of).boxed()
}

/// IDs of rows that are likely to exist, and others.
fn keys() -> impl Strategy<Value = Keys> {
    let key = || prop_oneof![10 => (1..=10_i64).prop_map(|number| number * number), 1 => 1..=i64::MAX];
    prop_oneof![
        1 => key().prop_map(Keys::Eq),
        3 => vec(key(), 0..=6).prop_map(Keys::In),
        1 => (key(), vec(key(), 0..=6)).prop_map(|(key, keys)| Keys::Both(key, keys)),
    ]
}
