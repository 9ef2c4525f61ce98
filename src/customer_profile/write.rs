//! Writing associations: attaching, replacing, detaching, and what becomes of each pair.

use std::collections::HashMap;

use async_graphql::Enum;

use super::{
    End,
    input::{NewEdge, repeated},
    store,
};
use crate::{
    database::Db,
    error::{Error, Fault, Faults, Place, Reason},
    input,
};

/// What to do where the two are attached already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum OnExisting {
    /// Give the association the status of the input, if it has one there.
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

/// A pair to attach, and the status to give to the association. Without one, a new association has the usual
/// status and an existing one keeps its own.
#[derive(Clone, Debug)]
pub struct Link {
    pub customer: i64,
    pub profile: i64,
    pub status: Option<String>,
}

/// A far end that was to be attached, and what became of that.
#[derive(Clone, Copy, Debug)]
pub struct Attached {
    pub far: i64,
    pub outcome: AttachOutcome,
}

/// Attaches the nodes at the ends of these edges, each to the near end given with it, and says what
/// became of each.
pub async fn attach<N: End>(
    db: &Db,
    edges: &[(i64, NewEdge<N>)],
    on_existing: OnExisting,
) -> Result<Vec<Attached>, Error> {
    let far = ends(db, edges.iter().map(|(_, edge)| edge)).await?;
    attach_to(db, edges, far, on_existing).await
}

async fn attach_to<N: End>(
    db: &Db,
    edges: &[(i64, NewEdge<N>)],
    far: Vec<i64>,
    on_existing: OnExisting,
) -> Result<Vec<Attached>, Error> {
    let pairs: Vec<_> = edges.iter().zip(&far).map(|((near, _), far)| N::pair(*near, *far)).collect();
    refuse_repeated(&pairs, edges)?;
    let links = pairs.iter().zip(edges).map(|(&(customer, profile), (_, edge))| {
        let status = edge.status.clone();
        Link { customer, profile, status }
    });
    let place = |index: usize| edges.get(index).map(|(_, edge)| edge.place.key("node")).unwrap_or_default();
    let outcomes = write(db, &links.collect::<Vec<_>>(), on_existing, place).await?;
    Ok(far.into_iter().zip(outcomes).map(|(far, outcome)| Attached { far, outcome }).collect())
}

/// At most this many ends are told of that were detached.
pub const MAX_DETACHED: i64 = 10_000;

/// Attaches exactly these nodes to a near end. Returns what became of each and, if they are to be listed, the
/// ends that were attached before and are no more; fails where those are more than [`MAX_DETACHED`].
pub async fn set<N: End>(
    db: &Db,
    near: i64,
    edges: Vec<NewEdge<N>>,
    list_detached: bool,
) -> Result<(Vec<Attached>, Vec<i64>), Error> {
    let edges: Vec<_> = edges.into_iter().map(|edge| (near, edge)).collect();
    // Names are locked before nodes, here as where something is attached.
    let far = ends(db, edges.iter().map(|(_, edge)| edge)).await?;
    store::lock_near::<N>(db, &[near]).await?;
    let attached = attach_to(db, &edges, far, OnExisting::Update).await?;
    let kept: Vec<_> = attached.iter().map(|attached| attached.far).collect();
    if !list_detached {
        store::detach_others::<N>(db, near, &kept).await?;
        return Ok((attached, Vec::new()));
    }
    let others = store::count_others::<N>(db, near, &kept).await?;
    if others > MAX_DETACHED {
        let reason = Reason::TooComplex(format!(
            "{others} nodes would be detached, more than the {MAX_DETACHED} whose IDs are answered; \
             leave their IDs out of the selection"
        ));
        return Err(Fault { place: Place::argument("input"), reason }.into());
    }
    Ok((attached, store::detach_and_list_others::<N>(db, near, &kept).await?))
}

/// Detaches these ends from a near one. Returns those that were attached, in the order of the list.
pub async fn detach<N: End>(db: &Db, near: i64, far: &[i64]) -> Result<Vec<i64>, Error> {
    let mut gone = store::detach::<N>(db, near, far).await?;
    Ok(far.iter().copied().filter(|far| gone.remove(far)).collect())
}

/// The number of edges of a near end.
pub async fn count<N: End>(db: &Db, near: i64) -> Result<i64, Error> {
    Ok(store::counts::<N>(db, &[near], &None).await?.remove(&near).unwrap_or_default())
}

/// Attaches one pair, both of which exist. `place` is where an existing pair is at fault.
pub async fn attach_pair(
    db: &Db,
    link: Link,
    on_existing: OnExisting,
    place: &Place,
) -> Result<AttachOutcome, Error> {
    let outcomes = write(db, &[link], on_existing, |_| place.clone()).await?;
    outcomes.first().copied().ok_or(Error::Internal("attaching a pair had no outcome"))
}

/// Gives an existing association another status, if it has the version that is expected.
pub async fn change(db: &Db, link: &Link, expected: Option<i32>, place: &Place) -> Result<(), Error> {
    let &Link { customer, profile, .. } = link;
    let Some(current) = store::version(db, customer, profile).await? else {
        let reason = Reason::NotAttached { customer, profile };
        return Err(Fault { place: place.clone(), reason }.into());
    };
    input::version(expected, current, &place.key("expectedVersion"))?;
    Ok(store::change(db, link).await?)
}

async fn ends<'a, N: End>(db: &Db, edges: impl Iterator<Item = &'a NewEdge<N>>) -> Result<Vec<i64>, Error> {
    let named: Vec<_> = edges.map(|edge| (edge.end.clone(), edge.place.key("node"))).collect();
    N::resolve(db, &named).await
}

/// A profile that is named and one that is found by its name may turn out to be the same.
fn refuse_repeated<N: End>(pairs: &[(i64, i64)], edges: &[(i64, NewEdge<N>)]) -> Result<(), Error> {
    let (mut first, mut faults) = (HashMap::new(), Faults::default());
    for (pair, (_, edge)) in pairs.iter().zip(edges) {
        let first = *first.entry(pair).or_insert(edge.index);
        if first != edge.index {
            faults.add(repeated(&edge.place, first));
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
