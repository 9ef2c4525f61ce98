//! The settings of the database.

use clap::Args;

use super::range::{DAY, range};

/// How PostgreSQL's driver asks for TLS. It takes `allow` as well, and then never asks.
const SSL_MODES: [&str; 5] = ["disable", "prefer", "require", "verify-ca", "verify-full"];

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

    /// How long a request waits for a connection, and a statement for a lock, in seconds.
    #[arg(long, env, global = true, value_name = "SECONDS", default_value_t = 5)]
    #[arg(value_parser = range(1, 60 * 60))]
    pub acquire_seconds: u64,

    /// How long a statement may take on PostgreSQL or MariaDB before the server stops it, in seconds.
    #[arg(long, env, global = true, value_name = "SECONDS", default_value_t = 30)]
    #[arg(value_parser = range(1, DAY))]
    pub statement_seconds: u64,
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
        }
    }

    /// Fails on variables of psql that PostgreSQL's driver takes, and would silently leave out where it cannot read
    /// them: it would then do without TLS, or go to another port.
    #[expect(clippy::disallowed_methods, reason = "these are part of the configuration, and read here alone")]
    pub fn check_variables(&self) -> Result<(), String> {
        let urls = [Some(&self.url), self.read_url.as_ref()];
        if !urls.into_iter().flatten().any(|url| url.starts_with("postgres")) {
            return Ok(());
        }
        if let Ok(mode) = std::env::var("PGSSLMODE")
            && !SSL_MODES.contains(&mode.as_str())
        {
            return Err(format!("PGSSLMODE cannot be `{mode}`: it must be one of {}", SSL_MODES.join(", ")));
        }
        if let Ok(port) = std::env::var("PGPORT")
            && !port.parse::<u16>().is_ok_and(|port| port > 0)
        {
            return Err(format!("PGPORT cannot be `{port}`: it must be a number from 1 to 65535"));
        }
        Ok(())
    }
}
