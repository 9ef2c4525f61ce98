//! Security headers: what a browser may not do with what is served.

use axum::{
    http::{HeaderName, HeaderValue, header},
    response::Response,
};

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
