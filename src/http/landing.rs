//! The root: where things are, as a page for people and as text for everyone else.

use axum::{
    Router,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
    routing::get,
};

use super::{cache::Fixed, graphql::Endpoint, media, security::source};
use crate::config::Http;

const PAGE: &str = include_str!("landing.html");

/// Where the page has room for the places.
const PLACES: &str = "{places}";

/// Something that is served.
struct Place {
    path: &'static str,
    name: &'static str,
    what: &'static str,
    /// Whether a browser that goes there finds something to look at.
    is_page: bool,
}

const GRAPHIQL: Place = Place {
    path: "graphiql",
    name: "GraphiQL",
    what: "Try queries; the guide's three steps are ready to run.",
    is_page: true,
};
const GRAPHQL: Place = Place {
    path: "graphql",
    name: "Endpoint",
    what: "GraphQL, by POST; queries also by GET.",
    is_page: false,
};
const SCHEMA: Place = Place {
    path: "schema.graphql",
    name: "Schema",
    what: "All types, for reading and for code generators.",
    is_page: true,
};
const LIVE: Place =
    Place { path: "healthz", name: "Health", what: "Answers 200 while the process serves.", is_page: true };
const READY: Place = Place {
    path: "readyz",
    name: "Readiness",
    what: "Answers 200 while the database answers.",
    is_page: true,
};

/// The path, with what this server has.
pub fn paths(config: &Http) -> Router<Endpoint> {
    let places = places(config);
    let (page, text) = (page(&places), text(&places));
    Router::new().route("/", get(|request: HeaderMap| async move { answer(&request, page, text) }))
}

fn places(config: &Http) -> Vec<Place> {
    let places = [
        config.shows_graphiql().then_some(GRAPHIQL),
        Some(GRAPHQL),
        config.shows_schema().then_some(SCHEMA),
        Some(LIVE),
        Some(READY),
    ];
    places.into_iter().flatten().collect()
}

fn answer(request: &HeaderMap, page: Fixed, text: Fixed) -> Response {
    if media::wants_page(request) { page.into_response() } else { text.into_response() }
}

fn page(places: &[Place]) -> Fixed {
    let places: String = places.iter().map(Place::html).collect();
    let headers = HeaderValue::try_from(policy()).map(|policy| (header::CONTENT_SECURITY_POLICY, policy));
    Fixed::new(
        PAGE.replace(PLACES, &places),
        "text/html; charset=utf-8",
        headers.into_iter().chain([varying()]),
    )
}

fn text(places: &[Place]) -> Fixed {
    let places: String = places.iter().map(Place::line).collect();
    Fixed::new(format!("customer-graph\n\n{places}"), "text/plain; charset=utf-8", [varying()])
}

fn varying() -> (HeaderName, HeaderValue) {
    (header::VARY, HeaderValue::from_static("accept, accept-encoding"))
}

impl Place {
    fn html(&self) -> String {
        let Place { path, name, what, is_page } = self;
        let (open, close) =
            if *is_page { (format!("<a href=\"{path}\">"), "</a>") } else { ("<div>".to_owned(), "</div>") };
        format!("<li>{open}<h2>{name}</h2><code>/{path}</code><p>{what}</p>{close}</li>\n")
    }

    fn line(&self) -> String {
        format!("{:<16} {}\n", format!("/{}", self.path), self.what)
    }
}

/// The page is its own style and nothing else.
fn policy() -> String {
    let style = source(PAGE, "<style>", "</style>");
    format!(
        "default-src 'none'; style-src {style}; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}
