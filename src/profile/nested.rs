//! Profiles in the input of other nouns: existing ones, new ones, and those of a name.

use std::collections::HashMap;

use async_graphql::{ID, InputObject, OneofObject};

use super::{Profile, store};
use crate::{
    database::Db,
    error::{Error, Faults, Place},
    id, input, load,
};

/// The profile at the edge's end: an existing one, a new one, or the oldest of that name with a new one
/// where there is none.
#[derive(OneofObject)]
pub enum ProfileNodeInput {
    /// An existing profile's ID.
    Id(ID),
    /// A new profile.
    Create(ProfileData),
    /// The oldest profile of that name; a new one where there is none.
    FindOrCreate(ProfileData),
}

/// A new profile, or one to be found.
#[derive(InputObject)]
pub struct ProfileData {
    /// The name: 1 to 255 characters, none of them a control character; white space and
    /// invisible characters around it are dropped.
    pub name: String,
}

/// A [`ProfileNodeInput`], checked.
#[derive(Clone, Debug, PartialEq)]
pub enum ProfileEnd {
    Existing(i64),
    New(String),
    OfName(String),
}

impl ProfileNodeInput {
    /// Checks the profile that an edge's `node` at `place` names.
    pub fn checked(&self, place: &Place, faults: &mut Faults) -> ProfileEnd {
        let mut name =
            |data: &ProfileData, place: Place| faults.unless(input::name(&data.name, &place.key("name")));
        match self {
            ProfileNodeInput::Create(data) => ProfileEnd::New(name(data, place.key("create"))),
            ProfileNodeInput::FindOrCreate(data) => ProfileEnd::OfName(name(data, place.key("findOrCreate"))),
            ProfileNodeInput::Id(id) => {
                ProfileEnd::Existing(faults.unless(id::profile(id, &place.key("id"))))
            }
        }
    }
}

/// The keys of the profiles that an input names at these places. New ones are added.
pub async fn resolve(db: &Db, ends: &[(ProfileEnd, Place)]) -> Result<Vec<i64>, Error> {
    let (mut keys, mut names) = (Vec::new(), Vec::new());
    for (end, place) in ends {
        match end {
            ProfileEnd::Existing(key) => keys.push((*key, place.key("id"))),
            ProfileEnd::OfName(name) => names.push(name.as_str()),
            ProfileEnd::New(_) => {}
        }
    }
    load::require::<Profile>(db, &keys).await?;
    if !names.is_empty() {
        store::lock_names(db, &names).await?;
    }
    let known = store::oldest_by_name(db, &names).await?;
    let (targets, new) = targets(ends.iter().map(|(end, _)| end), &known);
    let added = store::insert(db, &new).await?;
    let key = |target| match target {
        Target::Known(key) => Ok(key),
        Target::Added(index) => added.get(index).copied().ok_or(NOT_ADDED),
    };
    targets.into_iter().map(key).collect()
}

const NOT_ADDED: Error = Error::Internal("fewer profiles were added than asked for");

/// Where the profile at an edge's end comes from: one there is, or an item of the list of new ones.
#[derive(Debug, PartialEq)]
enum Target {
    Known(i64),
    Added(usize),
}

/// The target of each end, and the names of the profiles to add. A name that is looked for and is not
/// known is that of an earlier item's new profile, as if the items had been written one after the other.
fn targets<'a>(
    ends: impl Iterator<Item = &'a ProfileEnd>,
    known: &HashMap<String, i64>,
) -> (Vec<Target>, Vec<String>) {
    let (mut new, mut by_name) = (Vec::new(), HashMap::new());
    let mut targets = Vec::new();
    for end in ends {
        let (name, known) = match end {
            ProfileEnd::Existing(key) => {
                targets.push(Target::Known(*key));
                continue;
            }
            ProfileEnd::New(name) => (name, None),
            ProfileEnd::OfName(name) => {
                let added = by_name.get(name).copied().map(Target::Added);
                (name, known.get(name).copied().map(Target::Known).or(added))
            }
        };
        targets.push(known.unwrap_or_else(|| {
            new.push(name.clone());
            by_name.entry(name).or_insert(new.len() - 1);
            Target::Added(new.len() - 1)
        }));
    }
    (targets, new)
}
