//! A GraphQL server for customers, profiles and the association between them.
//!
//! # Layout
//!
//! In reading order:
//!
//! * the way in: [`config`] has the settings and [`telemetry`] the log, `http` has the paths and speaks
//!   GraphQL over HTTP, [`demo`] fills a database with made-up data;
//! * a request: [`execute`] takes it from its document to its answer, [`document`] parses, validates and
//!   bounds it, [`idempotency`] knows the ones that were performed, [`schema`] has the roots, [`error`]
//!   the codes and what a client is told;
//! * the nouns: [`customer`] and [`profile`], and [`customer_profile`], the association between them, which
//!   owns every read and write of the junction; [`node`] finds any object by its ID. Each has its objects
//!   in `mod.rs`, its fields of the roots in `query.rs` and `mutation.rs`, and the statements of its table
//!   in `store.rs`, which is the only place for them;
//! * loading: [`selection`] reads what a query selects, [`load`] says what is loaded for it, [`ready`]
//!   resolves what is loaded, and [`connection`] is a loaded page;
//! * values: [`page`] arguments and cursors, [`filter`]s, rules for [`input`], global [`id`]s and
//!   [`datetime`];
//! * the ground: [`database`], with the transactions and the handle that statements run on.
//!
//! Tables are defined in the crate `migration`, rows and relations in the crate `entity`.
//!
//! # The path of a request
//!
//! 1. `http::graphql` negotiates, reads the body and hands the request to [`execute::Graph::execute`].
//! 2. [`document::Documents::prepare`] makes an operation of its text, from the cache where it is known.
//! 3. A mutation gets a transaction on the one connection that writes, a query one of the connections that
//!    read. Either is a [`database::Db`], and everything up to the objects happens on its thread.
//! 4. The field of the root that the request begins with reads everything selected below it
//!    ([`selection::read`]), and loads it with one statement for each connection
//!    ([`load::Node::complete`]), whatever the number of rows.
//! 5. The objects are finished and wait for nothing: [`ready::Ready`] resolves them in place.
//! 6. The transaction is committed, or rolled back if there was any error; if it lost to another one,
//!    everything since step 3 is done again.
//! 7. [`error::publish`] keeps to itself what is not the client's business, and `http::graphql` writes
//!    the answer.

// The way in.
pub mod config;
pub mod demo;
mod http;
pub mod telemetry;

// A request.
pub mod document;
pub mod error;
pub mod execute;
pub mod idempotency;
pub mod schema;

// The nouns.
pub mod customer;
pub mod customer_profile;
pub mod node;
pub mod profile;

// Loading.
pub mod connection;
pub mod load;
pub mod ready;
pub mod selection;
pub mod table;

// Values.
pub mod datetime;
pub mod filter;
pub mod id;
pub mod input;
pub mod order;
pub mod page;

// The ground.
pub mod database;

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
