//! What mutations do to associations.

mod input;
mod pair;
mod payload;
mod written;

use async_graphql::{Context, ID, Object};

use super::{input::checked, write};
use crate::{
    customer::Customer,
    database::Db,
    error::{Error, Faults, Place},
    input::list,
    load::{self, Node},
    profile::Profile,
    selection::selected,
};
use input::{
    AttachCustomersInput, AttachProfileInput, AttachProfilesInput, DetachCustomersInput, DetachProfilesInput,
    SetCustomersInput, SetProfilesInput, UpdateCustomerProfileInput,
};
use pair::{AttachProfilePayload, UpdateCustomerProfilePayload};
use payload::{
    AttachCustomersPayload, AttachProfilesPayload, DetachCustomersPayload, DetachProfilesPayload,
    SetCustomersPayload, SetProfilesPayload,
};
use written::Written;

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
        let (db, place) = (load::db(ctx)?, Place::argument("input"));
        let link = input.checked(&place)?;
        let (customer, profile) = (link.customer, link.profile);
        let mut missing = load::missing::<Customer>(db, &[(customer, place.key("customerId"))]).await?;
        missing.append(load::missing::<Profile>(db, &[(profile, place.key("profileId"))]).await?);
        missing.none()?;
        let outcome = write::attach_pair(db, link, input.on_existing, &place).await?;
        pair::attached(db, customer, profile, outcome, selected(ctx)).await
    }

    /// Attaches profiles to a customer, each with a status of its own.
    async fn attach_profiles(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The customer and the profiles.")] input: AttachProfilesInput,
    ) -> Result<AttachProfilesPayload, Error> {
        let db = load::db(ctx)?;
        let (customer, edges) =
            existing::<Customer, _>(db, &input.customer_id, "customerId", |place, faults| {
                checked(&input.profiles, &place.key("profiles"), faults)
            })
            .await?;
        let edges: Vec<_> = edges.into_iter().map(|edge| (customer, edge)).collect();
        let attached = write::attach(db, &edges, input.on_existing).await?;
        Ok(Written::load(db, customer, &attached, &[], selected(ctx)).await?.into())
    }

    /// Attaches exactly these profiles to a customer, and detaches all others.
    async fn set_profiles(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The customer and the profiles.")] input: SetProfilesInput,
    ) -> Result<SetProfilesPayload, Error> {
        let db = load::db(ctx)?;
        let (customer, edges) =
            existing::<Customer, _>(db, &input.customer_id, "customerId", |place, faults| {
                checked(&input.profiles, &place.key("profiles"), faults)
            })
            .await?;
        let (attached, detached) = write::set(db, customer, edges, lists_detached(ctx)).await?;
        Ok(Written::load(db, customer, &attached, &detached, selected(ctx)).await?.into())
    }

    /// Detaches profiles from a customer.
    async fn detach_profiles(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The customer and the profiles.")] input: DetachProfilesInput,
    ) -> Result<DetachProfilesPayload, Error> {
        let db = load::db(ctx)?;
        let (customer, profiles) =
            existing::<Customer, _>(db, &input.customer_id, "customerId", |place, faults| {
                keys::<Profile>(&input.profile_ids, &place.key("profileIds"), faults)
            })
            .await?;
        let detached = write::detach::<Profile>(db, customer, &profiles).await?;
        Ok(Written::load(db, customer, &[], &detached, selected(ctx)).await?.into())
    }

    /// Attaches customers to a profile, each with a status of its own.
    async fn attach_customers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The profile and the customers.")] input: AttachCustomersInput,
    ) -> Result<AttachCustomersPayload, Error> {
        let db = load::db(ctx)?;
        let (profile, edges) = existing::<Profile, _>(db, &input.profile_id, "profileId", |place, faults| {
            checked(&input.customers, &place.key("customers"), faults)
        })
        .await?;
        let edges: Vec<_> = edges.into_iter().map(|edge| (profile, edge)).collect();
        let attached = write::attach(db, &edges, input.on_existing).await?;
        Ok(Written::load(db, profile, &attached, &[], selected(ctx)).await?.into())
    }

    /// Attaches exactly these customers to a profile, and detaches all others.
    async fn set_customers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The profile and the customers.")] input: SetCustomersInput,
    ) -> Result<SetCustomersPayload, Error> {
        let db = load::db(ctx)?;
        let (profile, edges) = existing::<Profile, _>(db, &input.profile_id, "profileId", |place, faults| {
            checked(&input.customers, &place.key("customers"), faults)
        })
        .await?;
        let (attached, detached) = write::set(db, profile, edges, lists_detached(ctx)).await?;
        Ok(Written::load(db, profile, &attached, &detached, selected(ctx)).await?.into())
    }

    /// Detaches customers from a profile.
    async fn detach_customers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The profile and the customers.")] input: DetachCustomersInput,
    ) -> Result<DetachCustomersPayload, Error> {
        let db = load::db(ctx)?;
        let (profile, customers) =
            existing::<Profile, _>(db, &input.profile_id, "profileId", |place, faults| {
                keys::<Customer>(&input.customer_ids, &place.key("customerIds"), faults)
            })
            .await?;
        let detached = write::detach::<Customer>(db, profile, &customers).await?;
        Ok(Written::load(db, profile, &[], &detached, selected(ctx)).await?.into())
    }

    /// Gives an existing association another status.
    async fn update_customer_profile(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The two, and the new status.")] input: UpdateCustomerProfileInput,
    ) -> Result<UpdateCustomerProfilePayload, Error> {
        let (db, place) = (load::db(ctx)?, Place::argument("input"));
        let link = input.checked(&place)?;
        write::change(db, &link, input.expected_version, &place).await?;
        pair::changed(db, link.customer, link.profile, selected(ctx)).await
    }
}

/// Whether the query selects the IDs of what is detached.
fn lists_detached(ctx: &Context<'_>) -> bool {
    selected(ctx).fields().iter().any(|field| field.name().starts_with("detached"))
}

/// The near end of an input and what the input lists, both checked, if that end exists. Its ID stands in
/// the input's field `field`.
async fn existing<N: Node, T>(
    db: &Db,
    id: &ID,
    field: &'static str,
    listed: impl FnOnce(&Place, &mut Faults) -> T,
) -> Result<(i64, T), Error> {
    let place = Place::argument("input");
    let mut faults = Faults::default();
    let key = faults.unless(N::key_of(id, &place.key(field)));
    let listed = listed(&place, &mut faults);
    faults.none()?;
    load::require::<N>(db, &[(key, place.key(field))]).await?;
    Ok((key, listed))
}

/// The keys that a list of IDs at `place` names.
fn keys<N: Node>(ids: &[ID], place: &Place, faults: &mut Faults) -> Vec<i64> {
    faults.unless(list(ids, place));
    let ids = ids.iter().enumerate();
    ids.map(|(index, id)| faults.unless(N::key_of(id, &place.index(index)))).collect()
}
