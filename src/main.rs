//! The command line: serve, migrate, demo, backup, schema.

mod signals;

use std::{
    error::Error,
    io::{self, Write},
    net::SocketAddr,
    pin::{Pin, pin},
    process::ExitCode,
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};

use customer_graph::{
    config::{Backup, Command, Config, Demo, Http, Migrate},
    database::{Database, Failure, MigrationState, OpenError, without_password},
    demo,
    execute::Graph,
    schema, telemetry,
};
use indicatif::{ProgressBar, ProgressStyle};
use tokio::{net::TcpListener, runtime::Runtime, select, spawn, time::timeout};

/// How long the database has at least to close, once all requests have ended or were cut.
const CLOSING: Duration = Duration::from_secs(1);

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let config = Config::read();
    let ended = Runtime::new().map_err(Box::from).and_then(|runtime| {
        let ended = runtime.block_on(run(config));
        // What still runs by now was acknowledged to nobody, and is not waited for.
        runtime.shutdown_background();
        ended
    });
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("customer-graph: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(config: Config) -> Result<(), Box<dyn Error>> {
    telemetry::start(&config.log)
        .map_err(|error| format!("cannot read the log filter `{}`: {error}", config.log))?;
    match config.command.clone() {
        None | Some(Command::Serve) => serve(config).await,
        Some(Command::Migrate(step)) => migrate(&config, step).await,
        Some(Command::Demo(demo)) => fill(&config, demo).await,
        Some(Command::Backup(backup)) => back_up(&config, &backup),
        Some(Command::Schema) => Ok(io::stdout().write_all(schema::sdl().as_bytes())?),
    }
}

async fn serve(mut config: Config) -> Result<(), Box<dyn Error>> {
    // Before anyone learns the address, so that no signal is missed.
    let (told, mut stop) = (Arc::new(OnceLock::new()), pin!(signals::stop()?));
    let listener =
        TcpListener::bind(&config.listen).await.map_err(|error| cannot_listen(&config.listen, &error))?;
    let address = listener.local_addr()?;
    config.http = config.http.listening_on(address);
    // Whatever is wrong is told before a file is created or a table changed.
    let documents = Graph::documents(&config)?;
    let Some(database) = start(&config, stop.as_mut()).await? else {
        tracing::info!("stopped");
        return Ok(());
    };
    let graph = Graph::with_documents(database.clone(), documents, &config);
    let app = customer_graph::app(Arc::new(graph), &config.http);

    customer_graph::allow_many_files();
    announce(address, &config.http);
    let stop = {
        let told = told.clone();
        async move {
            stop.await;
            let _ = told.set(Instant::now());
        }
    };
    let time = config.http.leave_time() + config.http.stop_time();
    customer_graph::serve(listener, app, config.http, stop).await;
    let left = told.get().map_or(time, |told| time.saturating_sub(told.elapsed()));
    if timeout(left.max(CLOSING), database.close()).await.is_err() {
        tracing::warn!("stopped without waiting longer for the database");
    }
    tracing::info!("stopped");
    Ok(())
}

/// The database with its schema up to date; none if the process is told to stop before.
async fn start(
    config: &Config,
    mut stop: Pin<&mut impl Future<Output = ()>>,
) -> Result<Option<Database>, Box<dyn Error>> {
    // On tasks of their own, since a file that is locked blocks its thread.
    let of_opening = config.clone();
    let opening = spawn(async move { open(&of_opening).await });
    let database = select! {
        biased;
        () = stop.as_mut() => return Ok(None),
        opened = opening => opened??,
    };
    let (of_migrating, migrated) = (config.clone(), database.clone());
    let mut migrating = spawn(async move { migrate_up(&of_migrating, &migrated).await });
    select! {
        biased;
        () = stop => {
            let _ended = timeout(config.http.stop_time(), database.end_migration()).await;
            migrating.abort();
            Ok(None)
        }
        migrated = &mut migrating => {
            migrated??;
            Ok(Some(database))
        }
    }
}

fn cannot_listen(address: &str, error: &io::Error) -> String {
    let reason = match error.kind() {
        io::ErrorKind::AddrInUse => "another process listens there, choose another port".to_owned(),
        io::ErrorKind::AddrNotAvailable => "this machine has no such address".to_owned(),
        io::ErrorKind::PermissionDenied => {
            "ports below 1024 are for the administrator, choose another one".to_owned()
        }
        _ if error.to_string().contains("lookup") => "the host is unknown".to_owned(),
        _ => error.to_string(),
    };
    format!("cannot listen on {address} of `--listen` (or LISTEN): {reason}")
}

async fn open(config: &Config) -> Result<Database, String> {
    Database::open(&config.database).await.map_err(|error| cannot_open(config, error))
}

async fn migrate_up(config: &Config, database: &Database) -> Result<Vec<String>, String> {
    database.migrate_up().await.map_err(|failure| cannot_migrate(config, failure))
}

fn cannot_migrate(config: &Config, failure: Failure) -> String {
    format!("cannot migrate the database `{}`: {failure}", without_password(&config.database.url))
}

fn cannot_open(config: &Config, error: OpenError) -> String {
    format!("cannot open the database {}: {error}", shown(config))
}

/// The database as it may be shown, and the setting that it is named by.
fn shown(config: &Config) -> String {
    format!("`{}` of `--database-url` (or DATABASE_URL)", without_password(&config.database.url))
}

fn announce(address: SocketAddr, config: &Http) {
    let graphiql =
        if config.shows_graphiql() { format!("http://{address}/graphiql") } else { "off".to_owned() };
    // Whoever started this may have closed the pipe; that is no reason not to serve.
    let _ = writeln!(io::stdout(), "listening on http://{address}\nGraphiQL: {graphiql}");
}

async fn migrate(config: &Config, step: Migrate) -> Result<(), Box<dyn Error>> {
    let lines = match step {
        Migrate::Up => {
            let database = open(config).await?;
            let applied = migrate_up(config, &database).await?;
            database.close().await;
            listed("applied", applied)
        }
        Migrate::Down => {
            // It takes back what is there, and creates nothing.
            let database = Database::open_existing(&config.database).await;
            let database = database.map_err(|error| cannot_open(config, error))?;
            let taken_back =
                database.migrate_down().await.map_err(|failure| cannot_migrate(config, failure))?;
            database.close().await;
            listed("taken back", taken_back)
        }
        Migrate::Status => {
            let migrations = Database::migrations(&config.database).await;
            migrations.map_err(|error| cannot_open(config, error))?.into_iter().map(described).collect()
        }
    };
    for line in lines {
        writeln!(io::stdout(), "{line}")?;
    }
    Ok(())
}

fn listed(done: &str, migrations: Vec<String>) -> Vec<String> {
    if migrations.is_empty() {
        return vec!["nothing to do".to_owned()];
    }
    migrations.into_iter().map(|name| format!("{done}: {name}")).collect()
}

fn described((name, state): (String, MigrationState)) -> String {
    match state {
        MigrationState::Applied => format!("applied: {name}"),
        MigrationState::Pending => format!("pending: {name}"),
        MigrationState::Unknown => format!("unknown: {name}, of a newer version"),
    }
}

async fn fill(config: &Config, demo: Demo) -> Result<(), Box<dyn Error>> {
    let database = open(config).await?;
    migrate_up(config, &database).await?;
    let progress = progress(demo.customers)?;
    let added = demo::fill(&database, &demo, &progress).await?;
    progress.finish_and_clear();
    database.close().await;
    let demo::Added { customers, profiles, edges } = added;
    writeln!(io::stdout(), "added {customers} customers, {profiles} profiles and {edges} edges")?;
    Ok(())
}

fn back_up(config: &Config, Backup { file }: &Backup) -> Result<(), Box<dyn Error>> {
    Database::copy(&config.database, file)
        .map_err(|error| format!("cannot back up the database {}: {error}", shown(config)))?;
    Ok(writeln!(io::stdout(), "copied to {}", file.display())?)
}

/// A bar on standard error, unless that is no terminal.
fn progress(customers: u32) -> Result<ProgressBar, Box<dyn Error>> {
    let style = "{wide_bar} {human_pos} of {human_len} customers, {eta} left";
    Ok(ProgressBar::new(customers.into()).with_style(ProgressStyle::with_template(style)?))
}
