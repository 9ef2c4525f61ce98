//! Made-up data, as the program itself writes it.

use std::{collections::HashMap, process::Output};

use customer_graph::{error::Place, input};
use entity::{customer, customer_profile, profile};
use reqwest::Client;
use sea_orm::{Database, DatabaseConnection, EntityTrait, QueryOrder};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::Command,
};

/// A database that is there for one test.
struct File {
    url: String,
    directory: TempDir,
}

/// Everything in a database, in the order of its keys.
#[derive(Debug, PartialEq)]
struct Dump {
    customers: Vec<customer::Model>,
    profiles: Vec<profile::Model>,
    edges: Vec<customer_profile::Model>,
}

impl File {
    fn new() -> Self {
        let directory = TempDir::new().unwrap();
        File { url: format!("sqlite:{}", directory.path().join("demo.db").display()), directory }
    }

    /// The program on this database.
    fn program(&self, arguments: &str) -> Command {
        let mut program = Command::new(env!("CARGO_BIN_EXE_customer-graph"));
        program.args(arguments.split_whitespace()).args(["--log", "warn", "--database-url", &self.url]);
        program
    }

    async fn demo(&self, arguments: &str) -> Output {
        self.program(&format!("demo {arguments}")).output().await.unwrap()
    }

    /// What the database has after the program has filled it.
    async fn filled(&self, arguments: &str) -> Dump {
        let output = self.demo(arguments).await;
        assert!(output.status.success(), "{output:?}");
        self.dump().await
    }

    async fn dump(&self) -> Dump {
        let database: DatabaseConnection = Database::connect(&self.url).await.unwrap();
        let customers = customer::Entity::find().order_by_asc(customer::Column::Id);
        let profiles = profile::Entity::find().order_by_asc(profile::Column::Id);
        let edges = customer_profile::Entity::find()
            .order_by_asc(customer_profile::Column::CustomerId)
            .order_by_asc(customer_profile::Column::ProfileId);
        Dump {
            customers: customers.all(&database).await.unwrap(),
            profiles: profiles.all(&database).await.unwrap(),
            edges: edges.all(&database).await.unwrap(),
        }
    }
}

impl Dump {
    /// The number of edges of each customer.
    fn degrees(&self) -> Vec<usize> {
        let mut degrees: HashMap<i64, usize> = self.customers.iter().map(|one| (one.id, 0)).collect();
        for edge in &self.edges {
            *degrees.get_mut(&edge.customer_id).unwrap() += 1;
        }
        degrees.into_values().collect()
    }
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn as_many_rows_are_added_as_asked_for() {
    let file = File::new();
    let output = file.demo("--customers 300 --profiles 9 --edges-per-customer 3..5").await;
    let dump = file.dump().await;
    assert_eq!((dump.customers.len(), dump.profiles.len()), (300, 9));
    let mut degrees = dump.degrees();
    degrees.sort_unstable();
    degrees.dedup();
    assert_eq!(degrees, [3, 4, 5]);
    let told = format!("added 300 customers, 9 profiles and {} edges\n", dump.edges.len());
    assert_eq!((text(&output.stdout), text(&output.stderr)), (told.as_str(), ""));
}

#[tokio::test]
async fn a_customer_may_have_no_edges_or_all_that_there_can_be() {
    let none = File::new().filled("--customers 10 --profiles 0 --edges-per-customer 0..0").await;
    assert_eq!((none.customers.len(), none.edges.len()), (10, 0));
    let all = File::new().filled("--customers 10 --profiles 7 --edges-per-customer 7").await;
    assert_eq!(all.degrees(), [7; 10]);
}

#[tokio::test]
async fn more_rows_than_a_batch_holds_are_added_in_several() {
    let dump = File::new().filled("--customers 9000 --profiles 10001 --edges-per-customer 1..2").await;
    assert_eq!((dump.customers.len(), dump.profiles.len()), (9_000, 10_001));
    assert!(dump.degrees().iter().all(|degree| (1..=2).contains(degree)));
}

#[tokio::test]
async fn the_same_arguments_make_the_same_data() {
    let arguments = "--customers 500 --profiles 20 --edges-per-customer 0..6";
    let (one, other) = (File::new().filled(arguments).await, File::new().filled(arguments).await);
    assert_eq!(one, other);
}

#[tokio::test]
async fn a_database_with_data_in_it_is_left_alone() {
    for arguments in ["--customers 1", "--customers 0"] {
        let file = File::new();
        let before = file.filled(arguments).await;
        let output = file.demo("").await;
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(
            text(&output.stderr),
            "customer-graph: the database has customers or profiles already; `--add` adds to them\n"
        );
        assert_eq!(file.dump().await, before);
    }
}

#[tokio::test]
async fn what_is_there_stays_where_more_is_added() {
    let file = File::new();
    let before = file.filled("--customers 30 --profiles 5 --edges-per-customer 5").await;
    let after = file.filled("--customers 40 --profiles 6 --edges-per-customer 6 --add").await;
    assert_eq!(after.customers[..30], before.customers);
    assert_eq!(after.profiles[..5], before.profiles);
    assert_eq!(after.edges[..150], before.edges);
    assert_eq!((after.customers.len(), after.profiles.len(), after.edges.len()), (70, 11, 390));
    let names = |customers: &[customer::Model]| -> Vec<String> {
        customers.iter().map(|customer| customer.name.clone()).collect()
    };
    assert_ne!(names(&after.customers[30..60]), names(&before.customers), "others are added");
}

#[tokio::test]
async fn every_customer_has_the_shared_profile() {
    let dump =
        File::new().filled("--customers 200 --profiles 8 --edges-per-customer 1..3 --shared-profile").await;
    let shared = dump.profiles[0].id;
    assert_eq!(dump.edges.iter().filter(|edge| edge.profile_id == shared).count(), 200);
    assert!(dump.degrees().iter().all(|degree| (1..=3).contains(degree)));
}

#[tokio::test]
async fn the_data_is_as_clients_may_write_it() {
    let dump = File::new().filled("--customers 2000 --profiles 800").await;
    let place = Place::argument("input");
    for customer in &dump.customers {
        assert_eq!(input::name(&customer.name, &place).unwrap(), customer.name);
        let number = customer.phone_number.as_deref();
        assert_eq!(number.map(|number| input::phone_number(number, &place).unwrap()).as_deref(), number);
        assert!(customer.created_at <= customer.updated_at);
        assert_eq!(customer.version == 1, customer.created_at == customer.updated_at);
    }
    for profile in &dump.profiles {
        assert_eq!(input::name(&profile.name, &place).unwrap(), profile.name);
    }
    for edge in &dump.edges {
        assert_eq!(input::status(&edge.status, &place).unwrap(), edge.status);
        let customer = &dump.customers[edge.customer_id as usize - 1];
        assert!(customer.created_at <= edge.created_at && edge.created_at <= edge.updated_at);
    }
    let with_number = dump.customers.iter().filter(|customer| customer.phone_number.is_some()).count();
    assert!((1_600..1_800).contains(&with_number), "{with_number}");
}

#[tokio::test]
async fn nonsense_is_refused_before_anything_is_opened() {
    for (arguments, why) in [
        ("--customers -5", "`--customers` cannot be `-5`: it must be a whole number from 0 to 4294967295"),
        ("--profiles many", "`--profiles` cannot be `many`: it must be a whole number from 0 to 4294967295"),
        (
            "--edges-per-customer -1..5",
            "`--edges-per-customer` cannot be `-1..5`: it must be a range as in `2..8`, or one number",
        ),
        (
            "--edges-per-customer 1..",
            "`--edges-per-customer` cannot be `1..`: it must be a range as in `2..8`, or one number",
        ),
        (
            "--edges-per-customer many",
            "`--edges-per-customer` cannot be `many`: it must be a range as in `2..8`, or one number",
        ),
        (
            "--edges-per-customer 5..1",
            "`--edges-per-customer` cannot be `5..1`: the range ends before it begins, write `1..5`",
        ),
        ("--profiles 7", "a customer cannot have 8 edges where there are 7 profiles"),
        ("--shared-profile --edges-per-customer 0..3", "with a shared profile each customer has an edge"),
    ] {
        let file = File::new();
        let output = file.demo(arguments).await;
        assert_eq!(output.status.code(), Some(2), "{arguments}");
        assert!(text(&output.stderr).contains(why), "{arguments}: {}", text(&output.stderr));
        assert_eq!(std::fs::read_dir(file.directory.path()).unwrap().count(), 0);
    }
}

#[tokio::test]
async fn the_data_is_served() {
    let file = File::new();
    let dump = file.filled("--customers 5 --profiles 3 --edges-per-customer 1..3").await;
    let mut server = file.program("serve --listen 127.0.0.1:0");
    let mut server = server.stdout(std::process::Stdio::piped()).kill_on_drop(true).spawn().unwrap();
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
    let first = lines.next_line().await.unwrap().unwrap();
    let url = first.strip_prefix("listening on ").unwrap();

    let query = "{ customers { edges { node { name phoneNumber createdAt \
                 profiles { edges { status node { name } } } } } } }";
    let request = Client::builder().no_proxy().build().unwrap().post(format!("{url}/graphql"));
    let request = request.header("content-type", "application/json");
    let response = request.body(json!({ "query": query }).to_string()).send().await.unwrap();
    let body: Value = response.json().await.unwrap();

    let edges = body["data"]["customers"]["edges"].as_array().unwrap();
    assert_eq!(edges.len(), 5);
    for (edge, customer) in edges.iter().zip(&dump.customers) {
        assert_eq!(edge["node"]["name"], json!(customer.name));
        assert_eq!(edge["node"]["phoneNumber"], json!(customer.phone_number));
        let created_at = customer.created_at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
        assert_eq!(edge["node"]["createdAt"], json!(created_at));
        let attached = dump.edges.iter().filter(|edge| edge.customer_id == customer.id);
        let expected: Vec<Value> = attached
            .map(|edge| {
                let name = &dump.profiles[edge.profile_id as usize - 1].name;
                json!({ "status": edge.status, "node": { "name": name } })
            })
            .collect();
        assert_eq!(edge["node"]["profiles"]["edges"], json!(expected));
    }
}
