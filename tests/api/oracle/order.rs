//! The `orderBy` of a request, and the positions that rows have in it.

use std::cmp::Reverse;

use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Value, json};

use super::{
    data::{Link, Node},
    moment::{Moment, Times},
};

/// An item of an `orderBy`.
#[derive(Clone, Copy, Debug)]
pub struct SortKey {
    column: Column,
    descending: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Node(Field),
    Edge(Field),
}

/// A field to sort by; its text is the name of a node or the status of an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Text,
    CreatedAt,
    UpdatedAt,
}

/// Where a row stands among the others: positions compare as rows are ordered.
pub type Position = Vec<Rank>;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    Ascending(Sorted),
    Descending(Reverse<Sorted>),
}

/// What rows are ordered by. Moments that are the same are told apart by how they are stored.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sorted {
    Text(Vec<char>),
    Moment((usize, u32), Vec<char>),
    Key(i64),
}

impl SortKey {
    /// The item, of a connection below a node or of one of the root.
    pub fn json(self, is_below: bool) -> Value {
        let direction = if self.descending { "DESC" } else { "ASC" };
        let of_node = |field: Field| json!({ field.name("name"): direction });
        match self.column {
            Column::Edge(field) => json!({ field.name("status"): direction }),
            Column::Node(field) if is_below => json!({ "node": of_node(field) }),
            Column::Node(field) => of_node(field),
        }
    }

    fn rank(self, sorted: Sorted) -> Rank {
        if self.descending { Rank::Descending(Reverse(sorted)) } else { Rank::Ascending(sorted) }
    }

    fn sorted(self, node: &Node, link: Option<&Link>) -> Sorted {
        match self.column {
            Column::Node(field) => field.sorted(&node.fields.name, node.fields.times),
            Column::Edge(field) => {
                let fields = &link.unwrap().fields;
                field.sorted(&fields.status, fields.times)
            }
        }
    }
}

impl Field {
    fn name(self, text: &'static str) -> &'static str {
        match self {
            Field::Text => text,
            Field::CreatedAt => "createdAt",
            Field::UpdatedAt => "updatedAt",
        }
    }

    fn sorted(self, text: &str, times: Times) -> Sorted {
        let moment = |moment: Moment| Sorted::Moment(moment.instant(), moment.stored().chars().collect());
        match self {
            Field::Text => Sorted::Text(text.chars().collect()),
            Field::CreatedAt => moment(times.created_at),
            Field::UpdatedAt => moment(times.updated_at),
        }
    }
}

/// The position of a node, or of a link to it. Its key comes last, in the direction of what comes before.
pub fn position(order: &[SortKey], node: &Node, link: Option<&Link>) -> Position {
    let mut position = Position::new();
    let mut last = None::<SortKey>;
    for (index, key) in order.iter().enumerate() {
        if order[..index].iter().all(|earlier| earlier.column != key.column) {
            position.push(key.rank(key.sorted(node, link)));
            last = Some(*key);
        }
    }
    let key = Sorted::Key(node.key);
    position.push(last.map_or(Rank::Ascending(key.clone()), |last| last.rank(key)));
    position
}

/// Up to three keys, of a connection below a node or of one of the root.
pub fn orders(is_below: bool) -> impl Strategy<Value = Vec<SortKey>> {
    let fields = [Field::Text, Field::CreatedAt, Field::UpdatedAt];
    let mut columns: Vec<Column> = fields.map(Column::Node).into();
    if is_below {
        columns.extend(fields.map(Column::Edge));
    }
    let keys =
        (select(columns), any::<bool>()).prop_map(|(column, descending)| SortKey { column, descending });
    vec(keys, 0..=3)
}
