//! The tests that speak to a running server, a file per subject.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod app;
mod demo;
mod http;
