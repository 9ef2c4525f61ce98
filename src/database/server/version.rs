//! Which servers are served by.

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

use crate::database::{Failure, OpenError};

/// The oldest versions that the tests run on their like of.
const POSTGRES: u32 = 13;
const MARIADB: (u32, u32) = (10, 6);

/// Fails on a server that is too old or another product.
pub async fn check(connection: &DatabaseConnection) -> Result<(), OpenError> {
    let backend = connection.get_database_backend();
    let sql = if backend == DbBackend::MySql { "SELECT VERSION()" } else { "SHOW server_version" };
    let row = connection.query_one_raw(Statement::from_string(backend, sql)).await.map_err(Failure::from)?;
    let version = match row {
        Some(row) => row.try_get_by_index::<String>(0).map_err(Failure::from)?,
        None => String::new(),
    };
    if is_served(backend, &version) { Ok(()) } else { Err(OpenError::Version(version)) }
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
