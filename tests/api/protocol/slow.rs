//! Slow readers and senders: what they may hold of the server, and for how long.

use std::time::Duration;

use sea_orm::ConnectionTrait;
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

/// Asks for an answer of about so many tenths of a megabyte.
async fn ask(server: &Server, tenths: usize) -> TcpStream {
    let fields: String = (0..tenths).map(|n| format!("a{n}:name ")).collect();
    ask_for(server, &format!("{{ profiles(first: 100) {{ nodes {{ {fields} }} }} }}"), "identity").await
}

/// A connection that takes little ahead, on which the query was sent, to be answered in that coding.
async fn ask_for(server: &Server, query: &str, coding: &str) -> TcpStream {
    let host = server.url.strip_prefix("http://").unwrap();
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut stream = socket.connect(host.parse().unwrap()).await.unwrap();
    let body = json!({ "query": query }).to_string();
    let head = "POST /graphql HTTP/1.1\r\ncontent-type: application/json\r\n";
    let request = format!(
        "{head}host: {host}\r\naccept-encoding: {coding}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

/// The head of the answer, of whose body nothing is taken.
async fn head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    String::from_utf8(head).unwrap()
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

/// An answer of 0.9 MB that is half as large when it is compressed.
const STATUSES: &str = "{customers(first:33){nodes{profiles(first:100){edges{status}}}}}";

/// Attaches a hundred profiles to a hundred customers, with statuses of which no two have much in common.
async fn attach_at_random(directory: &TempDir) {
    let url = format!("sqlite:{}", directory.path().join("customer-graph.db").display());
    let connection = sea_orm::Database::connect(url).await.unwrap();
    for sql in [
        "INSERT INTO customer (name) SELECT name FROM profile",
        "INSERT INTO customer_profile (customer_id, profile_id, status)
         SELECT customer.id, profile.id, hex(randomblob(127)) FROM customer, profile",
    ] {
        connection.execute_unprepared(sql).await.unwrap();
    }
    connection.close().await.unwrap();
}

#[tokio::test]
async fn compressed_answers_that_are_not_taken_share_a_bounded_memory() {
    let directory = TempDir::new().unwrap();
    let server = server(&directory, &[("BODY_SECONDS", "1000")]).await;
    attach_at_random(&directory).await;
    for coding in ["gzip", "zstd", "br"] {
        let (mut readers, mut compressed) = (Vec::new(), 0);
        let before = memory(server.id());
        for _ in 0..40 {
            let mut stream = ask_for(&server, STATUSES, coding).await;
            let head = head(&mut stream).await;
            assert!(head.starts_with("HTTP/1.1 200"), "{head}");
            compressed += usize::from(head.contains(&format!("content-encoding: {coding}\r\n")));
            readers.push(stream);
        }
        // As many as there are encoders for in 128 MiB; the others come as they are.
        assert_eq!(compressed, if coding == "br" { 8 } else { 40 }, "{coding}");
        let grown = memory(server.id()).saturating_sub(before);
        assert!(grown < 40 * 2 * MIB + 160 * MIB, "{coding}: {} MiB", grown / MIB);
        drop(readers);
        // The encoders of those who have gone are there for others.
        let free = async {
            while !head(&mut ask_for(&server, STATUSES, coding).await).await.contains("content-encoding") {}
        };
        timeout(Duration::from_secs(60), free).await.expect("they are free");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_announced_takes_no_memory_before_it_comes() {
    let directory = TempDir::new().unwrap();
    let server = server(&directory, &[]).await;
    let host = server.url.strip_prefix("http://").unwrap();
    let before = memory(server.id());
    let mut streams = Vec::new();
    for _ in 0..200 {
        let mut stream = TcpStream::connect(host).await.unwrap();
        let request = format!(
            "POST /graphql HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\ncontent-length: 1000000\r\n\
             expect: 100-continue\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        // The server says so once it waits for the body.
        assert!(head(&mut stream).await.starts_with("HTTP/1.1 100 "));
        streams.push(stream);
    }
    let grown = memory(server.id()).saturating_sub(before);
    assert!(grown < 64 * MIB, "{grown}");
}
