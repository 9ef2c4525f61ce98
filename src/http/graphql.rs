//! GraphQL over HTTP: a request's way from its method and headers to its answer.
//!
//! The rules are those of <https://http-spec.graphql.org/September2026/>, and where a client knows no other
//! type than JSON those of <https://graphql.github.io/graphql-over-http/draft/> before it.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode},
    response::Response,
};

use super::{
    answer::{Manner, Refusal},
    body::Bodies,
    media::AnswerType,
    request,
};
use crate::{
    budget::Budget,
    config::StatusCodes,
    execute::{Answer, Graph},
    telemetry::RequestId,
};

/// An answer that takes longer to write than others should wait, in bytes.
const LARGE: usize = 256 * 1024;

/// What serves `/graphql`.
#[derive(Clone)]
pub struct Endpoint {
    pub graph: Arc<Graph>,
    pub status_codes: StatusCodes,
    pub bodies: Arc<Bodies>,
}

/// Answers a GET, a HEAD or a POST to `/graphql`.
pub async fn answer(
    State(endpoint): State<Endpoint>,
    Extension(id): Extension<RequestId>,
    request: Request,
) -> Response {
    let is_safe = request.method() != Method::POST;
    let answer_type = match negotiate(request.headers()) {
        Ok(answer_type) => answer_type,
        Err(refusal) => return Manner::PLAIN.refuse(refusal),
    };
    let manner = Manner { answer_type, status_codes: endpoint.status_codes, is_safe };
    match execute(&endpoint, request, &id).await {
        Ok((answer, budget)) => write(&endpoint.graph, manner, answer, budget).await,
        Err(refusal) => manner.refuse(refusal),
    }
}

async fn execute(endpoint: &Endpoint, request: Request, id: &RequestId) -> Result<(Answer, Budget), Refusal> {
    let (asked, terms) = request::read(request, &endpoint.bodies, &endpoint.graph, id).await?;
    Ok((endpoint.graph.execute(asked, &terms).await, terms.budget))
}

/// Writes an answer, a large one where others do not wait for it. The budget goes with it, until it is sent.
async fn write(graph: &Graph, manner: Manner, answer: Answer, budget: Budget) -> Response {
    match budget.answer_bytes() {
        LARGE.. => graph.cpu().run(move || manner.respond(&answer, budget)).await,
        _ => manner.respond(&answer, budget),
    }
}

/// <https://http-spec.graphql.org/September2026/#sec-Body>
fn negotiate(headers: &HeaderMap) -> Result<AnswerType, Refusal> {
    AnswerType::accepted(headers).ok_or_else(|| {
        let message =
            "the Accept header admits neither application/graphql-response+json nor application/json";
        Refusal::new(StatusCode::NOT_ACCEPTABLE, message)
    })
}

/// Answers every other method.
pub async fn refuse_method(method: Method) -> Response {
    let message = format!("{method} is not supported, use GET or POST");
    Manner::PLAIN.refuse(Refusal::method(message, "GET, HEAD, POST"))
}
