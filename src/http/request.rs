//! Requests: what makes one well formed, by POST or by GET, and how it is to be executed.

use async_graphql::{Extensions, Request, Value, Variables};
use axum::{
    extract,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
};
use serde::{Deserialize, de::DeserializeOwned, de::IgnoredAny};

use super::{answer::Refusal, body::Bodies, media::is_json};
use crate::{execute::Terms, idempotency::Key, telemetry::RequestId};

/// The header that makes a request one that may be repeated.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Reads the request, and what its headers and extensions say of how it is to be executed.
pub async fn read(
    request: extract::Request,
    bodies: &Bodies,
    id: &RequestId,
) -> Result<(Request, Terms), Refusal> {
    let key_header = request.headers().get(IDEMPOTENCY_KEY).cloned();
    let reads_only = request.method() != Method::POST;
    let parameters = if reads_only { of_uri(request.uri())? } else { of_body(request, bodies).await? };
    let request = parameters.request()?;
    let terms = Terms {
        request_id: id.to_string(),
        key: key_header.map(|value| key(&value, &request)).transpose()?,
        dry_run: is_dry_run(&request)?,
        reads_only,
    };
    Ok((request, terms))
}

/// The members of a request; others are ignored, and null counts as absent.
/// <https://http-spec.graphql.org/September2026/#sec-GraphQL-over-HTTP-Request>
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a JSON object")]
struct Parameters {
    query: Option<String>,
    operation_name: Option<String>,
    variables: Option<Variables>,
    extensions: Option<Extensions>,
}

impl Parameters {
    fn request(self) -> Result<Request, Refusal> {
        let query = self.query.ok_or_else(|| Refusal::malformed("the request has no `query`"))?;
        let mut request = Request::new(query).variables(self.variables.unwrap_or_default());
        request.operation_name = self.operation_name;
        request.extensions = self.extensions.unwrap_or_default();
        Ok(request)
    }
}

/// <https://http-spec.graphql.org/September2026/#sec-GET>
fn of_uri(uri: &Uri) -> Result<Parameters, Refusal> {
    let mut parameters = Parameters::default();
    for (name, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
        let is_new = match &*name {
            _ if value.is_empty() => true,
            "query" => parameters.query.replace(value.into_owned()).is_none(),
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
async fn of_body(request: extract::Request, bodies: &Bodies) -> Result<Parameters, Refusal> {
    expect_json(request.headers())?;
    parse(&bodies.receive(request.into_body()).await?.bytes)
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

fn is_dry_run(request: &Request) -> Result<bool, Refusal> {
    match request.extensions.get("dryRun") {
        None | Some(Value::Null | Value::Boolean(false)) => Ok(false),
        Some(Value::Boolean(true)) => Ok(true),
        Some(_) => Err(Refusal::malformed("the extension dryRun has to be a boolean")),
    }
}

fn key(value: &HeaderValue, request: &Request) -> Result<Key, Refusal> {
    let message = "an Idempotency-Key is 1 to 255 printable characters of ASCII";
    Key::of(value.to_str().unwrap_or_default(), request)
        .ok_or_else(|| Refusal::new(StatusCode::BAD_REQUEST, message))
}
