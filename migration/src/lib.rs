//! The schema of the database, one migration a table, in the order in which they run.

use sea_orm_migration::prelude::*;

mod columns;
mod m20261122_000001_customer;
mod m20261122_000002_profile;
mod m20261122_000003_customer_profile;
mod m20261122_000004_idempotency_key;
mod m20261126_000001_profile_name_lock;
mod m20261129_000001_moments;
mod sqlite_moments;

pub use sea_orm_migration::{IntoSchemaManagerConnection, Migration, MigratorTrait, SchemaManager};

/// Brings a database to this version's schema, or back.
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_customer::Migration),
            Box::new(m20261122_000002_profile::Migration),
            Box::new(m20261122_000003_customer_profile::Migration),
            Box::new(m20261122_000004_idempotency_key::Migration),
            Box::new(m20261126_000001_profile_name_lock::Migration),
            Box::new(m20261129_000001_moments::Migration),
        ]
    }
}
