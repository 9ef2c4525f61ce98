//! Several processes of the program on one file, and many clients of theirs.

use std::{env, sync::Arc};

use reqwest::Client;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::{
    backend::TestDatabase,
    process::{Server, client, post, program},
};

pub const CLIENTS: usize = 12;

/// Servers on one file, and the file as another application has it open.
pub struct Servers {
    servers: Vec<Server>,
    client: Client,
    connection: DatabaseConnection,
    _database: TestDatabase,
}

impl Servers {
    /// Starts that many, on three customers and three profiles that are not attached.
    pub async fn start(count: usize) -> Arc<Self> {
        let database = TestDatabase::create().await;
        let mut servers = Vec::new();
        for _ in 0..count {
            let environment =
                [("LISTEN", "127.0.0.1:0"), ("LOG", "off"), ("DATABASE_URL", database.url.as_str())];
            servers.push(Server::of(program(&env::temp_dir(), &[], &environment)).await);
        }
        let connection = database.connect().await;
        for table in ["customer", "profile"] {
            let insert = format!("INSERT INTO {table} (name) VALUES ('1'), ('2'), ('3')");
            connection.execute_unprepared(&insert).await.unwrap();
        }
        Arc::new(Servers { servers, client: client(), connection, _database: database })
    }

    /// What a client is answered by its server. Writers wait for each other, so nobody is told to try again.
    pub async fn send(&self, client: usize, query: &str) -> Value {
        let url = &self.servers[client % self.servers.len()].url;
        let answer = post(&self.client, url, query, json!({})).await.unwrap();
        let code = &answer["errors"][0]["extensions"]["code"];
        assert!(code != "CONFLICT" && code != "OVERLOADED", "{answer}");
        answer
    }

    /// What all clients are answered at once, each to all its requests, in their order.
    pub async fn race(self: &Arc<Self>, requests: impl Fn(usize) -> Vec<String>) -> Vec<Value> {
        let mut clients = JoinSet::new();
        for client in 0..CLIENTS {
            let (servers, requests) = (self.clone(), requests(client));
            clients.spawn(async move {
                let mut answers = Vec::new();
                for request in &requests {
                    answers.push(servers.send(client, request).await);
                }
                answers
            });
        }
        clients.join_all().await.into_iter().flatten().collect()
    }

    /// The rows of a statement, each a text.
    pub async fn rows(&self, select: &str) -> Vec<String> {
        let statement = Statement::from_string(self.connection.get_database_backend(), select);
        let rows = self.connection.query_all_raw(statement).await.unwrap();
        rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
    }
}
