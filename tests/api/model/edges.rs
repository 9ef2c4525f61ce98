//! How edges are written, and what becomes of each pair.

use std::collections::HashMap;

use super::{
    rules::{Checked, End, Fault, NewEdge, at, none},
    world::{Side, World},
};

/// What becomes of the pairs of one near end, in the order of the input: each far key with its outcome.
pub type Outcomes = Vec<(i64, &'static str)>;

impl World {
    /// Attaches as if the edges were written one after the other, but tells all faults of one kind.
    pub fn write_edges(
        &mut self,
        near: Side,
        lists: &[(i64, Vec<NewEdge>)],
        on_existing: &str,
    ) -> Checked<Vec<Outcomes>> {
        let mut missing = Vec::new();
        for edge in lists.iter().flat_map(|(_, edges)| edges) {
            let End::Key(key) = edge.end else { continue };
            let place = at(&at(&edge.place, "node"), "id");
            missing.extend(self.exists(near.other(), key, place).err().into_iter().flatten());
        }
        none(missing)?;

        let (mut resolved, mut repeated) = (Vec::new(), Vec::new());
        for (near_key, edges) in lists {
            let mut first = HashMap::new();
            for (index, edge) in edges.iter().enumerate() {
                let far = self.end(near.other(), &edge.end);
                match first.insert(far, index) {
                    Some(before) => {
                        first.insert(far, before);
                        repeated.push(Fault::repeated(&edge.place, before));
                    }
                    None => resolved.push((*near_key, far, edge)),
                }
            }
        }
        none(repeated)?;

        let (mut outcomes, mut existing) = (vec![Outcomes::new(); lists.len()], Vec::new());
        for (near_key, far, edge) in resolved {
            let list = lists.iter().position(|(key, _)| *key == near_key).unwrap();
            match self.write_edge(near.pair(near_key, far), edge.status.as_deref(), on_existing) {
                Some(outcome) => outcomes[list].push((far, outcome)),
                None => existing.push(Fault::new("ALREADY_ATTACHED", at(&edge.place, "node"))),
            }
        }
        none(existing)?;
        Ok(outcomes)
    }

    /// The key of the node at an edge's end; of several of one name, the oldest has the least.
    fn end(&mut self, side: Side, end: &End) -> i64 {
        match end {
            End::Key(key) => *key,
            End::Created(name, phone_number) => self.add(side, name, phone_number.clone()),
            End::Named(name) => {
                let found = self.nodes(side).iter().find(|(_, row)| row.text == *name).map(|(key, _)| *key);
                found.unwrap_or_else(|| self.add(side, name, None))
            }
        }
    }

    /// What becomes of a pair; none where it must not exist and does. A status that is left out is `active` where
    /// the pair is new, and stays where it is not.
    pub fn write_edge(
        &mut self,
        pair: (i64, i64),
        status: Option<&str>,
        on_existing: &str,
    ) -> Option<&'static str> {
        let Some(edge) = self.edges.get_mut(&pair) else {
            let edge = self.row(status.unwrap_or("active"), None);
            self.edges.insert(pair, edge);
            return Some("ATTACHED");
        };
        match (on_existing, status) {
            ("ERROR", _) => None,
            ("UPDATE", Some(status)) if edge.text != status => {
                edge.version += 1;
                status.clone_into(&mut edge.text);
                Some("UPDATED")
            }
            _ => Some("UNCHANGED"),
        }
    }
}
