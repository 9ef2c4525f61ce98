//! GraphiQL: the page to try queries on.

use axum::response::Html;

/// The page, the same for everyone; it finds `/graphql` beside itself.
pub async fn page() -> Html<&'static str> {
    Html(include_str!("graphiql.html"))
}
