//! The table of profiles.

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
                    .table("profile")
                    .col(columns::id())
                    .col(columns::text("name", 255))
                    .col(columns::version())
                    .col(columns::timestamp("created_at"))
                    .col(columns::timestamp("updated_at"))
                    .take(),
            )
            .await?;
        // The orders that people ask for; the key is the last column of each by itself.
        for (name, column) in [("profile_name", "name"), ("profile_created_at", "created_at")] {
            manager.create_index(Index::create().name(name).table("profile").col(column).take()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("profile").take()).await
    }
}
