//! One request on a connection and its answer: what is left unread of the one, and when the other has been written.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes, HttpBody},
    http::{HeaderValue, Request, Response, header},
};
use hyper::{
    body::{Frame, Incoming, SizeHint},
    service::Service,
};
use hyper_util::service::TowerToHyperService;
use tokio::{
    runtime::Handle,
    time::{Instant, timeout_at},
};

use super::activity::Activity;

/// The largest rest of a body that is read after its refusal for the sake of the connection, in bytes.
const WORTHWHILE: u64 = 64 * 1024;

/// Answers one request. If its body is not read to its end, the answer says that the connection ends.
pub async fn answer(
    app: TowerToHyperService<Router>,
    activity: Arc<Activity>,
    body_time: Duration,
    request: Request<Incoming>,
) -> Result<Response<Sending>, Infallible> {
    let has_body = !request.body().is_end_stream();
    activity.start_request(has_body);
    let request =
        if has_body { request_with_body(request, &activity, body_time) } else { request.map(Body::new) };
    let mut response = app.call(request).await?;
    if activity.ends() {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(response.map(|body| Sending { body, activity }))
}

fn request_with_body(
    request: Request<Incoming>,
    activity: &Arc<Activity>,
    body_time: Duration,
) -> Request<Body> {
    let waits = request.headers().contains_key(header::EXPECT);
    let deadline = Instant::now() + body_time;
    request.map(|body| {
        Body::new(Receiving { body: Some(body), ended: false, waits, deadline, activity: activity.clone() })
    })
}

/// The body of a request.
struct Receiving {
    /// Taken when this is dropped.
    body: Option<Incoming>,
    ended: bool,
    /// Whether the client waits to be asked for it.
    waits: bool,
    deadline: Instant,
    activity: Arc<Activity>,
}

impl Receiving {
    fn end(&mut self) {
        self.ended = true;
        self.activity.has_received();
    }
}

impl HttpBody for Receiving {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        let frame = ready!(Pin::new(&mut *body).poll_frame(context));
        if frame.is_none() || body.is_end_stream() {
            self.end();
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Incoming::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map(Incoming::size_hint).unwrap_or_default()
    }
}

impl Drop for Receiving {
    /// What is left is read beside the answer if it is little. Otherwise the connection is closed, in stages.
    fn drop(&mut self) {
        let Some(body) = self.body.take().filter(|_| !self.ended) else { return };
        let is_little = body.size_hint().upper().is_some_and(|size| size <= WORTHWHILE);
        match Handle::try_current() {
            Ok(runtime) if is_little && !self.waits && Instant::now() < self.deadline => {
                runtime.spawn(discard(body, self.deadline, self.activity.clone()));
            }
            _ => self.activity.gives_up_reading(),
        }
    }
}

/// Reads the body to its end. The connection is closed if that does not come in time.
async fn discard(body: Incoming, deadline: Instant, activity: Arc<Activity>) {
    let rest = Receiving { body: Some(body), ended: false, waits: true, deadline, activity };
    let mut rest = std::pin::pin!(rest);
    let end = std::future::poll_fn(|context| {
        loop {
            match ready!(rest.as_mut().poll_frame(context)) {
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Poll::Ready(()),
            }
        }
    });
    let _ = timeout_at(deadline, end).await;
}

/// The body of an answer, which is dropped when all of it was handed over to be written.
pub struct Sending {
    body: Body,
    activity: Arc<Activity>,
}

impl HttpBody for Sending {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        self.activity.end_answer();
    }
}
