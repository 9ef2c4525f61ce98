//! Where queries find profiles.

use async_graphql::{Context, ID, Object};
use sea_orm::Condition;

use super::{Profile, ProfileConnection, ProfileEdge, ProfileSelection, filter::ProfileWhere, store};
use crate::{
    connection::Connection,
    database::Db,
    error::{Error, Place},
    id,
    load::{self, ConnectionSelection, Node},
    page::{PROFILES, Page, PageArgs},
    ready::{List, Ready},
    selection::{read, selected},
};

/// The fields of the query root that begin at profiles.
#[derive(Default)]
pub struct ProfileQuery;

#[Object]
impl ProfileQuery {
    /// The profile of that ID; null where there is none.
    async fn profile(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The profile's ID.")] id: ID,
    ) -> Option<Result<Ready<Profile>, Error>> {
        one(ctx, &id).await.transpose()
    }

    /// Profiles, oldest first.
    async fn profiles(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The size of a page from the start: 0 to 100, 20 if neither this nor `last` is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Only profiles after this cursor.")] after: Option<String>,
        #[graphql(desc = "The size of a page from the end: 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only profiles before this cursor.")] before: Option<String>,
        #[graphql(name = "where", desc = "Only profiles that meet these conditions.")] filter: Option<
            ProfileWhere,
        >,
    ) -> Result<Ready<ProfileConnection>, Error> {
        let page = PageArgs { first, after, last, before }.page(PROFILES)?;
        let filter = filter.unwrap_or_default().condition(&Place::argument("where"))?;
        let selection = read(selected(ctx))?;
        connection(load::db(ctx)?, &page, &filter, selection).await
    }
}

async fn one(ctx: &Context<'_>, id: &str) -> Result<Option<Ready<Profile>>, Error> {
    let key = id::profile(id, &Place::argument("id"))?;
    let selection: ProfileSelection = read(selected(ctx))?;
    let mut found = super::by_keys(load::db(ctx)?, &[key], &selection).await?;
    Ok(found.pop().map(Ready))
}

async fn connection(
    db: &Db,
    page: &Page,
    filter: &Condition,
    selection: ConnectionSelection<Profile>,
) -> Result<Ready<ProfileConnection>, Error> {
    let node = selection.edge.node.unwrap_or_default();
    let mut rows = match selection.rows {
        true => store::page(db, page, filter, &node).await?,
        false => Vec::new(),
    };
    let beyond = page.cut(&mut rows);
    Profile::complete(db, rows.iter_mut().collect(), &node).await?;
    let total = match selection.total_count {
        true => Some(store::count(db, filter).await?),
        false => None,
    };
    let edges = rows.into_iter().map(|profile| Ready(ProfileEdge(Ready(profile)))).collect();
    Ok(Ready(Connection { page: List(edges), beyond, total }))
}
