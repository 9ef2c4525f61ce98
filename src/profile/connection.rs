//! Profiles as a connection.

use async_graphql::Object;

use super::Profile;
use crate::{
    connection::{Connection, Edge, Listed, PageInfo},
    error::Error,
    ready::{List, Ready},
};

/// A page of profiles.
pub type ProfileConnection = Connection<ProfileEdge>;

/// A profile in its place among the others.
pub type ProfileEdge = Listed<Profile>;

/// A profile's place in a connection.
#[Object(name = "ProfileEdge")]
impl Listed<Profile> {
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
impl Connection<Listed<Profile>> {
    /// The profiles of the page, each with its cursor.
    fn edges(&self) -> &List<Ready<ProfileEdge>> {
        &self.page
    }

    /// The profiles of the page.
    fn nodes(&self) -> Result<List<&Ready<Profile>>, Error> {
        self.ends()
    }

    /// Where the page lies among all profiles.
    fn page_info(&self) -> Ready<PageInfo> {
        self.info()
    }

    /// The number of all profiles that meet `where`, whatever the page.
    fn total_count(&self) -> Result<i32, Error> {
        self.count()
    }
}
