//! Where queries find customers.

use async_graphql::{Context, ID, Object};

use super::{Customer, CustomerConnection, CustomerOrder, CustomerSelection, CustomerWhere};
use crate::{
    error::{Error, Place},
    id,
    load::{self, Node},
    page::ConnectionArgs,
    ready::Ready,
    selection::{read, selected},
};

/// The fields of the query root that begin at customers.
#[derive(Default)]
pub struct CustomerQuery;

#[Object]
impl CustomerQuery {
    /// The customer of that ID; null where there is none.
    async fn customer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The customer's ID.")] id: ID,
    ) -> Option<Result<Ready<Customer>, Error>> {
        one(ctx, &id).await.transpose()
    }

    /// Customers, a page at a time.
    #[allow(clippy::too_many_arguments, reason = "they are those of the field")]
    async fn customers(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The size of a page from the start: 0 to 100, 20 if neither this nor `last` is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Only customers after this cursor, which is one of this list in this order.")] after: Option<String>,
        #[graphql(desc = "The size of a page from the end: 0 to 100; not together with `first`.")]
        last: Option<i32>,
        #[graphql(desc = "Only customers before this cursor, which is one of this list in this order.")]
        before: Option<String>,
        #[graphql(name = "where", desc = "Only customers that meet these conditions.")] filter: Option<
            Box<CustomerWhere>,
        >,
        #[graphql(desc = "What to sort by, the most important first; oldest first if left out.")]
        order_by: Option<Vec<CustomerOrder>>,
    ) -> Result<Ready<CustomerConnection>, Error> {
        let arguments = ConnectionArgs { first, after, last, before, filter, order_by };
        let db = load::db(ctx)?;
        let listing = arguments.listing(db.backend(), Customer::table(), Customer::default_order())?;
        load::connection(db, &listing, read(selected(ctx))?).await
    }
}

async fn one(ctx: &Context<'_>, id: &str) -> Result<Option<Ready<Customer>>, Error> {
    let key = id::customer(id, &Place::argument("id"))?;
    let selection: CustomerSelection = read(selected(ctx))?;
    Ok(load::by_key(load::db(ctx)?, key, &selection).await?.map(Ready))
}
