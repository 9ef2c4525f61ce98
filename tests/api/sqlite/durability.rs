//! What was acknowledged survives the death of the process, and what was not is there as a whole or not
//! at all.

use std::{collections::HashMap, path::Path};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{sync::mpsc, task::JoinSet};

use crate::process::{Server, client, post};

/// Creates a customer with three profiles, one of which all customers share.
pub const CREATE: &str = "mutation ($name: String!, $other: String!) {
    createCustomer(input: { name: $name, profiles: [
        { node: { create: { name: $name } } },
        { node: { create: { name: $other } } },
        { status: \"shared\", node: { findOrCreate: { name: \"shared\" } } }
    ] }) { customer { id } }
}";
const READ: &str = "query ($after: String) {
    customers(first: 100, after: $after) {
        nodes { id profiles { totalCount } }
        pageInfo { hasNextPage endCursor }
    }
}";

/// Creates customers until the server is gone, and tells of each that was acknowledged.
pub async fn create_until_the_end(url: String, client_name: usize, acknowledged: mpsc::Sender<String>) {
    let client = client();
    for number in 0.. {
        let (name, other) = (format!("{client_name}/{number}"), format!("{client_name}/{number}'s"));
        let Ok(answer) = post(&client, &url, CREATE, json!({ "name": name, "other": other })).await else {
            return;
        };
        let id = answer["data"]["createCustomer"]["customer"]["id"].as_str();
        acknowledged.send(id.unwrap_or_else(|| panic!("{answer}")).to_owned()).await.unwrap();
    }
}

/// The customers that several clients were told of until the process was killed.
async fn acknowledged_until_killed(directory: &Path) -> Vec<String> {
    let mut server = Server::start(directory).await;
    let (sender, mut receiver) = mpsc::channel(1_000);
    let mut clients = JoinSet::new();
    for number in 0..4 {
        clients.spawn(create_until_the_end(server.url.clone(), number, sender.clone()));
    }
    drop(sender);

    let mut acknowledged = Vec::new();
    while acknowledged.len() < 40 {
        acknowledged.push(receiver.recv().await.unwrap());
    }
    server.kill().await;
    clients.join_all().await;
    while let Some(id) = receiver.recv().await {
        acknowledged.push(id);
    }
    acknowledged
}

/// The number of profiles of every customer.
async fn edges(directory: &Path) -> HashMap<String, u64> {
    let server = Server::start(directory).await;
    let mut edges = HashMap::new();
    let mut after = Value::Null;
    loop {
        let mut page = server.data(READ, json!({ "after": after })).await["customers"].take();
        for customer in page["nodes"].as_array().unwrap() {
            let id = customer["id"].as_str().unwrap().to_owned();
            edges.insert(id, customer["profiles"]["totalCount"].as_u64().unwrap());
        }
        if page["pageInfo"]["hasNextPage"] == false {
            return edges;
        }
        after = page["pageInfo"]["endCursor"].take();
    }
}

#[tokio::test]
async fn no_acknowledged_customer_is_lost_or_halved_when_the_process_is_killed() {
    let directory = TempDir::new().unwrap();
    let mut acknowledged = Vec::new();
    for _ in 0..3 {
        acknowledged.extend(acknowledged_until_killed(directory.path()).await);
        let edges = edges(directory.path()).await;
        for id in &acknowledged {
            assert!(edges.contains_key(id), "{id} was acknowledged and is gone");
        }
        let halved: Vec<_> = edges.iter().filter(|(_, count)| **count != 3).collect();
        assert!(halved.is_empty(), "{halved:?}");
    }
}
