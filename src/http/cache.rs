//! What clients may keep: entity tags, and 304 where a client has the answer already.

use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

/// The headers of an answer to this client alone, which asks again before it uses what it kept. The tag
/// tells these contents from others.
pub fn revalidated(contents: [&[u8]; 2]) -> HeaderMap {
    HeaderMap::from_iter([
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache")),
        (header::ETAG, tag(&contents)),
    ])
}

/// The headers of an answer that nobody keeps.
pub fn never() -> HeaderMap {
    HeaderMap::from_iter([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))])
}

/// Weak, because compression makes other bytes of the same contents.
pub fn tag(contents: &[&[u8]]) -> HeaderValue {
    let mut digest = Sha256::new();
    for content in contents {
        digest.update(content);
    }
    let tag = format!("W/\"{}\"", URL_SAFE_NO_PAD.encode(&digest.finalize()[..16]));
    HeaderValue::try_from(tag).unwrap_or(HeaderValue::from_static("W/\"\""))
}

/// A text that is the same for everyone and for as long as the server runs.
#[derive(Clone)]
pub struct Fixed {
    headers: HeaderMap,
    text: Bytes,
}

impl Fixed {
    /// Served with this type and with these other headers.
    pub fn new(
        text: String,
        content_type: &'static str,
        others: impl IntoIterator<Item = (HeaderName, HeaderValue)>,
    ) -> Self {
        let mut headers = HeaderMap::from_iter([
            (header::CONTENT_TYPE, HeaderValue::from_static(content_type)),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
            (header::VARY, HeaderValue::from_static("accept-encoding")),
            (header::ETAG, tag(&[text.as_bytes()])),
        ]);
        for (name, value) in others {
            headers.insert(name, value);
        }
        Fixed { headers, text: Bytes::from(text) }
    }
}

impl IntoResponse for Fixed {
    fn into_response(self) -> Response {
        (self.headers, self.text).into_response()
    }
}

/// Leaves out what the client says it has. <https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2>
pub async fn revalidate(request: Request, next: Next) -> Response {
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD);
    let kept = request.headers().get_all(header::IF_NONE_MATCH).iter().cloned().collect::<Vec<_>>();
    let mut response = next.run(request).await;
    let tag = response.headers().get(header::ETAG);
    if is_safe && response.status() == StatusCode::OK && tag.is_some_and(|tag| names(&kept, tag)) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = Body::empty();
        response.headers_mut().remove(header::CONTENT_TYPE);
        response.headers_mut().remove(header::CONTENT_LENGTH);
        response.headers_mut().remove(header::CONTENT_ENCODING);
    }
    response
}

/// Whether one of the lists has the tag, by weak comparison. A foreign tag with a comma in it falls into
/// parts, none of which is one of ours.
fn names(lists: &[HeaderValue], tag: &HeaderValue) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let Ok(tag) = tag.to_str().map(opaque) else { return false };
    let lists = lists.iter().filter_map(|list| list.to_str().ok());
    lists.flat_map(|list| list.split(',')).any(|one| one.trim() == "*" || opaque(one) == tag)
}
