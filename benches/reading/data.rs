//! Databases of several sizes, made once and kept: SQLite's files under `target/bench-data`, the others on
//! their servers.

use std::{error::Error, fs, path::Path};

use clap::Parser;
use customer_graph::{
    config::{self, Command, Config},
    database::Database,
    demo,
};
use indicatif::ProgressBar;
use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseConnection, DbBackend, DbErr, QueryResult, Statement, Value,
};

/// A profile that 20 customers have, whatever the number of all. It is made last.
const RARE: [&str; 2] = [
    "INSERT INTO profile (name) VALUES ('Rare')",
    "INSERT INTO customer_profile (customer_id, profile_id)
        SELECT customer.id, profile.id
        FROM (SELECT id, row_number() OVER (ORDER BY id) AS number FROM customer) customer, profile
        WHERE profile.name = 'Rare' AND number % (SELECT (count(*) - count(*) % 20) / 20 FROM customer) = 0",
];

/// The URL of the database with this many customers, on that server or in a file: five edges each, one of them
/// to the profile that all have, and a sixth for the 20 that have the rare one.
pub async fn url(server: Option<&str>, customers: u32) -> Result<String, Box<dyn Error>> {
    let name = format!("customer_graph_bench_{customers}");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("bench-data");
    let file = folder.join(format!("{name}.db"));
    let url = match server {
        None => format!("sqlite:{}", file.display()),
        Some(server) => {
            format!("{}/{name}", server.rsplit_once('/').ok_or("a server's URL names a database")?.0)
        }
    };
    if !is_whole(&url).await {
        match server {
            None => {
                fs::create_dir_all(&folder)?;
                let _ = fs::remove_file(&file);
            }
            Some(server) => {
                let server = connect(server).await?;
                server.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name}")).await?;
                server.execute_unprepared(&format!("CREATE DATABASE {name}")).await?;
            }
        }
        make(&url, customers).await?;
    }
    Ok(url)
}

/// A connection past the server, for the questions that are asked and what they are compared with.
pub async fn connect(url: &str) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url.replacen("mariadb:", "mysql:", 1));
    options.sqlx_logging(false);
    sea_orm::Database::connect(options).await
}

/// The rows of a statement whose parameters are `?`, read one after the other.
pub async fn rows<T>(
    database: &DatabaseConnection,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
    read: impl FnMut(&QueryResult) -> Result<T, DbErr>,
) -> Result<Vec<T>, DbErr> {
    let backend = database.get_database_backend();
    let sql = if backend == DbBackend::Postgres { numbered(sql) } else { sql.to_owned() };
    let statement = Statement::from_sql_and_values(backend, sql, values);
    database.query_all_raw(statement).await?.iter().map(read).collect()
}

/// PostgreSQL's parameters have numbers.
fn numbered(sql: &str) -> String {
    let mut parts = sql.split('?');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.zip(1..).fold(first, |sql, (part, number)| format!("{sql}${number}{part}"))
}

async fn is_whole(url: &str) -> bool {
    let Ok(database) = connect(url).await else { return false };
    let sql = "SELECT customer_id FROM customer_profile WHERE profile_id IN (
               SELECT id FROM profile WHERE name = 'Rare')";
    rows(&database, sql, [], |_| Ok(())).await.is_ok_and(|rare| !rare.is_empty())
}

async fn make(url: &str, customers: u32) -> Result<(), Box<dyn Error>> {
    let customers = customers.to_string();
    let arguments = ["customer-graph", "demo", "--customers", &customers];
    let options = ["--edges-per-customer", "5", "--shared-profile"];
    let config = Config::try_parse_from(arguments.iter().chain(&options))?;
    let Some(Command::Demo(demo)) = config.command else { return Err("that is no demo".into()) };

    eprintln!("making {customers} customers");
    let database = Database::open(&config::Database::at(url)).await?;
    database.migrate_up().await?;
    demo::fill(&database, &demo, &ProgressBar::hidden()).await?;
    database.close().await;
    let database = connect(url).await?;
    for sql in RARE {
        database.execute_unprepared(sql).await?;
    }
    Ok(())
}
