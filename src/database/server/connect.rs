//! How connections to a server are set up.

use std::time::Duration;

use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DbBackend,
    sqlx::{
        self, AssertSqlSafe, ConnectOptions as _, Connection, Executor, mysql::MySqlConnectOptions,
        pool::PoolOptions, postgres::PgConnectOptions,
    },
};
use tokio::time::{sleep, timeout};

use crate::{
    config,
    database::{Failure, Url, cause::cause, parameters},
};

/// A connection that was idle for so long is tried before it is used: its server may have gone since.
const IDLE: Duration = Duration::from_secs(1);

/// Prepared statements that a connection keeps: more than this program has.
const STATEMENTS: usize = 256;

/// How connections of that kind are opened.
type OptionsOf<D> = <<D as sqlx::Database>::Connection as Connection>::Options;

/// What a pool's connections are used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Queries: each sees one state from its first statement to its last.
    Read,
    /// Requests that write. They see what others commit meanwhile, and lock what must not change: so they
    /// wait for each other, where a stricter isolation would have most of them fail and run again.
    Write,
    /// Migrations, on one connection without limits of time.
    Migrate,
    /// Looks at whether the server answers, on one connection apart from the others.
    Look,
}

/// How connections to one server are opened.
#[derive(Clone)]
pub enum Target {
    Postgres(Box<PgConnectOptions>),
    MariaDb(Box<MySqlConnectOptions>),
}

impl Target {
    /// The server at that URL.
    pub fn new(url: &Url) -> Result<Self, Failure> {
        if url.backend() == DbBackend::MySql {
            let known = parameters::mariadb(&url.for_driver()).map_err(Failure::Unavailable)?;
            let known = known.statement_cache_capacity(STATEMENTS).disable_statement_logging();
            return Ok(Target::MariaDb(known.into()));
        }
        let mut known = parameters::postgres(&url.for_driver()).map_err(Failure::Unavailable)?;
        if known.get_application_name().is_none() {
            known = known.application_name("customer-graph");
        }
        let known = known.statement_cache_capacity(STATEMENTS).disable_statement_logging();
        Ok(Target::Postgres(known.into()))
    }

    /// Opens a connection and closes it again: fails at once, and with the cause, where a pool would go on trying.
    pub async fn reach(&self, session: &str, patience: Duration) -> Result<(), Failure> {
        match self {
            Target::Postgres(known) => reach::<sqlx::Postgres>(known, session, patience).await,
            Target::MariaDb(known) => reach::<sqlx::MySql>(known, session, patience).await,
        }
    }
}

async fn reach<D: sqlx::Database>(
    known: &OptionsOf<D>,
    session: &str,
    patience: Duration,
) -> Result<(), Failure>
where
    for<'c> &'c mut D::Connection: Executor<'c, Database = D>,
{
    let opened = timeout(patience, open::<D>(known, session)).await;
    let silent = || Failure::Unavailable(format!("it does not answer within {} s", patience.as_secs()));
    let connection = opened.map_err(|_| silent())?.map_err(|error| Failure::Unavailable(cause(&error)))?;
    // What it answers to that is of no use any more.
    let _ = timeout(patience, connection.close()).await;
    Ok(())
}

/// A pool of connections to the server at `url`, which can be reached.
pub async fn connect(
    url: &Url,
    settings: &config::Database,
    purpose: Use,
) -> Result<DatabaseConnection, Failure> {
    let size = match purpose {
        Use::Migrate | Use::Look => 1,
        Use::Read | Use::Write => settings.connections.unwrap_or(10),
    };
    let patience = Duration::from_secs(settings.acquire_seconds);
    let session = session(url.backend(), settings, purpose);
    let target = Target::new(url)?;
    // A server is looked at beside the requests, whose connections have reached it.
    if purpose != Use::Look {
        target.reach(&session, patience).await?;
    }
    let mut options = ConnectOptions::new(server(url.backend()));
    options
        .max_connections(size)
        .connect_lazy(true)
        .acquire_timeout(patience)
        .test_before_acquire_if_idle_for(IDLE)
        .record_stmt_in_spans(false);
    match target {
        Target::MariaDb(known) => {
            let again = known.clone();
            options.map_sqlx_mysql_opts(move |_| *known.clone()).map_sqlx_mysql_pool_opts(move |pool| {
                watched(pool, *again.clone(), session.clone(), patience)
            });
        }
        Target::Postgres(known) => {
            let again = known.clone();
            options.map_sqlx_postgres_opts(move |_| *known.clone()).map_sqlx_postgres_pool_opts(
                move |pool| watched(pool, *again.clone(), session.clone(), patience),
            );
        }
    }
    Ok(Database::connect(options).await?)
}

/// What SeaORM is told of the address: which driver it is for. It writes an address into its errors and spans,
/// with the password.
fn server(backend: DbBackend) -> &'static str {
    if backend == DbBackend::MySql { "mysql://" } else { "postgres://" }
}

fn watched<D: sqlx::Database>(
    pool: PoolOptions<D>,
    known: OptionsOf<D>,
    session: String,
    patience: Duration,
) -> PoolOptions<D>
where
    for<'c> &'c mut D::Connection: Executor<'c, Database = D>,
{
    after_release(after_connect(pool, session.clone()), known, session, patience)
}

fn after_connect<D: sqlx::Database>(pool: PoolOptions<D>, session: String) -> PoolOptions<D>
where
    for<'c> &'c mut D::Connection: Executor<'c, Database = D>,
{
    pool.after_connect(move |connection, _| Box::pin(set::<D>(connection, session.clone())))
}

async fn set<D: sqlx::Database>(connection: &mut D::Connection, session: String) -> sqlx::Result<()>
where
    for<'c> &'c mut D::Connection: Executor<'c, Database = D>,
{
    sqlx::raw_sql(AssertSqlSafe(session)).execute(connection).await.map(|_| ())
}

/// A connection that a request left in the middle of a statement is of use again once that has ended. If that takes
/// too long, another one takes its place in the pool.
fn after_release<D: sqlx::Database>(
    pool: PoolOptions<D>,
    known: OptionsOf<D>,
    session: String,
    patience: Duration,
) -> PoolOptions<D>
where
    for<'c> &'c mut D::Connection: Executor<'c, Database = D>,
{
    pool.after_release(move |connection, _| {
        let (known, session) = (known.clone(), session.clone());
        Box::pin(async move {
            // Waits for what is under way and asks for nothing: the pool itself does that afterwards.
            if let Ok(ended) = timeout(patience, connection.flush()).await {
                // With an error the pool would close it at once, and over TLS wait for the server to agree.
                return Ok(ended.is_ok());
            }
            let Some(other) = another::<D>(&known, &session, patience).await else { return Ok(false) };
            // Not left for the pool to close, which over TLS waits for a server that says nothing.
            *connection = other;
            Ok(true)
        })
    })
}

/// Another connection to a server, as soon as it says anything; none where it refuses.
async fn another<D: sqlx::Database>(
    known: &OptionsOf<D>,
    session: &str,
    patience: Duration,
) -> Option<D::Connection>
where
    for<'c> &'c mut D::Connection: Executor<'c, Database = D>,
{
    loop {
        match timeout(patience, open::<D>(known, session)).await {
            Ok(Ok(connection)) => return Some(connection),
            Ok(Err(sqlx::Error::Database(_))) => return None,
            _ => sleep(IDLE).await,
        }
    }
}

async fn open<D: sqlx::Database>(known: &OptionsOf<D>, session: &str) -> sqlx::Result<D::Connection>
where
    for<'c> &'c mut D::Connection: Executor<'c, Database = D>,
{
    let mut connection = known.connect().await?;
    set::<D>(&mut connection, session.to_owned()).await?;
    Ok(connection)
}

/// What is set on each new connection.
fn session(backend: DbBackend, settings: &config::Database, purpose: Use) -> String {
    let (statement, lock) = match purpose {
        Use::Migrate => (0, 0),
        _ => (settings.statement_seconds, settings.acquire_seconds),
    };
    let characteristics = match purpose {
        Use::Read | Use::Look => "ISOLATION LEVEL REPEATABLE READ, READ ONLY",
        // Whether it may write is left to the server, which may have been made read-only.
        _ => "ISOLATION LEVEL READ COMMITTED",
    };
    match backend {
        DbBackend::MySql => {
            // A wait for a lock has no end at 0, but the greatest one there is.
            let lock = if lock == 0 { 31_536_000 } else { lock };
            // Where MariaDB 10.11 splits a derived table by the rows that it is joined with, it may crash as a whole.
            format!(
                "SET SESSION TRANSACTION {characteristics};
                 SET optimizer_switch = 'split_materialized=off,condition_pushdown_for_derived=off';
                 SET max_statement_time = {statement}, innodb_lock_wait_timeout = {lock}, lock_wait_timeout = {lock}"
            )
        }
        _ => format!(
            "SET SESSION CHARACTERISTICS AS TRANSACTION {characteristics};
             SET client_min_messages = 'warning';
             SET statement_timeout = '{statement}s';
             SET lock_timeout = '{lock}s'"
        ),
    }
}
