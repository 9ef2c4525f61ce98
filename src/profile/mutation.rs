//! What mutations do to profiles.

use async_graphql::{Context, InputObject, Object, SimpleObject};

use super::{Profile, ProfileEdge, by_keys, store};
use crate::{
    customer_profile::{self, OnExisting, ProfileCustomerInput},
    database::Db,
    error::{Error, Faults, Place},
    input,
    load::{self, EdgeSelection},
    ready::Ready,
    selection::{Select, selected},
};

/// A new profile, with the customers to attach to it.
#[derive(InputObject)]
pub struct CreateProfileInput {
    /// 1 to 255 characters; white space around them is dropped.
    name: String,
    /// The customers to attach, each with the status of the association; at most 250.
    #[graphql(default)]
    customers: Vec<ProfileCustomerInput>,
}

/// What `createProfile` made.
#[derive(SimpleObject)]
pub struct CreateProfilePayload {
    /// The new profile.
    profile: Ready<Profile>,
    /// The new profile in its place among all profiles.
    profile_edge: Ready<ProfileEdge>,
}

/// The fields of the mutation root that write profiles.
#[derive(Default)]
pub struct ProfileMutation;

#[Object]
impl ProfileMutation {
    /// Creates a profile and attaches customers to it: existing ones and new ones.
    async fn create_profile(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The profile and its customers.")] input: CreateProfileInput,
    ) -> Result<CreateProfilePayload, Error> {
        let db = load::db(ctx)?;
        let key = create(db, &input).await?;

        let mut selection = EdgeSelection::<Profile>::default();
        for field in selected(ctx).fields() {
            match field.name() {
                "profile" => selection.node.get_or_insert_default().add(field)?,
                "profileEdge" => selection.add(field)?,
                _ => {}
            }
        }
        let created = by_keys(db, &[key], &selection.node.unwrap_or_default()).await?.pop();
        let profile = Ready(created.ok_or(Error::Internal("a profile is gone that was just created"))?);
        Ok(CreateProfilePayload { profile_edge: Ready(ProfileEdge::new(profile.0.clone(), None)), profile })
    }
}

async fn create(db: &Db, input: &CreateProfileInput) -> Result<i64, Error> {
    let place = Place::argument("input");
    let mut faults = Faults::default();
    let name = faults.unless(input::name(&input.name, &place.key("name")));
    let customers = place.key("customers");
    let edges = customer_profile::checked(&input.customers, &customers, &mut faults);
    faults.none()?;

    let added = store::insert(db, &[name]).await?.pop();
    let key = added.ok_or(Error::Internal("no key was returned for a new profile"))?;
    customer_profile::attach_customers(db, key, &edges, OnExisting::Error, &customers).await?;
    Ok(key)
}
