//! What there is to answer after a list of associations was written, loaded as far as it is selected.

use async_graphql::ID;

use crate::{
    customer_profile::{
        Edge, End, edges_from,
        write::{AttachOutcome, Attached},
    },
    database::Db,
    error::Error,
    load::{self, EdgeSelection, Node},
    ready::{Ready, Wanted},
    selection::{Select, Selected, read},
};

/// A near end, what became of the far ends that were to be attached to it, and those that were detached.
pub struct Written<N, F> {
    pub near: Wanted<Ready<N>>,
    pub attached: Vec<(AttachOutcome, Wanted<Ready<Edge<F>>>)>,
    pub detached: Vec<ID>,
}

/// What a query selects of it.
struct WrittenSelection<N: Node, F: End> {
    near: Option<N::Selection>,
    edge: Option<EdgeSelection<F>>,
}

impl<N: Node, F: End> Default for WrittenSelection<N, F> {
    fn default() -> Self {
        WrittenSelection { near: None, edge: None }
    }
}

impl<N: Node, F: End> Select for WrittenSelection<N, F> {
    fn add(&mut self, payload: Selected<'_>) -> Result<(), Error> {
        for field in payload.fields() {
            match field.name() {
                // A payload has one of the two.
                "customer" | "profile" => self.near.get_or_insert_default().add(field)?,
                "attached" => {
                    for edge in field.fields().into_iter().filter(|field| field.name() == "edge") {
                        self.edge.get_or_insert_default().add(edge)?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }
}

impl<N: Node, F: End> Written<N, F> {
    /// Loads what `field` selects of a payload.
    pub async fn load(
        db: &Db,
        near: i64,
        attached: &[Attached],
        detached: &[i64],
        field: Selected<'_>,
    ) -> Result<Self, Error> {
        let wanted: WrittenSelection<N, F> = read(field)?;
        let end = match &wanted.near {
            Some(selection) => load::by_key(db, near, selection).await?.map(Ready),
            None => None,
        };
        let far: Vec<_> = attached.iter().map(|attached| attached.far).collect();
        let mut edges = match &wanted.edge {
            Some(selection) => edges_from(db, near, &far, selection).await?,
            None => Default::default(),
        };
        let attached = attached.iter().map(|one| (one.outcome, Wanted(edges.remove(&one.far))));
        Ok(Written {
            near: Wanted(end),
            attached: attached.collect(),
            detached: detached.iter().map(|far| F::id(*far).into()).collect(),
        })
    }
}
