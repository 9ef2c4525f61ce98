//! customer-graph.

pub mod config;
pub mod connection;
pub mod customer;
pub mod customer_profile;
pub mod database;
pub mod datetime;
pub mod demo;
pub mod document;
pub mod error;
pub mod execute;
pub mod filter;
mod http;
pub mod id;
pub mod input;
pub mod load;
pub mod node;
pub mod order;
pub mod page;
pub mod profile;
pub mod ready;
pub mod schema;
pub mod selection;
pub mod telemetry;

use std::{io, sync::Arc, time::Duration};

use axum::{
    Router,
    serve::{Listener, ListenerExt},
};
use tokio::{net::TcpListener, sync::oneshot, time::sleep};

use crate::execute::Graph;

/// How long requests may go on after the server was told to stop.
const GRACE: Duration = Duration::from_secs(10);

/// Everything that is served over HTTP.
///
/// `sdl` is the text of the schema as `/schema.graphql` shows it. A request whose body has more than
/// `max_body_bytes` is refused.
pub fn app(graph: Arc<Graph>, sdl: String, max_body_bytes: usize) -> Router {
    http::router(graph, sdl, max_body_bytes)
}

/// Answers requests until `shutdown` ends, and after it those that have arrived.
///
/// Connections that are still open ten seconds after `shutdown` are left to the end of the runtime, so
/// that a slow client cannot hold up the process.
pub async fn serve(
    listener: TcpListener,
    app: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (stopping, stopped) = oneshot::channel();
    let server = axum::serve(without_delay(listener), app).with_graceful_shutdown(async move {
        shutdown.await;
        let _ = stopping.send(());
    });
    tokio::select! {
        outcome = server.into_future() => outcome,
        () = out_of_time(stopped) => {
            tracing::warn!("stopped without waiting longer for slow clients");
            Ok(())
        }
    }
}

/// Small answers leave at once instead of waiting for the client's acknowledgement of earlier ones.
fn without_delay(listener: TcpListener) -> impl Listener<Addr = std::net::SocketAddr> {
    listener.tap_io(|connection| {
        let _ = connection.set_nodelay(true);
    })
}

async fn out_of_time(stopped: oneshot::Receiver<()>) {
    let _ = stopped.await;
    sleep(GRACE).await;
}
