//! Edges as clients write them, in the shape in which they are read.

use async_graphql::InputObject;

use crate::{
    customer::{CustomerEnd, CustomerNodeInput},
    error::{Fault, Faults, Place},
    input,
    profile::{ProfileEnd, ProfileNodeInput},
};

/// One edge to write from a customer to a profile, in the shape in which edges are read.
#[derive(InputObject)]
pub struct CustomerProfileInput {
    /// The status of the association: 1 to 255 characters.
    #[graphql(default = "active")]
    pub status: String,
    /// The profile to attach.
    pub node: ProfileNodeInput,
}

/// One edge to write from a profile to a customer, in the shape in which edges are read.
#[derive(InputObject)]
pub struct ProfileCustomerInput {
    /// The status of the association: 1 to 255 characters.
    #[graphql(default = "active")]
    pub status: String,
    /// The customer to attach.
    pub node: CustomerNodeInput,
}

/// An edge to write, checked: its status, and the node at its far end.
#[derive(Debug, PartialEq)]
pub struct NewEdge<E> {
    pub status: String,
    pub end: E,
}

/// An edge as it stands in an input.
pub trait EdgeInput {
    /// The node at its far end, checked.
    type End;

    fn status(&self) -> &str;

    /// Checks the node, which stands at `place`.
    fn end(&self, place: &Place, faults: &mut Faults) -> Self::End;

    /// Whether two ends are certain to be the same node.
    fn same(one: &Self::End, other: &Self::End) -> bool;
}

impl EdgeInput for CustomerProfileInput {
    type End = ProfileEnd;

    fn status(&self) -> &str {
        &self.status
    }

    fn end(&self, place: &Place, faults: &mut Faults) -> ProfileEnd {
        self.node.checked(place, faults)
    }

    fn same(one: &ProfileEnd, other: &ProfileEnd) -> bool {
        one == other && !matches!(one, ProfileEnd::New(_))
    }
}

impl EdgeInput for ProfileCustomerInput {
    type End = CustomerEnd;

    fn status(&self) -> &str {
        &self.status
    }

    fn end(&self, place: &Place, faults: &mut Faults) -> CustomerEnd {
        self.node.checked(place, faults)
    }

    fn same(one: &CustomerEnd, other: &CustomerEnd) -> bool {
        one == other && !matches!(one, CustomerEnd::New(_))
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
        let status = faults.unless(input::status(item.status(), &place.key("status")));
        let faults_before = faults.count();
        let end = item.end(&place.key("node"), faults);
        // What stands in the place of a faulty end is the same for all of them.
        let is_faulty = faults.count() > faults_before;
        let first = edges.iter().position(|edge| I::same(&edge.end, &end));
        if let Some(first) = first.filter(|_| !is_faulty) {
            faults.add(repeated(&place, first));
        }
        edges.push(NewEdge { status, end });
    }
    edges
}

/// The node of the item at `place` is that of the list's item `first` again.
pub fn repeated(place: &Place, first: usize) -> Fault {
    Fault::invalid(place.key("node"), format!("the same node as in item {first} of this list"))
}
