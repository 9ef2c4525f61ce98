//! What mutations do to the association.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object};

use super::{
    CustomerProfileEdge, ProfileCustomerEdge,
    attach::{AttachOutcome, Link, OnExisting, attach},
    edges_to,
};
use crate::{
    customer::{self, Customer, CustomerSelection},
    database::Db,
    error::{Error, Fault, Faults, Place, Reason},
    id::{self, GlobalId},
    input,
    load::{self, EdgeSelection, loaded},
    profile::{self, Profile, ProfileSelection},
    ready::Ready,
    selection::{Select, Selected, selected},
};

/// A customer and a profile to attach to each other.
#[derive(InputObject)]
pub struct AttachProfileInput {
    /// The customer's ID.
    customer_id: ID,
    /// The profile's ID.
    profile_id: ID,
    /// The status of the association: 1 to 255 characters.
    #[graphql(default = "active")]
    status: String,
    /// What to do where the two are attached already.
    #[graphql(default_with = "OnExisting::Update")]
    on_existing: OnExisting,
}

/// What `attachProfile` came to, as far as it was asked for.
#[derive(Default)]
pub struct AttachProfilePayload {
    outcome: Option<AttachOutcome>,
    customer: Option<Ready<Customer>>,
    profile: Option<Ready<Profile>>,
    customer_profile_edge: Option<Arc<Ready<CustomerProfileEdge>>>,
    profile_customer_edge: Option<Arc<Ready<ProfileCustomerEdge>>>,
}

/// What `attachProfile` came to.
#[Object]
impl AttachProfilePayload {
    /// What became of the pair.
    fn outcome(&self) -> Result<AttachOutcome, Error> {
        loaded(&self.outcome).copied()
    }

    /// The customer.
    fn customer(&self) -> Result<&Ready<Customer>, Error> {
        loaded(&self.customer)
    }

    /// The profile.
    fn profile(&self) -> Result<&Ready<Profile>, Error> {
        loaded(&self.profile)
    }

    /// The association, read from the customer's side.
    fn customer_profile_edge(&self) -> Result<&Ready<CustomerProfileEdge>, Error> {
        loaded(&self.customer_profile_edge).map(Arc::as_ref)
    }

    /// The association, read from the profile's side.
    fn profile_customer_edge(&self) -> Result<&Ready<ProfileCustomerEdge>, Error> {
        loaded(&self.profile_customer_edge).map(Arc::as_ref)
    }
}

/// The fields of the mutation root that write associations.
#[derive(Default)]
pub struct CustomerProfileMutation;

#[Object]
impl CustomerProfileMutation {
    /// Attaches a profile to a customer, with the status of the association.
    async fn attach_profile(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The two, and the status.")] input: AttachProfileInput,
    ) -> Result<AttachProfilePayload, Error> {
        let db = load::db(ctx)?;
        let place = Place::argument("input");
        let link = input.checked(&place)?;
        let (customer, profile) = (link.customer, link.profile);
        require(db, customer, profile, &place).await?;
        let outcome = attach(db, link, input.on_existing, &place).await?;
        payload(db, outcome, customer, profile, selected(ctx)).await
    }
}

impl AttachProfileInput {
    fn checked(&self, place: &Place) -> Result<Link, Error> {
        let mut faults = Faults::default();
        let customer = faults.unless(id::customer(&self.customer_id, &place.key("customerId")));
        let profile = faults.unless(id::profile(&self.profile_id, &place.key("profileId")));
        let status = faults.unless(input::status(&self.status, &place.key("status")));
        faults.none()?;
        Ok(Link { customer, profile, status })
    }
}

/// Fails unless both are there.
async fn require(db: &Db, customer: i64, profile: i64, place: &Place) -> Result<(), Error> {
    let mut faults = Faults::default();
    if customer::existing(db, &[customer]).await?.is_empty() {
        let reason = Reason::NotFound(GlobalId::Customer(customer));
        faults.add(Fault { place: place.key("customerId"), reason });
    }
    if profile::existing(db, &[profile]).await?.is_empty() {
        let reason = Reason::NotFound(GlobalId::Profile(profile));
        faults.add(Fault { place: place.key("profileId"), reason });
    }
    faults.none()
}

async fn payload(
    db: &Db,
    outcome: AttachOutcome,
    customer: i64,
    profile: i64,
    field: Selected<'_>,
) -> Result<AttachProfilePayload, Error> {
    let mut wanted = PayloadSelection::default();
    wanted.add(field)?;
    let mut payload = AttachProfilePayload { outcome: Some(outcome), ..Default::default() };
    if let Some(selection) = wanted.customer {
        payload.customer = customer::by_keys(db, &[customer], &selection).await?.pop().map(Ready);
    }
    if let Some(selection) = wanted.profile {
        payload.profile = profile::by_keys(db, &[profile], &selection).await?.pop().map(Ready);
    }
    if let Some(selection) = wanted.customer_profile_edge {
        payload.customer_profile_edge =
            edges_to(db, &[customer], profile, &selection).await?.remove(&customer);
    }
    if let Some(selection) = wanted.profile_customer_edge {
        payload.profile_customer_edge =
            edges_to(db, &[profile], customer, &selection).await?.remove(&profile);
    }
    Ok(payload)
}

/// What a query selects of an [`AttachProfilePayload`].
#[derive(Default)]
struct PayloadSelection {
    customer: Option<CustomerSelection>,
    profile: Option<ProfileSelection>,
    customer_profile_edge: Option<EdgeSelection<Profile>>,
    profile_customer_edge: Option<EdgeSelection<Customer>>,
}

impl Select for PayloadSelection {
    fn add(&mut self, payload: Selected<'_>) -> Result<(), Error> {
        for field in payload.fields() {
            match field.name() {
                "customer" => self.customer.get_or_insert_default().add(field)?,
                "profile" => self.profile.get_or_insert_default().add(field)?,
                "customerProfileEdge" => self.customer_profile_edge.get_or_insert_default().add(field)?,
                "profileCustomerEdge" => self.profile_customer_edge.get_or_insert_default().add(field)?,
                _ => {}
            }
        }
        Ok(())
    }
}
