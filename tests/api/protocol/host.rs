//! The host that a request names.

use std::net::TcpStream;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::raw::Raw;
use crate::{
    app::TestApp,
    process::{Server, program},
};

const QUERY: &str = "/graphql?query=%7B__typename%7D";

/// The status and the body of the answer to a GET with exactly these headers.
async fn get(url: &str, target: &str, headers: &[&str]) -> (u16, String) {
    let mut connection = Raw::connect(url).await;
    let first = format!("GET {target} HTTP/1.1");
    let lines = [&[first.as_str()], headers, &["connection: close", "", ""]].concat();
    connection.send(lines.join("\r\n")).await;
    let answer = connection.rest().await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head[9..12].parse().unwrap(), body.to_owned())
}

async fn status(url: &str, host: &str) -> u16 {
    get(url, QUERY, &[&format!("host: {host}")]).await.0
}

#[tokio::test]
async fn a_page_whose_name_was_made_to_lead_here_is_not_answered() {
    let app = TestApp::start().await;
    let mutation =
        json!({ "query": "mutation { createCustomer(input: { name: \"x\" }) { customer { id } } }" });
    let mutation = mutation.to_string();
    for host in ["evil.example", "evil.example:8000", "localhost.evil.example", "192.0.2.1", "2130706433"] {
        for path in [QUERY, "/", "/graphiql", "/schema.graphql", "/nowhere"] {
            let (status, body) = get(&app.url, path, &[&format!("host: {host}")]).await;
            assert_eq!(status, 421, "{host} {path}");
            let message =
                format!("this server does not answer for the host `{host}`, unless it is listed in --hosts");
            let error = json!({ "message": message, "extensions": { "code": "BAD_USER_INPUT" } });
            assert_eq!(serde_json::from_str::<Value>(&body).unwrap(), json!({ "errors": [error] }));
        }
        let headers = [("content-type", "application/json"), ("host", host)];
        assert_eq!(app.post(mutation.clone(), &headers).await.status(), 421, "{host}");
    }
    assert_eq!(app.counts().await["customers"]["totalCount"], 0);
}

#[tokio::test]
async fn what_names_this_machine_is_answered() {
    let app = TestApp::start().await;
    for host in
        ["localhost", "LOCALHOST:1", "localhost.", "a.localhost", "127.0.0.1", "127.9.9.9:8", "[::1]:8000"]
    {
        assert_eq!(status(&app.url, host).await, 200, "{host}");
    }
}

#[tokio::test]
async fn a_target_that_names_a_host_has_to_name_this_one_too() {
    let app = TestApp::start().await;
    let (status, _) = get(&app.url, &format!("http://evil.example{QUERY}"), &["host: localhost"]).await;
    assert_eq!(status, 421);
    let (status, _) = get(&app.url, &format!("http://localhost{QUERY}"), &["host: evil.example"]).await;
    assert_eq!(status, 421);
    let (status, _) = get(&app.url, &format!("http://me@localhost{QUERY}"), &["host: localhost"]).await;
    assert_eq!(status, 400);
    let (status, _) = get(&app.url, &format!("http://localhost:80{QUERY}"), &["host: localhost"]).await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn no_host_two_hosts_and_what_is_no_host_are_refused() {
    let app = TestApp::start().await;
    for headers in [
        &[][..],
        &["host:"],
        &["host: localhost", "host: localhost"],
        &["host: localhost", "host: evil.example"],
        &["host: localhost, evil.example"],
        &["host: evil@localhost"],
        &["host: http://localhost"],
        &["host: localhost:x"],
        &["host: localhost:99999"],
        &["host: [::1"],
        &["host: [fe80::1%25lo]"],
    ] {
        let (status, body) = get(&app.url, QUERY, headers).await;
        assert_eq!(status, 400, "{headers:?}");
        assert!(body.contains("BAD_USER_INPUT"), "{body}");
    }
}

#[tokio::test]
async fn health_checks_may_name_any_host_or_none() {
    let app = TestApp::start().await;
    for path in ["/healthz", "/readyz"] {
        for headers in [&["host: 10.0.0.7:8000"][..], &["host: evil.example"], &[]] {
            assert_eq!(get(&app.url, path, headers).await.0, 200, "{path} {headers:?}");
        }
    }
}

#[tokio::test]
async fn hosts_that_are_listed_are_answered_too_and_elsewhere_they_alone() {
    let hosts = "api.example, *.two.example:8443";
    let app = TestApp::with(&["--hosts", hosts]).await;
    for (host, expected) in [
        ("api.example:1", 200),
        ("a.two.example:8443", 200),
        ("a.two.example", 421),
        ("localhost", 200),
        ("b", 421),
    ] {
        assert_eq!(status(&app.url, host).await, expected, "{host}");
    }
    for (hosts, host, expected) in
        [(hosts, "api.example", 200), (hosts, "localhost", 421), ("", "evil.example", 200), ("", "a b", 400)]
    {
        let directory = TempDir::new().unwrap();
        let environment = [("LISTEN", "0.0.0.0:0"), ("HOSTS", hosts)];
        let server = Server::of(program(directory.path(), &[], &environment)).await;
        // Where it can be reached from here, too.
        let url = server.url.replace("0.0.0.0", "127.0.0.1");
        assert!(TcpStream::connect(url.strip_prefix("http://").unwrap()).is_ok());
        assert_eq!(status(&url, host).await, expected, "{hosts} {host}");
    }
}

#[tokio::test]
async fn a_list_of_hosts_or_headers_that_cannot_be_read_is_refused_at_start() {
    let directory = TempDir::new().unwrap();
    for (option, value) in [("--hosts", "http://api.example"), ("--cors-headers", "x tenant")] {
        let (code, _, told) = crate::process::run(directory.path(), &[option, value]).await;
        assert_eq!(code, Some(2), "{told}");
        assert!(told.contains(value) && told.contains(option), "{told}");
    }
}
