//! The inputs of the mutations of associations.

use async_graphql::{ID, InputObject, MaybeUndefined};

use crate::{
    customer_profile::{
        CustomerProfileInput, OnExisting, ProfileCustomerInput, input::optional_status, write::Link,
    },
    error::{Error, Fault, Faults, Place},
    id, input,
};

/// A customer and a profile to attach to each other.
#[derive(InputObject)]
pub struct AttachProfileInput {
    /// The customer's ID.
    pub customer_id: ID,
    /// The profile's ID.
    pub profile_id: ID,
    /// The status of the association: 1 to 255 characters, none of them a control character; white space and
    /// invisible characters around it are dropped. Left out, a new
    /// association is `active` and an existing one keeps its status; null is refused.
    pub status: MaybeUndefined<String>,
    /// What to do where the two are attached already.
    #[graphql(default_with = "OnExisting::Update")]
    pub on_existing: OnExisting,
}

/// Profiles to attach to a customer.
#[derive(InputObject)]
pub struct AttachProfilesInput {
    /// The customer's ID.
    pub customer_id: ID,
    /// The profiles, each with the status of the association; at most 250, and none of them twice.
    pub profiles: Vec<CustomerProfileInput>,
    /// What to do with those that are attached already.
    #[graphql(default_with = "OnExisting::Update")]
    pub on_existing: OnExisting,
}

/// Exactly these profiles are attached afterwards.
#[derive(InputObject)]
pub struct SetProfilesInput {
    /// The customer's ID.
    pub customer_id: ID,
    /// The profiles, each with the status of the association; at most 250, and none of them twice.
    pub profiles: Vec<CustomerProfileInput>,
}

/// Profiles to detach from a customer. Those that are not attached are passed over.
#[derive(InputObject)]
pub struct DetachProfilesInput {
    /// The customer's ID.
    pub customer_id: ID,
    /// The profiles' IDs, at most 250.
    pub profile_ids: Vec<ID>,
}

/// Customers to attach to a profile.
#[derive(InputObject)]
pub struct AttachCustomersInput {
    /// The profile's ID.
    pub profile_id: ID,
    /// The customers, each with the status of the association; at most 250, and none of them twice.
    pub customers: Vec<ProfileCustomerInput>,
    /// What to do with those that are attached already.
    #[graphql(default_with = "OnExisting::Update")]
    pub on_existing: OnExisting,
}

/// Exactly these customers are attached afterwards.
#[derive(InputObject)]
pub struct SetCustomersInput {
    /// The profile's ID.
    pub profile_id: ID,
    /// The customers, each with the status of the association; at most 250, and none of them twice.
    pub customers: Vec<ProfileCustomerInput>,
}

/// Customers to detach from a profile. Those that are not attached are passed over.
#[derive(InputObject)]
pub struct DetachCustomersInput {
    /// The profile's ID.
    pub profile_id: ID,
    /// The customers' IDs, at most 250.
    pub customer_ids: Vec<ID>,
}

/// Changes an existing association; NOT_ATTACHED where there is none.
#[derive(InputObject)]
pub struct UpdateCustomerProfileInput {
    /// The customer's ID.
    pub customer_id: ID,
    /// The profile's ID.
    pub profile_id: ID,
    /// The new status: 1 to 255 characters, none of them a control character; white space and
    /// invisible characters around it are dropped.
    pub status: String,
    /// Fail with VERSION_CONFLICT unless the association has this version. Left out or null, any version will do. An
    /// association that was detached and attached again is a new one with version 1, and its `createdAt` is that of the
    /// new attachment.
    pub expected_version: Option<i32>,
}

impl AttachProfileInput {
    /// The pair to attach, or everything that is wrong with the input at `place`.
    pub fn checked(&self, place: &Place) -> Result<Link, Error> {
        let status = optional_status(&self.status, &place.key("status"));
        link(&self.customer_id, &self.profile_id, status, place)
    }
}

impl UpdateCustomerProfileInput {
    /// The pair to change, or everything that is wrong with the input at `place`.
    pub fn checked(&self, place: &Place) -> Result<Link, Error> {
        let status = input::status(&self.status, &place.key("status")).map(Some);
        link(&self.customer_id, &self.profile_id, status, place)
    }
}

fn link(
    customer: &ID,
    profile: &ID,
    status: Result<Option<String>, Fault>,
    place: &Place,
) -> Result<Link, Error> {
    let mut faults = Faults::default();
    let customer = faults.unless(id::customer(customer, &place.key("customerId")));
    let profile = faults.unless(id::profile(profile, &place.key("profileId")));
    let status = faults.unless(status);
    faults.none()?;
    Ok(Link { customer, profile, status })
}
