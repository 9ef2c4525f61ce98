//! The table `profile`.

use sea_orm::entity::prelude::*;

use crate::{customer, customer_profile};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "profile")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub name: String,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    #[sea_orm(has_many)]
    pub customer_profiles: HasMany<customer_profile::Entity>,
    #[sea_orm(has_many, via = "customer_profile")]
    pub customers: HasMany<customer::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

/// From profiles, over the junction, to the customers they are attached to.
pub struct ToCustomers;

impl Linked for ToCustomers {
    type FromEntity = Entity;
    type ToEntity = customer::Entity;

    fn link(&self) -> Vec<RelationDef> {
        vec![customer_profile::Relation::Profile.def().rev(), customer_profile::Relation::Customer.def()]
    }
}
