//! The settings of the database.

use clap::Args;

use super::range::{DAY, range};

/// Where the data is, and how it is reached.
#[derive(Args, Clone, Debug)]
pub struct Database {
    /// Where the data is: `sqlite:FILE`, `postgres://…` or `mariadb://…`.
    ///
    /// A SQLite file is created if it does not exist.
    #[arg(
        long = "database-url",
        env = "DATABASE_URL",
        global = true,
        value_name = "URL",
        default_value = "sqlite:customer-graph.db",
        hide_env_values = true
    )]
    pub url: String,

    /// A replica of the PostgreSQL or MariaDB server that answers queries.
    #[arg(
        long = "database-read-url",
        env = "DATABASE_READ_URL",
        global = true,
        value_name = "URL",
        hide_env_values = true
    )]
    pub read_url: Option<String>,

    /// The most connections that read and, on PostgreSQL and MariaDB, the most that write.
    ///
    /// By default 10; on SQLite, which has one that writes, one for each core, 4 at least and 16 at most.
    #[arg(
        long = "database-connections",
        env = "DATABASE_CONNECTIONS",
        global = true,
        value_name = "CONNECTIONS",
        value_parser = range(1, 1_000).of::<u32>()
    )]
    pub connections: Option<u32>,

    /// How long a request waits for a connection, or for its turn to write, and a statement for a lock, in seconds.
    #[arg(long, env, global = true, value_name = "SECONDS", default_value_t = 5)]
    #[arg(value_parser = range(1, 60 * 60))]
    pub acquire_seconds: u64,

    /// How long a statement may take on PostgreSQL or MariaDB before the server stops it, in seconds.
    #[arg(long, env, global = true, value_name = "SECONDS", default_value_t = 30)]
    #[arg(value_parser = range(1, DAY))]
    pub statement_seconds: u64,

    /// What PostgreSQL's driver takes from psql's variable by itself.
    #[arg(long, env = "PGSSLMODE", global = true, hide = true)]
    pub psql_ssl_mode: Option<String>,

    /// What PostgreSQL's driver takes from psql's variable by itself.
    #[arg(long, env = "PGPORT", global = true, hide = true)]
    pub psql_port: Option<String>,
}

impl Database {
    /// The database at `url`, with the defaults for all the rest.
    pub fn at(url: impl Into<String>) -> Self {
        Database {
            url: url.into(),
            read_url: None,
            connections: None,
            acquire_seconds: 5,
            statement_seconds: 30,
            psql_ssl_mode: None,
            psql_port: None,
        }
    }
}
