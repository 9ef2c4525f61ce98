//! Profiles in the input of other nouns: existing ones, new ones, and those of a name.

use std::collections::{HashMap, HashSet};

use async_graphql::{ID, InputObject, OneofObject};

use super::store;
use crate::{
    database::Db,
    error::{Error, Fault, Faults, Place, Reason},
    id::{self, GlobalId},
    input,
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
    /// 1 to 255 characters; white space around them is dropped.
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

/// The keys of the profiles at the ends of the edges listed at `place`. New ones are added.
pub async fn resolve(db: &Db, ends: &[ProfileEnd], place: &Place) -> Result<Vec<i64>, Error> {
    let (mut keys, mut names) = (Vec::new(), Vec::new());
    for end in ends {
        match end {
            ProfileEnd::Existing(key) => keys.push(*key),
            ProfileEnd::OfName(name) => names.push(name.as_str()),
            ProfileEnd::New(_) => {}
        }
    }
    let existing = store::existing(db, &keys).await?;
    require(ends, &existing, place)?;
    let known = store::oldest_by_name(db, &names).await?;
    let (targets, new) = targets(ends, &known);
    let added = store::insert(db, &new).await?;
    targets
        .into_iter()
        .map(|target| match target {
            Target::Known(key) => Ok(key),
            Target::Added(index) => added.get(index).copied().ok_or(NOT_ADDED),
        })
        .collect()
}

const NOT_ADDED: Error = Error::Internal("fewer profiles were added than asked for");

fn require(ends: &[ProfileEnd], existing: &HashSet<i64>, place: &Place) -> Result<(), Error> {
    let mut faults = Faults::default();
    for (index, end) in ends.iter().enumerate() {
        if let ProfileEnd::Existing(key) = end
            && !existing.contains(key)
        {
            let place = place.index(index).key("node").key("id");
            faults.add(Fault { place, reason: Reason::NotFound(GlobalId::Profile(*key)) });
        }
    }
    faults.none()
}

/// Where the profile at an edge's end comes from: one there is, or an item of the list of new ones.
#[derive(Debug, PartialEq)]
enum Target {
    Known(i64),
    Added(usize),
}

/// The target of each end, and the names of the profiles to add. A name that is looked for and is not
/// known is that of an earlier item's new profile, as if the items had been written one after the other.
fn targets(ends: &[ProfileEnd], known: &HashMap<String, i64>) -> (Vec<Target>, Vec<String>) {
    let mut new = Vec::<String>::new();
    let add = |new: &mut Vec<String>, name: &String| {
        new.push(name.clone());
        Target::Added(new.len() - 1)
    };
    let mut targets = Vec::with_capacity(ends.len());
    for end in ends {
        targets.push(match end {
            ProfileEnd::Existing(key) => Target::Known(*key),
            ProfileEnd::New(name) => add(&mut new, name),
            ProfileEnd::OfName(name) => match known.get(name) {
                Some(key) => Target::Known(*key),
                None => match new.iter().position(|added| added == name) {
                    Some(index) => Target::Added(index),
                    None => add(&mut new, name),
                },
            },
        });
    }
    (targets, new)
}
