//! Persisted documents: by the hash of a text that was sent once, and by the IDs of a manifest.

use std::{fs, path::PathBuf};

use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{app::TestApp, process::run};

const TEXT: &str = "{__typename}";
const HASH: &str = "ecf4edb46db40b5132295c0291d62fb65d6759a9eedfa4d5d612dd5ec54a6b38";
const DATA: &str = r#"{"data":{"__typename":"Query"}}"#;
const GRAPHQL_RESPONSE: &str = "application/graphql-response+json";

fn persisted(hash: &str) -> Value {
    json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } })
}

async fn post(app: &TestApp, body: Value) -> Response {
    app.post(body.to_string(), &[("content-type", "application/json")]).await
}

async fn answer(app: &TestApp, body: Value) -> Value {
    post(app, body).await.json().await.unwrap()
}

async fn get(app: &TestApp, parameters: &[(&str, &str)]) -> Response {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    app.get(&format!("/graphql?{query}")).await
}

/// The code of the only error.
async fn code(app: &TestApp, body: Value) -> String {
    let answer = answer(app, body).await;
    assert_eq!(answer["errors"].as_array().map(Vec::len), Some(1), "{answer}");
    answer["errors"][0]["extensions"]["code"].as_str().unwrap().to_owned()
}

/// A server with this manifest in this mode.
async fn with_manifest(manifest: &Value, mode: &str) -> TestApp {
    let (_directory, file) = file(&manifest.to_string());
    TestApp::with(&["--documents", file.to_str().unwrap(), "--document-mode", mode]).await
}

fn file(manifest: &str) -> (TempDir, PathBuf) {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("documents.json");
    fs::write(&file, manifest).unwrap();
    (directory, file)
}

fn relay() -> Value {
    json!({ "typename": TEXT, "one": "query One($id: ID!) { customer(id: $id) { name } }" })
}

#[tokio::test]
async fn a_document_is_asked_for_by_its_hash_once_its_text_was_sent() {
    let app = TestApp::start().await;
    let by_hash = json!({ "extensions": persisted(HASH) });
    let unknown = post(&app, by_hash.clone()).await;
    assert_eq!(unknown.status(), StatusCode::OK);
    assert_eq!(unknown.headers()["cache-control"], "no-store");
    let error = json!({
        "message": "PersistedQueryNotFound",
        "extensions": { "code": "PERSISTED_QUERY_NOT_FOUND" },
    });
    assert_eq!(unknown.json::<Value>().await.unwrap(), json!({ "errors": [error] }));
    let both = json!({ "query": TEXT, "extensions": persisted(HASH) });
    assert_eq!(answer(&app, both).await.to_string(), DATA);
    assert_eq!(answer(&app, by_hash).await.to_string(), DATA);
    assert_eq!(answer(&app, json!({ "documentId": format!("sha256:{HASH}") })).await.to_string(), DATA);
}

#[tokio::test]
async fn a_get_by_a_hash_alone_is_kept_like_any_other() {
    let app = TestApp::start().await;
    let extensions = persisted(HASH).to_string();
    let parameters = [("extensions", extensions.as_str())];
    let unknown = get(&app, &parameters).await;
    assert_eq!(unknown.headers()["cache-control"], "no-store");
    get(&app, &[("query", TEXT), parameters[0]]).await;
    let response = get(&app, &parameters).await;
    let tag = response.headers()["etag"].clone();
    assert_eq!(response.headers()["cache-control"], "private, no-cache");
    assert_eq!(response.text().await.unwrap(), DATA);
    let by_text = get(&app, &[("query", TEXT)]).await;
    assert_eq!(by_text.headers()["etag"], tag);
    let path = format!("/graphql?documentId={HASH}");
    let revalidated = app.request("GET", &path).header("if-none-match", tag).send().await.unwrap();
    assert_eq!(revalidated.status(), StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn a_hash_that_is_not_that_of_the_text_is_refused() {
    let app = TestApp::start().await;
    for hash in [&HASH.replace('e', "f"), "typename", ""] {
        let response = post(&app, json!({ "query": TEXT, "extensions": persisted(hash) })).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST);
        let body: Value = response.json().await.unwrap();
        let message = "the extension `persistedQuery`: the hash is not that of the `query`";
        assert_eq!(body["errors"][0]["message"], message);
        assert_eq!(body["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
    }
    assert_eq!(code(&app, json!({ "extensions": persisted(HASH) })).await, "PERSISTED_QUERY_NOT_FOUND");
}

#[tokio::test]
async fn a_persisted_query_that_is_not_well_formed_is_refused() {
    let app = TestApp::start().await;
    for (persisted, told) in [
        (json!(1), "the extension `persistedQuery` has to be an object or null, not a number"),
        (json!({}), "`version` of the extension `persistedQuery` has to be 1, not absent"),
        (
            json!({ "version": 2, "sha256Hash": HASH }),
            "`version` of the extension `persistedQuery` has to be 1",
        ),
        (
            json!({ "version": "1", "sha256Hash": HASH }),
            "`version` of the extension `persistedQuery` has to be 1, not a string",
        ),
        (
            json!({ "version": 1, "sha256Hash": 7 }),
            "`sha256Hash` of the extension `persistedQuery` has to be a string, not a number",
        ),
        (
            json!({ "version": 1 }),
            "`sha256Hash` of the extension `persistedQuery` has to be a string, not absent",
        ),
    ] {
        let body = json!({ "query": TEXT, "extensions": { "persistedQuery": persisted } });
        let response = post(&app, body).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST);
        let body: Value = response.json().await.unwrap();
        assert_eq!(body["errors"][0]["message"], told);
    }
    let null = json!({ "query": TEXT, "extensions": { "persistedQuery": null }, "documentId": null });
    assert_eq!(answer(&app, null).await.to_string(), DATA);
    for two in [
        json!({ "query": TEXT, "documentId": HASH }),
        json!({ "documentId": HASH, "extensions": persisted(HASH) }),
    ] {
        assert_eq!(post(&app, two).await.status(), StatusCode::BAD_REQUEST);
    }
}

#[tokio::test]
async fn a_refused_document_is_refused_by_its_hash_as_well() {
    let app = TestApp::start().await;
    let wrong = "{nothing}";
    let refused = answer(&app, json!({ "query": wrong })).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED");
    assert_eq!(answer(&app, json!({ "query": wrong })).await, refused);
    assert_eq!(answer(&app, json!({ "extensions": persisted(&sha256(wrong)) })).await, refused);
}

#[tokio::test]
async fn a_mutation_by_a_hash_takes_a_post_and_is_performed_once_under_its_key() {
    let app = TestApp::start().await;
    let create = "mutation ($name: String!) { createCustomer(input: { name: $name }) { customer { id } } }";
    let manifest = json!({ "create": create });
    let app_with_manifest = with_manifest(&manifest, "allow").await;
    let response =
        get(&app_with_manifest, &[("documentId", "create"), ("variables", r#"{"name":"Ada"}"#)]).await;
    assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
    let hash = sha256(create);
    let variables = json!({ "name": "Ada" });
    let both = json!({ "query": create, "extensions": persisted(&hash), "variables": variables });
    let by_text = json!({ "query": create, "variables": variables });
    let by_hash = json!({ "extensions": persisted(&hash), "variables": variables });
    let headers = [("content-type", "application/json"), ("idempotency-key", "one")];
    for body in [both, by_hash, by_text] {
        let answer: Value = app.post(body.to_string(), &headers).await.json().await.unwrap();
        assert_eq!(answer["data"]["createCustomer"]["customer"]["id"], "Customer:1", "{answer}");
    }
    let other = json!({ "documentId": HASH, "variables": variables });
    answer(&app, json!({ "query": TEXT })).await;
    let read: Value = app.post(other.to_string(), &headers).await.json().await.unwrap();
    assert_eq!(read["data"]["__typename"], "Query");
    assert_eq!(app.counts().await["customers"]["totalCount"], 1);
}

fn sha256(text: &str) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn documents_of_a_manifest_are_asked_for_by_their_ids() {
    let apollo = json!({
        "format": "apollo-persisted-query-manifest",
        "version": 1,
        "operations": [
            { "id": "typename", "name": "", "type": "query", "body": TEXT },
            { "id": "one", "name": "One", "type": "query", "body": relay()["one"] },
        ],
    });
    for manifest in [relay(), apollo] {
        let app = with_manifest(&manifest, "allow").await;
        app.customer("Ada").await;
        for body in [
            json!({ "documentId": "typename" }),
            json!({ "documentId": HASH }),
            json!({ "extensions": persisted("typename") }),
            json!({ "extensions": persisted(HASH) }),
        ] {
            assert_eq!(answer(&app, body).await.to_string(), DATA);
        }
        let one = answer(&app, json!({ "documentId": "one", "variables": { "id": "Customer:1" } })).await;
        assert_eq!(one, json!({ "data": { "customer": { "name": "Ada" } } }));
        let named = get(&app, &[("documentId", "one"), ("operationName", "Two")]).await;
        let named: Value = named.json().await.unwrap();
        assert_eq!(named["errors"][0]["message"], "the document has no operation named `Two`");
        assert_eq!(code(&app, json!({ "documentId": "two" })).await, "PERSISTED_QUERY_NOT_FOUND");
        assert_eq!(answer(&app, json!({ "query": "{ a: __typename }" })).await["data"]["a"], "Query");
    }
}

#[tokio::test]
async fn only_documents_of_the_manifest_are_answered_where_no_others_are_trusted() {
    let app = with_manifest(&relay(), "only").await;
    for body in [json!({ "query": TEXT }), json!({ "documentId": "typename" }), json!({ "documentId": HASH })]
    {
        assert_eq!(answer(&app, body).await.to_string(), DATA);
    }
    let other = "{ __typename }";
    for body in [
        json!({ "query": other }),
        json!({ "query": other, "extensions": persisted(&sha256(other)) }),
        json!({ "extensions": persisted(&sha256(other)) }),
        json!({ "documentId": "two" }),
        json!({ "query": "{" }),
    ] {
        assert_eq!(code(&app, body).await, "DOCUMENT_NOT_TRUSTED");
    }
    let accept = [("content-type", "application/json"), ("accept", GRAPHQL_RESPONSE)];
    let response = app.post(json!({ "query": other }).to_string(), &accept).await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn only_texts_are_answered_where_hashes_are_switched_off() {
    let app = TestApp::with(&["--document-mode", "off"]).await;
    let both = json!({ "query": TEXT, "extensions": persisted(HASH) });
    assert_eq!(answer(&app, both).await.to_string(), DATA);
    for body in [json!({ "extensions": persisted(HASH) }), json!({ "documentId": HASH })] {
        let answer = answer(&app, body).await;
        assert_eq!(answer["errors"][0]["message"], "PersistedQueryNotSupported");
        assert_eq!(answer["errors"][0]["extensions"]["code"], "PERSISTED_QUERY_NOT_SUPPORTED");
    }
}

#[tokio::test]
async fn a_bad_manifest_ends_the_start_with_a_line_that_says_why() {
    for (manifest, reason) in [
        (
            r#"{"a":"{ __typename }","b":"{ nothing }"}"#,
            "the document `b` is refused: type `Query` does not have a field `nothing`, at line 1 column 3",
        ),
        (r#"{"a":"{"}"#, "the document `a` is refused: syntax error: expected `}`, at line 1 column 2"),
        (r#"{"a":1}"#, "the document `a` is no text"),
        ("[]", "it must be an object of documents by their IDs, or a manifest of Apollo's tools"),
        ("", "it is no JSON: EOF while parsing a value at line 1 column 0"),
        (r#"{"a":"{ __typename }""#, "it is no JSON: EOF while parsing an object at line 1 column 21"),
        (
            r#"{"format":"apollo-persisted-query-manifest","version":2,"operations":[]}"#,
            "its version is not 1",
        ),
        (
            r#"{"format":"apollo-persisted-query-manifest","version":1}"#,
            "its `operations` must be a list of objects, each with an `id` and a `body`",
        ),
        (
            r#"{"format":"apollo-persisted-query-manifest","version":1,"operations":[{"id":"a","body":"{__typename}"},{"id":"a","body":"{a:__typename}"}]}"#,
            "the document `a` is there more than once",
        ),
    ] {
        let (directory, file) = file(manifest);
        let file = file.to_str().unwrap();
        let (code, _, log) =
            run(directory.path(), &["--listen", "127.0.0.1:0", "--documents", file, "--log", "off"]).await;
        assert_eq!((code, log.lines().count()), (Some(1), 1), "{log}");
        let named =
            format!("customer-graph: cannot read the manifest `{file}` of `--documents` (or DOCUMENTS)");
        assert_eq!(log, format!("{named}: {reason}\n"));
    }
    let directory = TempDir::new().unwrap();
    for (arguments, reason) in [
        (
            &["--documents", "missing.json"][..],
            "cannot read the manifest `missing.json` of `--documents` (or DOCUMENTS): there is no such file",
        ),
        (
            &["--document-mode", "only"],
            "`--document-mode` (or DOCUMENT_MODE) is `only`, so a manifest is needed: name it with `--documents` (or DOCUMENTS)",
        ),
        (
            &["--document-mode", "off", "--documents", "x.json"],
            "`--document-mode` (or DOCUMENT_MODE) is `off`, so no manifest is read: leave `--documents` (or DOCUMENTS) out",
        ),
    ] {
        let arguments = [arguments, &["--listen", "127.0.0.1:0", "--log", "off"]].concat();
        let (code, _, log) = run(directory.path(), &arguments).await;
        assert_eq!(code, Some(1));
        assert_eq!(log, format!("customer-graph: {reason}\n"));
    }
}
