//! Media types: which one a request body has and which one its sender wants back.

use axum::http::{HeaderMap, HeaderName, header};

/// The two forms a GraphQL answer can have; they differ in when its status tells of errors.
/// <https://http-spec.graphql.org/September2026/#sec-Media-Types>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerType {
    /// `application/json`: 200 for whatever is a GraphQL request.
    Json,
    /// `application/graphql-response+json`: 400 or 422 for a request that could not be executed.
    GraphqlResponse,
}

impl AnswerType {
    /// The value of `Content-Type`.
    pub fn content_type(self) -> &'static str {
        match self {
            AnswerType::Json => "application/json; charset=utf-8",
            AnswerType::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
        }
    }

    /// The type to answer with, or none if the request accepts neither.
    ///
    /// A higher `q` wins, then the type that is named rather than covered by a wildcard. Of two that
    /// are named alike it is the newer one; a client that says nothing gets JSON.
    /// <https://http-spec.graphql.org/September2026/#sec-Body>
    pub fn accepted(headers: &HeaderMap) -> Option<Self> {
        if !headers.contains_key(header::ACCEPT) {
            return Some(AnswerType::Json);
        }
        let ranges = ranges(headers, header::ACCEPT);
        let json = preference(&ranges, "application/json");
        let graphql = preference(&ranges, "application/graphql-response+json");
        match (json, graphql) {
            (None, None) => None,
            (json, graphql) if graphql > json => Some(AnswerType::GraphqlResponse),
            (json, graphql) if graphql == json && named(graphql) => Some(AnswerType::GraphqlResponse),
            _ => Some(AnswerType::Json),
        }
    }
}

/// Whether the body is declared to be JSON in UTF-8.
///
/// A body without a type is not: a page of another origin may send such a body without asking first.
/// <https://http-spec.graphql.org/September2026/#sec-POST>
pub fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let media = Media::parse(value);
    media.essence == "application/json" && media.is_utf8
}

/// Whether the sender is somebody who looks at pages: it names them, and likes nothing better.
pub fn wants_page(headers: &HeaderMap) -> bool {
    let ranges = ranges(headers, header::ACCEPT);
    let page = preference(&ranges, "text/html");
    named(page) && page >= preference(&ranges, "text/plain")
}

/// Whether the sender names this coding among those it takes.
pub fn takes_coding(headers: &HeaderMap, coding: &str) -> bool {
    ranges(headers, header::ACCEPT_ENCODING).iter().any(|range| range.essence == coding && range.quality > 0)
}

fn ranges(headers: &HeaderMap, name: HeaderName) -> Vec<Media> {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(Media::parse).collect()
}

/// A media type or range with the parameters that matter here.
struct Media {
    essence: String,
    is_utf8: bool,
    /// In thousandths, as the header can say it.
    quality: u16,
}

impl Media {
    fn parse(text: &str) -> Self {
        let mut parts = text.split(';').map(str::trim);
        let essence = parts.next().unwrap_or_default().to_ascii_lowercase();
        let mut media = Media { essence, is_utf8: true, quality: 1000 };
        for (name, value) in parts.filter_map(|part| part.split_once('=')) {
            let value = value.trim().trim_matches('"');
            match name.trim().to_ascii_lowercase().as_str() {
                "charset" => media.is_utf8 = value.eq_ignore_ascii_case("utf-8"),
                "q" => media.quality = quality(value),
                _ => {}
            }
        }
        media
    }

    /// How closely this range names the type: 2 exactly, 1 and 0 by a wildcard.
    fn closeness(&self, essence: &str) -> Option<u8> {
        match self.essence.as_str() {
            _ if !self.is_utf8 => None,
            named if named == essence => Some(2),
            "*/*" => Some(0),
            kind if is_of_kind(essence, kind) => Some(1),
            _ => None,
        }
    }
}

/// Whether the type is one of those that a range like `text/*` has.
fn is_of_kind(essence: &str, range: &str) -> bool {
    range.strip_suffix('*').is_some_and(|kind| kind.ends_with('/') && essence.starts_with(kind))
}

/// A `q` that cannot be read excludes its range, like 0.
fn quality(text: &str) -> u16 {
    match text.parse::<f32>() {
        Ok(quality) if (0.0..=1.0).contains(&quality) => (quality * 1000.0) as u16,
        _ => 0,
    }
}

/// The quality and closeness of the range that speaks for the type, which is the closest one.
/// <https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1>
fn preference(ranges: &[Media], essence: &str) -> Option<(u16, u8)> {
    let matching = ranges.iter().filter_map(|range| Some((range.closeness(essence)?, range.quality)));
    let (closeness, quality) = matching.max()?;
    (quality > 0).then_some((quality, closeness))
}

fn named(preference: Option<(u16, u8)>) -> bool {
    preference.is_some_and(|(_, closeness)| closeness == 2)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use proptest::{collection::vec, prelude::*};

    use super::*;

    fn accepted(accept: &'static str) -> Option<AnswerType> {
        let accept = HeaderValue::from_static(accept);
        AnswerType::accepted(&HeaderMap::from_iter([(header::ACCEPT, accept)]))
    }

    #[test]
    fn the_type_of_higher_quality_is_answered_with() {
        let cases = [
            ("application/json", AnswerType::Json),
            ("Application/JSON; Charset=UTF-8", AnswerType::Json),
            ("application/graphql-response+json", AnswerType::GraphqlResponse),
            ("application/graphql-response+json, application/json;q=0.9", AnswerType::GraphqlResponse),
            ("application/graphql-response+json;q=0.8, application/json;q=0.9", AnswerType::Json),
            ("application/graphql-response+json;q=0.5, */*", AnswerType::Json),
            ("application/json;q=0, */*", AnswerType::GraphqlResponse),
        ];
        for (accept, expected) in cases {
            assert_eq!(accepted(accept), Some(expected), "{accept}");
        }
    }

    #[test]
    fn at_equal_quality_a_name_goes_before_a_wildcard_and_the_newer_type_before_json() {
        let cases = [
            ("application/json, application/graphql-response+json", AnswerType::GraphqlResponse),
            ("application/json, */*", AnswerType::Json),
            ("application/graphql-response+json, */*", AnswerType::GraphqlResponse),
            ("*/*", AnswerType::Json),
            ("text/html, application/*;q=0.5", AnswerType::Json),
        ];
        for (accept, expected) in cases {
            assert_eq!(accepted(accept), Some(expected), "{accept}");
        }
    }

    #[test]
    fn a_page_is_for_those_who_name_it_and_like_no_text_better() {
        let cases = [
            ("text/html,application/xml;q=0.9,*/*;q=0.8", true),
            ("text/plain, text/html", true),
            ("text/plain, text/html;q=0.9", false),
            ("text/html;q=0", false),
            ("text/*", false),
            ("*/*", false),
            ("application/json", false),
        ];
        for (accept, expected) in cases {
            let accept = HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(accept))]);
            assert_eq!(wants_page(&accept), expected, "{accept:?}");
        }
    }

    #[test]
    fn a_coding_is_taken_if_it_is_named_and_not_excluded() {
        let cases = [
            ("gzip, deflate, br", true),
            ("br;q=0.1", true),
            ("br;q=0, gzip", false),
            ("gzip", false),
            ("", false),
        ];
        for (codings, expected) in cases {
            let codings =
                HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(codings))]);
            assert_eq!(takes_coding(&codings, "br"), expected, "{codings:?}");
        }
    }

    #[test]
    fn nothing_is_accepted_by_ranges_that_exclude_or_miss_both_types() {
        for accept in ["text/html", "application/json;q=0", "application/json;charset=latin1", "*/*;q=2", ""]
        {
            assert_eq!(accepted(accept), None, "{accept}");
        }
    }

    #[test]
    fn any_header_is_read_and_what_is_refused_alone_is_refused_twice() {
        let parts = "(application/(json|graphql-response[+]json|[*])|[*]/[*]|text/html|;q=[-0-9.eNaif]{0,5}|;charset=.{0,4}|[,;=\" ])";
        let headers = prop_oneof![
            vec(any::<u8>(), 0..60),
            vec(parts, 0..8).prop_map(|parts| parts.concat().into_bytes())
        ];
        proptest!(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }, |(header in headers)| {
            let Ok(value) = HeaderValue::from_bytes(&header) else { return Ok(()) };
            let once = HeaderMap::from_iter([(header::ACCEPT, value.clone()), (header::CONTENT_TYPE, value.clone())]);
            let mut twice = once.clone();
            twice.append(header::ACCEPT, value);
            prop_assert_eq!(AnswerType::accepted(&once).is_none(), AnswerType::accepted(&twice).is_none());
            is_json(&once);
        });
    }
}
