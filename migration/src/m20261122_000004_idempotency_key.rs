//! The table of requests that were performed.

use sea_orm_migration::prelude::*;

use crate::columns;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        manager
            .create_table(
                columns::table(backend, "idempotency_key")
                    .col(columns::text(backend, "key", 255).primary_key())
                    .col(columns::text(backend, "fingerprint", 64))
                    .col(columns::long_text(backend, "answer"))
                    .col(columns::timestamp(backend, "created_at"))
                    .take(),
            )
            .await?;
        let index = Index::create().name("idempotency_key_created_at").table("idempotency_key").take();
        manager.create_index(index.clone().col("created_at").take()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("idempotency_key").take()).await
    }
}
