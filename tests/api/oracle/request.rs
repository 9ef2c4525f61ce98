//! A request for a connection: its document and its variables.

use std::fmt;

use proptest::{option, prelude::*, sample::select};
use serde_json::{Map, Value, json};

use super::{
    data::Side,
    filter::{OfEdge, OfNode, Where},
    order::{Position, SortKey, orders},
    wheres::{by_edges, on_edges, on_nodes},
};

/// What a connection is asked for, apart from where a page begins.
#[derive(Clone)]
pub struct Request {
    pub connection: Connection,
    pub filter: Option<Filter>,
    pub order_by: Option<Vec<SortKey>>,
    pub size: usize,
    pub selection: Selection,
}

/// Connections of the root, and those below all nodes of the other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connection {
    Root(Side),
    Below(Side),
}

#[derive(Clone, Debug)]
pub enum Filter {
    Nodes(Where<OfNode>),
    Edges(Where<OfEdge>),
}

/// How much of a connection is selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selection {
    /// Every field of every edge and node, and the counts.
    Everything,
    /// The edges without their fields, and below nodes without their nodes.
    Edges,
    /// The nodes without their edges.
    Nodes,
}

/// A row that bounds a page: the cursor that the server gave it, and its position by the model.
#[derive(Clone, Debug)]
pub struct Bound {
    pub cursor: String,
    pub position: Position,
}

/// The page that is asked for.
#[derive(Clone, Debug)]
pub struct Page {
    pub backward: bool,
    pub after: Option<Bound>,
    pub before: Option<Bound>,
}

impl Page {
    /// The page at the end at which a walk begins, or the next one beyond a row.
    pub fn next(backward: bool, beyond: Option<Bound>) -> Self {
        match backward {
            false => Page { backward, after: beyond, before: None },
            true => Page { backward, after: None, before: beyond },
        }
    }
}

impl Connection {
    /// The side of its nodes.
    pub fn far(self) -> Side {
        match self {
            Connection::Root(side) => side,
            Connection::Below(near) => near.other(),
        }
    }

    pub fn is_below(self) -> bool {
        matches!(self, Connection::Below(_))
    }
}

impl Request {
    pub fn order(&self) -> &[SortKey] {
        self.order_by.as_deref().unwrap_or_default()
    }

    pub fn document(&self) -> String {
        let far = self.connection.far();
        let connection = format!(
            "{}(first: $first, after: $after, last: $last, before: $before, where: $where, orderBy: $orderBy) \
             {{ {} }}",
            far.plural(),
            self.fields()
        );
        let (inputs, root) = match self.connection {
            Connection::Root(_) => (far.name().to_owned(), connection),
            Connection::Below(near) => {
                let root = format!("{}(first: 100) {{ nodes {{ id {connection} }} }}", near.plural());
                (format!("{}{}", near.name(), far.name()), root)
            }
        };
        format!(
            "query ($first: Int, $after: String, $last: Int, $before: String, $where: {inputs}Where, \
             $orderBy: [{inputs}Order!]) {{ {root} }}"
        )
    }

    fn fields(&self) -> String {
        let is_below = self.connection.is_below();
        let phone_number = if self.connection.far() == Side::Customer { "phoneNumber" } else { "" };
        let node = format!("id name {phone_number} version createdAt updatedAt");
        let selected = match (self.selection, is_below) {
            (Selection::Everything, true) => format!(
                "edges {{ cursor id status version createdAt updatedAt node {{ {node} }} }} totalCount \
                 statusCounts {{ status count }}"
            ),
            (Selection::Everything, false) => format!("edges {{ cursor node {{ {node} }} }} totalCount"),
            (Selection::Edges, true) => "edges { cursor id }".to_owned(),
            (Selection::Edges, false) => "edges { cursor node { id } }".to_owned(),
            (Selection::Nodes, _) => "nodes { id }".to_owned(),
        };
        format!("{selected} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}")
    }

    pub fn variables(&self, page: &Page) -> Value {
        let mut variables = self.listing();
        let size = if page.backward { "last" } else { "first" };
        variables.insert(size.to_owned(), json!(self.size));
        for (name, bound) in [("after", &page.after), ("before", &page.before)] {
            variables.extend(bound.as_ref().map(|bound| (name.to_owned(), json!(bound.cursor))));
        }
        Value::Object(variables)
    }

    fn listing(&self) -> Map<String, Value> {
        let far = self.connection.far();
        let mut variables = Map::new();
        variables.extend(self.filter.as_ref().map(|filter| ("where".to_owned(), filter.json(far))));
        variables.extend(self.order_by.as_ref().map(|keys| {
            let items: Vec<Value> = keys.iter().map(|key| key.json(self.connection.is_below())).collect();
            ("orderBy".to_owned(), json!(items))
        }));
        variables
    }
}

impl Filter {
    fn json(&self, far: Side) -> Value {
        match self {
            Filter::Nodes(filter) => filter.json(far),
            Filter::Edges(filter) => filter.json(far),
        }
    }
}

/// As it can be sent by hand.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} with {}", self.document(), self.size, Value::Object(self.listing()))
    }
}

pub fn requests() -> impl Strategy<Value = Request> {
    use Connection::{Below, Root};
    prop_oneof![
        requests_for(Root(Side::Customer)),
        requests_for(Root(Side::Profile)),
        requests_for(Below(Side::Customer)),
        requests_for(Below(Side::Profile)),
    ]
}

/// Requests for nodes by their edges, a part of them at a time.
pub fn requests_by_edges() -> impl Strategy<Value = Request> {
    let of = |side| {
        let filter = by_edges(side).prop_map(Filter::Nodes);
        (requests_for(Connection::Root(side)), filter, 10..=30_usize)
    };
    prop_oneof![of(Side::Customer), of(Side::Profile)].prop_map(|(request, filter, size)| Request {
        filter: Some(filter),
        size,
        ..request
    })
}

fn requests_for(connection: Connection) -> impl Strategy<Value = Request> {
    let far = connection.far();
    let filters = match connection {
        Connection::Root(_) => prop_oneof![3 => on_nodes(far).boxed(), 1 => by_edges(far).boxed()]
            .prop_map(Filter::Nodes)
            .boxed(),
        Connection::Below(_) => on_edges(far).prop_map(Filter::Edges).boxed(),
    };
    let orders = option::weighted(0.8, orders(connection.is_below()));
    let selections = select(vec![Selection::Everything, Selection::Edges, Selection::Nodes]);
    (option::weighted(0.8, filters), orders, 0..=7_usize, selections).prop_map(
        move |(filter, order_by, size, selection)| Request { connection, filter, order_by, size, selection },
    )
}
