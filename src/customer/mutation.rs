//! What mutations do to customers.

use async_graphql::{Context, InputObject, Object, SimpleObject};

use super::{Customer, CustomerEdge, by_keys, nested::CustomerFields, store};
use crate::{
    customer_profile::{self, CustomerProfileInput, OnExisting},
    database::Db,
    error::{Error, Faults, Place},
    load::{self, EdgeSelection},
    ready::Ready,
    selection::{Select, selected},
};

/// A new customer, with the profiles to attach to it.
#[derive(InputObject)]
pub struct CreateCustomerInput {
    /// 1 to 255 characters; white space around them is dropped.
    name: String,
    /// At most 64 characters.
    phone_number: Option<String>,
    /// The profiles to attach, each with the status of the association; at most 250.
    #[graphql(default)]
    profiles: Vec<CustomerProfileInput>,
}

/// What `createCustomer` made.
#[derive(SimpleObject)]
pub struct CreateCustomerPayload {
    /// The new customer.
    customer: Ready<Customer>,
    /// The new customer in its place among all customers.
    customer_edge: Ready<CustomerEdge>,
}

/// The fields of the mutation root that write customers.
#[derive(Default)]
pub struct CustomerMutation;

#[Object]
impl CustomerMutation {
    /// Creates a customer and attaches profiles to it: existing ones, new ones, or those of a name.
    async fn create_customer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The customer and its profiles.")] input: CreateCustomerInput,
    ) -> Result<CreateCustomerPayload, Error> {
        let db = load::db(ctx)?;
        let key = create(db, &input).await?;

        let mut selection = EdgeSelection::<Customer>::default();
        for field in selected(ctx).fields() {
            match field.name() {
                "customer" => selection.node.get_or_insert_default().add(field)?,
                "customerEdge" => selection.add(field)?,
                _ => {}
            }
        }
        let created = by_keys(db, &[key], &selection.node.unwrap_or_default()).await?.pop();
        let customer = Ready(created.ok_or(Error::Internal("a customer is gone that was just created"))?);
        Ok(CreateCustomerPayload {
            customer_edge: Ready(CustomerEdge::new(customer.0.clone(), None)),
            customer,
        })
    }
}

async fn create(db: &Db, input: &CreateCustomerInput) -> Result<i64, Error> {
    let place = Place::argument("input");
    let mut faults = Faults::default();
    let fields = CustomerFields::checked(&input.name, input.phone_number.as_deref(), &place, &mut faults);
    let profiles = place.key("profiles");
    let edges = customer_profile::checked(&input.profiles, &profiles, &mut faults);
    faults.none()?;

    let added = store::insert(db, &[fields]).await?.pop();
    let key = added.ok_or(Error::Internal("no key was returned for a new customer"))?;
    customer_profile::attach_profiles(db, key, &edges, OnExisting::Error, &profiles).await?;
    Ok(key)
}
