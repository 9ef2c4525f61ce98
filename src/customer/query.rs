//! Where queries find customers.

use async_graphql::{Context, ID, Object};
use sea_orm::Condition;

use super::{Customer, CustomerConnection, CustomerEdge, CustomerSelection, filter::CustomerWhere, store};
use crate::{
    connection::Connection,
    database::Db,
    error::{Error, Place},
    id,
    load::{self, ConnectionSelection, Node},
    page::{CUSTOMERS, Page, PageArgs},
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

    /// Customers, oldest first.
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
    ) -> Result<Ready<CustomerConnection>, Error> {
        let page = PageArgs { first, after, last, before }.page(CUSTOMERS)?;
        let filter = filter.unwrap_or_default().condition(&Place::argument("where"))?;
        let selection = read(selected(ctx))?;
        connection(load::db(ctx)?, &page, &filter, selection).await
    }
}

async fn one(ctx: &Context<'_>, id: &str) -> Result<Option<Ready<Customer>>, Error> {
    let key = id::customer(id, &Place::argument("id"))?;
    let selection: CustomerSelection = read(selected(ctx))?;
    let mut found = super::by_keys(load::db(ctx)?, &[key], &selection).await?;
    Ok(found.pop().map(Ready))
}

async fn connection(
    db: &Db,
    page: &Page,
    filter: &Condition,
    selection: ConnectionSelection<Customer>,
) -> Result<Ready<CustomerConnection>, Error> {
    let node = selection.edge.node.unwrap_or_default();
    let mut rows = match selection.rows {
        true => store::page(db, page, filter, &node).await?,
        false => Vec::new(),
    };
    let beyond = page.cut(&mut rows);
    Customer::complete(db, rows.iter_mut().collect(), &node).await?;
    let total = match selection.total_count {
        true => Some(store::count(db, filter).await?),
        false => None,
    };
    let edges = rows.into_iter().map(|customer| Ready(CustomerEdge(Ready(customer)))).collect();
    Ok(Ready(Connection { page: List(edges), beyond, total }))
}
