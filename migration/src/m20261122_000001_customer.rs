//! The table of customers.

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
                columns::table(backend, "customer")
                    .col(columns::id())
                    .col(columns::text(backend, "name", 255))
                    .col(columns::optional_text(backend, "phone_number", 64))
                    .col(columns::version())
                    .col(columns::timestamp(backend, "created_at"))
                    .col(columns::timestamp(backend, "updated_at"))
                    .take(),
            )
            .await?;
        for (name, column) in [("customer_name", "name"), ("customer_created_at", "created_at")] {
            manager.create_index(columns::index(backend, "customer", name, column)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("customer").take()).await
    }
}
