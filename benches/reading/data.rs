//! Databases of several sizes, made once and kept under `target/bench-data`.

use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
};

use clap::Parser;
use customer_graph::{
    config::{self, Command, Config},
    database::Database,
    demo,
};
use indicatif::ProgressBar;
use rusqlite::Connection;

/// A profile that 20 customers have, whatever the number of all.
const RARE: &str = "
    INSERT INTO profile (name) VALUES ('Rare');
    INSERT INTO customer_profile (customer_id, profile_id)
        SELECT customer.id, profile.id FROM customer, profile
        WHERE profile.name = 'Rare' AND customer.id % (SELECT count(*) / 20 FROM customer) = 0";

/// The file with this many customers: five edges each, one of them to the profile that all have, and a
/// sixth for the 20 that have the rare one.
pub async fn file(customers: u32) -> Result<PathBuf, Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("bench-data");
    let file = folder.join(format!("customers-{customers}.db"));
    if !file.exists() {
        fs::create_dir_all(&folder)?;
        let unfinished = folder.join(format!("customers-{customers}.unfinished"));
        let _ = fs::remove_file(&unfinished);
        make(&unfinished, customers).await?;
        fs::rename(&unfinished, &file)?;
    }
    Ok(file)
}

/// The URL of a file.
pub fn url(file: &Path) -> String {
    format!("sqlite:{}", file.display())
}

async fn make(file: &Path, customers: u32) -> Result<(), Box<dyn Error>> {
    let customers = customers.to_string();
    let arguments = ["customer-graph", "demo", "--customers", &customers];
    let options = ["--edges-per-customer", "5", "--shared-profile"];
    let config = Config::try_parse_from(arguments.iter().chain(&options))?;
    let Some(Command::Demo(demo)) = config.command else { return Err("that is no demo".into()) };

    eprintln!("making {customers} customers");
    let database = Database::open(&config::Database::at(url(file))).await?;
    database.migrate_up().await?;
    demo::fill(&database, &demo, &ProgressBar::hidden()).await?;
    Connection::open(file)?.execute_batch(RARE)?;
    database.close().await;
    Ok(())
}
