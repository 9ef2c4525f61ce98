//! Refusals that are given before the body has come: real clients hear them, and senders without an end are cut.

use std::{fs, path::Path, time::Duration};

use reqwest::StatusCode;
use tempfile::TempDir;
use tokio::{process::Command, time::timeout};

use super::{JSON, raw::Raw};
use crate::app::TestApp;

/// How often each client tries.
const TIMES: usize = 20;

const FIVE_MEGABYTES: usize = 5_000_000;

/// A request that is refused whatever its body is.
struct Refused {
    method: &'static str,
    path: &'static str,
    headers: &'static [&'static str],
    status: &'static str,
}

const TOO_LARGE: Refused = Refused {
    method: "POST",
    path: "/graphql",
    headers: &["content-type", "application/json"],
    status: "413",
};

const OTHERS: [Refused; 6] = [
    Refused { method: "POST", path: "/graphql", headers: &["content-type", "text/plain"], status: "415" },
    Refused {
        method: "POST",
        path: "/graphql",
        headers: &["content-type", "application/json", "accept", "image/png"],
        status: "406",
    },
    Refused {
        method: "PUT",
        path: "/graphql",
        headers: &["content-type", "application/json"],
        status: "405",
    },
    Refused {
        method: "POST",
        path: "/healthz",
        headers: &["content-type", "application/json"],
        status: "405",
    },
    Refused {
        method: "POST",
        path: "/graphiql",
        headers: &["content-type", "application/json"],
        status: "405",
    },
    Refused {
        method: "POST",
        path: "/nowhere",
        headers: &["content-type", "application/json"],
        status: "404",
    },
];

/// What a client of `clients` printed: how each of its requests was answered.
async fn run(program: &str, script: &str, app: &TestApp, kind: &str, refused: &Refused) -> Vec<String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/api/protocol/clients").join(script);
    let mut command = Command::new(program);
    command.arg(script).args([&TIMES.to_string(), &FIVE_MEGABYTES.to_string(), kind, refused.method]);
    command.arg(format!("{}{}", app.url, refused.path)).args(refused.headers);
    lines(command).await
}

async fn lines(mut command: Command) -> Vec<String> {
    let output = command.kill_on_drop(true).output().await;
    let output = output.unwrap_or_else(|error| panic!("this test needs {command:?}: {error}"));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_so_that_node_hears_it() {
    let app = TestApp::start().await;
    for script in ["fetch.mjs", "request.mjs"] {
        for kind in ["WHOLE", "CHUNKED"] {
            let answers = run("node", script, &app, kind, &TOO_LARGE).await;
            assert_eq!(answers, vec!["413"; TIMES], "{script} {kind}");
        }
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_so_that_python_hears_it() {
    let app = TestApp::start().await;
    for kind in ["WHOLE", "CHUNKED"] {
        let answers = run("python3", "client.py", &app, kind, &TOO_LARGE).await;
        assert_eq!(answers, vec!["413"; TIMES], "{kind}");
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_so_that_curl_hears_it() {
    let app = TestApp::start().await;
    let directory = TempDir::new().unwrap();
    let body = directory.path().join("body");
    fs::write(&body, "x".repeat(FIVE_MEGABYTES)).unwrap();
    // As curl asks of itself, without asking before, and without saying how long the body is.
    for header in ["x: y", "expect:", "transfer-encoding: chunked"] {
        let mut command = Command::new("curl");
        command.args(["--silent", "--show-error", "--noproxy", "*", "--write-out", "%{http_code}\n"]);
        command.args(["--header", "content-type: application/json", "--header", header]);
        command.arg("--data-binary").arg(format!("@{}", body.display()));
        for _ in 0..TIMES {
            command.args(["--output", "/dev/null"]).arg(format!("{}/graphql", app.url));
        }
        assert_eq!(lines(command).await, vec!["413"; TIMES], "{header}");
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_so_that_a_program_in_rust_hears_it() {
    let app = TestApp::start().await;
    for _ in 0..TIMES {
        let response = app.post("x".repeat(FIVE_MEGABYTES), &[JSON]).await;
        assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
    }
}

#[tokio::test]
async fn whatever_is_refused_before_its_body_has_come_is_heard() {
    let app = TestApp::start().await;
    for refused in &OTHERS {
        for (program, script, kind) in [
            ("node", "fetch.mjs", "WHOLE"),
            ("python3", "client.py", "WHOLE"),
            ("python3", "client.py", "CHUNKED"),
        ] {
            let answers = run(program, script, &app, kind, refused).await;
            assert_eq!(answers, vec![refused.status; TIMES], "{} {} {kind}", refused.method, refused.path);
        }
    }
}

#[tokio::test]
async fn what_needs_no_body_is_answered_before_it_has_come() {
    let app = TestApp::start().await;
    let get = Refused {
        method: "GET",
        path: "/graphql?query=%7B__typename%7D",
        headers: &["content-type", "application/json"],
        status: "200",
    };
    assert_eq!(run("python3", "client.py", &app, "WHOLE", &get).await, vec!["200"; TIMES]);
    assert_eq!(run("node", "request.mjs", &app, "WHOLE", &get).await, vec!["200"; TIMES]);
}

#[tokio::test]
async fn a_refusal_whose_body_is_small_keeps_the_connection() {
    let app = TestApp::start().await;
    let mut connection = Raw::connect(&app.url).await;
    for request in ["POST /graphql HTTP/1.1", "PUT /graphql HTTP/1.1", "POST /healthz HTTP/1.1"] {
        connection.begin(request, &["content-type: text/plain", "content-length: 10000", ""]).await;
        // The answer comes first, and the body after it.
        loop {
            let line = connection.line().await;
            assert_ne!(line, "", "{request}");
            // A body before it has no line of its own.
            if line.contains("HTTP/1.1 4") {
                break;
            }
        }
        connection.send("x".repeat(10_000)).await;
    }
    connection.begin("GET /healthz HTTP/1.1", &["connection: close", ""]).await;
    let rest = connection.rest().await;
    assert!(rest.ends_with("alive\n"), "{rest}");
    assert_eq!(rest.matches("connection: close").count(), 1, "{rest}");
}

#[tokio::test]
async fn a_refusal_whose_body_is_large_says_that_the_connection_ends() {
    let app = TestApp::start().await;
    for length in ["content-length: 5000000", "transfer-encoding: chunked"] {
        for request in ["POST /graphql HTTP/1.1", "PUT /graphql HTTP/1.1", "POST /healthz HTTP/1.1"] {
            let mut connection = Raw::connect(&app.url).await;
            connection.begin(request, &["content-type: text/plain", length, ""]).await;
            let answer = connection.rest().await;
            assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
            assert!(answer.contains("connection: close\r\n"), "{answer}");
        }
    }
}

#[tokio::test]
async fn nobody_is_asked_for_a_body_that_is_not_read() {
    let app = TestApp::start().await;
    for request in ["POST /graphql HTTP/1.1", "PUT /graphql HTTP/1.1", "POST /healthz HTTP/1.1"] {
        for length in ["content-length: 100", "content-length: 5000000", "transfer-encoding: chunked"] {
            let mut connection = Raw::connect(&app.url).await;
            let headers = ["content-type: text/plain", length, "expect: 100-continue", ""];
            connection.begin(request, &headers).await;
            let answer = connection.rest().await;
            assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
            assert!(!answer.contains("100 Continue"), "{answer}");
        }
    }
}

#[tokio::test]
async fn a_sender_without_an_end_is_cut() {
    let app = TestApp::with(&["--max-connections", "1"]).await;
    for headers in [
        ["content-type: application/json", "content-length: 99999999999", ""],
        ["content-type: text/plain", "transfer-encoding: chunked", ""],
    ] {
        let mut endless = Raw::connect(&app.url).await;
        endless.begin("POST /graphql HTTP/1.1", &headers).await;
        let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
        let cut = async { while endless.send(&chunk).await {} };
        timeout(Duration::from_secs(60), cut).await.expect("the sender is cut");
    }
}

#[tokio::test]
async fn a_refused_sender_that_stays_silent_is_cut_in_time() {
    let app = TestApp::with(&["--max-connections", "1", "--body-seconds", "1"]).await;
    let mut silent = Raw::connect(&app.url).await;
    let headers = ["content-type: application/json", "content-length: 99999999999", ""];
    silent.begin("POST /graphql HTTP/1.1", &headers).await;
    let mut next = Raw::connect(&app.url).await;
    next.begin("GET /healthz HTTP/1.1", &[""]).await;
    let line = timeout(Duration::from_secs(30), next.line()).await.expect("the first is cut");
    assert_eq!(line, "HTTP/1.1 200 OK\r\n");
}
