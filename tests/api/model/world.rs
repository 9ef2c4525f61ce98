//! The world as the rules have it: what there is, and in which version.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// One of the two nouns, and so one of the two ways to look at an association.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Customer,
    Profile,
}

impl Side {
    pub fn other(self) -> Side {
        match self {
            Side::Customer => Side::Profile,
            Side::Profile => Side::Customer,
        }
    }

    pub fn id(self, key: i64) -> String {
        format!("{self:?}:{key}")
    }

    /// As in `customer`.
    pub fn field(self) -> String {
        format!("{self:?}").to_lowercase()
    }

    /// As in `customers`.
    pub fn list(self) -> String {
        format!("{}s", self.field())
    }

    /// The customer's and the profile's key.
    pub fn pair(self, near: i64, far: i64) -> (i64, i64) {
        match self {
            Side::Customer => (near, far),
            Side::Profile => (far, near),
        }
    }

    /// The ID of the edge that leads from this side to the other.
    pub fn edge_id(self, near: i64, far: i64) -> String {
        format!("{self:?}{:?}Edge:{near}:{far}", self.other())
    }
}

/// A row of any of the three tables.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its name, or its status.
    pub text: String,
    pub phone_number: Option<String>,
    pub version: i64,
    /// Differs from that of every other row, even of one that had the same key before.
    pub life: u64,
}

#[derive(Clone, Debug, Default)]
pub struct World {
    nodes: [BTreeMap<i64, Row>; 2],
    last_keys: [i64; 2],
    pub edges: BTreeMap<(i64, i64), Row>,
    lives: u64,
}

impl World {
    pub fn nodes(&self, side: Side) -> &BTreeMap<i64, Row> {
        &self.nodes[side as usize]
    }

    pub fn nodes_mut(&mut self, side: Side) -> &mut BTreeMap<i64, Row> {
        &mut self.nodes[side as usize]
    }

    /// The key that the next node of this side gets.
    pub fn next_key(&self, side: Side) -> i64 {
        self.last_keys[side as usize] + 1
    }

    /// Adds a node. Keys are never given twice.
    pub fn add(&mut self, side: Side, text: &str, phone_number: Option<String>) -> i64 {
        let row = self.row(text, phone_number);
        self.last_keys[side as usize] += 1;
        let key = self.last_keys[side as usize];
        self.nodes_mut(side).insert(key, row);
        key
    }

    pub fn row(&mut self, text: &str, phone_number: Option<String>) -> Row {
        self.lives += 1;
        Row { text: text.to_owned(), phone_number, version: 1, life: self.lives }
    }

    /// The keys at the far ends of a node's edges, in their order.
    pub fn far_keys(&self, near: Side, key: i64) -> Vec<i64> {
        let ends = self.edges.keys().map(|&(customer, profile)| match near {
            Side::Customer => (customer, profile),
            Side::Profile => (profile, customer),
        });
        ends.filter(|(end, _)| *end == key).map(|(_, far)| far).collect()
    }

    /// An edge from a near end.
    pub fn edge(&self, near: Side, key: i64, far: i64) -> Value {
        let (row, end) = (&self.edges[&near.pair(key, far)], near.other());
        json!({
            "id": near.edge_id(key, far),
            "status": row.text,
            "version": row.version,
            "node": { "id": end.id(far), "name": self.nodes(end)[&far].text },
        })
    }

    /// A node with its edges.
    pub fn node(&self, side: Side, key: i64) -> Value {
        let (row, far) = (&self.nodes(side)[&key], self.far_keys(side, key));
        let edges: Vec<_> = far.into_iter().map(|far| self.edge(side, key, far)).collect();
        let edges = json!({ "totalCount": edges.len(), "edges": edges });
        let mut node = json!({ "id": side.id(key), "name": row.text, "version": row.version });
        node[side.other().list()] = edges;
        if side == Side::Customer {
            node["phoneNumber"] = json!(row.phone_number);
        }
        node
    }

    /// All nodes of one side, as the root's connection has them.
    pub fn all(&self, side: Side) -> Value {
        let nodes: Vec<_> = self.nodes(side).keys().map(|key| self.node(side, *key)).collect();
        json!({ "totalCount": nodes.len(), "nodes": nodes })
    }

    /// Every row under the ID of each object that shows it.
    pub fn rows(&self) -> BTreeMap<String, &Row> {
        let mut rows = BTreeMap::new();
        for side in [Side::Customer, Side::Profile] {
            rows.extend(self.nodes(side).iter().map(|(key, row)| (side.id(*key), row)));
        }
        for ((customer, profile), row) in &self.edges {
            rows.insert(Side::Customer.edge_id(*customer, *profile), row);
            rows.insert(Side::Profile.edge_id(*profile, *customer), row);
        }
        rows
    }
}
