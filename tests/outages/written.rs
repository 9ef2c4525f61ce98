//! Clients that write until their first failure, and what each of them knows of what it wrote.

use std::{collections::BTreeMap, time::Duration};

use sea_orm::DatabaseConnection;
use serde_json::{Value, json};
use tokio::{sync::mpsc, task::JoinSet};

use crate::{
    program::{Client, Program},
    server::rows,
};

const CREATE: &str = "mutation ($name: String!, $other: String!) {
    createCustomer(input: { name: $name, profiles: [
        { node: { create: { name: $name } } },
        { node: { create: { name: $other } } },
        { status: \"shared\", node: { findOrCreate: { name: \"shared\" } } }
    ] }) { customer { id } }
}";
const ATTACH: &str = "mutation ($id: ID!, $status: String!) {
    attachProfile(input: { customerId: $id, profileId: \"Profile:1\", status: $status }) { outcome }
}";

/// How many clients write, and how many of their writes are acknowledged before the disaster.
const CLIENTS: usize = 6;
const ACKNOWLEDGED: usize = 60;

/// One request, which has its name for a key.
#[derive(Clone, Debug)]
pub struct Write {
    name: String,
    query: &'static str,
    variables: Value,
}

impl Write {
    async fn send(&self, client: &Client) -> Ended {
        match client.ask_with(self.query, self.variables.clone(), Some(&self.name)).await {
            Err(_) => Ended::Unknown,
            Ok(reply) if reply.is_ok() => Ended::Acknowledged(reply.body["data"].clone()),
            Ok(reply) if reply.outcome() == "ROLLED_BACK" => Ended::Refused,
            Ok(reply) if reply.outcome() == "UNKNOWN" && reply.code() == "TIMEOUT" => Ended::Unknown,
            Ok(reply) => panic!("{reply:?}"),
        }
    }
}

/// What a client knows of a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Ended {
    Acknowledged(Value),
    /// Nothing was kept.
    Refused,
    Unknown,
}

/// A program with one profile that is attached to by many.
pub async fn prepared(database_url: &str, options: &[&str]) -> Program {
    let program = Program::start(database_url, options).await;
    let profile = "mutation { createProfile(input: { name: \"attached\" }) { profile { id } } }";
    assert_eq!(program.client.ask(profile).await.data()["createProfile"]["profile"]["id"], "Profile:1");
    program
}

/// Writes until a disaster, and what each client knows of what it wrote, up to its first failure.
pub async fn load(client: &Client, disaster: impl AsyncFnOnce()) -> Vec<(Write, Ended)> {
    let (sender, mut receiver) = mpsc::channel(1_000);
    let mut clients = JoinSet::new();
    for number in 0..CLIENTS {
        clients.spawn(write_until_failure(client.clone(), number, sender.clone()));
    }
    drop(sender);
    let mut written = Vec::new();
    while written.len() < ACKNOWLEDGED {
        written.push(receiver.recv().await.unwrap());
    }
    disaster().await;
    while let Some(one) = receiver.recv().await {
        written.push(one);
    }
    clients.join_all().await;
    written
}

async fn write_until_failure(client: Client, number: usize, written: mpsc::Sender<(Write, Ended)>) {
    for round in 0.. {
        let name = format!("{number}/{round}");
        let variables = json!({ "name": name, "other": format!("{name}'s") });
        let create = Write { name: name.clone(), query: CREATE, variables };
        let ended = create.send(&client).await;
        written.send((create, ended.clone())).await.unwrap();
        let Ended::Acknowledged(data) = ended else { return };
        let variables = json!({ "id": data["createCustomer"]["customer"]["id"], "status": name });
        let attach = Write { name: format!("{name} attached"), query: ATTACH, variables };
        let ended = attach.send(&client).await;
        written.send((attach, ended.clone())).await.unwrap();
        if !matches!(ended, Ended::Acknowledged(_)) {
            return;
        }
    }
}

/// Looks at what was kept, repeats what was not acknowledged, and looks again.
pub async fn check(database: &DatabaseConnection, program: &Program, written: Vec<(Write, Ended)>) {
    let kept = kept(database).await;
    for (write, ended) in &written {
        let is_kept = kept.contains_key(&write.name);
        match ended {
            Ended::Acknowledged(_) => assert!(is_kept, "{write:?} was acknowledged and is gone"),
            Ended::Refused => assert!(!is_kept, "{write:?} was refused and is there"),
            Ended::Unknown => {}
        }
    }
    let unknown = written.iter().filter(|(_, ended)| !matches!(ended, Ended::Acknowledged(_)));
    let mut repeated = 0;
    for (write, _) in unknown {
        let again = || program.client.ask_with(write.query, write.variables.clone(), Some(&write.name));
        crate::until("it can be repeated", Duration::from_secs(15), async || again().await.unwrap().is_ok())
            .await;
        repeated += 1;
    }
    assert!(repeated > 0, "the disaster met requests on their way");
    let names: BTreeMap<String, usize> = written.iter().map(|(write, _)| (write.name.clone(), 1)).collect();
    assert_eq!(self::kept(database).await, names, "each is there once");
}

/// How often each write was kept, by its name; none of them by halves.
async fn kept(database: &DatabaseConnection) -> BTreeMap<String, usize> {
    let created = "SELECT concat(customer.name, '|', (
            SELECT count(*) FROM customer_profile JOIN profile ON profile.id = profile_id
            WHERE customer_id = customer.id AND profile.name != 'attached'
        )) FROM customer";
    let mut kept = BTreeMap::new();
    for row in rows(database, created).await {
        let (name, edges) = row.split_once('|').unwrap();
        assert_eq!(edges, "3", "{name} is there by halves");
        *kept.entry(name.to_owned()).or_default() += 1;
    }
    let attached = "SELECT status FROM customer_profile JOIN profile ON profile.id = profile_id
        WHERE profile.name = 'attached'";
    for name in rows(database, attached).await {
        *kept.entry(format!("{name} attached")).or_default() += 1;
    }
    assert_eq!(rows(database, "SELECT name FROM profile WHERE name = 'shared'").await.len(), 1);
    kept
}
