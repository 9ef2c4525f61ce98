//! Profiles as a connection.

use async_graphql::Object;

use super::{Profile, order};
use crate::{
    connection::{Connection, Edge, PageInfo},
    error::Error,
    load::Node,
    order::Value,
    ready::{List, Ready},
};

/// A page of profiles.
pub type ProfileConnection = Connection<ProfileEdge>;

/// A profile in its place among the others.
#[derive(Clone, Debug)]
pub struct ProfileEdge {
    node: Ready<Profile>,
    /// Its cursor, where that is another than its key's.
    cursor: Option<String>,
}

impl ProfileEdge {
    /// An edge at this cursor, or at that of its key where rows are ordered by that alone.
    pub fn new(node: Profile, cursor: Option<String>) -> Self {
        ProfileEdge { node: Ready(node), cursor }
    }

    /// The profile, to be completed.
    pub fn node_mut(&mut self) -> &mut Profile {
        &mut self.node.0
    }
}

impl Edge for ProfileEdge {
    type Node = Profile;

    fn position(&self) -> String {
        self.cursor.clone().unwrap_or_else(|| order::default().cursor(&vec![Value::Int(self.node.key())]))
    }

    fn end(&self) -> Result<&Ready<Profile>, Error> {
        Ok(&self.node)
    }
}

/// A profile's place in a connection.
#[Object]
impl ProfileEdge {
    /// The edge's position, for `after` and `before`.
    fn cursor(&self) -> String {
        self.position()
    }

    /// The profile.
    fn node(&self) -> &Ready<Profile> {
        &self.node
    }
}

/// A page of profiles.
#[Object(name = "ProfileConnection")]
impl Connection<ProfileEdge> {
    /// The profiles of the page, each with its cursor.
    fn edges(&self) -> &List<Ready<ProfileEdge>> {
        &self.page
    }

    /// The profiles of the page.
    fn nodes(&self) -> Result<List<&Ready<Profile>>, Error> {
        self.ends()
    }

    /// Where the page lies among all profiles.
    fn page_info(&self) -> PageInfo {
        self.info()
    }

    /// The number of all profiles that meet `where`, whatever the page.
    fn total_count(&self) -> Result<i32, Error> {
        self.count()
    }
}
