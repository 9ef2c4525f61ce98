//! A GraphQL server for customers, profiles and the association between them.
//!
//! # Layout
//!
//! In reading order:
//!
//! * the way in: [`config`] has the settings and [`telemetry`] the log, `http` has the paths, speaks
//!   GraphQL over HTTP and keeps connections within limits, [`demo`] fills a database with made-up data;
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
//! 1. `http::graphql` negotiates, `http::request` reads the body or the path, and the request is handed to
//!    [`execute::Graph::execute`].
//! 2. [`document::Documents::choose`] makes an operation of its text, from the cache where it is known, and
//!    [`document::Documents::prepare`] makes that one ready with its variables.
//! 3. A mutation gets a transaction on the one connection that writes, a query one of the connections that
//!    read. Either is a [`database::Db`], and everything up to the objects happens on its thread.
//! 4. The field of the root that the request begins with reads everything selected below it
//!    ([`selection::read`]), and loads it with one statement for each connection
//!    ([`load::Node::complete`]), whatever the number of rows.
//! 5. The objects are finished and wait for nothing: [`ready::Ready`] resolves them in place.
//! 6. The transaction is committed, or rolled back if there was any error; if it lost to another one,
//!    everything since step 3 is done again.
//! 7. [`error::publish`] keeps to itself what is not the client's business, and `http::answer` writes the
//!    answer.

// The way in.
pub mod config;
pub mod demo;
mod http;
pub mod telemetry;

// A request.
pub mod budget;
mod cpu;
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

use std::sync::Arc;

use axum::Router;

pub use self::http::serve::{allow_many_files, serve};
use crate::{config::Http, execute::Graph};

/// Everything that is served over HTTP.
pub fn app(graph: Arc<Graph>, config: &Http) -> Router {
    http::router(graph, config)
}
