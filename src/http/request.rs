//! Requests: what makes one well formed, by POST or by GET, and how it is to be executed.

use std::str;

use async_graphql::{Extensions, Value, Variables};
use axum::{
    extract,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
};
use serde::de::IgnoredAny;

use super::{
    answer::Refusal,
    body::Bodies,
    extensions::{is_dry_run, persisted_query},
    media::is_json,
    members::{Member, Members, kind},
};
use crate::{
    document::{Asked, Source},
    execute::{Graph, Progress, Terms},
    idempotency::{Key, KeyError},
    telemetry::RequestId,
};

/// The header that makes a request one that may be repeated.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// A body that takes longer to parse than others should wait, in bytes.
const LARGE: usize = 64 * 1024;

/// How many levels of arrays and objects JSON may have, which is a limit of its parser.
const MAX_NESTING: u32 = 127;

/// Reads the request, and what its headers and extensions say of how it is to be executed.
pub async fn read(
    request: extract::Request,
    bodies: &Bodies,
    graph: &Graph,
    id: &RequestId,
) -> Result<(Asked, Terms), Refusal> {
    let keys = request.headers().get_all(IDEMPOTENCY_KEY).iter().cloned().collect::<Vec<_>>();
    let progress = request.extensions().get::<Progress>().cloned().unwrap_or_default();
    let reads_only = request.method() != Method::POST;
    let parameters = match reads_only {
        true => of_uri(request.uri())?,
        false => of_body(request, bodies, graph).await?,
    };
    let dry_run = is_dry_run(&parameters.extensions)?;
    let asked = parameters.asked()?;
    let terms = Terms {
        request_id: id.to_string(),
        key: key(&keys),
        dry_run,
        reads_only,
        budget: graph.budget(),
        progress,
    };
    Ok((asked, terms))
}

/// What the members or parameters of a request say.
#[derive(Default)]
struct Parameters {
    query: Option<String>,
    document_id: Option<String>,
    operation_name: Option<String>,
    variables: Option<Variables>,
    extensions: Option<Extensions>,
}

impl Parameters {
    fn asked(self) -> Result<Asked, Refusal> {
        let hash = self.extensions.as_ref().map(persisted_query).transpose()?.flatten();
        let source = match (self.query, self.document_id, hash) {
            (Some(text), None, None) => Source::Text(text),
            (Some(text), None, Some(hash)) => Source::hashed(text, &hash)
                .map_err(|error| Refusal::malformed(format!("the extension `persistedQuery`: {error}")))?,
            (None, Some(id), None) | (None, None, Some(id)) => Source::Id(id),
            (None, None, None) => return Err(Refusal::malformed("the request has no `query`")),
            (_, Some(_), _) => {
                let message = "a `documentId` takes neither a `query` nor the extension `persistedQuery`";
                return Err(Refusal::malformed(message));
            }
        };
        let variables = self.variables.unwrap_or_default();
        Ok(Asked { source, operation_name: self.operation_name, variables })
    }
}

/// <https://http-spec.graphql.org/September2026/#sec-GET>
fn of_uri(uri: &Uri) -> Result<Parameters, Refusal> {
    let mut parameters = Parameters::default();
    for (name, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
        let is_new = match &*name {
            _ if value.is_empty() => true,
            "query" => parameters.query.replace(value.into_owned()).is_none(),
            "documentId" => parameters.document_id.replace(value.into_owned()).is_none(),
            "operationName" => parameters.operation_name.replace(value.into_owned()).is_none(),
            "variables" => {
                parameters.variables.replace(json(&name, &value)?.variables()?.unwrap_or_default()).is_none()
            }
            "extensions" => parameters
                .extensions
                .replace(json(&name, &value)?.extensions()?.unwrap_or_default())
                .is_none(),
            _ => true,
        };
        if !is_new {
            return Err(Refusal::malformed(format!("the parameter `{name}` is there more than once")));
        }
    }
    Ok(parameters)
}

fn json(name: &str, text: &str) -> Result<Member, Refusal> {
    serde_json::from_str(text)
        .map_err(|error| Refusal::malformed(explain(&format!("the parameter `{name}`"), &error)))
}

/// <https://http-spec.graphql.org/September2026/#sec-POST>
async fn of_body(request: extract::Request, bodies: &Bodies, graph: &Graph) -> Result<Parameters, Refusal> {
    expect_json(request.headers())?;
    let mut received = bodies.receive(request.into_body()).await?;
    let body = std::mem::take(&mut received.bytes);
    match body.len() {
        LARGE.. => graph.cpu().run(move || parse(&body)).await,
        _ => parse(&body),
    }
}

/// Nothing but JSON, and nothing packed: a page of another origin may send other types without asking first,
/// and what is packed may be small and large at once.
fn expect_json(headers: &HeaderMap) -> Result<(), Refusal> {
    if !is_json(headers) {
        let message = "the Content-Type header has to be application/json, in UTF-8";
        return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
    }
    let mut encodings = headers.get_all(header::CONTENT_ENCODING).iter();
    if encodings.any(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        let message = "the body has to come without a Content-Encoding";
        let refusal = Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message);
        return Err(refusal.with(header::ACCEPT_ENCODING, "identity"));
    }
    Ok(())
}

/// <https://http-spec.graphql.org/September2026/#sec-JSON-Encoding>
fn parse(body: &[u8]) -> Result<Parameters, Refusal> {
    // Some put a byte order mark in front. <https://www.rfc-editor.org/rfc/rfc8259#section-8.1>
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let text = str::from_utf8(body).map_err(|error| {
        no_json(format!("the body is not in UTF-8, from its byte {} on", error.valid_up_to() + 1))
    })?;
    match text.trim_ascii_start().bytes().next() {
        None => return Err(no_json("the body is empty")),
        // Any error on the way is one of what comes first: what is no object is told when it is read to its end.
        Some(b'{') => {}
        Some(_) => return Err(no_object(text)),
    }
    let members = serde_json::from_str::<Members>(text).map_err(|error| {
        let message = explain("the body", &error);
        if is_json_text(text) { Refusal::malformed(message) } else { no_json(message) }
    })?;
    Ok(Parameters {
        query: members.query.text("query")?,
        document_id: members.document_id.text("documentId")?,
        operation_name: members.operation_name.text("operationName")?,
        variables: members.variables.variables()?,
        extensions: members.extensions.extensions()?,
    })
}

fn no_json(message: impl Into<String>) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, message)
}

/// Why a text is no request that does not begin as an object does.
fn no_object(text: &str) -> Refusal {
    match serde_json::from_str::<Value>(text) {
        Ok(Value::List(_)) => Refusal::malformed("the body is an array; requests are sent one by one"),
        Ok(value) => Refusal::malformed(format!("the body has to be an object, not {}", kind(Some(&value)))),
        Err(error) if is_json_text(text) => Refusal::malformed(explain("the body", &error)),
        Err(error) => no_json(explain("the body", &error)),
    }
}

fn is_json_text(text: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(text).is_ok()
}

/// What is wrong with a text that should be JSON: where, if that is its syntax.
fn explain(what: &str, error: &serde_json::Error) -> String {
    let message = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    if error.is_data() {
        return format!("{what} is no request: {}", message.strip_suffix(&place).unwrap_or(&message));
    }
    if message.starts_with("recursion limit exceeded") {
        return format!("{what} is nested more than {MAX_NESTING} levels deep{place}");
    }
    if message.starts_with("number out of range") {
        return format!("{what} has a number that is out of range{place}");
    }
    format!("{what} is no JSON: {message}")
}

/// The key, which matters only if the request turns out to write.
fn key(values: &[HeaderValue]) -> Result<Option<Key>, KeyError> {
    match values {
        [] => Ok(None),
        [value] => Key::parse(value.to_str().unwrap_or_default()).map(Some).ok_or(KeyError::Malformed),
        _ => Err(KeyError::Repeated),
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*, sample::select};

    use super::*;

    #[test]
    fn any_body_and_any_path_are_a_request_or_refused() {
        let parts = select(vec![
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\"query\"",
            "\"{a}\"",
            "\"variables\"",
            "\"extensions\"",
            "null",
            "1e999",
            "\"persistedQuery\"",
            "\"version\"",
            "1",
            "\"sha256Hash\"",
            "\"documentId\"",
            "true",
            "\"\\ud800\"",
            " ",
            "\"dryRun\"",
        ]);
        let bodies = prop_oneof![
            vec(any::<u8>(), 0..100),
            vec(parts, 0..30).prop_map(|parts| parts.concat().into_bytes())
        ];
        let members =
            "((query|variables|extensions|documentId|operationName)=([{}a-z0-9:\"%+]{0,12})&?){0,4}";
        proptest!(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }, |(body in bodies, members in members)| {
            let of_uri = format!("/graphql?{members}").parse().map_or_else(|_| Ok(Parameters::default()), |uri| of_uri(&uri));
            for parameters in [parse(&body), of_uri] {
                let Ok(parameters) = parameters else { continue };
                let said = parameters.query.is_some() || parameters.document_id.is_some() || parameters.extensions.is_some();
                prop_assert!(is_dry_run(&parameters.extensions).is_err() || parameters.asked().is_err() || said);
            }
        });
    }
}
