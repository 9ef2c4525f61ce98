//! Rows that come and go while somebody pages through them.

use std::collections::HashSet;

use proptest::{collection::vec, prelude::*};

use super::{
    data::{Data, Fields, Link, LinkFields, Node, Pick, Side, fields, link_fields, picked, picks},
    database::{delete_link, delete_node, insert_link, insert_node},
};

#[derive(Clone, Debug)]
pub enum Change {
    /// Deletes the row that the next page's cursor is of.
    DeleteCursorRow,
    DeleteNode(Side, Pick),
    DeleteLink(Pick),
    AddNode(Side, Fields),
    AddLink(Pick, Pick, LinkFields),
}

/// A row of a connection: the side of its node, the key of the node whose connection it is, and its own.
pub type RowKey = (Side, Option<i64>, i64);

/// Rows that change. No key and no pair of keys comes back once it was there.
pub struct Changing {
    pub data: Data,
    next_key: i64,
    linked: HashSet<(i64, i64)>,
}

impl Changing {
    pub fn of(data: Data) -> Self {
        let linked = data.links.iter().map(|link| (link.customer, link.profile)).collect();
        // Beyond every key that rows are given to begin with.
        Changing { data, next_key: 1_000, linked }
    }

    /// Makes the change, and returns it as SQL. There is nothing to do where there is no such row.
    pub fn apply(&mut self, change: &Change, cursor_row: Option<RowKey>) -> String {
        match change {
            Change::DeleteCursorRow => match cursor_row {
                Some((far, Some(near), key)) => {
                    self.delete_link(|link| (link.end(far.other()), link.end(far)) == (near, key))
                }
                Some((side, None, key)) => self.delete_node(side, key),
                None => String::new(),
            },
            Change::DeleteNode(side, pick) => {
                let node = picked(self.data.nodes(*side), *pick).map(|node| node.key);
                node.map_or_else(String::new, |key| self.delete_node(*side, key))
            }
            Change::DeleteLink(pick) => {
                let link = picked(&self.data.links, *pick).map(|link| (link.customer, link.profile));
                self.delete_link(|one| Some((one.customer, one.profile)) == link)
            }
            Change::AddNode(side, fields) => {
                let node = Node { key: self.next_key, fields: fields.clone() };
                self.next_key += 1;
                let sql = insert_node(*side, &node);
                self.data.nodes_mut(*side).push(node);
                sql
            }
            Change::AddLink(customer, profile, fields) => self.add_link(*customer, *profile, fields),
        }
    }

    fn delete_node(&mut self, side: Side, key: i64) -> String {
        self.data.nodes_mut(side).retain(|node| node.key != key);
        self.data.links.retain(|link| link.end(side) != key);
        delete_node(side, key)
    }

    fn delete_link(&mut self, is_it: impl Fn(&Link) -> bool) -> String {
        let index = self.data.links.iter().position(is_it);
        index.map_or_else(String::new, |index| delete_link(&self.data.links.remove(index)))
    }

    fn add_link(&mut self, customer: Pick, profile: Pick, fields: &LinkFields) -> String {
        let customer = picked(&self.data.customers, customer).map(|node| node.key);
        let profile = picked(&self.data.profiles, profile).map(|node| node.key);
        let Some(pair) = customer.zip(profile).filter(|pair| self.linked.insert(*pair)) else {
            return String::new();
        };
        self.data.link(pair.0, pair.1, fields.clone()).map_or_else(String::new, insert_link)
    }
}

/// Changes after each of the first few pages.
pub fn rounds() -> impl Strategy<Value = Vec<Vec<Change>>> {
    let sides = || prop_oneof![Just(Side::Customer), Just(Side::Profile)];
    let change = prop_oneof![
        2 => Just(Change::DeleteCursorRow),
        2 => (sides(), picks()).prop_map(|(side, pick)| Change::DeleteNode(side, pick)),
        3 => picks().prop_map(Change::DeleteLink),
        3 => (sides(), fields()).prop_map(|(side, fields)| Change::AddNode(side, fields)),
        5 => (picks(), picks(), link_fields())
            .prop_map(|(customer, profile, fields)| Change::AddLink(customer, profile, fields)),
    ];
    vec(vec(change, 0..=4), 1..=6)
}
