//! The tests that speak to a running server, a file per subject.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod app;
mod customer;
mod customer_profile;
mod errors;
mod http;
mod limits;
mod profile;
mod transactions;
