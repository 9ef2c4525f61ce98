//! Attaching: what becomes of each pair, in one statement for a list of them.

use async_graphql::Enum;

use super::{
    input::{NewEdge, repeated},
    store,
};
use crate::{
    customer::{self, CustomerEnd},
    database::Db,
    error::{Error, Fault, Faults, Place, Reason},
    profile::{self, ProfileEnd},
};

/// What to do where the two are attached already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum OnExisting {
    /// Give the association the new status.
    Update,
    /// Keep the association as it is.
    Keep,
    /// Fail with ALREADY_ATTACHED.
    Error,
}

/// What became of a pair that was to be attached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum AttachOutcome {
    /// The two were not attached before.
    Attached,
    /// They were, with another status.
    Updated,
    /// They were, and the association stays as it was.
    Unchanged,
}

/// A pair to attach, and the status to give to the association.
#[derive(Clone, Debug)]
pub struct Link {
    pub customer: i64,
    pub profile: i64,
    pub status: String,
}

/// Attaches the profiles at the ends of the edges listed at `place` to a customer.
pub async fn attach_profiles(
    db: &Db,
    customer: i64,
    edges: &[NewEdge<ProfileEnd>],
    on_existing: OnExisting,
    place: &Place,
) -> Result<Vec<AttachOutcome>, Error> {
    let ends: Vec<_> = edges.iter().map(|edge| edge.end.clone()).collect();
    let profiles = profile::resolve(db, &ends, place).await?;
    let statuses = edges.iter().map(|edge| edge.status.clone());
    let links =
        profiles.into_iter().zip(statuses).map(|(profile, status)| Link { customer, profile, status });
    attach_all(db, &links.collect::<Vec<_>>(), on_existing, place).await
}

/// Attaches the customers at the ends of the edges listed at `place` to a profile.
pub async fn attach_customers(
    db: &Db,
    profile: i64,
    edges: &[NewEdge<CustomerEnd>],
    on_existing: OnExisting,
    place: &Place,
) -> Result<Vec<AttachOutcome>, Error> {
    let ends: Vec<_> = edges.iter().map(|edge| edge.end.clone()).collect();
    let customers = customer::resolve(db, &ends, place).await?;
    let statuses = edges.iter().map(|edge| edge.status.clone());
    let links =
        customers.into_iter().zip(statuses).map(|(customer, status)| Link { customer, profile, status });
    attach_all(db, &links.collect::<Vec<_>>(), on_existing, place).await
}

/// Attaches one pair, both of which exist. `place` is where an existing pair is at fault.
pub async fn attach(
    db: &Db,
    link: Link,
    on_existing: OnExisting,
    place: &Place,
) -> Result<AttachOutcome, Error> {
    let outcomes = write(db, &[link], on_existing, |_| place.clone()).await?;
    outcomes.first().copied().ok_or(Error::Internal("attaching a pair had no outcome"))
}

async fn attach_all(
    db: &Db,
    links: &[Link],
    on_existing: OnExisting,
    place: &Place,
) -> Result<Vec<AttachOutcome>, Error> {
    refuse_repeated(links, place)?;
    write(db, links, on_existing, |index| place.index(index).key("node")).await
}

/// A profile that is named and one that is found by its name may turn out to be the same.
fn refuse_repeated(links: &[Link], place: &Place) -> Result<(), Error> {
    let mut faults = Faults::default();
    for (index, link) in links.iter().enumerate() {
        let pair = (link.customer, link.profile);
        let first = links.iter().position(|other| (other.customer, other.profile) == pair);
        if let Some(first) = first.filter(|first| *first < index) {
            faults.add(repeated(&place.index(index), first));
        }
    }
    faults.none()
}

async fn write(
    db: &Db,
    links: &[Link],
    on_existing: OnExisting,
    place: impl Fn(usize) -> Place,
) -> Result<Vec<AttachOutcome>, Error> {
    if links.is_empty() {
        return Ok(Vec::new());
    }
    let written = store::attach(db, links, on_existing).await?;
    let mut faults = Faults::default();
    let mut outcomes = Vec::with_capacity(links.len());
    for (index, &Link { customer, profile, .. }) in links.iter().enumerate() {
        outcomes.push(match written.get(&(customer, profile)) {
            Some(1) => AttachOutcome::Attached,
            Some(_) => AttachOutcome::Updated,
            None => AttachOutcome::Unchanged,
        });
        if on_existing == OnExisting::Error && !written.contains_key(&(customer, profile)) {
            let reason = Reason::AlreadyAttached { customer, profile };
            faults.add(Fault { place: place(index), reason });
        }
    }
    faults.none()?;
    Ok(outcomes)
}
