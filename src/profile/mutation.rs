//! What mutations do to profiles.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};

use super::{Profile, ProfileEdge, store};
use crate::{
    customer::Customer,
    customer_profile::{self, OnExisting, ProfileCustomerInput},
    database::Db,
    error::{Error, Fault, Faults, Place, Reason},
    id::{self, GlobalId},
    input,
    load::{self, Below, EdgeSelection},
    ready::{List, Ready, Wanted},
    selection::{Select, Selected, read, selected},
    table,
};

/// A new profile, with the customers to attach to it.
#[derive(InputObject)]
pub struct CreateProfileInput {
    /// The name: 1 to 255 characters, none of them a control character; white space and
    /// invisible characters around it are dropped.
    name: String,
    /// The customers to attach, each with the status of the association; at most 250, and none of them twice.
    #[graphql(default)]
    customers: Vec<ProfileCustomerInput>,
}

/// New profiles.
#[derive(InputObject)]
pub struct CreateProfilesInput {
    /// The profiles, at most 250, each with the customers to attach to it.
    profiles: Vec<CreateProfileInput>,
}

/// A profile to change. Fields that are left out keep their value.
#[derive(InputObject)]
pub struct UpdateProfileInput {
    /// The profile's ID.
    id: ID,
    /// The new name: 1 to 255 characters, none of them a control character; white space and
    /// invisible characters around it are dropped. Null is refused.
    name: MaybeUndefined<String>,
    /// Fail with VERSION_CONFLICT unless the profile has this version. Left out or null, any version will do.
    expected_version: Option<i32>,
}

/// A profile to delete.
#[derive(InputObject)]
pub struct DeleteProfileInput {
    /// The profile's ID.
    id: ID,
    /// Fail with VERSION_CONFLICT unless the profile has this version. Left out or null, any version will do.
    expected_version: Option<i32>,
}

/// The result of `createProfile`.
#[derive(SimpleObject)]
pub struct CreateProfilePayload {
    /// The new profile.
    profile: Wanted<Ready<Profile>>,
    /// The new profile in its place among all profiles.
    profile_edge: Wanted<Ready<ProfileEdge>>,
}

/// The result of `createProfiles`.
#[derive(SimpleObject)]
pub struct CreateProfilesPayload {
    /// The new profiles, in the order of the input.
    profiles: List<Ready<Profile>>,
}

/// The result of `updateProfile`.
#[derive(SimpleObject)]
pub struct UpdateProfilePayload {
    /// The profile, as it is now.
    profile: Wanted<Ready<Profile>>,
}

/// The result of `deleteProfile`.
#[derive(SimpleObject)]
pub struct DeleteProfilePayload {
    /// The ID that the profile had.
    deleted_profile_id: ID,
    /// From how many customers the profile was detached.
    detached_customer_count: i32,
}

/// The fields of the mutation root that write profiles.
#[derive(Default)]
pub struct ProfileMutation;

#[Object]
impl ProfileMutation {
    /// Creates a profile and attaches customers to it: existing ones by ID, or new ones.
    async fn create_profile(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The profile and its customers.")] input: CreateProfileInput,
    ) -> Result<CreateProfilePayload, Error> {
        let db = load::db(ctx)?;
        let keys = create(db, &[(input, Place::argument("input"))]).await?;
        created(db, &keys, selected(ctx)).await
    }

    /// Creates profiles, each as `createProfile` does.
    async fn create_profiles(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The profiles and their customers.")] input: CreateProfilesInput,
    ) -> Result<CreateProfilesPayload, Error> {
        let (db, place) = (load::db(ctx)?, Place::argument("input").key("profiles"));
        input::list(&input.profiles, &place)?;
        let inputs = input.profiles.into_iter().enumerate();
        let inputs: Vec<_> = inputs.map(|(index, input)| (input, place.index(index))).collect();
        let keys = create(db, &inputs).await?;

        let selection: Below<Profile> = read(selected(ctx))?;
        let profiles = match &selection.0 {
            Some(selection) => load::by_keys(db, &keys, selection).await?,
            None => Vec::new(),
        };
        Ok(CreateProfilesPayload { profiles: List(profiles.into_iter().map(Ready).collect()) })
    }

    /// Changes a profile.
    async fn update_profile(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The profile and its new fields.")] input: UpdateProfileInput,
    ) -> Result<UpdateProfilePayload, Error> {
        let db = load::db(ctx)?;
        let key = update(db, &input, &Place::argument("input")).await?;
        let selection: Below<Profile> = read(selected(ctx))?;
        let profile = match &selection.0 {
            Some(selection) => load::by_key(db, key, selection).await?.map(Ready),
            None => None,
        };
        Ok(UpdateProfilePayload { profile: Wanted(profile) })
    }

    /// Deletes a profile and detaches it everywhere.
    async fn delete_profile(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The profile.")] input: DeleteProfileInput,
    ) -> Result<DeleteProfilePayload, Error> {
        let (db, place) = (load::db(ctx)?, Place::argument("input"));
        let key = id::profile(&input.id, &place.key("id"))?;
        let (_, version) = current(db, key, &place).await?;
        input::version(input.expected_version, version, &place.key("expectedVersion"))?;
        let detached = customer_profile::count::<Customer>(db, key).await?;
        table::delete::<Profile>(db, key).await?;
        Ok(DeleteProfilePayload {
            deleted_profile_id: GlobalId::Profile(key).into(),
            detached_customer_count: i32::try_from(detached).unwrap_or(i32::MAX),
        })
    }
}

/// Adds the profiles of these inputs, each of which stands at the place given with it, and attaches their
/// customers. Returns the profiles' keys in that order.
async fn create(db: &Db, inputs: &[(CreateProfileInput, Place)]) -> Result<Vec<i64>, Error> {
    let mut faults = Faults::default();
    let (mut rows, mut lists) = (Vec::with_capacity(inputs.len()), Vec::with_capacity(inputs.len()));
    for (input, place) in inputs {
        rows.push(faults.unless(input::name(&input.name, &place.key("name"))));
        lists.push(customer_profile::checked(&input.customers, &place.key("customers"), &mut faults));
    }
    faults.none()?;

    let keys = store::insert(db, &rows).await?;
    let edges = keys.iter().zip(lists).flat_map(|(key, list)| list.into_iter().map(|edge| (*key, edge)));
    customer_profile::attach(db, &edges.collect::<Vec<_>>(), OnExisting::Error).await?;
    Ok(keys)
}

/// Gives the profile its new fields, if they are other ones, and returns its key.
async fn update(db: &Db, input: &UpdateProfileInput, place: &Place) -> Result<i64, Error> {
    let mut faults = Faults::default();
    let key = faults.unless(id::profile(&input.id, &place.key("id")));
    let name = match &input.name {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => {
            faults.add(Fault::invalid(place.key("name"), "a name cannot be cleared"));
            None
        }
        MaybeUndefined::Value(name) => Some(faults.unless(input::name(name, &place.key("name")))),
    };
    faults.none()?;

    let (old, version) = current(db, key, place).await?;
    input::version(input.expected_version, version, &place.key("expectedVersion"))?;
    let new = name.unwrap_or_else(|| old.clone());
    if new != old {
        store::update(db, key, &new).await?;
    }
    Ok(key)
}

/// The profile's fields and version, if it exists.
async fn current(db: &Db, key: i64, place: &Place) -> Result<(String, i32), Error> {
    let missing = || Fault { place: place.key("id"), reason: Reason::NotFound(GlobalId::Profile(key)) };
    Ok(store::current(db, key).await?.ok_or_else(missing)?)
}

async fn created(db: &Db, keys: &[i64], payload: Selected<'_>) -> Result<CreateProfilePayload, Error> {
    let mut selection = EdgeSelection::<Profile>::default();
    for field in payload.fields() {
        match field.name() {
            "profile" => selection.node.get_or_insert_default().add(field)?,
            "profileEdge" => selection.add(field)?,
            _ => {}
        }
    }
    let profile = load::by_keys::<Profile>(db, keys, &selection.node.unwrap_or_default()).await?.pop();
    let edge = profile.clone().map(|profile| Ready(ProfileEdge::new(profile, None)));
    Ok(CreateProfilePayload { profile: Wanted(profile.map(Ready)), profile_edge: Wanted(edge) })
}
