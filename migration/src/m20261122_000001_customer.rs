//! The table of customers.

use sea_orm_migration::prelude::*;

use crate::columns;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("customer")
                    .col(columns::id())
                    .col(columns::text("name", 255))
                    .col(columns::optional_text("phone_number", 64))
                    .col(columns::version())
                    .col(columns::timestamp("created_at"))
                    .col(columns::timestamp("updated_at"))
                    .take(),
            )
            .await?;
        // The orders that people ask for; the key is the last column of each by itself.
        for (name, column) in [("customer_name", "name"), ("customer_created_at", "created_at")] {
            manager.create_index(Index::create().name(name).table("customer").col(column).take()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("customer").take()).await
    }
}
