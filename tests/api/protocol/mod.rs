//! GraphQL over HTTP, clause by clause, and what else passes between clients and the server.

mod accept;
mod browser;
mod cache;
mod compression;
mod connections;
mod cors;
mod get;
mod host;
mod paths;
mod post;
pub mod raw;
mod refusals;
mod slow;
mod status;
mod stopping;

use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

const JSON: (&str, &str) = ("content-type", "application/json");
const WELL_FORMED: &str = r#"{"query":"{ __typename }"}"#;
const GRAPHQL_RESPONSE: &str = "application/graphql-response+json";

fn content_type(response: &Response) -> &str {
    header(response, "content-type")
}

/// The value of a header, empty if it is not there.
fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

/// Asserts that the request was refused before GraphQL saw it; gives the message.
async fn refused(response: Response, status: StatusCode) -> String {
    assert_eq!(response.status(), status);
    assert_eq!(content_type(&response), "application/json; charset=utf-8");
    assert_eq!(header(&response, "cache-control"), "no-store");
    let body: Value = response.json().await.unwrap();
    let message = body["errors"][0]["message"].as_str().unwrap().to_owned();
    let error = json!({ "message": message, "extensions": { "code": "BAD_USER_INPUT" } });
    assert_eq!(body, json!({ "errors": [error] }));
    message
}
