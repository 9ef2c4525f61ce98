//! The `where` of a request: as it is sent, and whether a row meets it.

use std::{collections::HashSet, fmt::Debug};

use serde_json::{Value, json};

use super::{
    comparison::Comparisons,
    data::{Data, Link, Node, Side},
    moment::MomentFilter,
    text::TextFilter,
};

/// `{ name: …, not: … }`: every term is met.
#[derive(Clone, Debug)]
pub struct Where<C>(Vec<Term<C>>);

#[derive(Clone, Debug)]
pub enum Term<C> {
    Is(C),
    And(Vec<Where<C>>),
    Or(Vec<Where<C>>),
    Not(Box<Where<C>>),
}

/// A condition on a row's own fields or on what it leads to.
pub trait Condition: Clone + Debug + 'static {
    type Row<'a>: Copy;

    /// Its name and its value where rows are, or lead to, nodes of this side.
    fn member(&self, side: Side) -> (&'static str, Value);

    fn is_met(&self, row: Self::Row<'_>) -> bool;
}

impl<C: Condition> Where<C> {
    /// Of terms of one name the first counts, as an input object has each field once.
    pub fn of(mut terms: Vec<Term<C>>) -> Self {
        let mut names = HashSet::new();
        terms.retain(|term| names.insert(term.member(Side::Customer).0));
        Where(terms)
    }

    pub fn json(&self, side: Side) -> Value {
        let named = |(name, value): (&str, Value)| (name.to_owned(), value);
        Value::Object(self.0.iter().map(|term| named(term.member(side))).collect())
    }

    pub fn is_met(&self, row: C::Row<'_>) -> bool {
        self.0.iter().all(|term| term.is_met(row))
    }
}

impl<C: Condition> Term<C> {
    fn member(&self, side: Side) -> (&'static str, Value) {
        let list = |wheres: &[Where<C>]| wheres.iter().map(|one| one.json(side)).collect();
        match self {
            Term::Is(condition) => condition.member(side),
            Term::And(wheres) => ("and", list(wheres)),
            Term::Or(wheres) => ("or", list(wheres)),
            Term::Not(negated) => ("not", negated.json(side)),
        }
    }

    fn is_met(&self, row: C::Row<'_>) -> bool {
        match self {
            Term::Is(condition) => condition.is_met(row),
            Term::And(wheres) => wheres.iter().all(|one| one.is_met(row)),
            Term::Or(wheres) => wheres.iter().any(|one| one.is_met(row)),
            Term::Not(negated) => !negated.is_met(row),
        }
    }
}

/// A condition of a `CustomerWhere` or a `ProfileWhere`.
#[derive(Clone, Debug)]
pub enum OfNode {
    Id(Keys),
    Name(TextFilter),
    PhoneNumber(TextFilter),
    CreatedAt(MomentFilter),
    UpdatedAt(MomentFilter),
    Edges(Vec<Edges>),
}

/// An `IdFilter`.
#[derive(Clone, Debug)]
pub enum Keys {
    Eq(i64),
    In(Vec<i64>),
    Both(i64, Vec<i64>),
}

/// A part of a `CustomerProfilesFilter` or a `ProfileCustomersFilter`.
#[derive(Clone, Debug)]
pub enum Edges {
    Some(Where<OfEdge>),
    Every(Where<OfEdge>),
    None(Where<OfEdge>),
    Count(Comparisons<i32>),
}

/// A condition of a `CustomerProfileWhere` or a `ProfileCustomerWhere`.
#[derive(Clone, Debug)]
pub enum OfEdge {
    Status(TextFilter),
    CreatedAt(MomentFilter),
    UpdatedAt(MomentFilter),
    Node(Where<OfNode>),
}

#[derive(Clone, Copy)]
pub struct NodeRow<'a> {
    pub data: &'a Data,
    pub side: Side,
    pub node: &'a Node,
}

/// A link, seen from the side that is not `far`.
#[derive(Clone, Copy)]
pub struct EdgeRow<'a> {
    pub data: &'a Data,
    pub far: Side,
    pub link: &'a Link,
}

impl Condition for OfNode {
    type Row<'a> = NodeRow<'a>;

    fn member(&self, side: Side) -> (&'static str, Value) {
        match self {
            OfNode::Id(keys) => ("id", keys.json(side)),
            OfNode::Name(filter) => ("name", filter.json()),
            OfNode::PhoneNumber(filter) => ("phoneNumber", filter.json()),
            OfNode::CreatedAt(filter) => ("createdAt", filter.json()),
            OfNode::UpdatedAt(filter) => ("updatedAt", filter.json()),
            OfNode::Edges(parts) => {
                let far = side.other();
                (far.plural(), Value::Object(parts.iter().map(|part| part.member(far)).collect()))
            }
        }
    }

    fn is_met(&self, row: NodeRow<'_>) -> bool {
        let fields = &row.node.fields;
        match self {
            OfNode::Id(keys) => keys.have(row.node.key),
            OfNode::Name(filter) => filter.is_met(Some(&fields.name)),
            OfNode::PhoneNumber(filter) => filter.is_met(fields.phone_number.as_deref()),
            OfNode::CreatedAt(filter) => filter.is_met(fields.times.created_at),
            OfNode::UpdatedAt(filter) => filter.is_met(fields.times.updated_at),
            OfNode::Edges(parts) => parts.iter().all(|part| part.is_met(row)),
        }
    }
}

impl Keys {
    fn json(&self, side: Side) -> Value {
        let ids = |keys: &[i64]| keys.iter().map(|key| side.id(*key)).collect::<Vec<_>>();
        match self {
            Keys::Eq(key) => json!({ "eq": side.id(*key) }),
            Keys::In(keys) => json!({ "in": ids(keys) }),
            Keys::Both(key, keys) => json!({ "eq": side.id(*key), "in": ids(keys) }),
        }
    }

    fn have(&self, key: i64) -> bool {
        match self {
            Keys::Eq(one) => key == *one,
            Keys::In(keys) => keys.contains(&key),
            Keys::Both(one, keys) => key == *one && keys.contains(&key),
        }
    }
}

impl Edges {
    pub fn name(&self) -> &'static str {
        match self {
            Edges::Some(_) => "some",
            Edges::Every(_) => "every",
            Edges::None(_) => "none",
            Edges::Count(_) => "count",
        }
    }

    fn member(&self, far: Side) -> (String, Value) {
        let value = match self {
            Edges::Some(filter) | Edges::Every(filter) | Edges::None(filter) => filter.json(far),
            Edges::Count(comparisons) => comparisons.json(|number| json!(number)),
        };
        (self.name().to_owned(), value)
    }

    fn is_met(&self, NodeRow { data, side, node }: NodeRow<'_>) -> bool {
        let mut edges = data.links_of(side, node.key).map(|link| EdgeRow { data, far: side.other(), link });
        match self {
            Edges::Some(filter) => edges.any(|edge| filter.is_met(edge)),
            Edges::Every(filter) => edges.all(|edge| filter.is_met(edge)),
            Edges::None(filter) => !edges.any(|edge| filter.is_met(edge)),
            Edges::Count(comparisons) => {
                let number = edges.count() as i32;
                comparisons.are_met(|other| number.cmp(other))
            }
        }
    }
}

impl Condition for OfEdge {
    type Row<'a> = EdgeRow<'a>;

    fn member(&self, far: Side) -> (&'static str, Value) {
        match self {
            OfEdge::Status(filter) => ("status", filter.json()),
            OfEdge::CreatedAt(filter) => ("createdAt", filter.json()),
            OfEdge::UpdatedAt(filter) => ("updatedAt", filter.json()),
            OfEdge::Node(filter) => ("node", filter.json(far)),
        }
    }

    fn is_met(&self, EdgeRow { data, far, link }: EdgeRow<'_>) -> bool {
        match self {
            OfEdge::Status(filter) => filter.is_met(Some(&link.fields.status)),
            OfEdge::CreatedAt(filter) => filter.is_met(link.fields.times.created_at),
            OfEdge::UpdatedAt(filter) => filter.is_met(link.fields.times.updated_at),
            OfEdge::Node(filter) => filter.is_met(NodeRow { data, side: far, node: data.end(link, far) }),
        }
    }
}
