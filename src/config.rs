//! The configuration: every setting, as an option of the command line and as an environment variable.

mod database;
mod documents;
mod hosts;
mod http;
mod named;
mod range;
mod values;

use std::{path::PathBuf, str::FromStr};

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, error::ErrorKind};

pub use self::database::Database;
pub use self::documents::{DocumentMode, Documents};
pub use self::hosts::{Host, Hosts};
pub use self::http::{HeaderNames, Http, Origins, StatusCodes, Switch};
use self::named::text;
use self::range::{DAY, range};
use crate::document::Limits;

/// How PostgreSQL's driver asks for TLS. It takes `allow` as well, and then never asks.
const SSL_MODES: [&str; 5] = ["disable", "prefer", "require", "verify-ca", "verify-full"];

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
    #[arg(long, env, global = true, value_name = "LEVELS", default_value_t = Limits::default().depth,
          value_parser = range(1, 200).of::<usize>())]
    pub max_depth: usize,

    /// How many fields an answer may have, counted before anything is executed: every page as full,
    /// pages of pages multiplied.
    #[arg(long, env, global = true, value_name = "FIELDS", default_value_t = Limits::default().cost,
          value_parser = range(1, 1_000_000_000))]
    pub max_cost: u64,

    /// How many rows a request may write, counted from its input before anything is executed: every item of every
    /// list, every new node and every mutation field.
    #[arg(long, env, global = true, value_name = "ROWS", default_value_t = Limits::default().writes,
          value_parser = range(1, 10_000_000))]
    pub max_writes: u64,

    /// The largest answer, in bytes; the rows that one is made of may take four times as much memory, and all requests
    /// together sixteen times.
    #[arg(long, env, global = true, value_name = "BYTES", default_value_t = 32 * 1024 * 1024,
          value_parser = range(1024, 1024 * 1024 * 1024).of::<usize>())]
    pub max_answer_bytes: usize,

    /// How long a request may take before its statements are stopped, in seconds.
    #[arg(long, env, global = true, value_name = "SECONDS", default_value_t = 30,
          value_parser = range(1, DAY))]
    pub request_seconds: u64,

    /// How many requests are worked on or wait for a connection to the database at once; those beyond are
    /// asked to come again.
    #[arg(long, env, global = true, value_name = "REQUESTS", default_value_t = 512,
          value_parser = range(1, 1_000_000).of::<usize>())]
    pub max_requests: usize,

    /// How long the answers to requests with an Idempotency-Key are kept, in seconds.
    #[arg(long, env, global = true, value_name = "SECONDS", default_value_t = DAY,
          value_parser = range(1, 366 * DAY))]
    pub idempotency_seconds: u64,

    /// What to do; serves if nothing is said.
    #[command(subcommand)]
    pub command: Option<Command>,
}

impl Config {
    /// Reads the command line and the environment. On nonsense it says what is wrong and ends the process.
    pub fn read() -> Self {
        // A negative number is one out of range, and not an option that is unknown.
        let command = Config::command().mut_args(|setting| setting.allow_negative_numbers(true));
        let config =
            Config::from_arg_matches(&command.get_matches()).unwrap_or_else(|refusal| refusal.exit());
        if let Err(refusal) = config.check() {
            Config::command().error(ErrorKind::ValueValidation, refusal).exit();
        }
        config
    }

    /// What is to be said of settings that are well-formed and yet cannot work.
    ///
    /// The texts are looked at here and not by clap, which would refuse a variable that an option replaces.
    fn check(&self) -> Result<(), String> {
        let told = |setting: &str, value: &str, reason| format!("{setting} cannot be `{value}`: {reason}");
        values::address(&self.listen)
            .map_err(|reason| told("`--listen` (or LISTEN)", &self.listen, reason))?;
        values::filter(&self.log).map_err(|reason| told("`--log` (or LOG)", &self.log, reason))?;
        self.check_variables()?;
        match &self.command {
            Some(Command::Demo(demo)) => demo.check(),
            _ => Ok(()),
        }
    }

    /// Fails on variables of psql that PostgreSQL's driver takes, and would silently leave out where it cannot read
    /// them: it would then do without TLS, or go to another port.
    fn check_variables(&self) -> Result<(), String> {
        let urls = [Some(&self.database.url), self.database.read_url.as_ref()];
        if !urls.into_iter().flatten().any(|url| url.starts_with("postgres")) {
            return Ok(());
        }
        if let Some(mode) = &self.database.psql_ssl_mode
            && !SSL_MODES.contains(&mode.as_str())
        {
            return Err(format!("PGSSLMODE cannot be `{mode}`: it must be one of {}", SSL_MODES.join(", ")));
        }
        if let Some(port) = &self.database.psql_port
            && !port.parse::<u16>().is_ok_and(|port| port > 0)
        {
            return Err(format!("PGPORT cannot be `{port}`: it must be a number from 1 to 65535"));
        }
        Ok(())
    }

    /// What a document may ask for.
    pub fn limits(&self) -> Limits {
        let introspection = self.http.shows_schema();
        let arguments = self.http.max_body_bytes.saturating_mul(64);
        let (depth, cost, writes) = (self.max_depth, self.max_cost, self.max_writes);
        Limits { depth, cost, writes, introspection, arguments, ..Limits::default() }
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
    #[arg(long, value_name = "NUMBER", default_value_t = 1000, allow_negative_numbers = true,
          value_parser = range(0, u32::MAX as u64).of::<u32>())]
    pub customers: u32,

    /// The number of profiles.
    #[arg(long, value_name = "NUMBER", default_value_t = 100, allow_negative_numbers = true,
          value_parser = range(0, u32::MAX as u64).of::<u32>())]
    pub profiles: u32,

    /// How many of the profiles each customer has, as a range or as one number.
    #[arg(long, value_name = "FROM..TO", default_value = "2..8", allow_hyphen_values = true,
          value_parser = text::<EdgeRange>())]
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
    #[error("it must be a range as in `2..8`, or one number")]
    Number,
    #[error("the range ends before it begins, write `{most}..{least}`")]
    Reversed { least: u32, most: u32 },
}

impl FromStr for EdgeRange {
    type Err = EdgeRangeError;

    fn from_str(text: &str) -> Result<Self, EdgeRangeError> {
        let (least, most) = text.split_once("..").unwrap_or((text, text));
        let (least, most) = (edges(least)?, edges(most)?);
        if least > most {
            return Err(EdgeRangeError::Reversed { least, most });
        }
        Ok(EdgeRange { least, most })
    }
}

fn edges(number: &str) -> Result<u32, EdgeRangeError> {
    number.parse().map_err(|_| EdgeRangeError::Number)
}
