//! What MariaDB locks where a profile is found by its name or created, and where a profile's edges are replaced: it
//! has no lock on a text or a number that ends with the transaction.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::columns;

/// As many as one byte has values.
const BUCKETS: i32 = 256;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        if backend != DbBackend::MySql {
            return Ok(());
        }
        let bucket = ColumnDef::new("bucket").integer().not_null().primary_key().take();
        manager.create_table(columns::table(backend, "profile_name_lock").col(bucket).take()).await?;
        let mut insert = Query::insert().into_table("profile_name_lock").columns(["bucket"]).take();
        for bucket in 0..BUCKETS {
            insert.values_panic([bucket.into()]);
        }
        manager.execute(insert).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("profile_name_lock").if_exists().take()).await
    }
}
