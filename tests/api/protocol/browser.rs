//! What browsers are told not to do.

use super::header;
use crate::app::TestApp;

#[tokio::test]
async fn whatever_is_answered_is_neither_sniffed_framed_nor_embedded() {
    let app = TestApp::start().await;
    for path in [
        "/healthz",
        "/graphql",
        "/graphql?query=%7B__typename%7D",
        "/",
        "/graphiql",
        "/schema.graphql",
        "/nowhere",
    ] {
        let response = app.get(path).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(header(&response, name), value, "{path}");
        }
        let policy = header(&response, "content-security-policy");
        assert!(policy.starts_with("default-src 'none'; "), "{path}: {policy}");
        assert!(policy.ends_with("frame-ancestors 'none'"), "{path}: {policy}");
    }
}

#[tokio::test]
async fn no_page_runs_what_was_not_meant_to_run() {
    let app = TestApp::start().await;
    for path in ["/", "/graphiql"] {
        let response = app.request("GET", path).header("accept", "text/html").send().await.unwrap();
        let policy = header(&response, "content-security-policy");
        assert!(policy.starts_with("default-src 'none'; "), "{path}: {policy}");
        let scripts = policy.split("; ").find(|part| part.starts_with("script-src ")).unwrap_or_default();
        assert!(!scripts.contains("unsafe") && !scripts.contains('*'), "{path}: {policy}");
    }
}
