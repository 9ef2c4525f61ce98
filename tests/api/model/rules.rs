//! The rules for what clients may write, and how each breach of one is told.

use serde_json::{Value, json};

use super::world::Side;

/// An error that the server has to tell.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    pub extensions: Value,
    /// A part of the message.
    pub says: String,
}

impl Fault {
    pub fn new(code: &str, place: Value) -> Self {
        Fault {
            extensions: json!({ "code": code, "field": place, "outcome": "ROLLED_BACK" }),
            says: String::new(),
        }
    }

    pub fn invalid(place: Value) -> Self {
        Fault::new("BAD_USER_INPUT", place)
    }

    pub fn not_found(side: Side, key: i64, place: Value) -> Self {
        Fault { says: side.id(key), ..Fault::new("NOT_FOUND", place) }
    }

    /// The same node as in an earlier item of its list.
    pub fn repeated(item: &Value, first: usize) -> Self {
        Fault { says: format!("item {first} "), ..Fault::invalid(at(item, "node")) }
    }
}

/// Those of the invisible characters that requests have at the ends of texts.
const INVISIBLE: [char; 4] = ['\u{ad}', '\u{200b}', '\u{2060}', '\u{feff}'];

pub type Checked<T> = Result<T, Vec<Fault>>;

/// Fails if there is a fault.
pub fn none(faults: Vec<Fault>) -> Checked<()> {
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

/// The place below another one.
pub fn at(place: &Value, segment: impl Into<Value>) -> Value {
    let mut place = place.clone();
    place.as_array_mut().unwrap().push(segment.into());
    place
}

/// The node at the far end of an edge to write.
#[derive(Clone, Debug, PartialEq)]
pub enum End {
    Key(i64),
    Created(String, Option<String>),
    Named(String),
}

/// An edge to write.
#[derive(Clone, Debug)]
pub struct NewEdge {
    pub place: Value,
    /// None where it is left out.
    pub status: Option<String>,
    pub end: End,
}

/// Reads an input whose shape the schema has made sure of, and gathers the faults of its values in the
/// order in which the schema lists its fields.
#[derive(Default)]
pub struct Reader {
    pub faults: Vec<Fault>,
}

impl Reader {
    /// 1 to `most` characters once trimmed, none of them a control character or a separator of lines.
    fn text(&mut self, text: &Value, most: usize, place: Value) -> String {
        let is_invisible = |one: char| one.is_whitespace() || INVISIBLE.contains(&one);
        let text = text.as_str().unwrap().trim_matches(is_invisible);
        let length = text.chars().count();
        let is_refused = |one: char| one.is_control() || ['\u{2028}', '\u{2029}'].contains(&one);
        if length == 0 || length > most || text.chars().any(is_refused) {
            self.faults.push(Fault::invalid(place));
        }
        text.to_owned()
    }

    pub fn name(&mut self, object: &Value, place: &Value) -> String {
        self.text(&object["name"], 255, at(place, "name"))
    }

    pub fn status(&mut self, object: &Value, place: &Value) -> Option<String> {
        Some(self.text(object.get("status")?, 255, at(place, "status")))
    }

    pub fn phone_number(&mut self, object: &Value, place: &Value) -> Option<String> {
        let number = object.get("phoneNumber").filter(|number| !number.is_null())?;
        Some(self.text(number, 64, at(place, "phoneNumber")))
    }

    /// The key in an ID that reads exactly as the server writes it.
    pub fn key(&mut self, side: Side, id: &Value, place: Value) -> i64 {
        let id = id.as_str().unwrap();
        let key = id.rsplit(':').next().and_then(|key| key.parse().ok()).unwrap_or(0);
        if key < 1 || side.id(key) != id {
            self.faults.push(Fault::invalid(place));
        }
        key
    }

    /// The edges of a list, none of which may lead to the same node as an earlier one.
    pub fn edges(&mut self, far: Side, list: Option<&Value>, place: &Value) -> Vec<NewEdge> {
        let items = list.map(|list| list.as_array().unwrap().as_slice()).unwrap_or_default();
        let mut edges: Vec<NewEdge> = Vec::new();
        let mut sound = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let place = at(place, index);
            let status = self.status(item, &place);
            let before = self.faults.len();
            let end = self.end(far, &item["node"], &at(&place, "node"));
            sound.push(self.faults.len() == before);
            let is_first = |first: &usize| sound[*first] && edges[*first].end == end;
            let first = (0..index).find(is_first).filter(|_| sound[index]);
            if let (Some(first), End::Key(_) | End::Named(_)) = (first, &end) {
                self.faults.push(Fault::repeated(&place, first));
            }
            edges.push(NewEdge { place, status, end });
        }
        edges
    }

    fn end(&mut self, far: Side, node: &Value, place: &Value) -> End {
        if let Some(id) = node.get("id") {
            return End::Key(self.key(far, id, at(place, "id")));
        }
        if let Some(data) = node.get("findOrCreate") {
            return End::Named(self.name(data, &at(place, "findOrCreate")));
        }
        let (data, place) = (&node["create"], at(place, "create"));
        End::Created(self.name(data, &place), self.phone_number(data, &place))
    }
}
