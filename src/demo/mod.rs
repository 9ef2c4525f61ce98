//! Made-up data to try the graph on: the same for the same arguments, in every run.

mod history;
mod people;
mod profiles;
mod store;

use std::collections::BTreeSet;

use fastrand::Rng;
use indicatif::ProgressBar;

use self::{history::History, people::Person};
use crate::{
    config::{Demo, EdgeRange},
    database::{Database, Db, Failure, Outcome},
};

/// Where chance begins. Another number is other data.
const SEED: u64 = 0x6375_7374_6f6d_6572;

/// How many rows a transaction writes: so many that waiting for the disk counts little, and no more than
/// a few megabytes.
const BATCH: usize = 50_000;

/// How often out of a hundred an association has which status.
const STATUSES: [(&str, u32); 6] =
    [("active", 62), ("paused", 14), ("invited", 11), ("expired", 7), ("declined", 4), ("blocked", 2)];

/// How many rows of each kind were added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Added {
    pub customers: u64,
    pub profiles: u64,
    pub edges: u64,
}

/// Why nothing, or nothing more, was added.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error("the database has customers or profiles already; `--add` adds to them")]
    NotEmpty,
    #[error(transparent)]
    Database(#[from] Failure),
}

/// A new customer with the edges that go out from it.
struct Customer {
    person: Person,
    history: History,
    edges: Vec<Edge>,
}

/// A new association with the profile of this key.
struct Edge {
    profile: i64,
    status: &'static str,
    history: History,
}

/// Adds what `demo` asks for to a database whose schema is up to date. `progress` counts customers.
///
/// Each batch is a transaction of its own, so where this fails, what was written before is kept.
pub async fn fill(database: &Database, demo: &Demo, progress: &ProgressBar) -> Result<Added, DemoError> {
    let last = database.read(async |db| store::last_keys(&db).await).await??;
    if last != (0, 0) && !demo.add {
        return Err(DemoError::NotEmpty);
    }
    let mut random = Rng::with_seed(SEED.wrapping_add_signed(last.0));
    let profiles = add_profiles(database, demo.profiles, &mut random).await?;
    let mut added = Added { profiles: profiles.len() as u64, ..Added::default() };
    while added.customers < demo.customers.into() {
        let left = u64::from(demo.customers) - added.customers;
        let batch = batch(left, &profiles, demo, &mut random);
        added.customers += batch.len() as u64;
        added.edges += batch.iter().map(|customer| customer.edges.len() as u64).sum::<u64>();
        all(database, async move |db| store::insert_customers(&db, &batch).await).await?;
        progress.set_position(added.customers);
    }
    Ok(added)
}

/// Adds this many profiles, and returns their keys.
async fn add_profiles(database: &Database, count: u32, random: &mut Rng) -> Result<Vec<i64>, Failure> {
    let mut keys = Vec::new();
    while keys.len() < count as usize {
        let numbers = keys.len()..(count as usize).min(keys.len() + BATCH);
        let made: Vec<_> =
            numbers.map(|number| (profiles::name(number), history::of_profile(random))).collect();
        keys.append(&mut all(database, async move |db| store::insert_profiles(&db, &made).await).await?);
    }
    Ok(keys)
}

/// Has `write` write all it does, or nothing where it fails.
async fn all<T: Send + 'static>(
    database: &Database,
    mut write: impl AsyncFnMut(Db) -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let write = async move |db| match write(db).await {
        Ok(written) => Outcome::Keep(Ok(written)),
        Err(failure) => Outcome::Undo(Err(failure)),
    };
    database.write(write).await?
}

/// As many of the customers that are left as make a batch; at least one.
fn batch(left: u64, profiles: &[i64], demo: &Demo, random: &mut Rng) -> Vec<Customer> {
    let (mut customers, mut rows) = (Vec::new(), 0);
    while (customers.len() as u64) < left && rows < BATCH {
        let customer = customer(profiles, demo, random);
        rows += 1 + customer.edges.len();
        customers.push(customer);
    }
    customers
}

fn customer(profiles: &[i64], demo: &Demo, random: &mut Rng) -> Customer {
    let history = history::of_customer(random);
    let attached = attached(profiles.len(), demo.edges_per_customer, demo.shared_profile, random);
    let edge = |number: usize| Edge {
        profile: profiles[number],
        status: status(random),
        history: history.followed(random),
    };
    let edges = attached.into_iter().map(edge).collect();
    Customer { person: people::person(random), history, edges }
}

/// Which of `count` profiles a customer has, without choosing one twice: Floyd's sample.
fn attached(count: usize, edges: EdgeRange, shared: bool, random: &mut Rng) -> BTreeSet<usize> {
    let size = random.u32(edges.least..=edges.most) as usize;
    // The shared profile is the first; only the others are left to chance.
    let from = usize::from(shared);
    let mut chosen = BTreeSet::from_iter(shared.then_some(0));
    for end in count - (size - chosen.len())..count {
        let candidate = random.usize(from..=end);
        if !chosen.insert(candidate) {
            chosen.insert(end);
        }
    }
    chosen
}

fn status(random: &mut Rng) -> &'static str {
    let mut draw = random.u32(0..100);
    for (status, weight) in STATUSES {
        match draw.checked_sub(weight) {
            Some(rest) => draw = rest,
            None => return status,
        }
    }
    STATUSES[0].0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_of_the_statuses_are_percent() {
        assert_eq!(STATUSES.iter().map(|(_, weight)| weight).sum::<u32>(), 100);
    }

    #[test]
    fn a_customer_may_have_every_profile() {
        let edges = EdgeRange { least: 5, most: 5 };
        for shared in [false, true] {
            let chosen = attached(5, edges, shared, &mut Rng::with_seed(1));
            assert_eq!(chosen, BTreeSet::from([0, 1, 2, 3, 4]));
        }
    }

    #[test]
    fn every_profile_is_as_likely_as_the_others() {
        let mut random = Rng::with_seed(1);
        let mut counts = [0; 6];
        for _ in 0..10_000 {
            for number in attached(6, EdgeRange { least: 3, most: 3 }, true, &mut random) {
                counts[number] += 1;
            }
        }
        assert_eq!(counts[0], 10_000);
        assert!(counts[1..].iter().all(|count| (3_700..4_300).contains(count)), "{counts:?}");
    }
}
