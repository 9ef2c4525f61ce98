//! Customers: the object, and what a query selects of it.

mod connection;
mod filter;
mod mutation;
mod nested;
mod order;
mod query;
mod store;

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::customer::Entity;
use sea_orm::{
    DynIden,
    sea_query::{IntoIden, SelectStatement},
};

use crate::{
    customer_profile::{
        self, CustomerProfileArgs, CustomerProfileConnection, CustomerProfileEdge, CustomerProfileOrder,
        CustomerProfileWhere,
    },
    database::{Db, Failure, Row},
    datetime::{DateTime, Times},
    error::{Error, Fault, Place},
    id::{self, GlobalId},
    load::{EdgeSelection, Level, Loading, Node, loaded},
    order::Order,
    profile::Profile,
    ready::{self, Loaded, Ready, Resolving},
    selection::{ByArguments, LoadedFields, NOT_LOOKED_AHEAD, Select, Selected},
};

pub use connection::{CustomerConnection, CustomerEdge};
pub use filter::CustomerWhere;
pub use mutation::CustomerMutation;
pub use nested::{CustomerEnd, CustomerNodeInput, resolve};
pub use order::CustomerOrder;
pub use query::CustomerQuery;

/// A row of `customer`, with everything that the query selects below it.
#[derive(Clone, Debug)]
pub struct Customer {
    key: i64,
    name: String,
    phone_number: Option<String>,
    version: i32,
    times: Option<Times>,
    profiles: LoadedFields<Arc<Ready<CustomerProfileConnection>>>,
    profile: LoadedFields<Option<Arc<Ready<CustomerProfileEdge>>>>,
}

/// Somebody whom profiles are attached to.
#[Object]
impl Customer {
    /// The customer's global ID. Opaque: keep it as it is.
    pub async fn id(&self) -> ID {
        GlobalId::Customer(self.key).into()
    }

    /// The customer's name.
    fn name(&self) -> &str {
        &self.name
    }

    /// The customer's phone number, as it was given.
    fn phone_number(&self) -> Option<&str> {
        self.phone_number.as_deref()
    }

    /// Counts the changes of the customer's own fields, from 1.
    fn version(&self) -> i32 {
        self.version
    }

    /// When the customer was created.
    fn created_at(&self) -> Result<DateTime, Error> {
        Ok(loaded(&self.times)?.created_at)
    }

    /// When the customer's own fields last changed.
    fn updated_at(&self) -> Result<DateTime, Error> {
        Ok(loaded(&self.times)?.updated_at)
    }

    /// The profiles attached to the customer, each with the status of the association.
    #[allow(clippy::too_many_arguments, unused_variables, reason = "the look-ahead reads them")]
    fn profiles(
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
            Box<CustomerProfileWhere>,
        >,
        #[graphql(
            desc = "What to sort by, the most important first; by the profile, oldest first, if left out."
        )]
        order_by: Option<Vec<CustomerProfileOrder>>,
    ) -> Result<&Ready<CustomerProfileConnection>, Error> {
        Err(NOT_LOOKED_AHEAD)
    }

    /// The customer's association with one profile, as an edge of `profiles`; null where the two are not attached.
    #[allow(unused_variables, reason = "the look-ahead reads it")]
    fn profile(
        &self,
        #[graphql(desc = "The profile's ID.")] id: ID,
    ) -> Option<Result<&Ready<CustomerProfileEdge>, Error>> {
        Some(Err(NOT_LOOKED_AHEAD))
    }
}

impl Loaded for Customer {
    fn resolve_loaded<'a>(&'a self, ctx: &'a Context<'_>) -> Option<Resolving<'a>> {
        match ctx.item.node.name.node.as_str() {
            "profiles" => Some(ready::resolve(ctx, self.profiles.get(ctx.item.pos))),
            "profile" => Some(ready::resolve(ctx, self.profile.get(ctx.item.pos).map(Option::as_ref))),
            _ => None,
        }
    }
}

/// What a query selects of a customer.
#[derive(Default)]
pub struct CustomerSelection {
    times: bool,
    profiles: ByArguments<CustomerProfileArgs, Level<Profile>>,
    profile: ByArguments<i64, EdgeSelection<Profile>>,
}

impl Select for CustomerSelection {
    fn add(&mut self, customer: Selected<'_>) -> Result<(), Error> {
        for field in customer.fields_of(Customer::TYPE) {
            match field.name() {
                "createdAt" | "updatedAt" => self.times = true,
                "profiles" => self
                    .profiles
                    .entry(
                        &field,
                        || CustomerProfileArgs::of(&field),
                        |asked| customer_profile::level(field.backend()?, asked),
                    )
                    .map_err(|error| field.blamed(error))?
                    .selection
                    .add(field)?,
                "profile" => self
                    .profile
                    .entry(
                        &field,
                        || Ok(id::profile(&field.argument::<ID>("id")?, &Place::argument("id"))?),
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

impl Node for Customer {
    const TYPE: &'static str = "Customer";

    type Selection = CustomerSelection;

    fn key(&self) -> i64 {
        self.key
    }

    fn id(key: i64) -> GlobalId {
        GlobalId::Customer(key)
    }

    fn key_of(id: &str, place: &Place) -> Result<i64, Fault> {
        id::customer(id, place)
    }

    fn table() -> DynIden {
        Entity.into_iden()
    }

    fn default_order() -> Order {
        order::by_key()
    }

    fn columns(select: &mut SelectStatement, selection: &CustomerSelection) {
        store::columns(select, selection);
    }

    fn decode(row: &mut Row<'_>, selection: &CustomerSelection) -> Result<Self, Failure> {
        Ok(Customer {
            key: row.long()?,
            name: row.text()?,
            phone_number: row.optional_text()?,
            version: row.int()?,
            times: selection.times.then(|| row.times("customer")).transpose()?,
            profiles: LoadedFields::default(),
            profile: LoadedFields::default(),
        })
    }

    fn complete<'a>(
        db: &'a Db,
        mut customers: Vec<&'a mut Self>,
        selection: &'a CustomerSelection,
    ) -> Loading<'a> {
        Box::pin(async move {
            let keys = customer_profile::distinct(customers.iter().map(|customer| customer.key));
            for (_, level) in selection.profiles.iter() {
                let connections = customer_profile::connections(db, &keys, level).await?;
                for customer in &mut customers {
                    selection.profiles.load(&mut customer.profiles, connections.of(customer.key)?);
                }
            }
            for (profile, selected) in selection.profile.iter() {
                let edges = customer_profile::edges_to(db, &keys, *profile, selected).await?;
                for customer in &mut customers {
                    selection.profile.load(&mut customer.profile, edges.get(&customer.key).cloned());
                }
            }
            Ok(())
        })
    }
}
