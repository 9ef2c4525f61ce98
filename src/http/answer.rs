//! Answers: their status, their headers and how they are written.

use std::{any::Any, collections::BTreeMap};

use async_graphql::{ServerError, Value};
use axum::{
    body::Bytes,
    extract::Request,
    http::{HeaderName, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use hyper::ext::ReasonPhrase;
use serde::Serialize;

use super::{cache, media::AnswerType, unsent};
use crate::{
    budget::Budget,
    config::StatusCodes,
    error::{Code, internal, say_outcome},
    execute::{Answer, Progress},
    telemetry::RequestId,
};

/// When a client that met a busy server may come back, in seconds.
const RETRY_AFTER: &str = "1";

/// What the type and the compression of an answer were chosen by.
const VARY: &str = "accept, accept-encoding";

/// There are data and errors.
/// <https://http-spec.graphql.org/September2026/#sec-Partial-success>
const PARTIAL_SUCCESS: StatusCode = match StatusCode::from_u16(294) {
    Ok(status) => status,
    Err(_) => StatusCode::OK,
};

/// How the sender of one request is answered.
#[derive(Clone, Copy)]
pub struct Manner {
    pub answer_type: AnswerType,
    pub status_codes: StatusCodes,
    /// Whether the client may keep the answer: that to a GET.
    pub is_safe: bool,
}

impl Manner {
    /// For requests of which nothing else is known.
    pub const PLAIN: Manner =
        Manner { answer_type: AnswerType::Json, status_codes: StatusCodes::Draft, is_safe: false };

    /// Answers with what the request came to. The answer keeps its part of the budget until it has left.
    pub fn respond(self, answer: &Answer, budget: Budget) -> Response {
        match answer {
            Answer::Mutates => self.refuse(Refusal::method("a mutation takes a POST", "POST")),
            Answer::KeyRefused(error) => {
                self.refuse(Refusal::new(StatusCode::BAD_REQUEST, error.to_string()))
            }
            Answer::Refused(errors) => self.tell(self.request_error(errors), &Written::without_data(errors)),
            Answer::Executed(response) => self.tell_executed(response, budget),
        }
    }

    fn tell_executed(self, response: &async_graphql::Response, budget: Budget) -> Response {
        let status = if response.is_ok() { StatusCode::OK } else { self.settled(PARTIAL_SUCCESS) };
        let written = Written::with_data(response);
        if written.is_overloaded() {
            return self.tell(status, &written);
        }
        let Some(body) = written.to_json() else { return self.fail() };
        self.write(status, written.errors.is_empty(), unsent::hold(body, budget))
    }

    /// Answers a request that never reached the graph. The type is JSON whatever was accepted: only what
    /// a well-formed request is answered with is a GraphQL response.
    pub fn refuse(self, refusal: Refusal) -> Response {
        let status = self.settled(refusal.status);
        let errors = [refusal.code.error(refusal.message, None)];
        let response = Manner::PLAIN.write_errors(status, &errors);
        (refusal.header.map(|header| [header]), response).into_response()
    }

    /// <https://http-spec.graphql.org/September2026/#sec-Status-Codes>
    fn request_error(self, errors: &[ServerError]) -> StatusCode {
        if self.answer_type == AnswerType::Json {
            return StatusCode::OK;
        }
        let is_syntax = errors.iter().any(|error| has_code(error, Code::ParseFailed));
        self.settled(if is_syntax { StatusCode::BAD_REQUEST } else { StatusCode::UNPROCESSABLE_ENTITY })
    }

    /// The status of the first edition, or the one that the drafts had in its place.
    fn settled(self, status: StatusCode) -> StatusCode {
        match (self.status_codes, self.answer_type, status) {
            (StatusCodes::Edition, AnswerType::GraphqlResponse, status) => status,
            (_, _, PARTIAL_SUCCESS) => StatusCode::OK,
            (_, _, StatusCode::UNPROCESSABLE_ENTITY) => StatusCode::BAD_REQUEST,
            (_, _, status) => status,
        }
    }

    fn tell(self, status: StatusCode, written: &Written) -> Response {
        let Some(body) = written.to_json() else { return self.fail() };
        if written.is_overloaded() {
            let response = self.write(StatusCode::SERVICE_UNAVAILABLE, false, body.into());
            return ([(header::RETRY_AFTER, RETRY_AFTER)], response).into_response();
        }
        self.write(status, written.errors.is_empty(), body.into())
    }

    fn write_errors(self, status: StatusCode, errors: &[ServerError]) -> Response {
        let body = Written::without_data(errors).to_json().unwrap_or_default();
        self.write(status, false, body.into())
    }

    fn fail(self) -> Response {
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    }

    fn write(self, status: StatusCode, is_faultless: bool, body: Bytes) -> Response {
        let content_type = self.answer_type.content_type();
        let headers = [(header::CONTENT_TYPE, content_type), (header::VARY, VARY)];
        let kept = if self.is_safe && is_faultless {
            cache::revalidated([content_type.as_bytes(), &body])
        } else {
            cache::never()
        };
        let mut response = (status, headers, kept, body).into_response();
        if status == PARTIAL_SUCCESS {
            response.extensions_mut().insert(ReasonPhrase::from_static(b"Partial Success"));
        }
        response
    }
}

/// Tells a response from others that is there because a handler panicked.
#[derive(Clone, Copy)]
struct Panicked;

/// Logs a panic, in the span of the request that it ended. The place in the code has been written to standard error.
pub fn log_panic(panic: Box<dyn Any + Send>) -> Response {
    let message = panic.downcast_ref::<&str>().copied();
    let message =
        message.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message");
    tracing::error!(panic = message, "a request failed because the program panicked");
    let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
    response.extensions_mut().insert(Panicked);
    response
}

/// Answers a request in which this program failed itself as every other internal error is answered.
pub async fn answer_panics(mut request: Request, next: Next) -> Response {
    let (id, progress) = (request.extensions().get::<RequestId>().cloned(), Progress::default());
    request.extensions_mut().insert(progress.clone());
    let response = next.run(request).await;
    if response.extensions().get::<Panicked>().is_none() {
        return response;
    }
    let mut errors = [internal(id.as_ref().map_or("", RequestId::as_str), None)];
    if let Some(is_uncertain) = progress.is_uncertain() {
        say_outcome(&mut errors, is_uncertain);
    }
    Manner::PLAIN.write_errors(StatusCode::INTERNAL_SERVER_ERROR, &errors)
}

/// Why a request never reached the graph.
pub struct Refusal {
    status: StatusCode,
    code: Code,
    message: String,
    header: Option<(HeaderName, &'static str)>,
}

impl Refusal {
    pub fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Refusal { status, code: Code::BadUserInput, message: message.into(), header: None }
    }

    /// Of what can be read and is no GraphQL request.
    pub fn malformed(message: impl Into<String>) -> Self {
        Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, message)
    }

    /// Of a method, where these are allowed.
    pub fn method(message: impl Into<String>, allowed: &'static str) -> Self {
        Refusal::new(StatusCode::METHOD_NOT_ALLOWED, message).with(header::ALLOW, allowed)
    }

    /// Of what there is no memory for.
    pub fn overloaded() -> Self {
        let busy = Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "the server is busy, try again later");
        Refusal { code: Code::Overloaded, ..busy.with(header::RETRY_AFTER, RETRY_AFTER) }
    }

    /// With a header that says what to do instead.
    pub fn with(self, name: HeaderName, value: &'static str) -> Self {
        Refusal { header: Some((name, value)), ..self }
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

    fn with_data(response: &'a async_graphql::Response) -> Self {
        Written {
            data: Some(&response.data),
            errors: &response.errors,
            extensions: Some(&response.extensions).filter(|extensions| !extensions.is_empty()),
        }
    }

    fn to_json(&self) -> Option<Vec<u8>> {
        let body = serde_json::to_vec(self);
        body.inspect_err(|error| tracing::error!(%error, "an answer cannot be written as JSON")).ok()
    }

    /// Whether nothing came of the request but that the server is busy.
    fn is_overloaded(&self) -> bool {
        matches!(self.data, None | Some(Value::Null))
            && !self.errors.is_empty()
            && self.errors.iter().all(|error| has_code(error, Code::Overloaded))
    }
}

fn has_code(error: &ServerError, code: Code) -> bool {
    error.extensions.as_ref().and_then(|known| known.get("code")) == Some(&Value::from(code.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::MemoryPool;

    fn overloaded() -> Vec<ServerError> {
        vec![Code::Overloaded.error("the server is busy, try again later", None)]
    }

    #[test]
    fn a_request_that_met_a_busy_server_may_be_sent_again() {
        let mut without_data = async_graphql::Response::new(Value::Null);
        without_data.errors = overloaded();
        for answer in [Answer::Refused(overloaded()), Answer::Executed(without_data)] {
            let response = Manner::PLAIN.respond(&answer, MemoryPool::new(1024).budget());
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
            assert_eq!(
                Manner::PLAIN.respond(&answer, MemoryPool::new(1024).budget()).status(),
                StatusCode::OK
            );
        }
    }
}
