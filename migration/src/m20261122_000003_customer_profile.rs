//! The junction between customers and profiles.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::columns;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        manager
            .create_table(
                columns::table(backend, "customer_profile")
                    .col(ColumnDef::new("customer_id").big_integer().not_null())
                    .col(ColumnDef::new("profile_id").big_integer().not_null())
                    .col(columns::text(backend, "status", 255).default("active"))
                    .col(columns::version())
                    .col(columns::timestamp(backend, "created_at"))
                    .col(columns::timestamp(backend, "updated_at"))
                    .primary_key(Index::create().col("customer_id").col("profile_id"))
                    .foreign_key(&mut reference("customer_id", "customer"))
                    .foreign_key(&mut reference("profile_id", "profile"))
                    .extra(clustered(backend))
                    .take(),
            )
            .await?;
        // The other direction, answered from the index alone, and each direction by status.
        let indexes = [
            ("customer_profile_profile", ["profile_id", "customer_id", "status"]),
            ("customer_profile_status", ["customer_id", "status", "profile_id"]),
            ("customer_profile_profile_status", ["profile_id", "status", "customer_id"]),
        ];
        for (name, columns) in indexes {
            let mut index = Index::create().name(name).table("customer_profile").take();
            for column in columns {
                index.col(column);
            }
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("customer_profile").take()).await
    }
}

/// The rows themselves lie in the order of the key: a customer's edges are neighbours. MariaDB has no other
/// way, and PostgreSQL has not this one.
fn clustered(backend: DbBackend) -> &'static str {
    if backend == DbBackend::Sqlite { "WITHOUT ROWID" } else { "" }
}

fn reference(column: &'static str, table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from("customer_profile", column)
        .to(table, "id")
        .on_delete(ForeignKeyAction::Cascade)
        .on_update(ForeignKeyAction::Cascade)
        .take()
}
