//! Two programs on one database: what holds whoever comes first.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::{
    program::{Client, Program, Reply, WRITE},
    server::{Kind, Server},
};

const CLIENTS: usize = 12;
const ROUNDS: usize = 6;

pub async fn two_programs_on_one_database_keep_every_rule(kind: Kind) {
    let server = Server::start(kind).await;
    let programs = [Program::start(&server.url(), &[]).await, Program::start(&server.url(), &[]).await];
    let clients = programs.each_ref().map(|program| program.client.clone());
    clients[0].ask(&format!("mutation {{ {} {} }}", create(1), create(2))).await.data();

    let replies = race(&clients).await;
    for name in ["x", "y", "z"] {
        let profiles = server.rows(&format!("SELECT name FROM profile WHERE name = '{name}'")).await;
        assert_eq!(profiles.len(), 1, "a name that many look for is that of one profile");
    }
    let created = server.rows("SELECT name FROM customer WHERE name = 'new'").await;
    assert_eq!(created.len(), count(&replies, |data| data["createCustomer"].is_object()));
    let halved = "SELECT name FROM customer WHERE name = 'new' AND 2 != (
        SELECT count(*) FROM customer_profile WHERE customer_id = customer.id)";
    assert_eq!(server.rows(halved).await, Vec::<String>::new());
    let orphans = "SELECT status FROM customer_profile WHERE customer_id NOT IN (SELECT id FROM customer)
        OR profile_id NOT IN (SELECT id FROM profile)";
    assert_eq!(server.rows(orphans).await, Vec::<String>::new());
    check_versions(&clients, &replies).await;
    check_winners(&clients, &replies).await;
}

pub async fn a_key_that_many_send_at_once_is_performed_once(kind: Kind) {
    let server = Server::start(kind).await;
    let programs = [Program::start(&server.url(), &[]).await, Program::start(&server.url(), &[]).await];
    for round in ["one", "two", "three"] {
        let mut asking = JoinSet::new();
        for number in 0..CLIENTS {
            let client = programs[number % 2].client.clone();
            asking.spawn(async move { client.ask_with(WRITE, json!({}), Some(round)).await.unwrap() });
        }
        let replies = asking.join_all().await;
        let told: BTreeSet<String> = replies.iter().map(|reply| reply.data().to_string()).collect();
        assert_eq!(told.len(), 1, "{told:?}");
    }
    assert_eq!(server.rows("SELECT name FROM customer").await.len(), 3);
}

/// A customer and a profile that are not attached.
fn create(number: usize) -> String {
    format!(
        "c{number}: createCustomer(input: {{ name: \"{number}\" }}) {{ customer {{ id }} }}
         p{number}: createProfile(input: {{ name: \"{number}\" }}) {{ profile {{ id }} }}"
    )
}

/// What all clients are told, by turns of one program and the other.
async fn race(programs: &[Client; 2]) -> Vec<Reply> {
    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        let program = programs[client % 2].clone();
        clients.spawn(async move {
            let mut replies = Vec::new();
            for round in 0..ROUNDS {
                replies.push(settled(&program, &request(client, round)).await);
            }
            replies
        });
    }
    let replies: Vec<Reply> = clients.join_all().await.into_iter().flatten().collect();
    for reply in &replies {
        assert!(reply.is_ok() || reply.code() == "VERSION_CONFLICT", "{reply:?}");
    }
    replies
}

/// What the request comes to where it is sent again as long as others win over it, as CONFLICT asks for.
async fn settled(program: &Client, request: &str) -> Reply {
    loop {
        let reply = program.ask(request).await;
        if reply.code() != "CONFLICT" {
            return reply;
        }
    }
}

fn request(client: usize, round: usize) -> String {
    let names = ["x", "y", "z"].map(|name| format!("{{ node: {{ findOrCreate: {{ name: \"{name}\" }} }} }}"));
    let (one, other) = (&names[client % 3], &names[(client + round + 1) % 3]);
    let other = if one == other { &names[(client + 1) % 3] } else { other };
    match (client + round) % 6 {
        0 => format!(
            "mutation {{ createCustomer(input: {{ name: \"new\", profiles: [{one}, {other}] }}) {{
                customer {{ id }}
            }} }}"
        ),
        1 => format!(
            "mutation {{ attachProfile(input: {{
                customerId: \"Customer:1\", profileId: \"Profile:1\", status: \"{client}-{round}\"
            }}) {{ outcome customerProfileEdge {{ version }} }} }}"
        ),
        2 => format!(
            "mutation {{ updateCustomer(input: {{ id: \"Customer:1\", name: \"{client}-{round}\" }}) {{
                customer {{ version }}
            }} }}"
        ),
        3 => format!(
            "mutation {{ updateProfile(input: {{
                id: \"Profile:2\", name: \"{client}-{round}\", expectedVersion: {}
            }}) {{ profile {{ version }} }} }}",
            round + 1
        ),
        _ => "{ customers(where: { name: { eq: \"new\" } }, first: 100) { nodes { profiles { totalCount } } } }"
            .to_owned(),
    }
}

fn count(replies: &[Reply], is_so: impl Fn(&Value) -> bool) -> usize {
    replies.iter().filter(|reply| reply.is_ok() && is_so(&reply.body["data"])).count()
}

/// Each real change made a version, and nobody was told of the same one.
async fn check_versions(clients: &[Client; 2], replies: &[Reply]) {
    for client in clients {
        let read = "{ customer(id: \"Customer:1\") { version profile(id: \"Profile:1\") { version } } }";
        let reply = client.ask(read).await;
        let now = &reply.data()["customer"];
        let edge = |data: &Value| data["attachProfile"]["customerProfileEdge"]["version"].as_u64();
        let customer = |data: &Value| data["updateCustomer"]["customer"]["version"].as_u64();
        assert_eq!(
            told(replies, edge),
            (1..=now["profile"]["version"].as_u64().unwrap()).collect::<Vec<_>>()
        );
        assert_eq!(told(replies, customer), (2..=now["version"].as_u64().unwrap()).collect::<Vec<_>>());
    }
    for reply in replies.iter().filter(|reply| reply.body["data"]["customers"].is_object()) {
        for customer in reply.body["data"]["customers"]["nodes"].as_array().unwrap() {
            assert_eq!(customer["profiles"]["totalCount"], 2, "a query sees all of a transaction or nothing");
        }
    }
}

fn told(replies: &[Reply], version: impl Fn(&Value) -> Option<u64>) -> Vec<u64> {
    let mut told: Vec<u64> = replies.iter().filter_map(|reply| version(&reply.body["data"])).collect();
    told.sort_unstable();
    told
}

/// Of those who expected the same version at most one won, and of all who could win somebody did.
async fn check_winners(clients: &[Client; 2], replies: &[Reply]) {
    let mut winners = BTreeMap::<u64, usize>::new();
    for reply in replies {
        if let Some(version) = reply.body["data"]["updateProfile"]["profile"]["version"].as_u64() {
            *winners.entry(version).or_default() += 1;
        }
    }
    assert!(winners.values().all(|winners| *winners == 1), "{winners:?}");
    let reply = clients[0].ask("{ profile(id: \"Profile:2\") { version } }").await;
    let version = reply.data()["profile"]["version"].as_u64().unwrap();
    assert_eq!(winners.len() as u64 + 1, version);
    assert_one_wins(clients, version).await;
}

/// Many who expect the present version, at once: exactly one wins.
async fn assert_one_wins(clients: &[Client; 2], version: u64) {
    let mut asking = JoinSet::new();
    for number in 0..CLIENTS {
        let client = clients[number % 2].clone();
        asking.spawn(async move {
            let request = format!(
                "mutation {{ updateProfile(input: {{
                    id: \"Profile:2\", name: \"last {number}\", expectedVersion: {version}
                }}) {{ profile {{ version }} }} }}"
            );
            settled(&client, &request).await
        });
    }
    let (won, lost): (Vec<_>, Vec<_>) = asking.join_all().await.into_iter().partition(Reply::is_ok);
    assert_eq!(won.len(), 1, "{won:?}");
    for reply in lost {
        assert_eq!(reply.code(), "VERSION_CONFLICT", "{reply:?}");
        assert_eq!(reply.body["errors"][0]["extensions"]["currentVersion"], version + 1);
    }
}
