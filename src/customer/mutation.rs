//! What mutations do to customers.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};

use super::{Customer, CustomerEdge, nested::CustomerFields, store};
use crate::{
    customer_profile::{self, CustomerProfileInput, OnExisting},
    database::Db,
    error::{Error, Fault, Faults, Place, Reason},
    id::{self, GlobalId},
    input,
    load::{self, Below, EdgeSelection},
    profile::Profile,
    ready::{List, Ready, Wanted},
    selection::{Select, Selected, read, selected},
    table,
};

/// A new customer, with the profiles to attach to it.
#[derive(InputObject)]
pub struct CreateCustomerInput {
    /// The name: 1 to 255 characters, none of them a control character; white space and
    /// invisible characters around it are dropped.
    name: String,
    /// The phone number: 1 to 64 characters, none of them a control character; white space and
    /// invisible characters around it are dropped. Left out or null, the customer has none.
    phone_number: Option<String>,
    /// The profiles to attach, each with the status of the association; at most 250, and none of them twice.
    #[graphql(default)]
    profiles: Vec<CustomerProfileInput>,
}

/// New customers.
#[derive(InputObject)]
pub struct CreateCustomersInput {
    /// The customers, at most 250, each with the profiles to attach to it.
    customers: Vec<CreateCustomerInput>,
}

/// A customer to change. Fields that are left out keep their value; `phoneNumber: null` clears it.
#[derive(InputObject)]
pub struct UpdateCustomerInput {
    /// The customer's ID.
    id: ID,
    /// The new name: 1 to 255 characters, none of them a control character; white space and
    /// invisible characters around it are dropped. Null is refused.
    name: MaybeUndefined<String>,
    /// The new phone number: 1 to 64 characters, none of them a control character; white space and
    /// invisible characters around it are dropped. Null clears it.
    phone_number: MaybeUndefined<String>,
    /// Fail with VERSION_CONFLICT unless the customer has this version. Left out or null, any version will do.
    expected_version: Option<i32>,
}

/// A customer to delete.
#[derive(InputObject)]
pub struct DeleteCustomerInput {
    /// The customer's ID.
    id: ID,
    /// Fail with VERSION_CONFLICT unless the customer has this version. Left out or null, any version will do.
    expected_version: Option<i32>,
}

/// The result of `createCustomer`.
#[derive(SimpleObject)]
pub struct CreateCustomerPayload {
    /// The new customer.
    customer: Wanted<Ready<Customer>>,
    /// The new customer in its place among all customers.
    customer_edge: Wanted<Ready<CustomerEdge>>,
}

/// The result of `createCustomers`.
#[derive(SimpleObject)]
pub struct CreateCustomersPayload {
    /// The new customers, in the order of the input.
    customers: List<Ready<Customer>>,
}

/// The result of `updateCustomer`.
#[derive(SimpleObject)]
pub struct UpdateCustomerPayload {
    /// The customer, as it is now.
    customer: Wanted<Ready<Customer>>,
}

/// The result of `deleteCustomer`.
#[derive(SimpleObject)]
pub struct DeleteCustomerPayload {
    /// The ID that the customer had.
    deleted_customer_id: ID,
    /// From how many profiles the customer was detached.
    detached_profile_count: i32,
}

/// The fields of the mutation root that write customers.
#[derive(Default)]
pub struct CustomerMutation;

#[Object]
impl CustomerMutation {
    /// Creates a customer and attaches profiles to it: existing ones by ID, new ones, or those
    /// that have a name, created where there is none.
    async fn create_customer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The customer and its profiles.")] input: CreateCustomerInput,
    ) -> Result<CreateCustomerPayload, Error> {
        let db = load::db(ctx)?;
        let keys = create(db, &[(input, Place::argument("input"))]).await?;
        created(db, &keys, selected(ctx)).await
    }

    /// Creates customers, each as `createCustomer` does.
    async fn create_customers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The customers and their profiles.")] input: CreateCustomersInput,
    ) -> Result<CreateCustomersPayload, Error> {
        let (db, place) = (load::db(ctx)?, Place::argument("input").key("customers"));
        input::list(&input.customers, &place)?;
        let inputs = input.customers.into_iter().enumerate();
        let inputs: Vec<_> = inputs.map(|(index, input)| (input, place.index(index))).collect();
        let keys = create(db, &inputs).await?;

        let selection: Below<Customer> = read(selected(ctx))?;
        let customers = match &selection.0 {
            Some(selection) => load::by_keys(db, &keys, selection).await?,
            None => Vec::new(),
        };
        Ok(CreateCustomersPayload { customers: List(customers.into_iter().map(Ready).collect()) })
    }

    /// Changes a customer.
    async fn update_customer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The customer and its new fields.")] input: UpdateCustomerInput,
    ) -> Result<UpdateCustomerPayload, Error> {
        let db = load::db(ctx)?;
        let key = update(db, &input, &Place::argument("input")).await?;
        let selection: Below<Customer> = read(selected(ctx))?;
        let customer = match &selection.0 {
            Some(selection) => load::by_key(db, key, selection).await?.map(Ready),
            None => None,
        };
        Ok(UpdateCustomerPayload { customer: Wanted(customer) })
    }

    /// Deletes a customer and detaches it everywhere.
    async fn delete_customer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The customer.")] input: DeleteCustomerInput,
    ) -> Result<DeleteCustomerPayload, Error> {
        let (db, place) = (load::db(ctx)?, Place::argument("input"));
        let key = id::customer(&input.id, &place.key("id"))?;
        let (_, version) = current(db, key, &place).await?;
        input::version(input.expected_version, version, &place.key("expectedVersion"))?;
        let detached = customer_profile::count::<Profile>(db, key).await?;
        table::delete::<Customer>(db, key).await?;
        Ok(DeleteCustomerPayload {
            deleted_customer_id: GlobalId::Customer(key).into(),
            detached_profile_count: i32::try_from(detached).unwrap_or(i32::MAX),
        })
    }
}

/// Adds the customers of these inputs, each of which stands at the place given with it, and attaches their
/// profiles. Returns the customers' keys in that order.
async fn create(db: &Db, inputs: &[(CreateCustomerInput, Place)]) -> Result<Vec<i64>, Error> {
    let mut faults = Faults::default();
    let (mut rows, mut lists) = (Vec::with_capacity(inputs.len()), Vec::with_capacity(inputs.len()));
    for (input, place) in inputs {
        rows.push(CustomerFields::checked(&input.name, input.phone_number.as_deref(), place, &mut faults));
        lists.push(customer_profile::checked(&input.profiles, &place.key("profiles"), &mut faults));
    }
    faults.none()?;

    let keys = store::insert(db, &rows).await?;
    let edges = keys.iter().zip(lists).flat_map(|(key, list)| list.into_iter().map(|edge| (*key, edge)));
    customer_profile::attach(db, &edges.collect::<Vec<_>>(), OnExisting::Error).await?;
    Ok(keys)
}

/// Gives the customer its new fields, if they are other ones, and returns its key.
async fn update(db: &Db, input: &UpdateCustomerInput, place: &Place) -> Result<i64, Error> {
    let mut faults = Faults::default();
    let key = faults.unless(id::customer(&input.id, &place.key("id")));
    let name = match &input.name {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => {
            faults.add(Fault::invalid(place.key("name"), "a name cannot be cleared"));
            None
        }
        MaybeUndefined::Value(name) => Some(faults.unless(input::name(name, &place.key("name")))),
    };
    let phone_number = match &input.phone_number {
        MaybeUndefined::Value(number) => {
            let number = input::phone_number(number, &place.key("phoneNumber"));
            MaybeUndefined::Value(faults.unless(number))
        }
        absent => absent.clone(),
    };
    faults.none()?;

    let (old, version) = current(db, key, place).await?;
    input::version(input.expected_version, version, &place.key("expectedVersion"))?;
    let new = CustomerFields {
        name: name.unwrap_or_else(|| old.name.clone()),
        phone_number: match phone_number {
            MaybeUndefined::Undefined => old.phone_number.clone(),
            MaybeUndefined::Null => None,
            MaybeUndefined::Value(number) => Some(number),
        },
    };
    if new != old {
        store::update(db, key, &new).await?;
    }
    Ok(key)
}

/// The customer's fields and version, if it exists.
async fn current(db: &Db, key: i64, place: &Place) -> Result<(CustomerFields, i32), Error> {
    let missing = || Fault { place: place.key("id"), reason: Reason::NotFound(GlobalId::Customer(key)) };
    Ok(store::current(db, key).await?.ok_or_else(missing)?)
}

async fn created(db: &Db, keys: &[i64], payload: Selected<'_>) -> Result<CreateCustomerPayload, Error> {
    let mut selection = EdgeSelection::<Customer>::default();
    for field in payload.fields() {
        match field.name() {
            "customer" => selection.node.get_or_insert_default().add(field)?,
            "customerEdge" => selection.add(field)?,
            _ => {}
        }
    }
    let customer = load::by_keys::<Customer>(db, keys, &selection.node.unwrap_or_default()).await?.pop();
    let edge = customer.clone().map(|customer| Ready(CustomerEdge::new(customer, None)));
    Ok(CreateCustomerPayload { customer: Wanted(customer.map(Ready)), customer_edge: Wanted(edge) })
}
