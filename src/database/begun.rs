//! Which migration has begun on MariaDB, where what it has done by then cannot be undone.

use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, Statement, TryGetable, Value};
use tokio::sync::Mutex;

/// Whatever the character set of the database is.
const TABLE: &str = "CREATE TABLE IF NOT EXISTS migration_begun (
    name VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin PRIMARY KEY
)";

/// One migration at a time, among all servers of the database, for as long as the connection lives.
pub struct Begun<'a> {
    connection: &'a DatabaseConnection,
    /// Held from the beginning of a migration to its end.
    under_way: &'a Mutex<()>,
}

impl<'a> Begun<'a> {
    /// Waits for its turn. Fails where a migration has begun that did not end.
    pub async fn lock(connection: &'a DatabaseConnection, under_way: &'a Mutex<()>) -> Result<Self, DbErr> {
        let begun = Begun { connection, under_way };
        let turn = begun.first::<i64>("SELECT GET_LOCK(CONCAT(DATABASE(), '.migrations'), 3600)").await?;
        if turn != Some(1) {
            return Err(DbErr::Migration("another server has been migrating for an hour".to_owned()));
        }
        begun.run(TABLE, []).await?;
        match begun.first::<String>("SELECT name FROM migration_begun").await? {
            None => Ok(begun),
            Some(name) => Err(DbErr::Migration(interrupted(&name))),
        }
    }

    /// Has the migration of that name begun until it has ended. If it fails, it stays begun.
    pub async fn during(
        &self,
        name: &str,
        migration: impl Future<Output = Result<(), DbErr>>,
    ) -> Result<(), DbErr> {
        let _under_way = self.under_way.lock().await;
        self.run("INSERT INTO migration_begun (name) VALUES (?)", [name.into()]).await?;
        migration.await?;
        self.run("DELETE FROM migration_begun WHERE name = ?", [name.into()]).await
    }

    /// The first value of the first row, if there is one.
    async fn first<T: TryGetable>(&self, sql: &str) -> Result<Option<T>, DbErr> {
        let row = self
            .connection
            .query_one_raw(Statement::from_string(self.connection.get_database_backend(), sql))
            .await?;
        row.map_or(Ok(None), |row| row.try_get_by_index(0))
    }

    async fn run(&self, sql: &str, values: impl IntoIterator<Item = Value>) -> Result<(), DbErr> {
        let backend = self.connection.get_database_backend();
        self.connection.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await.map(|_| ())
    }
}

fn interrupted(name: &str) -> String {
    format!(
        "the migration `{name}` was interrupted, and MariaDB cannot undo what it has done by then: restore the \
         database, or bring its tables to where they were before it, then delete the row of the table \
         `migration_begun`"
    )
}
