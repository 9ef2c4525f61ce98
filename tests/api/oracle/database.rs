//! The second connection to the server's database, by which rows come and go.

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend};

use super::data::{Data, Link, Node, Side};
use crate::{
    app::TestApp,
    backend::{self, backend},
};

/// A connection that does not wait for the disk.
pub struct Writer(DatabaseConnection);

impl Writer {
    /// To the database of the server.
    pub async fn of(app: &TestApp) -> Self {
        let writer = Writer(app.connect().await);
        if backend() == DbBackend::Sqlite {
            writer.run("PRAGMA synchronous = OFF").await;
        }
        writer
    }

    pub async fn run(&self, sql: &str) {
        if sql.is_empty() {
            return;
        }
        self.0.execute_unprepared(&backend::sql(sql)).await.unwrap();
    }

    /// Has the database hold these rows and no others.
    pub async fn replace(&self, data: &Data) {
        let mut sql = vec![
            "BEGIN".to_owned(),
            "DELETE FROM customer_profile".to_owned(),
            "DELETE FROM customer".to_owned(),
            "DELETE FROM profile".to_owned(),
        ];
        for side in [Side::Customer, Side::Profile] {
            sql.extend(data.nodes(side).iter().map(|node| insert_node(side, node)));
        }
        sql.extend(data.links.iter().map(insert_link));
        sql.push("COMMIT".to_owned());
        self.run(&sql.join(";\n")).await;
    }
}

pub fn insert_node(side: Side, Node { key, fields }: &Node) -> String {
    let name = quoted(&fields.name);
    let (created_at, updated_at) = (fields.times.created_at.stored(), fields.times.updated_at.stored());
    match side {
        Side::Customer => {
            let phone_number = fields.phone_number.as_deref().map_or("NULL".to_owned(), quoted);
            format!(
                "INSERT INTO customer (id, name, phone_number, created_at, updated_at) \
                 VALUES ({key}, {name}, {phone_number}, '{created_at}', '{updated_at}')"
            )
        }
        Side::Profile => format!(
            "INSERT INTO profile (id, name, created_at, updated_at) \
             VALUES ({key}, {name}, '{created_at}', '{updated_at}')"
        ),
    }
}

pub fn insert_link(Link { customer, profile, fields }: &Link) -> String {
    let status = quoted(&fields.status);
    let (created_at, updated_at) = (fields.times.created_at.stored(), fields.times.updated_at.stored());
    format!(
        "INSERT INTO customer_profile (customer_id, profile_id, status, created_at, updated_at) \
         VALUES ({customer}, {profile}, {status}, '{created_at}', '{updated_at}')"
    )
}

/// The links of the node go with it.
pub fn delete_node(side: Side, key: i64) -> String {
    format!("DELETE FROM {} WHERE id = {key}", side.name().to_lowercase())
}

pub fn delete_link(Link { customer, profile, .. }: &Link) -> String {
    format!("DELETE FROM customer_profile WHERE customer_id = {customer} AND profile_id = {profile}")
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
