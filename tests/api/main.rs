//! The tests that speak to a running server, a file per subject.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod app;
mod connection;
mod cursors;
mod filter;
mod guide;
mod http;
mod lookahead;
mod node;
mod pages;
mod readme;
mod schema;
mod statements;
