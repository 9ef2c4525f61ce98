//! What the server has to answer, told from the rows alone.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{
    data::{Data, Link, Node, Side},
    filter::{EdgeRow, NodeRow},
    moment::Times,
    order::{Position, position},
    request::{Connection, Filter, Page, Request, Selection},
};

/// A row of a connection.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    pub node: &'a Node,
    pub link: Option<&'a Link>,
}

/// A page, and whether there are more rows in the direction in which it was taken.
pub struct Expected<'a> {
    pub rows: Vec<(Position, Row<'a>)>,
    pub more: bool,
}

/// The keys of the nodes that have a connection of their own; the root has one.
pub fn near_keys(data: &Data, connection: Connection) -> Vec<Option<i64>> {
    match connection {
        Connection::Root(_) => vec![None],
        Connection::Below(near) => {
            let mut keys: Vec<_> = data.nodes(near).iter().map(|node| Some(node.key)).collect();
            keys.sort();
            keys
        }
    }
}

/// All rows of a connection that meet the filter, in order.
pub fn rows<'a>(data: &'a Data, request: &Request, near: Option<i64>) -> Vec<(Position, Row<'a>)> {
    let side = request.connection.far();
    let linked = |link: &'a Link| Row { node: data.end(link, side), link: Some(link) };
    let all: Vec<Row<'a>> = match near {
        None => data.nodes(side).iter().map(|node| Row { node, link: None }).collect(),
        Some(near) => data.links_of(side.other(), near).map(linked).collect(),
    };
    let is_met = |row: &Row<'a>| match (&request.filter, row.link) {
        (None, _) => true,
        (Some(Filter::Nodes(filter)), _) => filter.is_met(NodeRow { data, side, node: row.node }),
        (Some(Filter::Edges(filter)), Some(link)) => filter.is_met(EdgeRow { data, far: side, link }),
        (Some(Filter::Edges(_)), None) => unreachable!("the root has no edges with fields"),
    };
    let mut rows: Vec<_> = all
        .into_iter()
        .filter(is_met)
        .map(|row| (position(request.order(), row.node, row.link), row))
        .collect();
    rows.sort_by(|(one, _), (other, _)| one.cmp(other));
    rows
}

/// The page that is cut out of all rows.
pub fn page<'a>(rows: &[(Position, Row<'a>)], size: usize, page: &Page) -> Expected<'a> {
    let is_within = |position: &Position| {
        page.after.as_ref().is_none_or(|after| *position > after.position)
            && page.before.as_ref().is_none_or(|before| *position < before.position)
    };
    let mut rows: Vec<_> = rows.iter().filter(|(position, _)| is_within(position)).cloned().collect();
    let more = rows.len() > size;
    if more && page.backward {
        rows.drain(..rows.len() - size);
    }
    rows.truncate(size);
    Expected { rows, more }
}

/// The answer to a request for a page of these rows, without cursors.
pub fn answer(request: &Request, all: &[(Position, Row<'_>)], expected: &Expected<'_>, page: &Page) -> Value {
    let far = request.connection.far();
    let rows = || expected.rows.iter().map(|(_, row)| row);
    let (next, previous) = match page.backward {
        false => (expected.more, page.after.is_some()),
        true => (page.before.is_some(), expected.more),
    };
    let mut answer = Map::new();
    let mut add = |name: &str, value: Value| answer.insert(name.to_owned(), value);
    add("pageInfo", json!({ "hasNextPage": next, "hasPreviousPage": previous }));
    match request.selection {
        Selection::Nodes => add("nodes", rows().map(|row| json!({ "id": far.id(row.node.key) })).collect()),
        Selection::Edges => add("edges", rows().map(|row| bare_edge(far, row)).collect()),
        Selection::Everything => {
            add("totalCount", json!(all.len()));
            if request.connection.is_below() {
                add("statusCounts", status_counts(all));
            }
            add("edges", rows().map(|row| edge(far, row)).collect())
        }
    };
    Value::Object(answer)
}

fn bare_edge(far: Side, row: &Row<'_>) -> Value {
    match row.link {
        None => json!({ "node": { "id": far.id(row.node.key) } }),
        Some(link) => json!({ "id": edge_id(far, link) }),
    }
}

fn edge(far: Side, row: &Row<'_>) -> Value {
    let fields = &row.node.fields;
    let mut node = with_times(fields.times);
    node.insert("id".to_owned(), json!(far.id(row.node.key)));
    node.insert("name".to_owned(), json!(fields.name));
    if far == Side::Customer {
        node.insert("phoneNumber".to_owned(), json!(fields.phone_number));
    }
    let Some(link) = row.link else { return json!({ "node": node }) };
    let mut edge = with_times(link.fields.times);
    edge.insert("id".to_owned(), json!(edge_id(far, link)));
    edge.insert("status".to_owned(), json!(link.fields.status));
    edge.insert("node".to_owned(), json!(node));
    Value::Object(edge)
}

fn with_times(times: Times) -> Map<String, Value> {
    let fields = [
        ("version", json!(1)),
        ("createdAt", json!(times.created_at.answered())),
        ("updatedAt", json!(times.updated_at.answered())),
    ];
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn edge_id(far: Side, link: &Link) -> String {
    let near = far.other();
    format!("{}{}Edge:{}:{}", near.name(), far.name(), link.end(near), link.end(far))
}

fn status_counts(rows: &[(Position, Row<'_>)]) -> Value {
    let mut counts = BTreeMap::<Vec<char>, u32>::new();
    for link in rows.iter().filter_map(|(_, row)| row.link) {
        *counts.entry(link.fields.status.chars().collect()).or_default() += 1;
    }
    let count = |(status, count): (Vec<char>, u32)| json!({ "status": status.into_iter().collect::<String>(), "count": count });
    counts.into_iter().map(count).collect()
}
