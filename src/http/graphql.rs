//! GraphQL over HTTP: what makes a request well formed, and how its answer is written.
//!
//! The rules are those of <https://graphql.github.io/graphql-over-http/draft/>, for POST alone.

use std::{any::Any, collections::BTreeMap, sync::Arc};

use async_graphql::{Extensions, Request, ServerError, Value, Variables};
use axum::{
    Extension,
    body::Bytes,
    extract::{self, FromRequest, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};

use super::media::{AnswerType, is_json};
use crate::{
    error::Code,
    execute::{Answer, Graph, Terms},
    idempotency::Key,
    telemetry::RequestId,
};

/// The header that makes a request one that may be repeated.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// When a client that met a busy server may come back, in seconds.
const RETRY_AFTER: &str = "1";

/// Answers a POST to `/graphql`.
pub async fn answer(
    State(graph): State<Arc<Graph>>,
    Extension(id): Extension<RequestId>,
    request: extract::Request,
) -> Result<Response, Refusal> {
    let answer_type = negotiate(&request)?;
    expect_json(&request)?;
    let key = request.headers().get(IDEMPOTENCY_KEY).cloned();
    let body = receive(request).await?;
    let request = read(&body)?;
    let terms = terms(&request, key.as_ref(), &id)?;
    let answer = graph.execute(request, &terms).await;
    Ok(respond(&answer, answer_type))
}

/// Answers every other method. GET would let a link execute a query, and nothing here needs it.
pub async fn refuse_method(method: Method) -> Response {
    let refusal = refusal(StatusCode::METHOD_NOT_ALLOWED, format!("{method} is not supported, use POST"));
    ([(header::ALLOW, "POST")], refusal).into_response()
}

/// Answers a request in which this program failed itself. The panic has been written to standard error.
pub fn refuse_after_panic(_: Box<dyn Any + Send>) -> Response {
    let errors = [Code::Internal.error("internal server error", None)];
    write(StatusCode::INTERNAL_SERVER_ERROR, AnswerType::Json, &Written::without_data(&errors))
}

/// <https://graphql.github.io/graphql-over-http/draft/#sec-Accept>
fn negotiate(request: &extract::Request) -> Result<AnswerType, Refusal> {
    AnswerType::accepted(request.headers()).ok_or_else(|| {
        refusal(
            StatusCode::NOT_ACCEPTABLE,
            "the Accept header admits neither application/graphql-response+json nor application/json",
        )
    })
}

/// <https://graphql.github.io/graphql-over-http/draft/#sec-POST>
fn expect_json(request: &extract::Request) -> Result<(), Refusal> {
    if is_json(request.headers()) {
        return Ok(());
    }
    Err(refusal(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "the Content-Type header has to be application/json, in UTF-8",
    ))
}

/// The whole body, as far as the router's limit goes.
async fn receive(request: extract::Request) -> Result<Bytes, Refusal> {
    Bytes::from_request(request, &()).await.map_err(|rejection| match rejection.status() {
        status @ StatusCode::PAYLOAD_TOO_LARGE => refusal(status, "the body is too large"),
        _ => refusal(StatusCode::BAD_REQUEST, "the body ended early"),
    })
}

/// The members of a request; others are ignored, and null counts as absent.
/// <https://graphql.github.io/graphql-over-http/draft/#sec-Request-Parameters>
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a JSON object")]
struct Parameters {
    query: Option<String>,
    operation_name: Option<String>,
    #[serde(default)]
    variables: Variables,
    #[serde(default)]
    extensions: Extensions,
}

fn read(body: &[u8]) -> Result<Request, Refusal> {
    let bad_request = |message: String| refusal(StatusCode::BAD_REQUEST, message);
    // serde would also read an array, member by member.
    if body.trim_ascii_start().starts_with(b"[") {
        return Err(bad_request("the body is an array; requests are sent one by one".to_owned()));
    }
    let parameters: Parameters = serde_json::from_slice(body)
        .map_err(|error| bad_request(format!("the body is no GraphQL request: {error}")))?;
    let Some(query) = parameters.query else {
        return Err(bad_request("the body is no GraphQL request: it has no `query`".to_owned()));
    };

    let mut request = Request::new(query).variables(parameters.variables);
    request.operation_name = parameters.operation_name;
    request.extensions = parameters.extensions;
    Ok(request)
}

/// What the request's header and extensions say of how it is to be executed.
fn terms(request: &Request, key: Option<&HeaderValue>, id: &RequestId) -> Result<Terms, Refusal> {
    let bad_request = |message: &str| refusal(StatusCode::BAD_REQUEST, message);
    let dry_run = match request.extensions.get("dryRun") {
        None | Some(Value::Null | Value::Boolean(false)) => false,
        Some(Value::Boolean(true)) => true,
        Some(_) => return Err(bad_request("the extension dryRun has to be a boolean")),
    };
    let key = match key.map(|value| Key::of(value.to_str().unwrap_or_default(), request)) {
        Some(None) => {
            return Err(bad_request("an Idempotency-Key is 1 to 255 printable characters of ASCII"));
        }
        key => key.flatten(),
    };
    Ok(Terms { request_id: id.to_string(), key, dry_run })
}

/// Why a request never reached the graph.
pub struct Refusal {
    status: StatusCode,
    message: String,
}

fn refusal(status: StatusCode, message: impl Into<String>) -> Refusal {
    Refusal { status, message: message.into() }
}

impl IntoResponse for Refusal {
    /// JSON whatever was accepted: only an answer to a well-formed request is a GraphQL response.
    fn into_response(self) -> Response {
        let errors = [Code::BadUserInput.error(self.message, None)];
        write(self.status, AnswerType::Json, &Written::without_data(&errors))
    }
}

fn respond(answer: &Answer, answer_type: AnswerType) -> Response {
    let written = Written::from(answer);
    if written.is_overloaded() {
        let response = write(StatusCode::SERVICE_UNAVAILABLE, answer_type, &written);
        return ([(header::RETRY_AFTER, RETRY_AFTER)], response).into_response();
    }
    write(status(answer, answer_type), answer_type, &written)
}

/// <https://graphql.github.io/graphql-over-http/draft/#sec-Status-Codes>
fn status(answer: &Answer, answer_type: AnswerType) -> StatusCode {
    match (answer, answer_type) {
        (Answer::Refused(_), AnswerType::GraphqlResponse) => StatusCode::BAD_REQUEST,
        _ => StatusCode::OK,
    }
}

/// An answer as it is written, its entries in this order.
/// <https://spec.graphql.org/draft/#sec-Response-Format>
#[derive(Serialize)]
struct Written<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "Option::is_none")]
    extensions: Option<&'a BTreeMap<String, Value>>,
}

impl<'a> Written<'a> {
    fn without_data(errors: &'a [ServerError]) -> Self {
        Written { data: None, errors, extensions: None }
    }

    /// Whether nothing came of the request but that the server is busy.
    fn is_overloaded(&self) -> bool {
        let overloaded = Value::from(Code::Overloaded.as_str());
        let code = |error: &'a ServerError| error.extensions.as_ref()?.get("code");
        matches!(self.data, None | Some(Value::Null))
            && !self.errors.is_empty()
            && self.errors.iter().all(|error| code(error) == Some(&overloaded))
    }
}

impl<'a> From<&'a Answer> for Written<'a> {
    fn from(answer: &'a Answer) -> Self {
        match answer {
            Answer::Refused(errors) => Written::without_data(errors),
            Answer::Executed(response) => Written {
                data: Some(&response.data),
                errors: &response.errors,
                extensions: Some(&response.extensions).filter(|extensions| !extensions.is_empty()),
            },
        }
    }
}

fn write(status: StatusCode, answer_type: AnswerType, written: &Written) -> Response {
    match serde_json::to_vec(written) {
        Ok(body) => (status, [(header::CONTENT_TYPE, answer_type.content_type())], body).into_response(),
        Err(error) => {
            tracing::error!(%error, "an answer cannot be written as JSON");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn overloaded() -> Vec<ServerError> {
        vec![Code::Overloaded.error("the server is busy, try again later", None)]
    }

    #[test]
    fn a_request_that_met_a_busy_server_may_be_sent_again() {
        let mut without_data = async_graphql::Response::new(Value::Null);
        without_data.errors = overloaded();
        for answer in [Answer::Refused(overloaded()), Answer::Executed(without_data)] {
            let response = respond(&answer, AnswerType::Json);
            assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
            assert_eq!(response.headers()[header::RETRY_AFTER], RETRY_AFTER);
        }
    }

    #[test]
    fn a_busy_server_is_no_reason_to_hide_what_else_was_answered() {
        let mut partial = async_graphql::Response::new(async_graphql::value!({ "customers": null, "a": 1 }));
        partial.errors = overloaded();
        let mut mixed = overloaded();
        mixed.push(Code::Internal.error("internal server error", None));
        for answer in [Answer::Executed(partial), Answer::Refused(mixed)] {
            assert_eq!(respond(&answer, AnswerType::Json).status(), StatusCode::OK);
        }
    }
}
