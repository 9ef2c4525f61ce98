//! Slow readers: what they may hold of the server, and for how long.

use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::{sleep, timeout},
};

use crate::{
    process::{Server, client, program},
    watch::{Watch, memory},
};

const MIB: u64 = 1024 * 1024;

/// A server with a hundred profiles whose names are as long as they may be.
async fn server(directory: &TempDir, settings: &[(&str, &str)]) -> Server {
    let environment = [&[("LISTEN", "127.0.0.1:0")], settings].concat();
    let server = Server::of(program(directory.path(), &[], &environment)).await;
    let profiles: Vec<_> =
        (100..200).map(|n| json!({ "name": format!("{n}{}", "😀".repeat(252)) })).collect();
    let create = "mutation ($input: CreateProfilesInput!) { createProfiles(input: $input) { __typename } }";
    server.data(create, json!({ "input": { "profiles": profiles } })).await;
    server
}

/// A request whose answer has about so many tenths of a megabyte.
fn request(tenths: usize, host: &str) -> String {
    let fields: String = (0..tenths).map(|n| format!("a{n}:name ")).collect();
    let body =
        json!({ "query": format!("{{ profiles(first: 100) {{ nodes {{ {fields} }} }} }}") }).to_string();
    let head = "POST /graphql HTTP/1.1\r\ncontent-type: application/json\r\n";
    format!("{head}host: {host}\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

/// A connection that takes little ahead, on which the request was sent.
async fn ask(server: &Server, tenths: usize) -> TcpStream {
    let host = server.url.strip_prefix("http://").unwrap();
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut stream = socket.connect(host.parse().unwrap()).await.unwrap();
    stream.write_all(request(tenths, host).as_bytes()).await.unwrap();
    stream
}

/// The status of the answer, of which nothing else is taken.
async fn status(stream: &mut TcpStream) -> u16 {
    let mut line = [0; 12];
    stream.read_exact(&mut line).await.unwrap();
    std::str::from_utf8(&line[9..]).unwrap().parse().unwrap()
}

#[tokio::test]
async fn answers_that_are_not_taken_share_a_bounded_memory() {
    let directory = TempDir::new().unwrap();
    let server = server(&directory, &[("MAX_ANSWER_BYTES", "8388608"), ("BODY_SECONDS", "1000")]).await;
    let watch = Watch::start(&server);
    let before = memory(server.id());
    let mut readers = Vec::new();
    let mut refused = 0;
    for _ in 0..26 {
        let mut stream = ask(&server, 78).await;
        match status(&mut stream).await {
            200 => readers.push(stream),
            503 => refused += 1,
            status => panic!("{status}"),
        }
    }
    // Sixteen of the largest answers that are allowed have room, and a little beside them.
    assert!((16..20).contains(&readers.len()), "{}", readers.len());
    assert!(refused > 5, "{refused}");
    let seen = watch.end().await;
    assert!(seen.memory < before + 16 * 8 * MIB + 64 * MIB, "{before} {seen:?}");
    assert!(seen.slowest < Duration::from_secs(2), "{seen:?}");
    // Small answers need no room.
    server.data("{ profiles { totalCount } }", json!({})).await;
    drop(readers);
    while status(&mut ask(&server, 78).await).await != 200 {}
}

#[tokio::test]
async fn a_reader_that_takes_nothing_is_cut_and_what_it_held_is_free() {
    let directory = TempDir::new().unwrap();
    let settings = [("MAX_ANSWER_BYTES", "8388608"), ("BODY_SECONDS", "1")];
    let server = server(&directory, &settings).await;
    let mut readers = Vec::new();
    for _ in 0..18 {
        readers.push(ask(&server, 78).await);
    }
    for reader in &mut readers {
        assert!([200, 503].contains(&status(reader).await));
    }
    // Sixteen of them have taken all the memory there is, and are still there.
    let free = async { while status(&mut ask(&server, 78).await).await != 200 {} };
    timeout(Duration::from_secs(120), free).await.expect("they are cut");
    drop(readers);
}

#[tokio::test]
async fn a_reader_that_takes_little_at_a_time_is_cut_too() {
    let directory = TempDir::new().unwrap();
    let settings = [("BODY_SECONDS", "3"), ("MIN_SEND_RATE", "10000000")];
    let server = server(&directory, &settings).await;
    let mut reader = ask(&server, 150).await;
    let mut taken = 0;
    let mut part = vec![0; 65_536];
    while let Ok(size @ 1..) = reader.read(&mut part).await {
        taken += size;
        sleep(Duration::from_millis(20)).await;
    }
    assert!(taken < 15_000_000, "{taken}");
    let alive = client().get(format!("{}/healthz", server.url)).send().await.unwrap();
    assert_eq!(alive.status(), 200);
}

#[tokio::test]
async fn a_reader_that_is_quick_enough_gets_all_of_it() {
    let directory = TempDir::new().unwrap();
    let server = server(&directory, &[("BODY_SECONDS", "3"), ("MIN_SEND_RATE", "1000")]).await;
    let mut reader = ask(&server, 20).await;
    let mut taken = Vec::new();
    let mut part = vec![0; 262_144];
    while !taken.ends_with(b"}]}}}") {
        let size = reader.read(&mut part).await.unwrap();
        assert_ne!(size, 0, "{}", taken.len());
        taken.extend_from_slice(&part[..size]);
        sleep(Duration::from_millis(5)).await;
    }
    let text = String::from_utf8(taken).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    assert!(head.contains(&format!("content-length: {}", body.len())), "{head}");
    let answer: Value = serde_json::from_str(body).unwrap();
    assert_eq!(answer["data"]["profiles"]["nodes"].as_array().unwrap().len(), 100);
}
