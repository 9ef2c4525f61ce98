//! The configuration: every setting, as an option of the command line and as an environment variable.

use clap::{Parser, Subcommand};

use crate::document::Limits;

/// A GraphQL server for customers, profiles and what connects them.
#[derive(Clone, Debug, Parser)]
#[command(version, about)]
pub struct Config {
    /// Where the data is.
    ///
    /// A SQLite file is created if it does not exist.
    #[arg(
        long,
        env,
        global = true,
        value_name = "URL",
        default_value = "sqlite:customer-graph.db",
        hide_env_values = true
    )]
    pub database_url: String,

    /// The host and port to listen on; port 0 takes a free one.
    #[arg(long, env, global = true, value_name = "HOST:PORT", default_value = "127.0.0.1:8000")]
    pub listen: String,

    /// What to log, as a level or in the filter syntax of tracing's `EnvFilter`.
    ///
    /// For example `debug`, or `warn,customer_graph=info`. The log goes to standard error.
    #[arg(long, env, global = true, value_name = "FILTER", default_value = "info")]
    pub log: String,

    /// The largest request body that is read, in bytes.
    #[arg(long, env, global = true, value_name = "BYTES", default_value_t = 1024 * 1024)]
    pub max_body_bytes: usize,

    /// How many levels a document and the value of a variable may have.
    #[arg(long, env, global = true, value_name = "LEVELS", default_value_t = Limits::default().depth)]
    pub max_depth: usize,

    /// How many fields an answer may have, counted before anything is executed: every page as full,
    /// pages of pages multiplied.
    #[arg(long, env, global = true, value_name = "FIELDS", default_value_t = Limits::default().cost)]
    pub max_cost: u64,

    /// How long the answers to requests with an Idempotency-Key are kept, in seconds.
    #[arg(long, env, global = true, value_name = "SECONDS", default_value_t = 24 * 60 * 60)]
    pub idempotency_seconds: u64,

    /// What to do; serves if nothing is said.
    #[command(subcommand)]
    pub command: Option<Command>,
}

impl Config {
    /// What a document may ask for.
    pub fn limits(&self) -> Limits {
        Limits { depth: self.max_depth, cost: self.max_cost, ..Limits::default() }
    }
}

/// What the program is to do.
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum Command {
    /// Answer requests until the process is told to stop.
    Serve,
    /// Change or show the state of the database's tables.
    #[command(subcommand)]
    Migrate(Migrate),
    /// Print the GraphQL schema.
    Schema,
}

/// What to do with the database's tables.
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum Migrate {
    /// Apply every migration that is pending.
    Up,
    /// Take back the last migration that was applied.
    Down,
    /// Show which migrations are applied and which are pending.
    Status,
}
