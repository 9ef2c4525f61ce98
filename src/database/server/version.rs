//! Which servers and databases are served by: their versions, and encodings that hold every character.

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement, TryGetable};

use crate::database::{Failure, OpenError};

/// The oldest versions that the tests run on their like of.
const POSTGRES: u32 = 13;
const MARIADB: (u32, u32) = (10, 6);

/// Texts are sent to MariaDB as UTF-8 of up to four bytes a character, and are sent back so.
const MARIADB_SESSION: &str = "SELECT CONCAT_WS(', ', @@character_set_client, @@character_set_connection,
    @@character_set_results)";

/// A column of ours that does not hold every character, or does not compare by code point.
const MARIADB_COLUMN: &str = "SELECT CONCAT(table_name, '.', column_name, ': ', collation_name)
    FROM information_schema.columns
    WHERE table_schema = DATABASE() AND collation_name <> 'utf8mb4_nopad_bin'
    AND table_name IN ('customer', 'profile', 'customer_profile', 'idempotency_key')
    LIMIT 1";

/// Fails on a server that is too old or another product, and on a database that cannot hold every character.
pub async fn check(connection: &DatabaseConnection) -> Result<(), OpenError> {
    let backend = connection.get_database_backend();
    let version = if backend == DbBackend::MySql { "SELECT VERSION()" } else { "SHOW server_version" };
    let version = first::<String>(connection, version).await?.unwrap_or_default();
    if !is_served(backend, &version) {
        return Err(OpenError::Version(version));
    }
    match backend {
        DbBackend::MySql => {
            let session = first::<String>(connection, MARIADB_SESSION).await?.unwrap_or_default();
            if session != "utf8mb4, utf8mb4, utf8mb4" {
                return Err(OpenError::Encoding(format!("of its connections is {session}, and not utf8mb4")));
            }
            match first::<String>(connection, MARIADB_COLUMN).await? {
                Some(column) => Err(OpenError::Encoding(format!(
                    "of the column {column}, and not utf8mb4_nopad_bin: ALTER TABLE … CONVERT TO CHARACTER SET \
                     utf8mb4 COLLATE utf8mb4_nopad_bin"
                ))),
                None => Ok(()),
            }
        }
        _ => {
            for (setting, whose) in
                [("server_encoding", "the database"), ("client_encoding", "its connections")]
            {
                let encoding =
                    first::<String>(connection, &format!("SHOW {setting}")).await?.unwrap_or_default();
                if encoding != "UTF8" {
                    let told =
                        format!("of {whose} is {encoding}, and not UTF8: CREATE DATABASE … ENCODING 'UTF8'");
                    return Err(OpenError::Encoding(told));
                }
            }
            Ok(())
        }
    }
}

/// The first value of the first row, if there is one.
async fn first<T: TryGetable>(connection: &DatabaseConnection, sql: &str) -> Result<Option<T>, Failure> {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let row = connection.query_one_raw(statement).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?)
}

fn is_served(backend: DbBackend, version: &str) -> bool {
    let mut numbers =
        version.split(|next: char| !next.is_ascii_digit()).map(|part| part.parse().unwrap_or(0));
    let (major, minor) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    match backend {
        // MySQL has no JSON_TABLE columns of a collation, no RETURNING and no sequence of these versions.
        DbBackend::MySql => version.contains("MariaDB") && (major, minor) >= MARIADB,
        _ => major >= POSTGRES,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_versions_and_other_products_are_told_from_what_is_served() {
        let served = |backend, versions: [&str; 2]| versions.map(|version| is_served(backend, version));
        assert_eq!(served(DbBackend::Postgres, ["13.0", "17.2 (Debian 17.2-1)"]), [true, true]);
        assert_eq!(served(DbBackend::Postgres, ["12.22", ""]), [false, false]);
        assert_eq!(served(DbBackend::MySql, ["10.6.1-MariaDB", "11.4.2-MariaDB-log"]), [true, true]);
        assert_eq!(served(DbBackend::MySql, ["10.5.9-MariaDB", "8.4.0"]), [false, false]);
    }
}
