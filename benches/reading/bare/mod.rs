//! The floor: handlers that read the same rows by statements of their own and write the same JSON with serde.

mod server;
mod sqlite;

use std::error::Error;

use axum::{
    Router,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};

/// A path for each case.
pub async fn router(url: &str) -> Result<Router, Box<dyn Error>> {
    match url.strip_prefix("sqlite:") {
        Some(file) => Ok(sqlite::router(file.as_ref())?),
        None => server::router(url).await,
    }
}

/// What a request may say.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Input {
    id: i64,
    after: i64,
    after_name: String,
    status: String,
    name: String,
}

fn respond(answer: Result<Vec<u8>, Box<dyn Error>>) -> Response {
    match answer {
        Ok(json) => ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], json).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

#[derive(Serialize)]
struct Data<T> {
    data: T,
}

#[derive(Serialize)]
struct CustomerField<T> {
    customer: T,
}

#[derive(Serialize)]
struct CustomersField<T> {
    customers: T,
}

#[derive(Serialize)]
struct ProfileField<T> {
    profile: T,
}

#[derive(Serialize)]
struct ProfilesField<T> {
    profiles: T,
}

#[derive(Default, Serialize)]
struct Edges<T> {
    edges: Vec<T>,
}

#[derive(Serialize)]
struct Node<T> {
    node: T,
}

#[derive(Serialize)]
struct StatusNode {
    status: String,
    node: Named,
}

#[derive(Serialize)]
struct Named {
    id: String,
    name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Customer {
    id: String,
    name: String,
    phone_number: Option<String>,
    profiles: Edges<StatusNode>,
}

#[derive(Serialize)]
struct Profile {
    id: String,
    name: String,
    customers: Edges<StatusNode>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Count {
    total_count: i64,
}
