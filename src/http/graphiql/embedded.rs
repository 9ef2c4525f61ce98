//! GraphiQL in this program: the files that the build of `playground` left, if there was one.

use std::borrow::Cow;

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use rust_embed::{Embed, EmbeddedFile};

use crate::http::{cache, media};

#[derive(Embed)]
#[folder = "playground/dist"]
#[allow_missing = true]
struct Dist;

const PAGE: &str = "index.html";

/// Every other file has a digest of its contents in its name, so that there is never another one of that name.
const RENEWED: [&str; 2] = [PAGE, "graphiql/licenses.txt"];

/// What the page and its workers may load and do: all of it on this server. The editor makes its styles as it
/// goes, some of them as attributes, for which there is nothing narrower than `unsafe-inline`; what underlines
/// errors is an image in the text of such a style.
const POLICY: &str = "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self' 'unsafe-inline'; \
    font-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The forms that the build compresses, as the name of a file ends and as HTTP calls them, the smallest first.
const COMPRESSED: [(&str, &str); 2] = [("br", "br"), ("gz", "gzip")];

/// Every file that is embedded, with its path; none if the page is not.
pub fn files() -> impl Iterator<Item = (String, File)> {
    let is_built = Dist::get(PAGE).is_some();
    let is_file = |name: &str| name == PAGE || name.contains('/') && !is_compressed(name);
    let names = Dist::iter().filter(move |name| is_built && is_file(name));
    names.filter_map(|name| Some((path(&name), File::embedded(&name)?)))
}

fn is_compressed(name: &str) -> bool {
    COMPRESSED.iter().any(|(ending, _)| name.rsplit_once('.').is_some_and(|(_, found)| found == *ending))
}

fn path(name: &str) -> String {
    if name == PAGE { "/graphiql".to_owned() } else { format!("/{name}") }
}

/// A file in the forms that it may be sent in.
#[derive(Clone)]
pub struct File {
    headers: HeaderMap,
    plain: Bytes,
    compressed: Vec<(&'static str, Bytes)>,
}

impl File {
    fn embedded(name: &str) -> Option<Self> {
        let plain = Dist::get(name)?;
        let form = |(ending, coding)| Some((coding, bytes(Dist::get(&format!("{name}.{ending}"))?.data)));
        let compressed = COMPRESSED.into_iter().filter_map(form).collect();
        Some(File { headers: headers(name, &plain), plain: bytes(plain.data), compressed })
    }

    /// In the smallest form that the client takes.
    pub fn answer(self, request: &HeaderMap) -> Response {
        let form = self.compressed.into_iter().find(|(coding, _)| media::takes_coding(request, coding));
        match form {
            Some((coding, bytes)) => {
                (self.headers, [(header::CONTENT_ENCODING, coding)], bytes).into_response()
            }
            None => (self.headers, self.plain).into_response(),
        }
    }
}

fn bytes(data: Cow<'static, [u8]>) -> Bytes {
    match data {
        Cow::Borrowed(data) => Bytes::from_static(data),
        Cow::Owned(data) => Bytes::from(data),
    }
}

fn headers(name: &str, file: &EmbeddedFile) -> HeaderMap {
    let keep = if RENEWED.contains(&name) { "no-cache" } else { "public, max-age=31536000, immutable" };
    let charset = if file.metadata.mimetype().starts_with("text/") { "; charset=utf-8" } else { "" };
    let content_type = HeaderValue::try_from(format!("{}{charset}", file.metadata.mimetype()));
    let content_type = content_type.unwrap_or(HeaderValue::from_static("application/octet-stream"));
    HeaderMap::from_iter([
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, HeaderValue::from_static(keep)),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (header::ETAG, cache::tag(&[&file.metadata.sha256_hash()])),
        (header::VARY, HeaderValue::from_static("accept-encoding")),
    ])
}
