//! Where queries find profiles.

use async_graphql::{Context, ID, Object};

use super::{Profile, ProfileConnection, ProfileOrder, ProfileSelection, ProfileWhere};
use crate::{
    error::{Error, Place},
    id,
    load::{self, Node},
    page::ConnectionArgs,
    ready::Ready,
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

    /// Profiles, a page at a time.
    #[allow(clippy::too_many_arguments, reason = "they are those of the field")]
    async fn profiles(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The size of a page from the start: 0 to 100, 20 if neither this nor `last` is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Only profiles after this cursor, which is one of this list in this order.")] after: Option<String>,
        #[graphql(desc = "The size of a page from the end: 0 to 100; not together with `first`.")]
        last: Option<i32>,
        #[graphql(desc = "Only profiles before this cursor, which is one of this list in this order.")]
        before: Option<String>,
        #[graphql(name = "where", desc = "Only profiles that meet these conditions.")] filter: Option<
            Box<ProfileWhere>,
        >,
        #[graphql(desc = "What to sort by, the most important first; oldest first if left out.")]
        order_by: Option<Vec<ProfileOrder>>,
    ) -> Result<Ready<ProfileConnection>, Error> {
        let arguments = ConnectionArgs { first, after, last, before, filter, order_by };
        let db = load::db(ctx)?;
        let listing = arguments.listing(db.backend(), Profile::table(), Profile::default_order())?;
        load::connection(db, &listing, read(selected(ctx))?).await
    }
}

async fn one(ctx: &Context<'_>, id: &str) -> Result<Option<Ready<Profile>>, Error> {
    let key = id::profile(id, &Place::argument("id"))?;
    let selection: ProfileSelection = read(selected(ctx))?;
    Ok(load::by_key(load::db(ctx)?, key, &selection).await?.map(Ready))
}
