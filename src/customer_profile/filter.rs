//! Which edges a query asks for, and which nodes by their edges.

use async_graphql::{InputObject, InputType};
use entity::customer_profile::Column;
use sea_orm::{
    DbBackend, ExprTrait,
    sea_query::{Asterisk, Expr, Func, Query, SelectStatement},
};

use super::{End, store::Path};
use crate::{
    customer::{Customer, CustomerWhere},
    error::{Error, Place},
    filter::{Conditions, DateTimeFilter, EdgeCountFilter, Filter, StringFilter, Table},
    profile::{Profile, ProfileWhere},
};

/// Conditions that have to do with a node at the far end of an edge.
pub trait EndFilter: Filter + InputType {
    /// The node.
    type Node: End;
}

impl EndFilter for ProfileWhere {
    type Node = Profile;
}

impl EndFilter for CustomerWhere {
    type Node = Customer;
}

impl EndFilter for CustomerProfileWhere {
    type Node = Profile;
}

impl EndFilter for ProfileCustomerWhere {
    type Node = Customer;
}

/// Which of a customer's edges a query asks for.
pub type CustomerProfileWhere = EdgeWhere<ProfileWhere>;

/// Which of a profile's edges a query asks for.
pub type ProfileCustomerWhere = EdgeWhere<CustomerWhere>;

/// Which customers a query asks for, by their edges.
pub type CustomerProfilesFilter = EdgesFilter<CustomerProfileWhere>;

/// Which profiles a query asks for, by their edges.
pub type ProfileCustomersFilter = EdgesFilter<ProfileCustomerWhere>;

/// Conditions on one association and on the node at its end, joined by and; none filters nothing. A `where` has
/// at most 200 conditions, all levels counted.
#[derive(Clone, Debug, Default, PartialEq, InputObject)]
#[graphql(
    concrete(name = "CustomerProfileWhere", params(ProfileWhere)),
    concrete(name = "ProfileCustomerWhere", params(CustomerWhere))
)]
pub struct EdgeWhere<W: EndFilter> {
    /// The status of the association.
    status: Option<StringFilter>,
    /// When the two were attached.
    created_at: Option<DateTimeFilter>,
    /// When the association last changed.
    updated_at: Option<DateTimeFilter>,
    /// The node at the end.
    node: Option<W>,
    /// All of these; an empty list is met by everything.
    and: Option<Vec<EdgeWhere<W>>>,
    /// At least one of these; an empty list is met by nothing.
    or: Option<Vec<EdgeWhere<W>>>,
    /// Not this.
    not: Option<Box<EdgeWhere<W>>>,
}

/// Conditions on all associations of one object, joined by and. Status and node of one `some` are met by
/// the same association.
#[derive(Clone, Debug, Default, PartialEq, InputObject)]
#[graphql(
    concrete(name = "CustomerProfilesFilter", params(CustomerProfileWhere)),
    concrete(name = "ProfileCustomersFilter", params(ProfileCustomerWhere))
)]
pub struct EdgesFilter<E: EndFilter> {
    /// At least one association meets this.
    some: Option<E>,
    /// Every association meets this; true where there is none.
    every: Option<E>,
    /// No association meets this.
    none: Option<E>,
    /// The number of associations.
    count: Option<EdgeCountFilter>,
}

impl<W> Filter for EdgeWhere<W>
where
    W: EndFilter,
    Self: InputType,
{
    fn expression(&self, edge: &Table<'_>, place: &Place) -> Result<Expr, Error> {
        let column = |column: Column| edge.column(column);
        self.indexed(edge, place)?
            .field("createdAt", &self.created_at, |filter, at| {
                filter.expression(column(Column::CreatedAt), at)
            })?
            .field("updatedAt", &self.updated_at, |filter, at| {
                filter.expression(column(Column::UpdatedAt), at)
            })?
            .joined(&self.and, &self.or, &self.not)
    }
}

impl<W: EndFilter> EdgeWhere<W> {
    /// The conditions on what the junction's indexes have.
    fn indexed<'a>(&self, edge: &'a Table<'_>, place: &'a Place) -> Result<Conditions<'a>, Error> {
        Conditions::on(edge, place)
            .field("status", &self.status, |filter, at| filter.expression(edge.column(Column::Status), at))?
            .field("node", &self.node, |filter, at| node_meets(filter, edge, at))
    }

    /// The near ends of the edges that an index leads to from the far ends, if it does: all that meet
    /// the conditions are among them.
    fn candidates(&self, near: &Table<'_>, place: &Place) -> Result<Option<SelectStatement>, Error> {
        if !self.node.as_ref().is_some_and(W::is_sought) {
            return Ok(None);
        }
        let edge = near.below("edge");
        let mut ends = Path::to::<W::Node>()?.near_ends(edge.alias());
        Ok(Some(ends.and_where(self.indexed(&edge, place)?.met()).take()))
    }
}

fn node_meets<W: EndFilter>(filter: &W, edge: &Table<'_>, place: &Place) -> Result<Expr, Error> {
    let path = Path::to::<W::Node>()?;
    let node = edge.below("node");
    let condition = filter.expression(&node, place)?;
    if filter.is_sought() {
        return Ok(path.is_among(edge.alias(), node.alias(), condition));
    }
    let select = Query::select()
        .expr(Expr::val(1))
        .from(path.node_as(node.alias()))
        .and_where(path.meets(edge.alias(), node.alias()))
        .and_where(condition)
        .take();
    Ok(Expr::exists(select))
}

impl<W> Filter for EdgesFilter<EdgeWhere<W>>
where
    W: EndFilter,
    EdgeWhere<W>: EndFilter,
{
    fn expression(&self, near: &Table<'_>, place: &Place) -> Result<Expr, Error> {
        let path = Path::to::<W::Node>()?;
        let edge = near.below("edge");
        let edges = || path.edges_of(near.column(path.near_key()).expression, edge.alias());
        let exists = |condition: Expr| {
            let mut some = edges().expr(Expr::val(1)).and_where(condition).take();
            // With the limit SQLite looks at the edges of each row. Without it SQLite joins them to the rows,
            // for which it makes an index of all edges anew as long as it has no statistics.
            if near.backend() == DbBackend::Sqlite {
                some.limit(1);
            }
            Expr::exists(some)
        };
        Conditions::on(near, place)
            .field("some", &self.some, |filter, at| Ok(exists(filter.expression(&edge, at)?)))?
            .field("every", &self.every, |filter, at| Ok(exists(filter.expression(&edge, at)?.not()).not()))?
            .field("none", &self.none, |filter, at| Ok(exists(filter.expression(&edge, at)?).not()))?
            .field("count", &self.count, |filter, at| {
                let count = edges().expr(Func::count(Expr::col(Asterisk))).take();
                filter.expression(Expr::from(count), at)
            })
            .map(Conditions::met)
    }

    fn candidates(&self, near: &Table<'_>, place: &Place) -> Result<Option<SelectStatement>, Error> {
        let some = self.some.as_ref().map(|some| some.candidates(near, &place.key("some")));
        Ok(some.transpose()?.flatten())
    }
}
