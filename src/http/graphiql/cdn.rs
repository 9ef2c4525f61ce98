//! GraphiQL from a CDN: the page of a program that was built without its own.

use axum::http::{HeaderValue, header};
use serde_json::json;

use crate::http::{cache::Fixed, security::source};

const PAGE: &str = include_str!("cdn.html");

/// Where the page has a place for what it is told.
const DATA: &str = "{data}";

/// The scripts in the order in which they need each other, then the style, each with a digest that the browser
/// holds it to. GraphiQL 4 and React 18 are the last that come as single files, for which alone that works.
const PARTS: [(&str, &str); 4] = [
    (
        "https://cdn.jsdelivr.net/npm/react@18.3.1/umd/react.production.min.js",
        "sha384-DGyLxAyjq0f9SPpVevD6IgztCFlnMF6oW/XQGmfe+IsZ8TqEiDrcHkMLKI6fiB/Z",
    ),
    (
        "https://cdn.jsdelivr.net/npm/react-dom@18.3.1/umd/react-dom.production.min.js",
        "sha384-gTGxhz21lVGYNMcdJOyq01Edg0jhn/c22nsx0kyqP0TxaV5WVdsSH1fSDUf5YJj1",
    ),
    (
        "https://cdn.jsdelivr.net/npm/graphiql@4.1.2/graphiql.min.js",
        "sha384-9XdHu7ajgGJziD4J1zNBKQ842Q/+zZfDv+ib1eMhZWBH6hPAs806x+Jbcf0yNO6B",
    ),
    (
        "https://cdn.jsdelivr.net/npm/graphiql@4.1.2/graphiql.min.css",
        "sha384-1el1QShFBnnXTx9x/Cprg82hZWKt0ry29OAYIXt05swbi0KcZDFoj0CWguMpopJr",
    ),
];

/// The tabs of a first visit, as the embedded page has them.
const STEPS: [(&str, &str); 3] = [
    (
        include_str!("../../../playground/steps/create-customer.graphql"),
        include_str!("../../../playground/steps/create-customer.json"),
    ),
    (
        include_str!("../../../playground/steps/find-customer.graphql"),
        include_str!("../../../playground/steps/find-customer.json"),
    ),
    (
        include_str!("../../../playground/steps/attach-profile.graphql"),
        include_str!("../../../playground/steps/attach-profile.json"),
    ),
];

/// The page, the same for everyone; it finds `/graphql` beside itself.
pub fn page() -> Fixed {
    let policy = HeaderValue::try_from(policy()).ok();
    let policy = policy.map(|policy| (header::CONTENT_SECURITY_POLICY, policy));
    Fixed::new(PAGE.replace(DATA, &data()), "text/html; charset=utf-8", policy)
}

/// What the page is told, as JSON that may stand in HTML.
fn data() -> String {
    let parts = PARTS.map(|(address, integrity)| json!({ "address": address, "integrity": integrity }));
    let steps = STEPS.map(|(query, variables)| json!({ "query": query, "variables": variables }));
    json!({ "parts": parts, "steps": steps }).to_string().replace('<', "\\u003c")
}

/// What the page may load and do: its own script as it stands in it, those files of the CDN, and requests to
/// this server. The editor sets styles as it goes, and the style of GraphiQL has its fonts in its text.
fn policy() -> String {
    let own = source(PAGE, "<script type=\"module\">", "</script>");
    let of_kind = |ending: &str| {
        let addresses = PARTS.map(|(address, _)| address);
        addresses.into_iter().filter(|address| address.ends_with(ending)).collect::<Vec<_>>().join(" ")
    };
    [
        "default-src 'none'",
        &format!("script-src {} {own}", of_kind(".js")),
        &format!("style-src {} 'unsafe-inline'", of_kind(".css")),
        "font-src data:",
        "img-src data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
    .join("; ")
}

#[cfg(test)]
mod tests {
    use axum::{body::to_bytes, response::IntoResponse};
    use base64::{Engine, engine::general_purpose::STANDARD};
    use sha2::{Digest, Sha256};

    use super::*;

    #[tokio::test]
    async fn the_page_may_run_its_own_script_and_those_of_graphiql_alone() {
        let response = page().into_response();
        let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
        let page =
            String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.unwrap().into()).unwrap();
        let scripts = policy.split("; ").find(|part| part.starts_with("script-src ")).unwrap();
        let sources: Vec<&str> = scripts.split(' ').skip(1).collect();
        let (own, foreign) = sources.split_last().unwrap();

        let script =
            page.split("<script type=\"module\">").nth(1).unwrap().split("</script>").next().unwrap();
        assert!(script.contains("createRoot"));
        assert_eq!(*own, format!("'sha256-{}'", STANDARD.encode(Sha256::digest(script))));
        assert_eq!(foreign.len(), 3);
        for source in foreign {
            assert!(page.contains(&format!("\"{source}\"")), "{source}");
            assert!(source.starts_with("https://cdn.jsdelivr.net/npm/"), "{source}");
        }
        assert_eq!(page.matches("https://").count(), PARTS.len());
    }

    #[test]
    fn what_the_page_is_told_cannot_end_its_script() {
        let data = data();
        assert!(!data.contains('<'));
        let told: serde_json::Value = serde_json::from_str(&data).unwrap();
        assert_eq!(told["steps"][0]["query"], STEPS[0].0);
        assert_eq!(told["parts"][3]["integrity"], PARTS[3].1);
    }
}
