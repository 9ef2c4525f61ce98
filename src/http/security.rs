//! Security headers: what a browser may not do with what is served.

use axum::{
    http::{HeaderName, HeaderValue, header},
    response::Response,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

/// Pages of other origins can neither embed an answer nor load it as one of their parts.
const CORP: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// What has no policy of its own is nothing that would run or load anything.
const POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

/// Adds the headers to whatever is answered.
pub async fn protect(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(CORP, HeaderValue::from_static("same-origin"));
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
    response
}

/// What a policy calls the text between these two tags of a page, which a browser recognises by its digest.
pub fn source(page: &str, opening: &str, closing: &str) -> String {
    let text =
        page.split_once(opening).and_then(|(_, rest)| rest.split_once(closing)).map_or("", |(text, _)| text);
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))
}
