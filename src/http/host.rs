//! The host that a request names: a page whose name was made to lead here is not answered.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::Response,
};

use super::answer::{Manner, Refusal};
use crate::config::{Host, Hosts};

/// What tells nothing but that the server is there, and is asked for by whatever address a balancer knows.
const OPEN: [&str; 2] = ["/healthz", "/readyz"];

/// Answers only what is meant for this server. A browser takes whatever its user's page gets from the page's own
/// name for the page's own, so that a name which resolves to 127.0.0.1 would open the server to that page.
pub async fn check(State(hosts): State<Arc<Hosts>>, request: Request, next: Next) -> Response {
    if OPEN.contains(&request.uri().path()) {
        return next.run(request).await;
    }
    match named(&request).and_then(|named| admit(&hosts, named)) {
        Ok(()) => next.run(request).await,
        Err(refusal) => Manner::PLAIN.refuse(refusal),
    }
}

/// The host of the header, and that of a target in absolute form.
/// <https://www.rfc-editor.org/rfc/rfc9112#section-3.2>
fn named(request: &Request) -> Result<[Option<Host>; 2], Refusal> {
    let mut headers = request.headers().get_all(header::HOST).iter();
    let (Some(value), None) = (headers.next(), headers.next()) else {
        return Err(refuse("a request has one Host header, which names the server"));
    };
    let host = value.to_str().ok().and_then(|text| text.parse().ok());
    let Some(host) = host else {
        return Err(refuse("the Host header has to name a host, as in `api.example` or `127.0.0.1:8000`"));
    };
    let target = request.uri().authority().map(|authority| authority.as_str().parse()).transpose();
    let target =
        target.map_err(|_| refuse("the target of the request has to name a host, without a user"))?;
    Ok([Some(host), target])
}

fn refuse(message: &str) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, message)
}

fn admit(hosts: &Hosts, named: [Option<Host>; 2]) -> Result<(), Refusal> {
    match named.into_iter().flatten().find(|host| !hosts.admit(host)) {
        None => Ok(()),
        Some(host) => {
            let message =
                format!("this server does not answer for the host `{host}`, unless it is listed in --hosts");
            Err(Refusal::new(StatusCode::MISDIRECTED_REQUEST, message))
        }
    }
}
