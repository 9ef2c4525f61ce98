//! Stopping: balancers learn of it, requests in flight are answered, and it comes to an end.

use std::{fs, time::Duration};

use reqwest::StatusCode;
use sea_orm::ConnectionTrait;
use tempfile::TempDir;
use tokio::{
    net::{TcpListener, TcpStream},
    process::{Child, Command},
    task::yield_now,
    time::timeout,
};

use super::{WELL_FORMED, raw::Raw};
use crate::{
    app::TestApp,
    process::{Server, client, program},
};

/// A request whose body the server waits for.
async fn begun(url: &str) -> Raw {
    let mut connection = Raw::connect(url).await;
    connection.begin_post(WELL_FORMED.len()).await;
    connection
}

async fn server(directory: &TempDir, arguments: &[&str]) -> Server {
    Server::of(program(directory.path(), arguments, &[("LISTEN", "127.0.0.1:0")])).await
}

#[tokio::test]
async fn a_request_in_flight_is_answered_before_the_server_stops() {
    let app = TestApp::start().await;
    let mut connection = begun(&app.url).await;
    let stopping = app.stop();
    connection.send(WELL_FORMED).await;
    let answer = connection.rest().await;
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(answer.ends_with(r#"{"data":{"__typename":"Query"}}"#), "{answer}");
    stopping.await.unwrap();
}

#[tokio::test]
async fn a_client_that_never_finishes_does_not_keep_the_server_from_stopping() {
    let app = TestApp::with(&["--body-seconds", "86400"]).await;
    let _connection = begun(&app.url).await;
    let stopping = app.stop();
    tokio::time::pause();
    stopping.await.unwrap();
}

#[tokio::test]
async fn an_idle_connection_does_not_keep_the_server_from_stopping() {
    let app = TestApp::start().await;
    assert_eq!(app.get("/healthz").await.status(), StatusCode::OK);
    timeout(Duration::from_secs(5), app.stop()).await.expect("stops at once").unwrap();
}

#[tokio::test]
async fn balancers_see_that_the_server_goes_while_it_still_accepts() {
    let directory = TempDir::new().unwrap();
    let mut server = server(&directory, &["--leave-seconds", "600"]).await;
    let ready = format!("{}/readyz", server.url);
    assert_eq!(client().get(&ready).send().await.unwrap().status(), StatusCode::OK);
    server.signal("TERM").await;
    server.logged("stopping").await;
    // Told, and by then the server knows.
    while client().get(&ready).send().await.unwrap().status() == StatusCode::OK {}
    assert_eq!(client().get(&ready).send().await.unwrap().text().await.unwrap(), "the server is stopping\n");
    let alive = client().get(format!("{}/healthz", server.url)).send().await.unwrap();
    assert_eq!(alive.status(), StatusCode::OK);
    server.data("{ customers { totalCount } }", serde_json::json!({})).await;
}

#[tokio::test]
async fn after_the_signal_no_connection_is_accepted() {
    let directory = TempDir::new().unwrap();
    let mut server = server(&directory, &[]).await;
    let connection = begun(&server.url).await;
    server.signal("TERM").await;
    server.logged("stopping").await;
    let host = server.url.strip_prefix("http://").unwrap().to_owned();
    while TcpStream::connect(&host).await.is_ok() {}
    drop(connection);
    assert_eq!(server.end().await.0, Some(0));
}

#[tokio::test]
async fn a_second_signal_ends_it_at_once() {
    let directory = TempDir::new().unwrap();
    for (name, code) in [("INT", 130), ("TERM", 143)] {
        let mut server = server(&directory, &["--stop-seconds", "600"]).await;
        let connection = begun(&server.url).await;
        server.signal("TERM").await;
        server.logged("stopping").await;
        server.signal(name).await;
        server.logged("stopping at once").await;
        assert_eq!(server.end().await.0, Some(code));
        assert_eq!(connection.rest().await, "");
    }
}

#[tokio::test]
async fn requests_that_take_longer_than_the_deadline_are_cut() {
    let directory = TempDir::new().unwrap();
    let server = server(&directory, &["--stop-seconds", "1"]).await;
    let connection = begun(&server.url).await;
    server.signal("TERM").await;
    let (code, log) = server.end().await;
    assert_eq!(code, Some(0));
    assert!(log.contains("stopped without waiting longer for slow clients"), "{log}");
    assert_eq!(connection.rest().await, "");
}

/// Waits for the end of a program that was sent SIGTERM: its exit code, and what it said.
async fn terminated(child: Child) -> (Option<i32>, String) {
    let kill = format!("kill -TERM {}", child.id().unwrap());
    assert!(Command::new("sh").args(["-c", &kill]).status().await.unwrap().success());
    let ended = timeout(Duration::from_secs(60), child.wait_with_output()).await.unwrap().unwrap();
    (ended.status.code(), String::from_utf8(ended.stderr).unwrap())
}

#[tokio::test]
async fn a_start_that_waits_for_a_silent_database_ends_with_the_first_signal() {
    let directory = TempDir::new().unwrap();
    for kind in ["postgres", "mariadb"] {
        let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("{kind}://someone@{}/graph", silent.local_addr().unwrap());
        let arguments = ["--listen", "127.0.0.1:0", "--database-url", &url, "--acquire-seconds", "3600"];
        let child = program(directory.path(), &arguments, &[]).spawn().unwrap();
        let _connection = silent.accept().await.unwrap();
        let (code, log) = terminated(child).await;
        assert_eq!(code, Some(0), "{log}");
        assert!(log.contains("stopping") && log.trim_end().ends_with("stopped"), "{log}");
    }
}

#[tokio::test]
async fn a_start_that_waits_for_a_locked_file_ends_with_the_first_signal() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().canonicalize().unwrap().join("customer-graph.db");
    let holder = sea_orm::Database::connect(format!("sqlite:{}?mode=rwc", file.display())).await.unwrap();
    holder.execute_unprepared("CREATE TABLE other (id INTEGER); BEGIN EXCLUSIVE").await.unwrap();
    let arguments = ["--listen", "127.0.0.1:0", "--acquire-seconds", "3600"];
    let child = program(directory.path(), &arguments, &[]).spawn().unwrap();
    let files = format!("/proc/{}/fd", child.id().unwrap());
    let opens = || {
        fs::read_dir(&files)
            .unwrap()
            .any(|entry| fs::read_link(entry.unwrap().path()).is_ok_and(|path| path == file))
    };
    while !opens() {
        yield_now().await;
    }
    let (code, log) = terminated(child).await;
    assert_eq!(code, Some(0), "{log}");
    assert!(log.trim_end().ends_with("stopped"), "{log}");
}
