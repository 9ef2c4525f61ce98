//! Compression of answers.

use async_compression::tokio::bufread::{BrotliDecoder, GzipDecoder, ZstdDecoder};
use reqwest::{Response, StatusCode};
use serde_json::json;
use tokio::io::{AsyncRead, AsyncReadExt};

use super::{JSON, WELL_FORMED, header};
use crate::app::TestApp;

async fn schema(app: &TestApp, accepted: &str) -> Response {
    app.request("GET", "/schema.graphql").header("accept-encoding", accepted).send().await.unwrap()
}

async fn text(mut decoder: impl AsyncRead + Unpin) -> String {
    let mut text = String::new();
    decoder.read_to_string(&mut text).await.unwrap();
    text
}

#[tokio::test]
async fn a_large_answer_is_compressed_as_the_client_likes_it() {
    let app = TestApp::start().await;
    for accepted in ["br", "gzip", "zstd", "gzip;q=0.5, br;q=0.1", "deflate, gzip"] {
        let response = schema(&app, accepted).await;
        let encoding = header(&response, "content-encoding").to_owned();
        assert!(accepted.contains(&encoding) && !encoding.is_empty(), "{accepted}: {encoding}");
        assert_eq!(header(&response, "vary"), "accept-encoding");
        let bytes = response.bytes().await.unwrap();
        let text = match encoding.as_str() {
            "br" => text(BrotliDecoder::new(&bytes[..])).await,
            "gzip" => text(GzipDecoder::new(&bytes[..])).await,
            _ => text(ZstdDecoder::new(&bytes[..])).await,
        };
        assert_eq!(text, customer_graph::schema::sdl(), "{accepted}");
        assert!(bytes.len() * 3 < text.len(), "{accepted}: {}", bytes.len());
    }
}

#[tokio::test]
async fn an_answer_is_plain_where_nothing_else_is_asked_for() {
    let app = TestApp::start().await;
    for accepted in ["identity", "deflate", "gzip;q=0"] {
        let response = schema(&app, accepted).await;
        assert_eq!(header(&response, "content-encoding"), "", "{accepted}");
        assert_eq!(response.text().await.unwrap(), customer_graph::schema::sdl());
    }
    assert_eq!(header(&app.get("/schema.graphql").await, "content-encoding"), "");
}

#[tokio::test]
async fn a_small_answer_is_left_as_it_is() {
    let app = TestApp::start().await;
    let response = app.post(WELL_FORMED, &[JSON, ("accept-encoding", "gzip, br, zstd")]).await;
    assert_eq!(header(&response, "content-encoding"), "");
    assert_eq!(header(&response, "content-length"), "31");
}

#[tokio::test]
async fn the_tag_of_an_answer_is_weak_and_the_same_in_every_coding() {
    let app = TestApp::start().await;
    let tag = header(&schema(&app, "identity").await, "etag").to_owned();
    assert!(tag.starts_with("W/"), "{tag}");
    assert_eq!(header(&schema(&app, "gzip").await, "etag"), tag);
    let request = app.request("GET", "/schema.graphql").header("accept-encoding", "gzip");
    let response = request.header("if-none-match", tag).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(header(&response, "content-encoding"), "");
}

#[tokio::test]
async fn a_mutation_that_ran_is_not_refused_for_the_coding_of_its_answer() {
    let app = TestApp::start().await;
    let create = "mutation { createCustomer(input: { name: \"Ada\" }) { customer { id } } }";
    let body = json!({ "query": create }).to_string();
    let response = app.post(body, &[JSON, ("accept-encoding", "identity;q=0")]).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(app.counts().await["customers"]["totalCount"], 1);
}
