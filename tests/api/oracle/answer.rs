//! One request sent to the server, and its answer held against the model's.

use proptest::test_runner::TestCaseError;
use serde_json::{Value, json};

use super::{
    data::Data,
    model::{self, Expected},
    order::Position,
    request::{Bound, Connection, Page, Request},
};
use crate::app::TestApp;

/// A page that was found to be right.
pub struct Answered {
    /// Whose connection it is a page of; the root's has no owner.
    pub near: Option<i64>,
    /// The keys of its nodes.
    pub keys: Vec<i64>,
    /// Its rows, or the first and the last one where no other cursors were selected.
    pub bounds: Vec<Bound>,
    /// Whether there are more rows in the direction in which it was taken.
    pub more: bool,
}

impl Answered {
    /// The row beyond which the next page lies.
    pub fn end(&self, backward: bool) -> Option<Bound> {
        if backward { self.bounds.first().cloned() } else { self.bounds.last().cloned() }
    }
}

/// Sends the request and compares the pages of all its connections.
pub async fn ask(
    app: &TestApp,
    data: &Data,
    request: &Request,
    page: &Page,
) -> Result<Vec<Answered>, TestCaseError> {
    let variables = request.variables(page);
    let failed = |why: String| TestCaseError::fail(format!("{why}\nwith the variables {variables:#}"));
    let mut answer = app.graphql(&request.document(), variables.clone()).await;
    let connections = connections(request.connection, &mut answer)
        .ok_or_else(|| failed(format!("no connections in {answer:#}")))?;

    let near_keys = model::near_keys(data, request.connection);
    let owners: Vec<_> = connections.iter().map(|(owner, _)| owner.clone()).collect();
    let expected_owners: Vec<_> = near_keys.iter().map(|key| owner(request.connection, *key)).collect();
    if owners != expected_owners {
        return Err(failed(format!("owners {owners:?} instead of {expected_owners:?}")));
    }
    let mut pages = Vec::new();
    for (near, (_, connection)) in near_keys.into_iter().zip(connections) {
        let rows = model::rows(data, request, near);
        let expected = model::page(&rows, request.size, page);
        let mut bare = connection.clone();
        let cursors = take_cursors(&mut bare);
        let right = model::answer(request, &rows, &expected, page);
        if bare != right {
            return Err(failed(format!("of {near:?} there came {bare:#}\ninstead of {right:#}")));
        }
        let bounds = cursors
            .and_then(|cursors| bounds(cursors, &expected))
            .ok_or_else(|| failed(format!("of {near:?} cursors do not fit in {connection:#}")))?;
        let keys = expected.rows.iter().map(|(_, row)| row.node.key).collect();
        pages.push(Answered { near, keys, bounds, more: expected.more });
    }
    Ok(pages)
}

fn owner(connection: Connection, key: Option<i64>) -> Value {
    key.map_or(Value::Null, |key| json!(connection.far().other().id(key)))
}

/// The ID of each connection's owner, and the connection.
fn connections(connection: Connection, answer: &mut Value) -> Option<Vec<(Value, Value)>> {
    let data = answer.get_mut("data")?;
    match connection {
        Connection::Root(side) => Some(vec![(Value::Null, data.get_mut(side.plural())?.take())]),
        Connection::Below(near) => {
            let owners = data.get_mut(near.plural())?.get_mut("nodes")?.as_array_mut()?;
            let far = connection.far().plural();
            owners
                .iter_mut()
                .map(|owner| Some((owner.get("id")?.clone(), owner.get_mut(far)?.take())))
                .collect()
        }
    }
}

/// The cursors of a page as its `pageInfo` has them and, if they were selected, as its edges do.
struct Cursors {
    ends: Option<(String, String)>,
    edges: Option<Vec<String>>,
}

/// Takes the cursors out of a connection. None where one that was selected is missing.
fn take_cursors(connection: &mut Value) -> Option<Cursors> {
    let info = connection.get_mut("pageInfo")?.as_object_mut()?;
    let ends = match (info.remove("startCursor")?, info.remove("endCursor")?) {
        (Value::Null, Value::Null) => None,
        (Value::String(start), Value::String(end)) => Some((start, end)),
        _ => return None,
    };
    let Some(edges) = connection.get_mut("edges") else { return Some(Cursors { ends, edges: None }) };
    let cursor = |edge: &mut Value| match edge.as_object_mut()?.remove("cursor")? {
        Value::String(cursor) => Some(cursor),
        _ => None,
    };
    let edges = edges.as_array_mut()?.iter_mut().map(cursor).collect::<Option<_>>()?;
    Some(Cursors { ends, edges: Some(edges) })
}

/// The rows with their cursors. None where the ends of the page do not have those of its edges.
fn bounds(cursors: Cursors, expected: &Expected<'_>) -> Option<Vec<Bound>> {
    let positions: Vec<Position> = expected.rows.iter().map(|(position, _)| position.clone()).collect();
    let bound = |(cursor, position)| Bound { cursor, position };
    match (cursors.ends, cursors.edges) {
        (None, edges) => (positions.is_empty() && edges.unwrap_or_default().is_empty()).then(Vec::new),
        (Some((start, end)), Some(edges)) => {
            let fits = edges.first() == Some(&start) && edges.last() == Some(&end);
            fits.then(|| edges.into_iter().zip(positions).map(bound).collect())
        }
        (Some((start, end)), None) => {
            let (first, last) = (positions.first()?.clone(), positions.last()?.clone());
            Some(vec![bound((start, first)), bound((end, last))])
        }
    }
}
