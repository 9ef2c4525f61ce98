//! Edges as clients write them, in the shape in which they are read.

use async_graphql::{InputObject, MaybeUndefined};

use super::End;
use crate::{
    customer::{Customer, CustomerEnd, CustomerNodeInput},
    error::{Fault, Faults, Place},
    input,
    profile::{Profile, ProfileEnd, ProfileNodeInput},
};

/// One edge to write from a customer to a profile, in the shape in which edges are read.
#[derive(InputObject)]
pub struct CustomerProfileInput {
    /// The status of the association: 1 to 255 characters, none of them a control character; white space and
    /// invisible characters around it are dropped. Left out, a new
    /// association is `active` and an existing one keeps its status; null is refused.
    pub status: MaybeUndefined<String>,
    /// The profile to attach.
    pub node: ProfileNodeInput,
}

/// One edge to write from a profile to a customer, in the shape in which edges are read.
#[derive(InputObject)]
pub struct ProfileCustomerInput {
    /// The status of the association: 1 to 255 characters, none of them a control character; white space and
    /// invisible characters around it are dropped. Left out, a new
    /// association is `active` and an existing one keeps its status; null is refused.
    pub status: MaybeUndefined<String>,
    /// The customer to attach.
    pub node: CustomerNodeInput,
}

/// An edge to write, checked: its status, and the node at its far end.
pub struct NewEdge<N: End> {
    /// Where it stands in the request.
    pub place: Place,
    /// Its position in its list.
    pub index: usize,
    /// None where it is left out.
    pub status: Option<String>,
    pub end: N::Named,
}

/// An edge as it stands in an input.
pub trait EdgeInput {
    /// The node at its far end.
    type End: End;

    fn status(&self) -> &MaybeUndefined<String>;

    /// Checks how the node, which stands at `place`, is named.
    fn end(&self, place: &Place, faults: &mut Faults) -> <Self::End as End>::Named;
}

impl EdgeInput for CustomerProfileInput {
    type End = Profile;

    fn status(&self) -> &MaybeUndefined<String> {
        &self.status
    }

    fn end(&self, place: &Place, faults: &mut Faults) -> ProfileEnd {
        self.node.checked(place, faults)
    }
}

impl EdgeInput for ProfileCustomerInput {
    type End = Customer;

    fn status(&self) -> &MaybeUndefined<String> {
        &self.status
    }

    fn end(&self, place: &Place, faults: &mut Faults) -> CustomerEnd {
        self.node.checked(place, faults)
    }
}

/// Checks the list of edges at `place`. The same node twice is refused, with both positions.
pub fn checked<I: EdgeInput>(items: &[I], place: &Place, faults: &mut Faults) -> Vec<NewEdge<I::End>> {
    if let Err(fault) = input::list(items, place) {
        faults.add(fault);
        return Vec::new();
    }
    let mut edges = Vec::<NewEdge<I::End>>::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let place = place.index(index);
        let status = faults.unless(optional_status(item.status(), &place.key("status")));
        let faults_before = faults.count();
        let end = item.end(&place.key("node"), faults);
        // What stands in the place of a faulty end is the same for all of them.
        let is_faulty = faults.count() > faults_before;
        let first = edges.iter().position(|edge| I::End::same(&edge.end, &end));
        if let Some(first) = first.filter(|_| !is_faulty) {
            faults.add(repeated(&place, first));
        }
        edges.push(NewEdge { place, index, status, end });
    }
    edges
}

/// The status that stands at `place`, if one does.
pub fn optional_status(status: &MaybeUndefined<String>, place: &Place) -> Result<Option<String>, Fault> {
    match status {
        MaybeUndefined::Undefined => Ok(None),
        MaybeUndefined::Null => {
            Err(Fault::invalid(place.clone(), "a status must be a text or left out, not null"))
        }
        MaybeUndefined::Value(status) => input::status(status, place).map(Some),
    }
}

/// The node of the item at `place` is that of the list's item `first` again.
pub fn repeated(place: &Place, first: usize) -> Fault {
    Fault::invalid(place.key("node"), format!("the same node as in item {first} of this list"))
}
