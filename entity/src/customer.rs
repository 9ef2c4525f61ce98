//! The table `customer`.

use sea_orm::entity::prelude::*;

use crate::{customer_profile, profile};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "customer")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub name: String,
    pub phone_number: Option<String>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    #[sea_orm(has_many)]
    pub customer_profiles: HasMany<customer_profile::Entity>,
    #[sea_orm(has_many, via = "customer_profile")]
    pub profiles: HasMany<profile::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

/// From customers, over the junction, to the profiles attached to them.
pub struct ToProfiles;

impl Linked for ToProfiles {
    type FromEntity = Entity;
    type ToEntity = profile::Entity;

    fn link(&self) -> Vec<RelationDef> {
        vec![customer_profile::Relation::Customer.def().rev(), customer_profile::Relation::Profile.def()]
    }
}
