//! Which servers and databases are served by: their versions, and encodings that hold every character.

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, QueryResult, Statement};

use crate::database::{Failure, OpenError};

/// The oldest versions that the tests run on their like of.
const POSTGRES: u32 = 13;
const MARIADB: (u32, u32) = (10, 6);

/// The version, the encodings of the database and of the connection, and the largest message.
const ASK_POSTGRES: &str = "SELECT current_setting('server_version'), current_setting('server_encoding'),
    current_setting('client_encoding'), '1073741823'";

/// The version, the encodings of the connection, a column of ours that does not hold every character or does not
/// compare by code point, and the largest message.
const ASK_MARIADB: &str = "SELECT VERSION(),
    CONCAT_WS(', ', @@character_set_client, @@character_set_connection, @@character_set_results),
    (SELECT CONCAT(table_name, '.', column_name, ': ', collation_name)
        FROM information_schema.columns
        WHERE table_schema = DATABASE() AND collation_name <> 'utf8mb4_nopad_bin'
        AND table_name IN ('customer', 'profile', 'customer_profile', 'idempotency_key')
        LIMIT 1),
    CAST(@@max_allowed_packet AS CHAR)";

/// How many bytes a statement may have, and its values. Fails on a server that is too old or another product, and on
/// a database that cannot hold every character.
///
/// It is one statement: with a second one the pool would open another connection, before it has the first one back.
pub async fn check(connection: &DatabaseConnection) -> Result<usize, OpenError> {
    let backend = connection.get_database_backend();
    let ask = if backend == DbBackend::MySql { ASK_MARIADB } else { ASK_POSTGRES };
    let row = connection.query_one_raw(Statement::from_string(backend, ask)).await.map_err(Failure::from)?;
    let text = |index| text(row.as_ref(), index);
    let (version, encoding) = (text(0)?, text(1)?);
    if !is_served(backend, &version) {
        return Err(OpenError::Version(version));
    }
    let largest = text(3)?.parse().unwrap_or(usize::MAX);
    let refused = match (backend, text(2)?.as_str()) {
        (DbBackend::MySql, _) if encoding != "utf8mb4, utf8mb4, utf8mb4" => {
            format!("of its connections is {encoding}, and not utf8mb4")
        }
        (DbBackend::MySql, "") => return Ok(largest),
        (DbBackend::MySql, column) => format!(
            "of the column {column}, and not utf8mb4_nopad_bin: ALTER TABLE … CONVERT TO CHARACTER SET utf8mb4 \
             COLLATE utf8mb4_nopad_bin"
        ),
        (_, "UTF8") if encoding == "UTF8" => return Ok(largest),
        (_, "UTF8") => {
            format!("of the database is {encoding}, and not UTF8: CREATE DATABASE … ENCODING 'UTF8'")
        }
        (_, encoding) => format!("of its connections is {encoding}, and not UTF8"),
    };
    Err(OpenError::Encoding(refused))
}

/// A text of the row; empty where there is none.
fn text(row: Option<&QueryResult>, index: usize) -> Result<String, Failure> {
    let text = row.map(|row| row.try_get_by_index::<Option<String>>(index)).transpose()?;
    Ok(text.flatten().unwrap_or_default())
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
