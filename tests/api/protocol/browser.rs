//! What browsers are told not to do.

use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

use super::header;
use crate::app::TestApp;

#[tokio::test]
async fn whatever_is_answered_is_neither_sniffed_framed_nor_embedded() {
    let app = TestApp::start().await;
    for path in [
        "/healthz",
        "/graphql",
        "/graphql?query=%7B__typename%7D",
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
async fn the_page_may_run_its_own_scripts_and_those_of_graphiql_alone() {
    let app = TestApp::start().await;
    let response = app.get("/graphiql").await;
    let policy = header(&response, "content-security-policy").to_owned();
    let page = response.text().await.unwrap();
    let scripts = policy.split("; ").find(|part| part.starts_with("script-src ")).unwrap();
    assert!(!scripts.contains("unsafe"), "{scripts}");

    let own: Vec<_> = page.split("<script").skip(1).map(|rest| rest.split_once('>').unwrap().1).collect();
    assert_eq!(own.len(), 2);
    for script in own {
        let digest = STANDARD.encode(Sha256::digest(script.split("</script>").next().unwrap()));
        assert!(scripts.contains(&format!("'sha256-{digest}'")), "{scripts}");
    }
    for address in page.split("https://").skip(1) {
        assert!(address.starts_with("esm.sh/"), "{address}");
    }
    assert!(scripts.contains(" https://esm.sh "), "{scripts}");
}
