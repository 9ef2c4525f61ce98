//! Requests: what makes one well formed, by POST or by GET, and how it is to be executed.

use async_graphql::{Extensions, Value, Variables};
use axum::{
    extract,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
};
use serde::{Deserialize, de::DeserializeOwned, de::IgnoredAny};

use super::{answer::Refusal, body::Bodies, media::is_json};
use crate::{
    document::{Asked, Source},
    execute::{Graph, Terms},
    idempotency::Key,
    telemetry::RequestId,
};

/// The header that makes a request one that may be repeated.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// A body that takes longer to parse than others should wait, in bytes.
const LARGE: usize = 64 * 1024;

/// Reads the request, and what its headers and extensions say of how it is to be executed.
pub async fn read(
    request: extract::Request,
    bodies: &Bodies,
    graph: &Graph,
    id: &RequestId,
) -> Result<(Asked, Terms), Refusal> {
    let key_header = request.headers().get(IDEMPOTENCY_KEY).cloned();
    let reads_only = request.method() != Method::POST;
    let parameters =
        if reads_only { of_uri(request.uri())? } else { of_body(request, bodies, graph).await? };
    let dry_run = is_dry_run(&parameters.extensions)?;
    let asked = parameters.asked()?;
    let terms = Terms {
        request_id: id.to_string(),
        key: key_header.map(|value| key(&value, &asked)).transpose()?,
        dry_run,
        reads_only,
        budget: graph.budget(),
    };
    Ok((asked, terms))
}

/// The members of a request; others are ignored, and null counts as absent.
/// <https://http-spec.graphql.org/September2026/#sec-GraphQL-over-HTTP-Request>
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a JSON object")]
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
                .map_err(|error| Refusal::malformed(format!("the extension persistedQuery: {error}")))?,
            (None, Some(id), None) | (None, None, Some(id)) => Source::Id(id),
            (None, None, None) => return Err(Refusal::malformed("the request has no `query`")),
            (_, Some(_), _) => {
                let message = "a `documentId` takes neither a `query` nor the extension persistedQuery";
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
            "variables" => parameters.variables.replace(json("variables", &value)?).is_none(),
            "extensions" => parameters.extensions.replace(json("extensions", &value)?).is_none(),
            _ => true,
        };
        if !is_new {
            return Err(Refusal::malformed(format!("the parameter `{name}` is there more than once")));
        }
    }
    Ok(parameters)
}

fn json<T: DeserializeOwned + Default>(name: &str, text: &str) -> Result<T, Refusal> {
    let value: Option<T> = serde_json::from_str(text)
        .map_err(|error| Refusal::malformed(format!("the parameter `{name}` is no JSON object: {error}")))?;
    Ok(value.unwrap_or_default())
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
    // serde would also read an array, member by member.
    let parsed = if body.trim_ascii_start().starts_with(b"[") {
        Err("the body is an array; requests are sent one by one".to_owned())
    } else {
        serde_json::from_slice(body).map_err(|error| format!("the body is no GraphQL request: {error}"))
    };
    parsed.map_err(|message| {
        if serde_json::from_slice::<IgnoredAny>(body).is_ok() {
            return Refusal::malformed(message);
        }
        Refusal::new(StatusCode::BAD_REQUEST, message)
    })
}

/// The hash that the sender has for its document.
fn persisted_query(extensions: &Extensions) -> Result<Option<String>, Refusal> {
    let members = match extensions.get("persistedQuery") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Object(members)) => Some(members),
        Some(_) => None,
    };
    let member = |name: &str| members.and_then(|members| members.get(name));
    match (member("version"), member("sha256Hash")) {
        (Some(Value::Number(version)), Some(Value::String(hash))) if version.as_u64() == Some(1) => {
            Ok(Some(hash.clone()))
        }
        _ => {
            Err(Refusal::malformed("the extension persistedQuery has to have the version 1 and a sha256Hash"))
        }
    }
}

fn is_dry_run(extensions: &Option<Extensions>) -> Result<bool, Refusal> {
    match extensions.as_ref().and_then(|extensions| extensions.get("dryRun")) {
        None | Some(Value::Null | Value::Boolean(false)) => Ok(false),
        Some(Value::Boolean(true)) => Ok(true),
        Some(_) => Err(Refusal::malformed("the extension dryRun has to be a boolean")),
    }
}

fn key(value: &HeaderValue, asked: &Asked) -> Result<Key, Refusal> {
    let message = "an Idempotency-Key is 1 to 255 printable characters of ASCII";
    Key::of(value.to_str().unwrap_or_default(), asked)
        .ok_or_else(|| Refusal::new(StatusCode::BAD_REQUEST, message))
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
