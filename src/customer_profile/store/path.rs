//! The way from one side of the association to the other, as the entities' relations have it.

use entity::customer_profile::{Column, Entity};
use sea_orm::{
    DbErr, DynIden, ExprTrait, Identity, RelationDef,
    sea_query::{Expr, IntoIden, Query, SelectStatement, TableName, TableRef},
};

use crate::{customer_profile::End, database::Failure};

/// From near ends over the junction to far ones.
pub struct Path {
    near_table: DynIden,
    near_key: DynIden,
    near: DynIden,
    far: DynIden,
    far_key: DynIden,
    node: TableName,
}

impl Path {
    /// The way to ends of type `N`.
    pub fn to<N: End>() -> Result<Path, Failure> {
        let mut link = N::link().into_iter();
        let (Some(junction), Some(node), None) = (link.next(), link.next(), link.next()) else {
            return Err(DbErr::Custom("a link does not lead over one junction".to_owned()).into());
        };
        let TableRef::Table(near_table, None) = junction.from_tbl.clone() else {
            return Err(DbErr::Custom("a link does not lead from a table".to_owned()).into());
        };
        let (near_key, near) = single(junction)?;
        let TableRef::Table(table, None) = node.to_tbl.clone() else {
            return Err(DbErr::Custom("a link does not lead to a table".to_owned()).into());
        };
        let (far, far_key) = single(node)?;
        Ok(Path { near_table: near_table.1, near_key, near, far, far_key, node: table })
    }

    /// The key of the near end, in the junction called `edge`.
    pub fn near(&self, edge: impl IntoIden) -> Expr {
        Expr::col((edge, self.near.clone()))
    }

    /// The key of the far end, in the junction called `edge`.
    pub fn far(&self, edge: impl IntoIden) -> Expr {
        Expr::col((edge, self.far.clone()))
    }

    /// The name of the near ends' table.
    pub fn near_table(&self) -> DynIden {
        self.near_table.clone()
    }

    /// The column of the near end's key in its own table.
    pub fn near_key(&self) -> DynIden {
        self.near_key.clone()
    }

    /// Whether the near ends are customers, and not profiles.
    pub fn is_from_customers(&self) -> bool {
        self.near == Column::CustomerId.into_iden()
    }

    /// The column of the far end's key in the junction.
    pub fn far_column(&self) -> DynIden {
        self.far.clone()
    }

    /// The index that has the edges of a near end by their key, as MariaDB calls it.
    pub fn index(&self) -> &'static str {
        if self.is_from_customers() { "PRIMARY" } else { "customer_profile_profile" }
    }

    /// The name of the far ends' table.
    pub fn node(&self) -> DynIden {
        self.node.1.clone()
    }

    /// The table of the far ends, called `node`.
    pub fn node_as(&self, node: impl IntoIden) -> TableRef {
        TableRef::Table(self.node.clone(), Some(node.into_iden()))
    }

    /// Whether the junction called `edge` and the far end called `node` belong together.
    pub fn meets(&self, edge: impl IntoIden, node: impl IntoIden) -> Expr {
        self.far(edge).eq(Expr::col((node, self.far_key.clone())))
    }

    /// A look at the edges of one near end, where the junction is called `edge`.
    pub fn edges_of(&self, near: Expr, edge: impl IntoIden + Clone) -> SelectStatement {
        Query::select().from_as(Entity, edge.clone()).and_where(self.near(edge).eq(near)).take()
    }

    /// The near ends of all edges, where the junction is called `edge`.
    pub fn near_ends(&self, edge: impl IntoIden + Clone) -> SelectStatement {
        Query::select().expr(self.near(edge.clone())).from_as(Entity, edge).take()
    }

    /// Whether the far end of the junction called `edge` is one of those called `node` that meet the
    /// condition.
    pub fn is_among(&self, edge: impl IntoIden, node: impl IntoIden + Clone, condition: Expr) -> Expr {
        let key = (node.clone(), self.far_key.clone());
        let nodes = Query::select().column(key).from(self.node_as(node)).and_where(condition).take();
        self.far(edge).in_subquery(nodes)
    }
}

fn single(relation: RelationDef) -> Result<(DynIden, DynIden), Failure> {
    match (relation.from_col, relation.to_col) {
        (Identity::Unary(from), Identity::Unary(to)) => Ok((from, to)),
        _ => Err(DbErr::Custom("a link does not go by single columns".to_owned()).into()),
    }
}
