//! GraphiQL: the page to try queries on, from this program or else from a CDN.

mod cdn;
mod embedded;

use axum::{Router, http::HeaderMap, routing::get};

use super::graphql::Endpoint;

/// The page and what it loads from this server. All of its addresses begin at the page, so that they are
/// right behind a proxy that puts something before them.
pub fn paths() -> Router<Endpoint> {
    let mut paths = Router::new();
    let mut files = embedded::files().peekable();
    if files.peek().is_none() {
        let page = cdn::page();
        return paths.route("/graphiql", get(|| async { page }));
    }
    for (path, file) in files {
        paths = paths.route(&path, get(|request: HeaderMap| async move { file.answer(&request) }));
    }
    paths
}
