//! What the mutations of associations answer, as far as the query selects it.

use async_graphql::{ID, SimpleObject};

use super::written::Written;
use crate::{
    customer::Customer,
    customer_profile::{CustomerProfileEdge, ProfileCustomerEdge, write::AttachOutcome},
    profile::Profile,
    ready::{Ready, Wanted},
};

/// The result of `attachProfiles`.
#[derive(SimpleObject)]
pub struct AttachProfilesPayload {
    /// The customer.
    customer: Wanted<Ready<Customer>>,
    /// What became of each profile, in the order of the input.
    attached: Vec<AttachedProfile>,
}

/// The result of `setProfiles`.
#[derive(SimpleObject)]
pub struct SetProfilesPayload {
    /// The customer.
    customer: Wanted<Ready<Customer>>,
    /// What became of each profile, in the order of the input.
    attached: Vec<AttachedProfile>,
    /// The profiles that were attached before and are no more. Where they are more than 10,000, the request is refused
    /// unless this field is left out.
    detached_profile_ids: Vec<ID>,
}

/// The result of `detachProfiles`.
#[derive(SimpleObject)]
pub struct DetachProfilesPayload {
    /// The customer.
    customer: Wanted<Ready<Customer>>,
    /// The profiles that were attached, in the order of the input.
    detached_profile_ids: Vec<ID>,
}

/// What became of one profile that was to be attached.
#[derive(SimpleObject)]
pub struct AttachedProfile {
    /// What became of the pair.
    outcome: AttachOutcome,
    /// The association.
    edge: Wanted<Ready<CustomerProfileEdge>>,
}

impl From<Written<Customer, Profile>> for AttachProfilesPayload {
    fn from(written: Written<Customer, Profile>) -> Self {
        let attached = written.attached.into_iter();
        AttachProfilesPayload {
            customer: written.near,
            attached: attached.map(|(outcome, edge)| AttachedProfile { outcome, edge }).collect(),
        }
    }
}

impl From<Written<Customer, Profile>> for SetProfilesPayload {
    fn from(mut written: Written<Customer, Profile>) -> Self {
        let detached_profile_ids = std::mem::take(&mut written.detached);
        let AttachProfilesPayload { customer, attached } = written.into();
        SetProfilesPayload { customer, attached, detached_profile_ids }
    }
}

impl From<Written<Customer, Profile>> for DetachProfilesPayload {
    fn from(written: Written<Customer, Profile>) -> Self {
        DetachProfilesPayload { customer: written.near, detached_profile_ids: written.detached }
    }
}

/// The result of `attachCustomers`.
#[derive(SimpleObject)]
pub struct AttachCustomersPayload {
    /// The profile.
    profile: Wanted<Ready<Profile>>,
    /// What became of each customer, in the order of the input.
    attached: Vec<AttachedCustomer>,
}

/// The result of `setCustomers`.
#[derive(SimpleObject)]
pub struct SetCustomersPayload {
    /// The profile.
    profile: Wanted<Ready<Profile>>,
    /// What became of each customer, in the order of the input.
    attached: Vec<AttachedCustomer>,
    /// The customers that were attached before and are no more. Where they are more than 10,000, the request is refused
    /// unless this field is left out.
    detached_customer_ids: Vec<ID>,
}

/// The result of `detachCustomers`.
#[derive(SimpleObject)]
pub struct DetachCustomersPayload {
    /// The profile.
    profile: Wanted<Ready<Profile>>,
    /// The customers that were attached, in the order of the input.
    detached_customer_ids: Vec<ID>,
}

/// What became of one customer that was to be attached.
#[derive(SimpleObject)]
pub struct AttachedCustomer {
    /// What became of the pair.
    outcome: AttachOutcome,
    /// The association.
    edge: Wanted<Ready<ProfileCustomerEdge>>,
}

impl From<Written<Profile, Customer>> for AttachCustomersPayload {
    fn from(written: Written<Profile, Customer>) -> Self {
        let attached = written.attached.into_iter();
        AttachCustomersPayload {
            profile: written.near,
            attached: attached.map(|(outcome, edge)| AttachedCustomer { outcome, edge }).collect(),
        }
    }
}

impl From<Written<Profile, Customer>> for SetCustomersPayload {
    fn from(mut written: Written<Profile, Customer>) -> Self {
        let detached_customer_ids = std::mem::take(&mut written.detached);
        let AttachCustomersPayload { profile, attached } = written.into();
        SetCustomersPayload { profile, attached, detached_customer_ids }
    }
}

impl From<Written<Profile, Customer>> for DetachCustomersPayload {
    fn from(written: Written<Profile, Customer>) -> Self {
        DetachCustomersPayload { profile: written.near, detached_customer_ids: written.detached }
    }
}
