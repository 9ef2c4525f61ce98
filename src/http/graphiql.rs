//! GraphiQL: the page to try queries on.

use axum::http::{HeaderValue, header};
use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

use super::cache::Fixed;

const PAGE: &str = include_str!("graphiql.html");

/// Where the page loads GraphiQL from, each of its parts in one version.
const CDN: &str = "https://esm.sh";

/// The page, the same for everyone; it finds `/graphql` beside itself.
pub fn page() -> Fixed {
    let policy = HeaderValue::try_from(policy()).ok();
    let policy = policy.map(|policy| (header::CONTENT_SECURITY_POLICY, policy));
    Fixed::new(PAGE.to_owned(), "text/html; charset=utf-8", policy)
}

/// What the page may load and do: its own scripts as they stand in it, GraphiQL, and requests to this server.
/// The editor makes its workers from texts, and its styles as it goes.
fn policy() -> String {
    let own: Vec<String> = scripts().map(|script| format!("'sha256-{}'", digest(script))).collect();
    let own = own.join(" ");
    [
        "default-src 'none'",
        &format!("script-src {CDN} data: {own}"),
        "worker-src blob:",
        &format!("style-src {CDN} 'unsafe-inline'"),
        &format!("font-src {CDN} data:"),
        &format!("img-src {CDN} data:"),
        &format!("connect-src 'self' {CDN}"),
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
    .join("; ")
}

/// The texts of the page's scripts.
fn scripts() -> impl Iterator<Item = &'static str> {
    let opened = PAGE.split("<script ").skip(1);
    opened.filter_map(|rest| rest.split_once('>')?.1.split_once("</script>").map(|(script, _)| script))
}

fn digest(script: &str) -> String {
    STANDARD.encode(Sha256::digest(script))
}
