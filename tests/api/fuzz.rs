//! Arbitrary requests to a running server: none makes it fail, and it answers the next one.

use proptest::{collection::vec, prelude::*, sample::Index};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::app::TestApp;

const CASES: &str = include_str!("../../src/document/rules/cases.txt");

#[test]
fn no_document_and_no_body_makes_the_server_fail() {
    let runtime = Runtime::new().unwrap();
    let app = runtime.block_on(TestApp::start());
    let texts: Vec<_> = CASES.lines().filter_map(|line| line.strip_prefix("+ ")).collect();
    let words: Vec<_> = texts.iter().flat_map(|text| text.split(' ')).collect();
    let changed = (prop::sample::select(texts), vec((any::<Index>(), prop::sample::select(words)), 0..4));
    let changed = changed.prop_map(|(text, changes)| {
        let mut text: Vec<_> = text.split(' ').collect();
        for (at, word) in changes {
            let at = at.index(text.len());
            text[at] = word;
        }
        text.join(" ")
    });
    let variables = prop_oneof![
        Just(json!({})),
        Just(json!({ "a": null, "d": "ASC", "o": { "name": "ASC" }, "w": { "not": {} } })),
        any::<i64>().prop_map(|a| json!({ "a": a })),
        ".{0,20}".prop_map(|a| json!({ "a": a })),
        vec(".{0,3}", 0..3).prop_map(|a| json!({ "a": a, "w": a })),
    ];
    let requests = (changed, variables).prop_map(|(query, variables)| {
        json!({ "query": query, "variables": variables }).to_string().into_bytes()
    });
    let bodies = prop_oneof![9 => requests, 1 => vec(any::<u8>(), 0..200)];
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(body in bodies, accept in "[ -~]{0,40}")| {
        let (status, answer) = runtime.block_on(async {
            let headers = [("content-type", "application/json"), ("accept", accept.as_str())];
            let response = app.post(body.clone(), &headers).await;
            (response.status().as_u16(), response.text().await.unwrap())
        });
        prop_assert!(status < 500, "{status} {answer}");
        prop_assert!(!answer.contains("INTERNAL_SERVER_ERROR"), "{answer}");
        prop_assert!(serde_json::from_str::<Value>(&answer).is_ok(), "{answer}");
        let again = app.post(body, &[("content-type", "application/json")]);
        prop_assert!(runtime.block_on(again).status().as_u16() < 500);
    });
    runtime.block_on(app.counts());
}
