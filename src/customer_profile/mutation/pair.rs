//! What the mutations of one pair answer, as far as the query selects it.

use std::sync::Arc;

use async_graphql::SimpleObject;

use crate::{
    customer::{Customer, CustomerSelection},
    customer_profile::{CustomerProfileEdge, ProfileCustomerEdge, edges_to, write::AttachOutcome},
    database::Db,
    error::Error,
    load::{self, EdgeSelection},
    profile::{Profile, ProfileSelection},
    ready::{Ready, Wanted},
    selection::{Select, Selected, read},
};

/// The result of `attachProfile`.
#[derive(SimpleObject)]
pub struct AttachProfilePayload {
    /// What became of the pair.
    outcome: AttachOutcome,
    /// The customer.
    customer: Wanted<Ready<Customer>>,
    /// The profile.
    profile: Wanted<Ready<Profile>>,
    /// The association, read from the customer's side.
    customer_profile_edge: Wanted<Arc<Ready<CustomerProfileEdge>>>,
    /// The association, read from the profile's side.
    profile_customer_edge: Wanted<Arc<Ready<ProfileCustomerEdge>>>,
}

/// The result of `updateCustomerProfile`.
#[derive(SimpleObject)]
pub struct UpdateCustomerProfilePayload {
    /// The association, read from the customer's side.
    customer_profile_edge: Wanted<Arc<Ready<CustomerProfileEdge>>>,
    /// The association, read from the profile's side.
    profile_customer_edge: Wanted<Arc<Ready<ProfileCustomerEdge>>>,
}

/// What a query selects of a payload that has the two ends of a pair, or its two edges.
#[derive(Default)]
struct PairSelection {
    customer: Option<CustomerSelection>,
    profile: Option<ProfileSelection>,
    customer_profile_edge: Option<EdgeSelection<Profile>>,
    profile_customer_edge: Option<EdgeSelection<Customer>>,
}

impl Select for PairSelection {
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

/// The answer for a pair that was attached.
pub async fn attached(
    db: &Db,
    customer: i64,
    profile: i64,
    outcome: AttachOutcome,
    field: Selected<'_>,
) -> Result<AttachProfilePayload, Error> {
    let wanted: PairSelection = read(field)?;
    let edges = edges(db, customer, profile, &wanted).await?;
    let found_customer = match &wanted.customer {
        Some(selection) => load::by_key(db, customer, selection).await?.map(Ready),
        None => None,
    };
    let found_profile = match &wanted.profile {
        Some(selection) => load::by_key(db, profile, selection).await?.map(Ready),
        None => None,
    };
    Ok(AttachProfilePayload {
        outcome,
        customer: Wanted(found_customer),
        profile: Wanted(found_profile),
        customer_profile_edge: edges.customer_profile_edge,
        profile_customer_edge: edges.profile_customer_edge,
    })
}

/// The answer for a pair whose association was changed.
pub async fn changed(
    db: &Db,
    customer: i64,
    profile: i64,
    field: Selected<'_>,
) -> Result<UpdateCustomerProfilePayload, Error> {
    edges(db, customer, profile, &read(field)?).await
}

async fn edges(
    db: &Db,
    customer: i64,
    profile: i64,
    wanted: &PairSelection,
) -> Result<UpdateCustomerProfilePayload, Error> {
    let from_customer = match &wanted.customer_profile_edge {
        Some(selection) => edges_to(db, &[customer], profile, selection).await?.remove(&customer),
        None => None,
    };
    let from_profile = match &wanted.profile_customer_edge {
        Some(selection) => edges_to(db, &[profile], customer, selection).await?.remove(&profile),
        None => None,
    };
    Ok(UpdateCustomerProfilePayload {
        customer_profile_edge: Wanted(from_customer),
        profile_customer_edge: Wanted(from_profile),
    })
}
