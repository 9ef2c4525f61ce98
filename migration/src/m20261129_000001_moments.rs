//! Other applications may write moments as well: the tables refuse those that this server could not read, sort and
//! compare as it does its own.

use sea_orm_migration::{
    prelude::*,
    sea_orm::{DbBackend, QueryResult, Statement},
};

use crate::sqlite_moments;

/// The tables with the columns of their keys.
const TABLES: [(&str, &[&str]); 3] =
    [("customer", &["id"]), ("profile", &["id"]), ("customer_profile", &["customer_id", "profile_id"])];

const COLUMNS: [&str; 2] = ["created_at", "updated_at"];

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        let mut kept = Vec::new();
        for moments in Moments::all() {
            if backend == DbBackend::Sqlite {
                run(manager, &moments.rewrite()).await?;
            }
            kept.push((moments.report(manager).await?, moments));
        }
        // MariaDB looks at all rules of a table with each one that is added.
        let overlooks = backend == DbBackend::MySql && kept.iter().any(|(holds, _)| !holds);
        if overlooks {
            run(manager, "SET check_constraint_checks = 0").await?;
        }
        for (holds, moments) in kept {
            for statement in moments.rules(backend, holds) {
                run(manager, &statement).await?;
            }
        }
        if overlooks {
            run(manager, "SET check_constraint_checks = 1").await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        for moments in Moments::all() {
            for statement in moments.no_rules(backend) {
                run(manager, &statement).await?;
            }
        }
        Ok(())
    }
}

async fn run(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    manager.get_connection().execute_unprepared(sql).await.map(|_| ())
}

/// A column of moments.
struct Moments {
    table: &'static str,
    keys: &'static [&'static str],
    column: &'static str,
}

impl Moments {
    fn all() -> impl Iterator<Item = Moments> {
        TABLES.into_iter().flat_map(|(table, keys)| COLUMNS.map(|column| Moments { table, keys, column }))
    }

    /// Has texts that name a moment without doubt name it as this server does. They compare alike then.
    fn rewrite(&self) -> String {
        let Moments { table, column, .. } = self;
        format!(
            "UPDATE {table} SET {column} = {} WHERE NOT {} AND {}",
            sqlite_moments::rewritten(column),
            sqlite_moments::is_kept(column),
            sqlite_moments::is_readable(column),
        )
    }

    /// Says in the log how many rows break the rule, and returns whether none does. Nobody but their writer knows what
    /// they mean, so they stay.
    async fn report(&self, manager: &SchemaManager<'_>) -> Result<bool, DbErr> {
        let Moments { table, keys, column } = self;
        let backend = manager.get_database_backend();
        let broken = format!("FROM {table} WHERE NOT {}", is_kept(backend, column));
        let Some(first) = first(manager, &format!("SELECT count(*) {broken}")).await? else {
            return Ok(true);
        };
        let count: i64 = first.try_get_by_index(0)?;
        if count == 0 {
            return Ok(true);
        }
        let keys = keys.join(", ");
        let example = format!("SELECT {keys}, {} {broken} ORDER BY {keys} LIMIT 1", found(backend, column));
        if let Some(row) = self::first(manager, &example).await? {
            let key = self.key(&row)?;
            let found: String = row.try_get_by_index(self.keys.len())?;
            tracing::warn!(
                "{count} rows of `{table}` have no moment in `{column}` that can be served, the first of them {found} \
                 where {key}: they stay, and fail where `{column}` is read, until they are given one"
            );
        }
        Ok(false)
    }

    fn key(&self, row: &QueryResult) -> Result<String, DbErr> {
        let key = |(index, name)| Ok(format!("{name} = {}", row.try_get_by_index::<i64>(index)?));
        let key = self.keys.iter().enumerate().map(key).collect::<Result<Vec<_>, DbErr>>()?;
        Ok(key.join(" AND "))
    }

    /// What makes the table refuse other values from now on. Rows that break the rule keep no server from starting.
    fn rules(&self, backend: DbBackend, holds: bool) -> Vec<String> {
        match (backend, holds) {
            (DbBackend::Sqlite, _) => self.triggers().into(),
            (DbBackend::Postgres, false) => vec![format!("{} NOT VALID", self.constraint(backend))],
            _ => vec![self.constraint(backend)],
        }
    }

    /// SQLite adds no CHECK to a table that is there.
    fn triggers(&self) -> [String; 2] {
        let Moments { table, column, .. } = self;
        let is_kept = sqlite_moments::is_kept(&format!("new.{column}"));
        [("insert", "INSERT".to_owned()), ("update", format!("UPDATE OF {column}"))].map(|(name, event)| {
            format!(
                "CREATE TRIGGER {table}_{column}_{name} BEFORE {event} ON {table} WHEN NOT {is_kept}
                 BEGIN SELECT RAISE(ABORT, '{table}.{column} takes a moment in UTC as text, such as \
                 2006-01-02 15:04:05.999999+00:00 or CURRENT_TIMESTAMP: no number, no T or Z, no other offset'); END"
            )
        })
    }

    fn constraint(&self, backend: DbBackend) -> String {
        let Moments { table, column, .. } = self;
        let is_kept = is_kept(backend, column);
        format!("ALTER TABLE {table} ADD CONSTRAINT {table}_{column}_moment CHECK {is_kept}")
    }

    fn no_rules(&self, backend: DbBackend) -> Vec<String> {
        let Moments { table, column, .. } = self;
        match backend {
            DbBackend::Sqlite => ["insert", "update"]
                .map(|name| format!("DROP TRIGGER IF EXISTS {table}_{column}_{name}"))
                .into(),
            _ => vec![format!("ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {table}_{column}_moment")],
        }
    }
}

async fn first(manager: &SchemaManager<'_>, sql: &str) -> Result<Option<QueryResult>, DbErr> {
    let statement = Statement::from_string(manager.get_database_backend(), sql);
    manager.get_connection().query_one_raw(statement).await
}

fn is_kept(backend: DbBackend, column: &str) -> String {
    match backend {
        DbBackend::Sqlite => sqlite_moments::is_kept(column),
        // The years 0000 to 9999, and no infinity. PostgreSQL calls the year 0000 1 BC.
        DbBackend::Postgres => format!(
            "({column} BETWEEN timestamptz '0001-01-01 00:00:00+00 BC' AND timestamptz '9999-12-31 23:59:59.999999+00')"
        ),
        // No month and no day 0, which MariaDB takes by default, and no 30 February, which it takes in a mode.
        _ => format!("(COALESCE(DAYOFMONTH({column}) BETWEEN 1 AND DAYOFMONTH(LAST_DAY({column})), 0))"),
    }
}

/// What stands where a moment belongs, as an expression.
fn found(backend: DbBackend, column: &str) -> String {
    match backend {
        DbBackend::Sqlite => format!("'of type ' || typeof({column})"),
        DbBackend::Postgres => format!("{column}::text"),
        _ => format!("CAST({column} AS CHAR)"),
    }
}
