//! The table of profiles.

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
                columns::table(backend, "profile")
                    .col(columns::id())
                    .col(columns::text(backend, "name", 255))
                    .col(columns::version())
                    .col(columns::timestamp(backend, "created_at"))
                    .col(columns::timestamp(backend, "updated_at"))
                    .take(),
            )
            .await?;
        for (name, column) in [("profile_name", "name"), ("profile_created_at", "created_at")] {
            manager.create_index(columns::index(backend, "profile", name, column)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("profile").take()).await
    }
}
