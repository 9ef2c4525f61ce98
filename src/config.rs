//! The configuration: every setting, as an option of the command line and as an environment variable.

mod database;
mod documents;
mod http;

use std::{path::PathBuf, str::FromStr};

use clap::{Args, CommandFactory, Parser, Subcommand, error::ErrorKind};

pub use self::database::Database;
pub use self::documents::{DocumentMode, Documents};
pub use self::http::{Http, Origins, StatusCodes, Switch};
use crate::document::Limits;

/// A GraphQL server for customers, profiles and what connects them.
#[derive(Clone, Debug, Parser)]
#[command(version, about)]
pub struct Config {
    /// Where the data is, and how it is reached.
    #[command(flatten)]
    pub database: Database,

    /// The host and port to listen on; port 0 takes a free one.
    #[arg(long, env, global = true, value_name = "HOST:PORT", default_value = "127.0.0.1:8000")]
    pub listen: String,

    /// What to log, as a level or in the filter syntax of tracing's `EnvFilter`.
    ///
    /// For example `debug`, or `warn,customer_graph=info`. The log goes to standard error.
    #[arg(long, env, global = true, value_name = "FILTER", default_value = "info")]
    pub log: String,

    /// How requests are answered, and what their senders may take of the server.
    #[command(flatten)]
    pub http: Http,

    /// Which documents are served, and how clients may ask for them.
    #[command(flatten)]
    pub documents: Documents,

    /// How many levels a document and the value of a variable may have.
    #[arg(long, env, global = true, value_name = "LEVELS", default_value_t = Limits::default().depth)]
    pub max_depth: usize,

    /// How many fields an answer may have, counted before anything is executed: every page as full,
    /// pages of pages multiplied.
    #[arg(long, env, global = true, value_name = "FIELDS", default_value_t = Limits::default().cost)]
    pub max_cost: u64,

    /// How many rows a request may write, counted from its input before anything is executed: every item of every
    /// list, every new node and every mutation field.
    #[arg(long, env, global = true, value_name = "ROWS", default_value_t = Limits::default().writes,
        value_parser = clap::value_parser!(u64).range(1..))]
    pub max_writes: u64,

    /// How long a request may take before its statements are stopped, in seconds.
    #[arg(long, env, global = true, value_name = "SECONDS", default_value_t = 30)]
    pub request_seconds: u64,

    /// How many requests are worked on or wait for a connection to the database at once; those beyond are
    /// asked to come again.
    #[arg(long, env, global = true, value_name = "REQUESTS", default_value_t = 512)]
    pub max_requests: usize,

    /// How long the answers to requests with an Idempotency-Key are kept, in seconds.
    #[arg(long, env, global = true, value_name = "SECONDS", default_value_t = 24 * 60 * 60)]
    pub idempotency_seconds: u64,

    /// What to do; serves if nothing is said.
    #[command(subcommand)]
    pub command: Option<Command>,
}

impl Config {
    /// Reads the command line and the environment. On nonsense it says what is wrong and ends the process.
    pub fn read() -> Self {
        let config = Config::parse();
        if let Some(Command::Demo(demo)) = &config.command
            && let Err(refusal) = demo.check()
        {
            Config::command().error(ErrorKind::ValueValidation, refusal).exit();
        }
        config
    }

    /// What a document may ask for.
    pub fn limits(&self) -> Limits {
        let introspection = self.http.shows_schema();
        let (depth, cost, writes) = (self.max_depth, self.max_cost, self.max_writes);
        Limits { depth, cost, writes, introspection, ..Limits::default() }
    }
}

/// What the program is to do.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Answer requests until the process is told to stop.
    Serve,
    /// Change or show the state of the database's tables.
    #[command(subcommand)]
    Migrate(Migrate),
    /// Fill the database with made-up customers and profiles, the same ones for the same numbers.
    Demo(Demo),
    /// Copy the SQLite file to a new one, as it is at one moment, while servers go on.
    Backup(Backup),
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

/// Where a copy of the database is to be.
#[derive(Args, Clone, Debug)]
pub struct Backup {
    /// The file to create; one that exists is left alone.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// How much made-up data there is to be.
#[derive(Args, Clone, Copy, Debug)]
pub struct Demo {
    /// The number of customers.
    #[arg(long, value_name = "NUMBER", default_value_t = 1000, allow_negative_numbers = true)]
    pub customers: u32,

    /// The number of profiles.
    #[arg(long, value_name = "NUMBER", default_value_t = 100, allow_negative_numbers = true)]
    pub profiles: u32,

    /// How many of the profiles each customer has, as a range or as one number.
    #[arg(long, value_name = "FROM..TO", default_value = "2..8", allow_hyphen_values = true)]
    pub edges_per_customer: EdgeRange,

    /// Have the first of the profiles be one that every one of the customers has.
    #[arg(long)]
    pub shared_profile: bool,

    /// Add to the customers and profiles that are there already; without this they are left alone.
    #[arg(long)]
    pub add: bool,
}

impl Demo {
    /// Whether there are profiles enough for the edges, and edges enough for the shared profile.
    fn check(&self) -> Result<(), String> {
        let EdgeRange { least, most } = self.edges_per_customer;
        if most > self.profiles {
            let profiles = self.profiles;
            return Err(format!("a customer cannot have {most} edges where there are {profiles} profiles"));
        }
        if self.shared_profile && least == 0 {
            return Err("with a shared profile each customer has an edge at least, not 0".to_owned());
        }
        Ok(())
    }
}

/// How many edges a customer has at least and at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EdgeRange {
    pub least: u32,
    pub most: u32,
}

/// Why a text is no range of edges.
#[derive(Debug, thiserror::Error)]
pub enum EdgeRangeError {
    #[error("`{0}` is no number of edges")]
    Number(String),
    #[error("the range ends before it begins")]
    Reversed,
}

impl FromStr for EdgeRange {
    type Err = EdgeRangeError;

    fn from_str(text: &str) -> Result<Self, EdgeRangeError> {
        let (least, most) = text.split_once("..").unwrap_or((text, text));
        let (least, most) = (edges(least)?, edges(most)?);
        if least > most {
            return Err(EdgeRangeError::Reversed);
        }
        Ok(EdgeRange { least, most })
    }
}

fn edges(number: &str) -> Result<u32, EdgeRangeError> {
    number.parse().map_err(|_| EdgeRangeError::Number(number.to_owned()))
}
