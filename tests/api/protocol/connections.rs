//! Connections: clients that are slow, silent, endless or many.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::json;
use tempfile::TempDir;
use tokio::time::timeout;

use super::{WELL_FORMED, raw::Raw};
use crate::{
    app::TestApp,
    process::{Server, client, post, program},
};

#[tokio::test]
async fn a_connection_serves_one_request_after_the_other() {
    let app = TestApp::start().await;
    let mut connection = Raw::connect(&app.url).await;
    for _ in 0..3 {
        connection.begin("GET /healthz HTTP/1.1", &[""]).await;
        assert_eq!(connection.line().await, "HTTP/1.1 200 OK\r\n");
        while connection.line().await != "alive\n" {}
    }
}

#[tokio::test]
async fn a_head_that_does_not_come_to_its_end_is_cut_in_time() {
    let app = TestApp::with(&["--header-seconds", "1"]).await;
    let silent = Raw::connect(&app.url).await;
    let mut slow = Raw::connect(&app.url).await;
    slow.begin("POST /graphql HTTP/1.1", &["content-type: application/json"]).await;
    let (silent, slow) = tokio::join!(silent.rest(), slow.rest());
    assert_eq!((silent.as_str(), slow.as_str()), ("", ""));
}

#[tokio::test]
async fn a_body_that_does_not_come_to_its_end_is_cut_in_time() {
    let app = TestApp::with(&["--body-seconds", "1"]).await;
    let mut connection = Raw::connect(&app.url).await;
    connection.begin_post(WELL_FORMED.len()).await;
    connection.send(&WELL_FORMED[..10]).await;
    let answer = connection.rest().await;
    assert!(answer.starts_with("HTTP/1.1 408 Request Timeout\r\n"), "{answer}");
    assert!(answer.contains("connection: close\r\n"), "{answer}");
    assert!(answer.contains("the body did not arrive in time"), "{answer}");
}

#[tokio::test]
async fn a_body_without_an_end_is_cut() {
    let app = TestApp::start().await;
    let mut connection = Raw::connect(&app.url).await;
    let headers = ["content-type: application/json", "transfer-encoding: chunked", ""];
    connection.begin("POST /graphql HTTP/1.1", &headers).await;
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    while connection.send(&chunk).await {}
    let answer = connection.rest().await;
    assert!(answer.starts_with("HTTP/1.1 413 Payload Too Large\r\n"), "{answer}");
}

#[tokio::test]
async fn a_body_that_says_that_it_is_too_large_is_not_asked_for() {
    let app = TestApp::start().await;
    let mut connection = Raw::connect(&app.url).await;
    let headers =
        ["content-type: application/json", "content-length: 99999999999", "expect: 100-continue", ""];
    connection.begin("POST /graphql HTTP/1.1", &headers).await;
    assert_eq!(connection.line().await, "HTTP/1.1 413 Payload Too Large\r\n");
}

#[tokio::test]
async fn headers_without_an_end_are_cut() {
    let app = TestApp::start().await;
    for header in [format!("x: {}\r\n", "y".repeat(1000)), "x: y\r\n".to_owned()] {
        let mut connection = Raw::connect(&app.url).await;
        connection.begin("GET /healthz HTTP/1.1", &[]).await;
        while connection.send(&header).await {}
        let answer = connection.rest().await;
        assert!(answer.starts_with("HTTP/1.1 431 Request Header Fields Too Large\r\n"), "{answer}");
    }
}

#[tokio::test]
async fn a_path_that_is_too_long_is_refused_as_such() {
    let app = TestApp::start().await;
    let mut connection = Raw::connect(&app.url).await;
    let path = format!("/graphql?query={}", "a".repeat(0x10000));
    connection.begin(&format!("GET {path} HTTP/1.1"), &[""]).await;
    let answer = connection.rest().await;
    assert!(answer.starts_with("HTTP/1.1 414 URI Too Long\r\n"), "{answer}");
}

#[tokio::test]
async fn connections_beyond_the_limit_wait_for_those_that_are_at_work() {
    let app = TestApp::with(&["--max-connections", "2"]).await;
    let mut first = Raw::connect(&app.url).await;
    first.begin_post(WELL_FORMED.len()).await;
    let mut second = Raw::connect(&app.url).await;
    second.begin_post(WELL_FORMED.len()).await;
    let mut third = Raw::connect(&app.url).await;
    third.begin("GET /healthz HTTP/1.1", &[""]).await;
    // Small parts of a body are work, too.
    second.send(&WELL_FORMED[..5]).await;
    assert!(timeout(Duration::from_millis(300), third.line()).await.is_err());
    first.send(WELL_FORMED).await;
    let answer = first.rest().await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("connection: close\r\n"), "{answer}");
    assert_eq!(third.line().await, "HTTP/1.1 200 OK\r\n");
    second.send(&WELL_FORMED[5..]).await;
    assert_eq!(second.line().await, "HTTP/1.1 200 OK\r\n");
}

#[tokio::test]
async fn the_connection_that_is_idle_for_longest_gives_way_to_a_new_one() {
    let app = TestApp::with(&["--max-connections", "2"]).await;
    let mut first = Raw::connect(&app.url).await;
    first.begin("GET /healthz HTTP/1.1", &[""]).await;
    while first.line().await != "alive\n" {}
    let mut second = Raw::connect(&app.url).await;
    second.begin_post(WELL_FORMED.len()).await;
    // One that is idle, and one whose head does not come to its end.
    for head in ["", "POST /graphql HTTP/1.1"] {
        let mut slow = Raw::connect(&app.url).await;
        if !head.is_empty() {
            slow.begin(head, &[]).await;
        }
        let mut next = Raw::connect(&app.url).await;
        next.begin("GET /healthz HTTP/1.1", &[""]).await;
        assert_eq!(next.line().await, "HTTP/1.1 200 OK\r\n");
        assert_eq!(slow.rest().await, "");
    }
    assert_eq!(first.rest().await, "");
    second.send(WELL_FORMED).await;
    assert_eq!(second.line().await, "HTTP/1.1 200 OK\r\n");
}

#[tokio::test]
async fn a_client_that_takes_nothing_of_its_answers_is_cut_in_time() {
    let app = TestApp::with(&["--max-connections", "1", "--body-seconds", "1"]).await;
    let mut greedy = Raw::connect(&app.url).await;
    // More than the buffers on the way hold.
    for _ in 0..1_000 {
        greedy.begin("GET /schema.graphql HTTP/1.1", &[""]).await;
    }
    let mut next = Raw::connect(&app.url).await;
    next.begin("GET /healthz HTTP/1.1", &[""]).await;
    let line = timeout(Duration::from_secs(20), next.line()).await.expect("the first is cut");
    assert_eq!(line, "HTTP/1.1 200 OK\r\n");
}

#[tokio::test]
async fn two_thousand_idle_connections_hurt_nobody() {
    customer_graph::allow_many_files();
    let directory = TempDir::new().unwrap();
    let server = Server::of(program(directory.path(), &[], &[("LISTEN", "127.0.0.1:0")])).await;
    let mut idle = Vec::new();
    for _ in 0..2_000 {
        idle.push(Raw::connect(&server.url).await);
    }
    for connection in &mut idle[..1_000] {
        connection.begin("POST /graphql HTTP/1.1", &[]).await;
    }
    let client = client();
    for _ in 0..20 {
        let answer = post(&client, &server.url, "{ customers { totalCount } }", json!({})).await.unwrap();
        assert_eq!(answer, json!({ "data": { "customers": { "totalCount": 0 } } }));
    }
    let ready = client.get(format!("{}/readyz", server.url)).send().await.unwrap();
    assert_eq!(ready.status(), StatusCode::OK);
    assert!(idle.iter_mut().all(Raw::is_silent));
}

#[tokio::test]
async fn bodies_that_are_being_read_share_a_bounded_memory() {
    let app = TestApp::with(&["--max-body-bytes", "1000"]).await;
    let mut held = Vec::new();
    for _ in 0..256 {
        let mut connection = Raw::connect(&app.url).await;
        connection.begin_post(1_000).await;
        connection.send(" ".repeat(999)).await;
        held.push(connection);
    }
    let body = json!({ "query": "{ __typename }", "operationName": "a".repeat(300) }).to_string();
    let post = || app.post(body.clone(), &[("content-type", "application/json")]);
    let refused = loop {
        let answer = post().await;
        if answer.status() == StatusCode::SERVICE_UNAVAILABLE {
            break answer;
        }
    };
    assert_eq!(refused.headers()["retry-after"], "1");
    assert!(refused.text().await.unwrap().contains("OVERLOADED"));
    drop(held);
    while post().await.status() == StatusCode::SERVICE_UNAVAILABLE {}
}
