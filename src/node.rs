//! The interface `Node`: any object by its global ID.

use std::collections::HashMap;

use async_graphql::{Context, ID, Interface, Object};

use crate::{
    customer::Customer,
    error::{Error, Faults, Place},
    id::GlobalId,
    input,
    load::{self, Node as _},
    profile::Profile,
    ready::Ready,
    selection::{read, selected},
};

/// An object that can be found by its ID alone.
#[derive(Clone, Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "The object's global ID. Opaque: keep it as it is."))]
pub enum Node {
    Customer(Ready<Customer>),
    Profile(Ready<Profile>),
}

/// The fields of the query root that find objects of any type.
#[derive(Default)]
pub struct NodeQuery;

#[Object]
impl NodeQuery {
    /// The object of that ID; null where there is none.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A global ID.")] id: ID,
    ) -> Option<Result<Node, Error>> {
        one(ctx, &id).await.transpose()
    }

    /// The objects of these IDs, in the order of the list; null for each that is not there.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global IDs, at most 250.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>, Error> {
        let ids = checked(&ids, &Place::argument("ids"))?;
        let found = by_ids(ctx, &ids).await?;
        Ok(ids.iter().map(|id| found.get(id).cloned()).collect())
    }
}

async fn one(ctx: &Context<'_>, id: &str) -> Result<Option<Node>, Error> {
    let id = GlobalId::read(id, &Place::argument("id"))?;
    Ok(by_ids(ctx, &[id]).await?.remove(&id))
}

fn checked(ids: &[ID], place: &Place) -> Result<Vec<GlobalId>, Error> {
    input::list(ids, place)?;
    let mut faults = Faults::default();
    let mut checked = Vec::with_capacity(ids.len());
    for (index, id) in ids.iter().enumerate() {
        checked.extend(faults.unless(GlobalId::read(id, &place.index(index)).map(Some)));
    }
    faults.none()?;
    Ok(checked)
}

/// Those of the objects that exist: a statement for each type among them, and what is selected below.
async fn by_ids(ctx: &Context<'_>, ids: &[GlobalId]) -> Result<HashMap<GlobalId, Node>, Error> {
    let (mut customers, mut profiles) = (Vec::new(), Vec::new());
    for id in ids {
        match id {
            GlobalId::Customer(key) => customers.push(*key),
            GlobalId::Profile(key) => profiles.push(*key),
        }
    }
    let (db, field) = (load::db(ctx)?, selected(ctx));
    let mut found = HashMap::with_capacity(ids.len());
    if !customers.is_empty() {
        for customer in load::by_keys::<Customer>(db, &customers, &read(field)?).await? {
            found.insert(GlobalId::Customer(customer.key()), Node::Customer(Ready(customer)));
        }
    }
    if !profiles.is_empty() {
        for profile in load::by_keys::<Profile>(db, &profiles, &read(field)?).await? {
            found.insert(GlobalId::Profile(profile.key()), Node::Profile(Ready(profile)));
        }
    }
    Ok(found)
}
