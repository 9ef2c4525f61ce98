//! Where queries find customers.

use async_graphql::{Context, ID, Object};
use entity::customer::Entity;

use super::{
    Customer, CustomerConnection, CustomerEdge, CustomerOrder, CustomerSelection, CustomerWhere, order, store,
};
use crate::{
    connection::Connection,
    database::Db,
    error::{Error, Place},
    id,
    load::{self, ConnectionSelection, Node},
    page::{ConnectionArgs, Listing},
    ready::{List, Ready},
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
        #[graphql(desc = "Only customers after this cursor.")] after: Option<String>,
        #[graphql(desc = "The size of a page from the end: 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only customers before this cursor.")] before: Option<String>,
        #[graphql(name = "where", desc = "Only customers that meet these conditions.")] filter: Option<
            CustomerWhere,
        >,
        #[graphql(desc = "What to sort by, the most important first; oldest first if left out.")]
        order_by: Option<Vec<CustomerOrder>>,
    ) -> Result<Ready<CustomerConnection>, Error> {
        let arguments = ConnectionArgs { first, after, last, before, filter, order_by };
        let listing = arguments.listing(Entity, order::default())?;
        connection(load::db(ctx)?, &listing, read(selected(ctx))?).await
    }
}

async fn one(ctx: &Context<'_>, id: &str) -> Result<Option<Ready<Customer>>, Error> {
    let key = id::customer(id, &Place::argument("id"))?;
    let selection: CustomerSelection = read(selected(ctx))?;
    Ok(load::by_key(load::db(ctx)?, key, &selection).await?.map(Ready))
}

async fn connection(
    db: &Db,
    listing: &Listing,
    selection: ConnectionSelection<Customer>,
) -> Result<Ready<CustomerConnection>, Error> {
    let node = selection.edge.node.unwrap_or_default();
    let mut edges = match selection.rows {
        true => store::page(db, listing, &node, selection.cursors).await?,
        false => Vec::new(),
    };
    let beyond = listing.page.cut(&mut edges);
    Customer::complete(db, edges.iter_mut().map(CustomerEdge::node_mut).collect(), &node).await?;
    let total = match selection.total_count {
        true => Some(store::count(db, &listing.filter).await?),
        false => None,
    };
    Ok(Ready(Connection {
        page: List(edges.into_iter().map(Ready).collect()),
        beyond,
        total,
        statuses: None,
    }))
}
