//! Profiles: the object, and what a query selects of it.

mod connection;
mod filter;
mod mutation;
mod nested;
mod order;
mod query;
mod store;

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::profile::Entity;
use sea_orm::{
    DynIden,
    sea_query::{IntoIden, SelectStatement},
};

use crate::{
    customer::Customer,
    customer_profile::{
        self, ProfileCustomerArgs, ProfileCustomerConnection, ProfileCustomerEdge, ProfileCustomerOrder,
        ProfileCustomerWhere,
    },
    database::{Db, Failure, Row},
    datetime::{DateTime, Times},
    error::{Error, Fault, Place},
    id::{self, GlobalId},
    load::{EdgeSelection, Level, Loading, Node, loaded},
    order::Order,
    ready::{self, Loaded, Ready, Resolving},
    selection::{ByArguments, LoadedFields, NOT_LOOKED_AHEAD, Select, Selected},
};

pub use connection::{ProfileConnection, ProfileEdge};
pub use filter::ProfileWhere;
pub use mutation::ProfileMutation;
pub use nested::{ProfileEnd, ProfileNodeInput, resolve};
pub use order::ProfileOrder;
pub use query::ProfileQuery;

/// A row of `profile`, with everything that the query selects below it.
#[derive(Clone, Debug)]
pub struct Profile {
    key: i64,
    name: String,
    version: i32,
    times: Option<Times>,
    customers: LoadedFields<Arc<Ready<ProfileCustomerConnection>>>,
    customer: LoadedFields<Option<Arc<Ready<ProfileCustomerEdge>>>>,
}

/// A role or a description that customers share.
#[Object]
impl Profile {
    /// The profile's global ID. Opaque: keep it as it is.
    pub async fn id(&self) -> ID {
        GlobalId::Profile(self.key).into()
    }

    /// The profile's name.
    fn name(&self) -> &str {
        &self.name
    }

    /// Counts the changes of the profile's own fields, from 1.
    fn version(&self) -> i32 {
        self.version
    }

    /// When the profile was created.
    fn created_at(&self) -> Result<DateTime, Error> {
        Ok(loaded(&self.times)?.created_at)
    }

    /// When the profile's own fields last changed.
    fn updated_at(&self) -> Result<DateTime, Error> {
        Ok(loaded(&self.times)?.updated_at)
    }

    /// The customers attached to the profile, each with the status of the association.
    #[allow(clippy::too_many_arguments, unused_variables, reason = "the look-ahead reads them")]
    fn customers(
        &self,
        #[graphql(
            desc = "The size of a page from the start: 0 to 100, 20 if neither this nor `last` is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Only edges after this cursor, which is one of this list in this order.")]
        after: Option<String>,
        #[graphql(desc = "The size of a page from the end: 0 to 100; not together with `first`.")]
        last: Option<i32>,
        #[graphql(desc = "Only edges before this cursor, which is one of this list in this order.")]
        before: Option<String>,
        #[graphql(name = "where", desc = "Only edges that meet these conditions.")] filter: Option<
            Box<ProfileCustomerWhere>,
        >,
        #[graphql(
            desc = "What to sort by, the most important first; by the customer, oldest first, if left out."
        )]
        order_by: Option<Vec<ProfileCustomerOrder>>,
    ) -> Result<&Ready<ProfileCustomerConnection>, Error> {
        Err(NOT_LOOKED_AHEAD)
    }

    /// The profile's association with one customer, as an edge of `customers`; null where the two are not attached.
    #[allow(unused_variables, reason = "the look-ahead reads it")]
    fn customer(
        &self,
        #[graphql(desc = "The customer's ID.")] id: ID,
    ) -> Option<Result<&Ready<ProfileCustomerEdge>, Error>> {
        Some(Err(NOT_LOOKED_AHEAD))
    }
}

impl Loaded for Profile {
    fn resolve_loaded<'a>(&'a self, ctx: &'a Context<'_>) -> Option<Resolving<'a>> {
        match ctx.item.node.name.node.as_str() {
            "customers" => Some(ready::resolve(ctx, self.customers.get(ctx.item.pos))),
            "customer" => Some(ready::resolve(ctx, self.customer.get(ctx.item.pos).map(Option::as_ref))),
            _ => None,
        }
    }
}

/// What a query selects of a profile.
#[derive(Default)]
pub struct ProfileSelection {
    times: bool,
    customers: ByArguments<ProfileCustomerArgs, Level<Customer>>,
    customer: ByArguments<i64, EdgeSelection<Customer>>,
}

impl Select for ProfileSelection {
    fn add(&mut self, profile: Selected<'_>) -> Result<(), Error> {
        for field in profile.fields_of(Profile::TYPE) {
            match field.name() {
                "createdAt" | "updatedAt" => self.times = true,
                "customers" => self
                    .customers
                    .entry(
                        &field,
                        || ProfileCustomerArgs::of(&field),
                        |asked| customer_profile::level(field.backend()?, asked),
                    )
                    .map_err(|error| field.blamed(error))?
                    .selection
                    .add(field)?,
                "customer" => self
                    .customer
                    .entry(
                        &field,
                        || Ok(id::customer(&field.argument::<ID>("id")?, &Place::argument("id"))?),
                        |_| Ok(EdgeSelection::default()),
                    )
                    .map_err(|error| field.blamed(error))?
                    .add(field)?,
                _ => {}
            }
        }
        Ok(())
    }
}

impl Node for Profile {
    const TYPE: &'static str = "Profile";

    type Selection = ProfileSelection;

    fn key(&self) -> i64 {
        self.key
    }

    fn id(key: i64) -> GlobalId {
        GlobalId::Profile(key)
    }

    fn key_of(id: &str, place: &Place) -> Result<i64, Fault> {
        id::profile(id, place)
    }

    fn table() -> DynIden {
        Entity.into_iden()
    }

    fn default_order() -> Order {
        order::by_key()
    }

    fn columns(select: &mut SelectStatement, selection: &ProfileSelection) {
        store::columns(select, selection);
    }

    fn decode(row: &mut Row<'_>, selection: &ProfileSelection) -> Result<Self, Failure> {
        Ok(Profile {
            key: row.long()?,
            name: row.text()?,
            version: row.int()?,
            times: selection.times.then(|| row.times("profile")).transpose()?,
            customers: LoadedFields::default(),
            customer: LoadedFields::default(),
        })
    }

    fn complete<'a>(
        db: &'a Db,
        mut profiles: Vec<&'a mut Self>,
        selection: &'a ProfileSelection,
    ) -> Loading<'a> {
        Box::pin(async move {
            let keys = customer_profile::distinct(profiles.iter().map(|profile| profile.key));
            for (_, level) in selection.customers.iter() {
                let connections = customer_profile::connections(db, &keys, level).await?;
                for profile in &mut profiles {
                    selection.customers.load(&mut profile.customers, connections.of(profile.key)?);
                }
            }
            for (customer, selected) in selection.customer.iter() {
                let edges = customer_profile::edges_to(db, &keys, *customer, selected).await?;
                for profile in &mut profiles {
                    selection.customer.load(&mut profile.customer, edges.get(&profile.key).cloned());
                }
            }
            Ok(())
        })
    }
}
